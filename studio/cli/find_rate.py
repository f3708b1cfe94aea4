"""``layerloom find-rate``: a learning rate for a stage, found by real steps while the rate grows."""

from __future__ import annotations

from typing import Annotated

import typer

from studio.cli.arguments import Assignments, Json, Preset, Source, given_project
from studio.cli.console import print_json, print_table
from studio.cli.seeing_through import checked
from studio.cli.train import Data, Device
from studio.core import loom
from studio.core.problem import ProjectError

SHOWN = 14
"""Rows of the table."""


def find_rate(
    project: Source,
    preset: Preset = None,
    assignments: Assignments = None,
    stage: Annotated[int, typer.Option("--stage", min=1, metavar="N", help="Which stage, counted from 1.")] = 1,
    device: Device = "auto",
    data: Data = None,
    *,
    json: Json = False,
) -> None:
    """Try learning rates from 1e-6 to 10 on a stage and suggest the one at which its loss falls fastest.

    Nothing is kept of it. A stage behind others begins with the weights with which the project begins.
    """
    opened = checked(given_project(project, preset, assignments))
    from studio.engine.rates import try_rates
    from studio.training.commands import TryRates

    asked = TryRates(0, loom.dumps(opened), stage - 1, device, str(data or ""))
    found = try_rates(asked, lambda _: None, overtaken=lambda: False)
    if found.why_not:
        raise ProjectError(found.why_not)
    if json:
        print_json({"suggested": found.suggested, "rates": found.rates, "losses": found.losses})
        return
    stride = max(1, len(found.rates) // SHOWN)
    rows = [
        [f"{rate:.2g}", f"{loss:.4g}"] for rate, loss in zip(found.rates[::stride], found.losses[::stride], strict=True)
    ]
    print_table("Loss, smoothed, at growing learning rates", ["learning rate", "loss"], rows)
    print(f"Learning rate {found.suggested:g}" if found.suggested else "The loss fell at no learning rate.")
