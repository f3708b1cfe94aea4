"""``layerloom train``, ``resume`` and ``fork``: trainings in the terminal, on a machine with or without a screen."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Annotated, Literal

import typer

import studio
from studio.cli.arguments import Assignments, Json, Preset, Source, Weights, given_project, given_run
from studio.cli.console import say
from studio.cli.reporting import print_event, reporting
from studio.compiler.check import check
from studio.core.problem import ProjectError
from studio.core.project import Precision, Project
from studio.training.messages import Command, Failed, Shutdown
from studio.training.ranks import is_first

if TYPE_CHECKING:
    from studio.engine.train import Trained
    from studio.engine.trainer import Outside

Epochs = Annotated[int | None, typer.Option("--epochs", min=1, metavar="E", help="Passes over the training part.")]
Device = Annotated[Literal["auto", "cpu", "cuda", "mps"], typer.Option("--device", help="Where to train.")]
Devices = Annotated[
    int, typer.Option("--devices", min=1, metavar="N", help="Devices of each machine; all share every step's batch.")
]
Machines = Annotated[
    int, typer.Option("--machines", min=1, metavar="M", help="Machines that train together, each with this command.")
]
Numbers = Annotated[Precision | None, typer.Option("--precision", help="Numbers to compute with.")]
Seed = Annotated[int | None, typer.Option("--seed", min=0, metavar="S", help="Where random numbers begin.")]
Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Folder of downloaded data.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="RUN", help="Folder to make for the run.")]
At = Annotated[int | None, typer.Option("--at", min=0, metavar="STEP", help="Which checkpoint; the newest otherwise.")]
RunName = Annotated[str, typer.Argument(metavar="RUN", help="The folder of a training, or its name.")]

INTERRUPTED = 130


def train(
    project: Source,
    preset: Preset = None,
    assignments: Assignments = None,
    epochs: Epochs = None,
    device: Device = "auto",
    devices: Devices = 1,
    machines: Machines = 1,
    precision: Numbers = None,
    seed: Seed = None,
    weights: Weights = None,
    data: Data = None,
    out: Out = None,
    *,
    json: Json = False,
) -> None:
    """Train a project; a run folder keeps the events, the checkpoints and the project itself.

    The batch is that of a step on all devices together: the curves are the same on however many. Norms see the share
    of one device. Where torchrun, or MASTER_ADDR and NODE_RANK, start several processes, the first alone prints.
    """
    leave_words_to_the_first(devices * machines)
    with failures_as_events(json=json):
        opened = checked(given_project(project, preset, assignments, weights))

    def begin(outside: Outside) -> Trained:
        return studio.train(
            opened,
            epochs=epochs,
            seed=seed,
            precision=precision,
            out=out,
            device=device,
            devices=devices,
            machines=machines,
            data=data,
            outside=outside,
        )

    see_through(begin, json=json)


def resume(
    run: RunName,
    device: Device = "auto",
    devices: Devices = 1,
    machines: Machines = 1,
    data: Data = None,
    *,
    json: Json = False,
) -> None:
    """Go on with a training that was stopped or interrupted, from its newest checkpoint."""
    leave_words_to_the_first(devices * machines)
    with failures_as_events(json=json):
        opened = given_run(run)
        status = opened.status()
        if (status.state, status.message) == ("finished", "complete"):
            raise ProjectError(f"{opened.name} has finished; nothing is left to train. Fork it at an earlier step.")

    def begin(outside: Outside) -> Trained:
        return studio.resume(opened, device=device, devices=devices, machines=machines, data=data, outside=outside)

    see_through(begin, json=json)


def fork(
    run: RunName,
    at: At = None,
    device: Device = "auto",
    devices: Devices = 1,
    machines: Machines = 1,
    data: Data = None,
    out: Out = None,
    *,
    json: Json = False,
) -> None:
    """Branch from a checkpoint of a training into a run of its own."""
    leave_words_to_the_first(devices * machines)
    with failures_as_events(json=json):
        opened = given_run(run)

    def begin(outside: Outside) -> Trained:
        return studio.fork(
            opened, at=at, out=out, device=device, devices=devices, machines=machines, data=data, outside=outside
        )

    see_through(begin, json=json)


def leave_words_to_the_first(processes: int) -> None:
    """Let a process print nothing where another, the first of those that train together, prints the same."""
    if processes > 1 and not is_first():
        with open(os.devnull, "wb") as nowhere:
            for stream in (sys.stdout, sys.stderr):
                os.dup2(nowhere.fileno(), stream.fileno())


def checked(project: Project) -> Project:
    """The project, if it can be trained. Raises ProjectError before a run is made for it."""
    problems = check(project).problems
    if problems:
        raise ProjectError(f"{project.name} cannot be trained yet: {problems[0]}", problems)
    return project


@contextmanager
def failures_as_events(*, json: bool) -> Iterator[None]:
    """Tell a program what a person is told by the sentence that ends the command."""
    try:
        yield
    except ProjectError as error:
        if json:
            print_event(Failed(str(error)))
        raise


def see_through(begin: Callable[[Outside], Trained], *, json: bool) -> Trained:
    """Run a training and show it; a failure ends the command with status 1, an interruption with 130."""
    from studio.engine.failures import TrainingFailed
    from studio.engine.trainer import Outside

    with failures_as_events(json=json), reporting(json=json) as report, interruptions() as inbox:
        try:
            trained = begin(Outside(report, inbox))
        except TrainingFailed:
            raise SystemExit(1) from None
    if trained.finished is None:
        say(f"Interrupted. To go on: layerloom resume {trained.run.folder}")
        raise SystemExit(INTERRUPTED)
    if not json:
        print(trained.run.folder)
    return trained


@contextmanager
def interruptions() -> Iterator[SimpleQueue[Command]]:
    """Where a first Ctrl-C becomes the wish to end at the next step, with a checkpoint; a second one ends at once."""
    inbox: SimpleQueue[Command] = SimpleQueue()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def ask(number: int, _frame: object) -> None:
        inbox.put(Shutdown())
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, ask)
    try:
        yield inbox
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
