"""Cross-validation in the terminal: ``layerloom train PROJECT --folds K``."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import studio
from studio.cli.console import print_table, say
from studio.cli.reporting import goal_in_words, print_event
from studio.cli.seeing_through import failures_as_events, see_through
from studio.core.project import Project
from studio.training.messages import CrossValidated, Started
from studio.training.run import Run

if TYPE_CHECKING:
    from studio.engine.train import Trained


def train_folds(project: Project, folds: int, out: Path | None, options: Mapping[str, Any], *, json: bool) -> None:
    """Train a project for each fold and tell what all of them reach."""
    numbers = count(1)

    def train_fold(of_fold: Project, folder: Path | None) -> Trained:
        number = next(numbers)
        if not json:
            say(f"Fold {number} of {folds}")
        return see_through(
            lambda outside: studio.train(of_fold, out=folder, outside=outside, **options), json=json, fold=number
        )

    with failures_as_events(json=json):
        found = studio.cross_validate(project, folds, out=out, train_fold=train_fold)
    if json:
        print_event(found)
    else:
        _show(found)


def _show(found: CrossValidated) -> None:
    """A row for each figure, with its values on every fold."""
    started = next(event for event in Run.open(Path(found.runs[0])).events() if isinstance(event, Started))
    rows = []
    for name, mean in found.metrics.items():
        about = started.measures.get(name, {})
        shown = "{:.2%}" if about.get("percent") else "{:.4g}"
        values = (shown.format(value) for value in found.values[name])
        rows.append([str(about.get("title", name)), shown.format(mean), shown.format(found.deviations[name]), *values])
    folds = [f"fold {number}" for number in range(1, found.folds + 1)]
    goal = f"; {goal_in_words(found.goal)}" if found.goal else ""
    print_table(f"{found.folds} folds after {found.seconds:.1f} s{goal}", ["figure", "mean", "±", *folds], rows)
