"""Trains in this process: what scripts and notebooks call, and the command line with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from torch import nn

from studio.core.problem import ProjectError
from studio.core.project import Precision, Project
from studio.engine.build import build_network
from studio.engine.checkpoint import keyed, read_weights
from studio.engine.follower import follow
from studio.engine.launch import check_places
from studio.engine.stage import batch_share
from studio.engine.trainer import Outside, run_training
from studio.training.checkpoints import Checkpoint
from studio.training.commands import Start
from studio.training.messages import Event, Figures, Finished
from studio.training.options import with_options
from studio.training.ranks import check_counts, is_first
from studio.training.run import Run


@dataclass(frozen=True)
class Trained:
    """A training that has ended; ``finished`` is None where it was interrupted and can be resumed."""

    run: Run
    finished: Finished | None

    @property
    def metrics(self) -> Figures:
        """Figures on the test part, by name."""
        return self.finished.metrics if self.finished else {}

    def network(self, name: str | None = None) -> nn.Module:
        """A network with the weights it has learned, on the processor, in evaluation mode."""
        return trained_network(self.run, name)


def train(
    project: Project,
    *,
    epochs: int | None = None,
    seed: int | None = None,
    precision: Precision | None = None,
    fast: bool = False,
    tensorboard: bool = False,
    out: Path | None = None,
    device: str = "auto",
    devices: int = 1,
    machines: int = 1,
    data: Path | None = None,
    outside: Outside | None = None,
) -> Trained:
    """Train a project from the beginning, in a run folder of its own. Raises ProjectError, TrainingFailed.

    On several ``devices`` of each of several ``machines`` every step's batch is shared out, so that the batch means the
    same, and the curves are the same, on however many. What looks at a whole batch, as norms do, sees a share of it.
    The processes of further devices are started here; those of further machines by the same call there, as torchrun
    does it, or with MASTER_ADDR, MASTER_PORT and NODE_RANK set. All machines must see the run's folder.
    ``fast`` first measures how steps are computed fastest here; the last digits may then differ from run to run.
    ``tensorboard`` writes files for TensorBoard into the run's folder too.
    """
    project = with_options(project, epochs=epochs, seed=seed, precision=precision, fast=fast, tensorboard=tensorboard)
    start = Start("", device, devices, machines, str(data or ""), download=True)
    return _trained(start, project, outside, lambda: Run.create(project, out))


def go_on(
    run: Run,
    *,
    device: str = "auto",
    devices: int = 1,
    machines: int = 1,
    data: Path | None = None,
    outside: Outside | None = None,
) -> Trained:
    """Resume a run from its newest checkpoint, be it on more or fewer devices. Raises ProjectError, TrainingFailed."""
    checkpoint = str(checkpoint_of(run).folder)
    start = Start("", device, devices, machines, str(data or ""), download=True, resume=checkpoint)
    return _trained(start, run.project(), outside, lambda: run)


def fork(
    run: Run,
    *,
    at: int | None = None,
    project: Project | None = None,
    out: Path | None = None,
    device: str = "auto",
    devices: int = 1,
    machines: int = 1,
    data: Path | None = None,
    outside: Outside | None = None,
) -> Trained:
    """Branch from a checkpoint of a run, the newest or that of a step, into a run of its own; the project may differ.

    Raises ProjectError, TrainingFailed.
    """
    checkpoint = str(checkpoint_of(run, at).folder)
    branched = project or run.project()
    start = Start("", device, devices, machines, str(data or ""), download=True, resume=checkpoint)
    return _trained(start, branched, outside, lambda: Run.create(branched, out))


def _trained(start: Start, project: Project, outside: Outside | None, folder: Callable[[], Run]) -> Trained:
    """Train in this process: the first of all makes the folder, the others are told of it."""
    check_counts(start.devices, start.machines)
    if (processes := start.devices * start.machines) > 1:
        check_places(start)
        batch_share(project, processes)
        if not is_first():
            return Trained(*follow(start))
    run = folder()
    start = replace(start, run=str(run.folder))
    return Trained(run, run_training(start, outside or Outside(_silent)))


def checkpoint_of(run: Run, step: int | None = None) -> Checkpoint:
    """The newest checkpoint of a run, or the one of a step. Raises ProjectError where it is not there."""
    found = [checkpoint for checkpoint in run.checkpoints() if step is None or checkpoint.step == step]
    if found:
        return found[-1]
    steps = ", ".join(dict.fromkeys(f"{checkpoint.step:,}" for checkpoint in run.checkpoints()))
    if not steps:
        raise ProjectError(f"{run.name} has no checkpoint: it ended before the first was written.")
    raise ProjectError(f"{run.name} has no checkpoint of step {step:,}; it has: {steps}.")


def trained_network(run: Run, name: str | None = None) -> nn.Module:
    """A network of a run with the weights of its newest checkpoint. Raises ProjectError where there is none."""
    project = run.project()
    name = project.network_called(name)
    network = build_network(project, name)
    left = read_weights(checkpoint_of(run), keyed(project, {name: network}))
    if left:
        raise ProjectError(f"The checkpoint of {run.name} does not fit its project: {', '.join(left[:3])}.")
    return network.eval()


def _silent(event: Event) -> None:
    """Nobody listens."""
