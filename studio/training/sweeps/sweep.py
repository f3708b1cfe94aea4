"""A sweep: trials of a project with varied values, each a run in a process of its own, so many at a time."""

from __future__ import annotations

import os
import re
import select
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.training.commands import Shutdown, Start, Stop
from studio.training.machine import cores
from studio.training.messages import EpochEnded, Event, Failed, Finished, Paused, Started, WorkerDied
from studio.training.run import Run, counting
from studio.training.sweeps.plan import Plan
from studio.training.sweeps.trials import Aim, Noted, Swept, Trial, noted
from studio.training.sweeps.varying import Values
from studio.training.wire import plain
from studio.training.worker_client import Worker

PATIENCE = 60.0
"""Seconds for which trainings that are interrupted may take to write their checkpoints."""

TURN = 0.2
"""Seconds after which a sweep looks up, though no process has told anything."""

Make = Callable[[Values], Project]
"""The project with these values of what varies. Raises ProjectError where it cannot have them."""

Report = Callable[[Event, int], None]
"""Is told every event, with the number of the trial that it is of."""


@dataclass
class _Running:
    """A trial with the process that trains it, and the events by which it is judged."""

    trial: Trial
    worker: Worker
    events: list[Event] = field(default_factory=list)
    is_given_up: bool = False


class Sweep:
    """Makes the trials of a folder; what is there already counts, and what was interrupted goes on."""

    def __init__(self, folder: Path, plan: Plan, make: Make, start: Start, report: Report) -> None:
        """``start`` says where each is trained. Raises ProjectError where the folder is of another sweep."""
        self.folder, self._plan, self._make, self._start, self._report = folder, plan, make, start, report
        self._picker, self._aim = plan.picker, plan.picker.aim
        plan.keep(folder)
        self.trials = {trial.trial: trial for trial in _found(folder, self._aim)}
        self._refuse_another_project()
        self._waiting = [n for n in range(1, plan.count + 1) if n not in self.trials or not self.trials[n].is_over]
        self._running: list[_Running] = []
        self._has_data = False
        """Whether a trial has begun to train: what the first had to fetch lies there for the others."""

    def run(self, jobs: int, is_interrupted: Callable[[], bool]) -> Swept | None:
        """Make the trials that are left, so many at a time; None where that was interrupted, and can go on.

        What is there already is told first.
        """
        began = time.monotonic()
        for trial in [each for each in self.trials.values() if each.is_over]:
            self._tell(trial)
        try:
            while not is_interrupted():
                while self._waiting and len(self._running) < (jobs if self._has_data else 1):
                    self._begin(self._waiting.pop(0), environment_of(jobs))
                if not self._running:
                    return self._swept(time.monotonic() - began)
                self._hear()
            self._interrupt()
        finally:
            for each in self._running:
                each.worker.kill()
        return None

    def _begin(self, number: int, environment: Mapping[str, str]) -> None:
        """Start the trial of this number, or let it go on where it was interrupted."""
        folder = self.folder / Trial(number, {}).name
        known = noted(folder)
        values = known.values if known else self._picker.values(number, self.trials.values())
        trial = Trial(number, values, run=str(folder))
        run = Run.open(folder) if known else self._created(trial, folder)
        if run is None:
            return
        newest = run.newest()
        worker = Worker(environment)
        worker.send(replace(self._start, run=str(folder), resume=str(newest.folder) if newest else ""))
        self._running.append(_Running(trial, worker, run.outline()))
        self._tell(trial)

    def _created(self, trial: Trial, folder: Path) -> Run | None:
        """A run with the values of a trial; None where there is no such project, which is told and kept.

        Raises ProjectError where nothing can be kept.
        """
        try:
            project = self._make(trial.values)
        except ProjectError as error:
            Noted(trial.values, str(error)).write(folder)
            self._tell(replace(trial, state="failed", message=str(error), run=""))
            return None
        run = Run.create(project, folder)
        Noted(trial.values).write(folder)
        return run

    def _hear(self) -> None:
        """Wait until a process tells something, and take it."""
        select.select([each.worker for each in self._running if each.worker.alive], [], [], TURN)
        for each in tuple(self._running):
            for event in each.worker.poll():
                self._report(event, each.trial.trial)
                if isinstance(event, Paused):
                    raise ProjectError(f"{each.trial.name} waits: {event.reason} Then the same command goes on.")
                if isinstance(event, Started | EpochEnded | Finished | Failed | WorkerDied):
                    each.events.append(event)
                    self._judge(each, event)

    def _judge(self, running: _Running, event: Event) -> None:
        """Say where a trial stands; one that is over makes room for the next, a hopeless one is given up."""
        before = running.trial
        trial = self._aim.judged(before.trial, before.values, Path(before.run), counting(running.events))
        running.trial = trial
        if isinstance(event, Started):
            self._has_data = True
        else:
            self._tell(trial)
        if trial.is_over:
            self._running.remove(running)
            running.worker.close()
        elif self._plan.prune and isinstance(event, EpochEnded) and not running.is_given_up and trial.figures:
            others = [each for each in self.trials.values() if each.trial != trial.trial]
            running.is_given_up = self._picker.is_hopeless(trial, others)
            if running.is_given_up:
                running.worker.send(Stop(keep=False))

    def _interrupt(self) -> None:
        """Let every training write a checkpoint and end."""
        for each in self._running:
            each.worker.send(Shutdown())
        until = time.monotonic() + PATIENCE
        while any(each.worker.alive for each in self._running) and time.monotonic() < until:
            self._hear()
        for each in self._running:
            each.worker.kill()
            self._tell(replace(each.trial, state="interrupted"))
        self._running.clear()

    def _tell(self, trial: Trial) -> None:
        self.trials[trial.trial] = trial
        self._report(trial, trial.trial)

    def _swept(self, seconds: float) -> Swept:
        ranked = self._aim.ranked(self.trials.values())
        best = ranked[0].run if ranked and ranked[0].state == "complete" else ""
        swept = Swept(str(self.folder), asdict(self._aim.figure), tuple(map(plain, ranked)), best, seconds)
        self._report(swept, 0)
        return swept

    def _refuse_another_project(self) -> None:
        """Trials of another project cannot be compared. Raises ProjectError."""
        for trial in self.trials.values():
            if trial.run and self._make(trial.values) != Run(Path(trial.run)).project():
                raise ProjectError(
                    f"The trials in {self.folder} were made of another project, or with other options: "
                    "choose another folder for the sweep."
                )
            return


def environment_of(jobs: int) -> dict[str, str]:
    """What processes are given that share the processor: threads that wait for each other's cores slow all of them."""
    if jobs == 1 or "OMP_NUM_THREADS" in os.environ:
        return {}
    return {"OMP_NUM_THREADS": str(max(1, cores() // jobs))}


def _found(folder: Path, aim: Aim) -> Iterator[Trial]:
    """The trials in the folder of a sweep. Raises ProjectError where one of them is being trained."""
    for path in sorted(folder.iterdir()):
        number, about = re.fullmatch(r"trial-([1-9]\d{0,8})", path.name), noted(path)
        if number is None or about is None:
            continue
        if about.failed:
            yield Trial(int(number[1]), about.values, "failed", message=about.failed)
            continue
        run = Run.open(path)
        if run.is_live():
            raise ProjectError(f"{run.name} in {folder} is being trained by another process: wait for it to end.")
        trial = aim.judged(int(number[1]), about.values, path, run.outline())
        yield trial if trial.is_over else replace(trial, state="interrupted")
