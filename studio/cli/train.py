"""``layerloom train``, ``resume`` and ``fork``: trainings in the terminal, on a machine with or without a screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

import studio
from studio.cli.arguments import Assignments, Json, Preset, Source, Weights, given_project, given_run
from studio.cli.folds import train_folds
from studio.cli.seeing_through import checked, failures_as_events, leave_words_to_the_first, see_through
from studio.core.problem import ProjectError
from studio.core.project import Precision

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
Fast = Annotated[
    bool,
    typer.Option("--fast", help="First measure how steps are computed fastest here: threads, bf16, torch.compile."),
]
TensorBoard = Annotated[
    bool, typer.Option("--tensorboard", help="Also write files for TensorBoard, into RUN/tensorboard.")
]
Seed = Annotated[int | None, typer.Option("--seed", min=0, metavar="S", help="Where random numbers begin.")]
Folds = Annotated[
    int | None,
    typer.Option("--folds", min=2, metavar="K", help="Train K times, each time with another part left out to measure."),
]
Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Folder of downloaded data.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="RUN", help="Folder to make for the run.")]
At = Annotated[int | None, typer.Option("--at", min=0, metavar="STEP", help="Which checkpoint; the newest otherwise.")]
RunName = Annotated[str, typer.Argument(metavar="RUN", help="The folder of a training, or its name.")]


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
    folds: Folds = None,
    data: Data = None,
    out: Out = None,
    *,
    fast: Fast = False,
    tensorboard: TensorBoard = False,
    json: Json = False,
) -> None:
    """Train a project; a run folder keeps the events, the checkpoints and the project itself.

    The batch is that of a step on all devices together: the curves are the same on however many. Norms see the share
    of one device. Where torchrun, or MASTER_ADDR and NODE_RANK, start several processes, the first alone prints.
    With folds there is a run for each, and in the end the mean and the spread of what they reach.
    """
    if folds and devices * machines > 1:
        raise typer.BadParameter("Folds are trained one after the other on one device: leave --devices out.")
    leave_words_to_the_first(devices * machines)
    with failures_as_events(json=json):
        opened = checked(given_project(project, preset, assignments, weights))
    options: dict[str, Any] = {"epochs": epochs, "seed": seed, "precision": precision, "device": device, "data": data}
    options |= {"fast": fast, "tensorboard": tensorboard}
    if folds:
        train_folds(opened, folds, out, options, json=json)
        return

    def begin(outside: Outside) -> Trained:
        return studio.train(opened, out=out, devices=devices, machines=machines, outside=outside, **options)

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
