"""Keeps a training: writes all of it into checkpoints, and brings it back to the last bit."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from studio.engine.build import Built
from studio.engine.checkpoint import keyed, random_state, read_state, read_weights, set_random_state, write_checkpoint
from studio.engine.crew import Crew
from studio.engine.meter import Diverged, Mean, Meter
from studio.engine.stage import Progress, StageRun
from studio.training.checkpoints import Checkpoint, prune
from studio.training.run import Run


@dataclass
class Keeper:
    """The checkpoints of one run."""

    run: Run
    built: Built
    crew: Crew

    def __post_init__(self) -> None:
        self._networks = keyed(self.built.project, self.built.networks)

    def save(
        self, progress: Progress, stage: StageRun | None, meter: Meter, why: str, metrics: Mapping[str, float]
    ) -> Checkpoint:
        """Write a checkpoint; without a stage, of the moment between two. Raises OSError.

        Of several processes the first one writes, and all hear of a refusal. Weights that are no numbers are not worth
        a checkpoint, and a run could not go on from them: raises Diverged.
        """
        if why != "start" and not all(self._are_finite()):
            raise Diverged(progress.step + 1)
        others = self.crew.random_states()
        about, refused = Checkpoint(Path(), progress.step, progress.stage, progress.epoch, why, dict(metrics)), None
        if self.crew.leads:
            state = {
                "progress": asdict(progress),
                "stage": stage.state() if stage else None,
                "means": {name: (mean.total, mean.count) for name, mean in meter.epoch.items()},
                "random": random_state(),
                "others": others,
                "own": {name: objective_state(self.built, name) for name in self.built.objectives},
            }
            try:
                with stage.averaged() if stage else nullcontext():
                    about = write_checkpoint(self.run.checkpoint_folder, self._networks, state, about)
            except OSError as error:
                refused = error
        number = round(sum(self.crew.totals([(refused.errno or errno.EIO) if refused else 0])))
        if number:
            raise refused or OSError(number, os.strerror(number))
        if self.crew.leads:
            prune(self.run.checkpoint_folder)
        return about

    def load(self, checkpoint: Checkpoint) -> Resumption:
        """Put a checkpoint's weights into the networks; the rest is for the stage to take up. Raises ProjectError."""
        left = read_weights(checkpoint, self._networks)
        state = read_state(checkpoint)
        for name, objective in self.built.objectives.items():
            left += objective.load_state_dict(state["own"].get(name, {}), strict=False).unexpected_keys
        resumption = Resumption(checkpoint, Progress(**state["progress"]), state, tuple(left), self.crew)
        if self.crew.leads:
            self._bring_best(resumption)
        return resumption

    def load_best(self, progress: Progress) -> bool:
        """Put the weights of the best epoch back; whether its checkpoint is still there."""
        found = self.run.checkpoints() if self.crew.leads else []
        checkpoint = next((each for each in found if each.folder.name == progress.best_checkpoint), None)
        if checkpoint is not None:
            read_weights(checkpoint, self._networks)
        self.crew.align(list(self._networks.values()))
        return checkpoint is not None

    def _are_finite(self) -> Iterator[bool]:
        for network in self._networks.values():
            yield from (bool(weight.isfinite().all()) for weight in network.parameters())

    def _bring_best(self, resumption: Resumption) -> None:
        """A fork will want the best weights of the run that it branched from."""
        name, source = resumption.progress.best_checkpoint, resumption.checkpoint.folder.parent
        if name and source.resolve() != self.run.checkpoint_folder.resolve() and (source / name).is_dir():
            shutil.copytree(source / name, self.run.checkpoint_folder / name, dirs_exist_ok=True)


@dataclass(frozen=True)
class Resumption:
    """What a checkpoint brought back."""

    checkpoint: Checkpoint
    progress: Progress
    state: Mapping[str, Any]
    left: tuple[str, ...]
    """Tensors that were not in the checkpoint, or of another shape: they are as fresh as the project made them."""
    crew: Crew

    def take_up(self, stage: StageRun, meter: Meter) -> bool:
        """Let a stage go on where the checkpoint left it; whether that was possible, or only its weights could be."""
        meter.epoch = {name: Mean(total, count) for name, (total, count) in self.state["means"].items()}
        fits = not self.left
        if self.state["stage"] is not None and fits:
            try:
                stage.restore(self.state["stage"])
            except (ValueError, KeyError):
                fits = False
        set_random_state(self.state["random"])
        self.crew.set_random_state(self.state.get("others", ()), self.progress.step)
        return fits


def objective_state(built: Built, name: str) -> dict[str, Any]:
    """Weights and buffers of an objective's own nodes, those of its networks left out."""
    inside = tuple(f"{attribute}." for attribute in built.objective_sources[name].networks)
    return {key: value for key, value in built.objectives[name].state_dict().items() if not key.startswith(inside)}
