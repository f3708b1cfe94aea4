"""``layerloom sweep``: trains a project again and again with other values, and says with which it does best."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from studio.cli.arguments import Assignments, Json, Preset, Source, Weights
from studio.cli.console import say
from studio.cli.seeing_through import INTERRUPTED, checked, failures_as_events, interruptions
from studio.cli.subject import Subject, given_subject
from studio.cli.train import Data, Device, Epochs, Seed, TensorBoard
from studio.cli.trials import reporting_trials, show_trials
from studio.core.problem import ProjectError
from studio.training.commands import Start
from studio.training.options import with_options
from studio.training.run import next_folder, runs_folder, stem_of
from studio.training.sweeps.picking import Pick, Picker
from studio.training.sweeps.plan import TRIALS, Plan
from studio.training.sweeps.sweep import Sweep
from studio.training.sweeps.trials import aim_of

Vary = Annotated[
    list[str],
    typer.Option(
        "--vary",
        metavar="NAME=LOW..HIGH[:log]|NAME=a,b,c",
        help="A setting of the template, a variable of the file, batch, seed, precision, or a setting of the stages "
        "such as learning_rate; 'STAGE: learning_rate' is that of one stage, 'PART: learning_rate' that of an "
        "objective, a network or a node alone. Repeatable.",
    ),
]
Trials = Annotated[
    int | None, typer.Option("--trials", min=1, metavar="N", help=f"How many; {TRIALS}, or a whole grid, otherwise.")
]
Jobs = Annotated[int, typer.Option("--jobs", min=1, metavar="J", help="Trials at a time.")]
Goal = Annotated[
    str,
    typer.Option("--goal", metavar="METRIC", help="Figure of the validation part to judge by; the loss otherwise."),
]
Picks = Annotated[
    Pick, typer.Option("--pick", help="How values are picked: by what did well so far, at random, or each combination.")
]
Prune = Annotated[
    bool, typer.Option("--prune/--no-prune", help="Give up trials that fall behind the median of the others.")
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FOLDER", help="Folder to make for the runs, or that of a sweep to go on with."),
]


def sweep(
    project: Source,
    vary: Vary,
    trials: Trials = None,
    jobs: Jobs = 1,
    goal: Goal = "",
    pick: Picks = "tpe",
    preset: Preset = None,
    assignments: Assignments = None,
    epochs: Epochs = None,
    device: Device = "auto",
    seed: Seed = None,
    weights: Weights = None,
    data: Data = None,
    out: Out = None,
    *,
    prune: Prune = True,
    tensorboard: TensorBoard = False,
    json: Json = False,
) -> None:
    """Search the values with which a project does best on held-out samples; every trial is a run.

    Trials are judged by the validation part alone: nothing is chosen by the test part. The same command with --out
    goes on with a sweep that was interrupted, or makes further trials.
    """
    with failures_as_events(json=json):
        options = partial(with_options, epochs=epochs, seed=seed, tensorboard=tensorboard)
        subject = given_subject(project, preset, assignments, weights, options)
        base = checked(subject.base)
        picker = Picker(subject.varied(vary), aim_of(base, goal), pick, base.training.seed)
        plan = Plan(picker, trials or 0, prune)
        start = Start("", device, data=str(data or ""), download=True)
        _make_trials(subject, plan, start, out, jobs, json=json)


def _make_trials(subject: Subject, plan: Plan, start: Start, out: Path | None, jobs: int, *, json: bool) -> None:
    """See all trials through; an interruption ends the command with 130, and a sweep without any result with 1."""
    with reporting_trials(plan, json=json) as report, interruptions() as inbox:
        folder = out.absolute() if out else next_folder(runs_folder(), f"{stem_of(subject.base)}-sweep")
        making = Sweep(folder, plan, subject.project, start, report)
        swept = making.run(jobs, lambda: not inbox.empty())
    if swept is None:
        say(f"Interrupted. To go on: the same command with --out {folder}")
        raise SystemExit(INTERRUPTED)
    if not json:
        show_trials(making.trials.values(), plan, swept.seconds)
    if not swept.run:
        raise ProjectError(f"No trial came to its end. What was kept of them: {folder}")
