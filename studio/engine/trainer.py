"""One training of a run folder, from the command to its end or to the sentence that says why it failed."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import SimpleQueue

import torch
from torch import nn

from studio.compiler.figures import figures_of
from studio.compiler.objective import objectives_of_stage
from studio.core.problem import ProjectError
from studio.engine.beginning import begin
from studio.engine.board import Board
from studio.engine.build import Built, build
from studio.engine.checkpoint import seed_everything
from studio.engine.class_weights import weigh_classes
from studio.engine.crew import Alone, Crew
from studio.engine.data.load import load
from studio.engine.defaults import by_default
from studio.engine.device import channels_last, choose_device, describe, free_choice, set_threads
from studio.engine.divergence import explain_divergence
from studio.engine.failures import TrainingFailed, explain
from studio.engine.feed import Data, datasets_of
from studio.engine.figures import described
from studio.engine.fitting import what_would_fit
from studio.engine.keeper import Keeper, Resumption
from studio.engine.launch import crew_of
from studio.engine.meter import Diverged
from studio.engine.orders import Orders
from studio.engine.probe import Probe
from studio.engine.session import RATE, Session
from studio.engine.stage import Progress, batch_size, step_share, steps_of
from studio.engine.teaching import GRADIENT
from studio.engine.tuning import Tuning, tune
from studio.training.answers import Descended, Predicted
from studio.training.checkpoints import open_checkpoint
from studio.training.commands import Command, Start
from studio.training.messages import DataProgress, Event, Failed, Finished, Log, Started, Tuned, WeightsLoaded
from studio.training.presence import announced
from studio.training.ring import RingWriter
from studio.training.run import Run, data_folder
from studio.training.slots import SlotWriter

Report = Callable[[Event], None]

FLEETING = (DataProgress, Predicted, Descended)
"""Events that are told, but not kept in the run's file."""


@dataclass(frozen=True)
class Outside:
    """What a training is connected with: who is told, who commands, and where live figures and pictures go."""

    report: Report
    inbox: SimpleQueue[Command] = field(default_factory=SimpleQueue)
    ring: RingWriter | None = None
    slots: SlotWriter | None = None


def run_training(start: Start, outside: Outside) -> Finished | None:
    """Train as the command says; None where the training was interrupted, and can go on.

    Raises TrainingFailed, when everything has been told.
    """
    try:
        run = Run.open(Path(start.run))
        damage = run.damage()
        boards = [Board(run)] if run.project().training.tensorboard else []
        journal = run.journal()
    except ProjectError as error:
        failure = Failed(str(error))
        outside.report(failure)
        raise TrainingFailed(failure) from None
    with contextlib.closing(journal), contextlib.ExitStack() as closing, announced(run.folder):
        for board in boards:
            closing.callback(board.close)
        trainer = Trainer(run, start, outside, [journal.append, *(board.take for board in boards)])
        if damage:
            trainer.tell(Log(damage, "warning"))
        return trainer.train(crew_of(start, trainer.tell))


class Trainer:
    """Sets a training up and sees it through."""

    def __init__(self, run: Run, start: Start, outside: Outside, keep: Sequence[Report]) -> None:
        """Each of ``keep`` writes an event into the run's folder."""
        self.run, self.start, self.outside, self._keep = run, start, outside, keep
        self.built: Built | None = None
        self.session: Session | None = None
        self._told_progress = 0.0
        self._is_kept = True

    def train(self, together: AbstractContextManager[Crew]) -> Finished | None:
        """Train to the end, with the processes that the context brings together. Raises TrainingFailed."""
        try:
            with together as crew:
                resumption = self._set_up(crew)
                assert self.session is not None
                finished = self.session.run(resumption)
        except Exception as error:  # whatever it was, the person hears a sentence and the log gets the rest
            failure = self._explained(error)
            self.tell(failure)
            raise TrainingFailed(failure) from error
        if finished is not None:
            self.tell(finished)
        return finished

    def tell(self, event: Event) -> None:
        """Report the event, and keep it in the run's file. A line is not worth the run: a disk that refuses is said."""
        if not isinstance(event, FLEETING):
            try:
                for keep in self._keep:
                    keep(event)
                self._is_kept = True
            except OSError as error:
                if self._is_kept:
                    reason = f"What the run tells cannot be kept: {error.strerror or error}."
                    self.outside.report(Log(f"{reason} The training goes on; its curves will lack this.", "warning"))
                self._is_kept = False
        self.outside.report(event)

    def _set_up(self, crew: Crew) -> Resumption | None:
        """Make the modules and the session, read the data, and tell the start. Raises ProjectError."""
        project = self.run.project()
        device = crew.device or choose_device(self.start.device)
        free_choice(False)
        seed_everything(project.training.seed)
        built = self.built = build(project)
        graphs = [built.diagnosis.graphs[name] for name in built.objectives]
        set_threads(max(graph.multiply_adds for graph in graphs) * batch_size(project))
        last = any(channels_last(network, device) for network in built.networks.values())
        for objective in built.objectives.values():
            objective.to(device)
        with crew.first_goes_first():
            beginnings = self._begin(built)
            data = self._data(built, device)
        weighed = weigh_classes(built, data)
        usual = Tuning(torch.get_num_threads(), last, project.training.precision)
        tuning, tuned = self._tuned(built, data, device, usual, crew)
        self.built = built = tuning.built(built)
        self.session = self._session(built, data, device, tuning, crew)
        crew.set_random_state((), project.training.seed)
        resumption = self._resumption(self.session.keeper)
        self.session.progress = resumption.progress if resumption else Progress()
        started = _started(self.run, self.session, self.start.resume)
        self._compare_data(started)
        self.tell(started)
        for each in (*beginnings, *weighed, *tuned):
            self.tell(each)
        return resumption

    def _session(self, built: Built, data: Data, device: torch.device, tuning: Tuning, crew: Crew) -> Session:
        """Everything around the steps, before the first."""
        seed, last = built.project.training.seed, tuning.channels_last
        figures = figures_of(built.objective_sources, built.diagnosis)
        clips = any(stage.clip for stage in built.project.training.stages)
        series = (*(figure.name for figure in figures.values()), RATE, *((GRADIENT,) if clips else ()))
        probe = Probe(built, data, device, seed=seed, channels_last=last)
        slots = self.outside.slots
        watched = any(crew.totals([slots is not None]))
        orders = Orders(crew.inbox(self.outside.inbox), self.tell, probe, slots=slots, is_watched=watched)
        meter = crew.meter(series, self.outside.ring)
        keeper = Keeper(self.run, built, crew)
        stepping = tuning.crew(crew, self._warn)
        return Session(built, data, device, keeper, meter, figures, orders, self.tell, last, crew=stepping)

    def _begin(self, built: Built) -> list[WeightsLoaded]:
        """Load what the networks begin with, where no checkpoint will bring all of it. Raises ProjectError."""
        if self.start.resume:
            return []
        return begin(built.project, built.networks, self._progress, download=self.start.download)

    def _tuned(
        self, built: Built, data: Data, device: torch.device, usual: Tuning, crew: Crew
    ) -> tuple[Tuning, list[Tuned]]:
        """How to compute the steps: as usual, or in Fast mode as measured, by a run that goes on when it began."""
        events = [event for event in self.run.events() if isinstance(event, Tuned)] if self.start.resume else []
        known = events[-1] if events else None
        if not built.project.training.fast:
            return by_default(built, data, device, usual, crew, known)
        self._progress("Measuring what is fastest here", 0.0)
        tuning, told = tune(built, data, device, usual, crew, known)
        tuning.apply()
        return tuning, [told]

    def _compare_data(self, started: Started) -> None:
        """Say where a run goes on with other data than before, as when files were added, or broken ones removed."""
        before = [event.samples for event in self.run.events() if isinstance(event, Started)]
        if before and before[-1] != started.samples:
            had, has = (
                ", ".join(f"{count:,} {part}" for part, count in each.items()) for each in (before[-1], started.samples)
            )
            self._warn(f"The data has changed since this run was trained: it had {had} samples, and now has {has}.")

    def _warn(self, message: str) -> None:
        self.tell(Log(message, "warning"))

    def _data(self, built: Built, device: torch.device) -> Data:
        """Every dataset, read and prepared. Raises DataError."""
        folder = Path(self.start.data) if self.start.data else data_folder()
        datasets = datasets_of(built, list(built.objectives))
        download = self.start.download
        return {each: load(each, folder, device, self._progress, download=download) for each in datasets}

    def _progress(self, what: str, share: float) -> None:
        now = time.monotonic()
        if share in (0.0, 1.0) or now - self._told_progress > 0.1:
            self._told_progress = now
            self.tell(DataProgress(what, share))

    def _resumption(self, keeper: Keeper) -> Resumption | None:
        if not self.start.resume:
            return None
        checkpoint = open_checkpoint(Path(self.start.resume))
        if checkpoint is None:
            raise ProjectError(f"{self.start.resume} is not a checkpoint.")
        return keeper.load(checkpoint)

    def _explained(self, error: Exception) -> Failed:
        """Why it failed, found out while everything is still there."""
        session = self.session
        if isinstance(error, TrainingFailed):
            return error.failure
        newest = self.run.newest() if session is not None and session.crew.leads else None
        if isinstance(error, Diverged) and session is not None and newest is not None:
            self.tell(Log("The loss is no number any more. Looking for the node where that began …", "warning"))
            resumption = session.keeper.load(newest)
            begin = partial(session.make_stage, crew=Alone())  # alone, with the whole batches of all
            return explain_divergence(error, resumption, begin, session.orders.probe)
        sources = self.built.sources if self.built else ()
        step = session.progress.step if session else 0

        def advice() -> str:
            stage = session.stage if session else None
            return what_would_fit(stage, session.data) if session and stage else ""

        return explain(error, sources, step, advice)


def _started(run: Run, session: Session, checkpoint: str) -> Started:
    """The beginning as an event; samples are those of the first stage."""
    built = session.built
    project, stages = built.project, built.project.training.stages
    reads = [session.data[datasets_of(built, objectives_of_stage(stage))[0]] for stage in stages]
    sizes = [step_share(project, stage, len(data.train)) for stage, data in zip(stages, reads, strict=True)]
    per_epoch = [-(-len(data.train) // size) for data, size in zip(reads, sizes, strict=True)]
    steps = [steps_of(stage, count) for stage, count in zip(stages, per_epoch, strict=True)]
    parts = {"train": reads[0].train, "validation": reads[0].validation, "test": reads[0].test}
    return Started(
        run=str(run.folder),
        project=project.name,
        device=describe(session.device, session.crew.share[1]),
        stages=tuple(stage.name for stage in stages),
        series=session.meter.series,
        measures=described(session.figures),
        samples={name: len(part) for name, part in parts.items()},
        weights={name: weight_count(network) for name, network in built.networks.items()},
        batch=sizes[0],
        steps_per_epoch=per_epoch[0],
        steps=sum(steps) if all(steps) else 0,
        seed=project.training.seed,
        precision=project.training.precision,
        step=session.progress.step,
        at=time.time(),
        checkpoint=checkpoint,
        stage_steps=tuple(steps),
        epoch_steps=tuple(per_epoch),
    )


def weight_count(network: nn.Module) -> int:
    return sum(weight.numel() for weight in network.parameters())
