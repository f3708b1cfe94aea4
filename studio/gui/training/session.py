"""The training of the open project: starts and steers the worker, and passes on what it tells."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

from studio.core.project import Project
from studio.gui.training.attached import Attached
from studio.gui.training.state import State
from studio.gui.training.tempo import QUICKEST_MS, Tempo
from studio.training.checkpoints import Checkpoint
from studio.training.commands import Command, Pause, Resume, Start, Stop
from studio.training.messages import Event, Failed, Finished, Paused, Resumed, Started, WorkerDied
from studio.training.run import Run
from studio.training.worker_client import Worker

AFTER: dict[type[Event], State] = {
    Started: State.TRAINING,
    Resumed: State.TRAINING,
    Paused: State.PAUSED,
    Finished: State.FINISHED,
    Failed: State.FAILED,
}


class Session(QObject):
    """One training at a time. Its worker is warmed when the window opens and follows the window to its end."""

    told = Signal(object)
    """Every event of the training process, as it comes."""
    ticked = Signal()
    """Up to ten times a second while a worker lives: time to read figures and pictures."""
    state_changed = Signal(object)
    device_chosen = Signal()
    """``device`` is another, or there are more or fewer ``processes``."""
    interrupted = Signal(str)
    """The name of a run that was ended because another project was opened; it can be resumed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = State.IDLE
        self.worker: Worker | None = None
        self.run: Run | None = None
        self.project: Project | None = None
        """The project as it is being trained; the person may have edited theirs since."""
        self.started: Started | None = None
        self.ended: Failed | WorkerDied | Finished | None = None
        self.attached: Attached | None = None
        """What follows the training of another process; it is there in the state ELSEWHERE alone."""
        self.device, self.processes = "auto", 1
        """Where the next training goes, and on how many such devices at once."""
        self._notifier: QSocketNotifier | None = None
        self._timer = QTimer(self)
        self._tempo = Tempo()
        self._timer.timeout.connect(self._tick)

    @property
    def can_resume(self) -> bool:
        """Whether a training ended before its time and has a checkpoint to go on from."""
        ended = self.state in (State.DIED, State.FAILED)
        return ended and self.run is not None and self.run.newest() is not None

    def warm(self) -> None:
        """Have a worker that waits, with everything imported that a training needs."""
        if self.worker is not None and self.worker.alive:
            return
        self.close()
        self.worker = Worker()
        self._notifier = QSocketNotifier(self.worker.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._poll)
        self._timer.start(QUICKEST_MS)

    def start(self, project: Project, *, download: bool = False) -> None:
        """Train the project in a new run; ``download`` lets missing data be fetched. Raises ProjectError."""
        self._begin(project, Run.create(project), download=download)

    def resume_run(self, run: Run) -> None:
        """Go on with a run from its last checkpoint. Raises ProjectError where its project is damaged."""
        newest = run.newest()
        self._begin(run.project(), run, resume=newest.folder if newest else None)

    def fork(self, checkpoint: Checkpoint, project: Project) -> None:
        """Branch from a checkpoint into a new run of the project, which may have changed. Raises ProjectError."""
        self._begin(project, Run.create(project), resume=checkpoint.folder)

    def adopt(self, run: Run) -> None:
        """Take a run as the one that can be exported, and gone on with; follow it where another process trains it."""
        if self.state.is_under_way:
            return
        self.run, self.project, self.started, self.ended = run, run.project(), None, None
        if not run.is_live():
            self._enter(State.DIED if run.status().state == "interrupted" else State.IDLE)
            return
        attached = self.attached = Attached(run, self)
        attached.told.connect(self._take)
        attached.lost.connect(self._lose)
        self._enter(State.ELSEWHERE)
        attached.begin()

    def forget(self) -> None:
        """Another project is open: what was trained is not its run. A training that goes on is stopped, and kept."""
        if self.state.is_busy and self.run is not None:
            self.close()
            self.warm()
            self.interrupted.emit(self.run.name)
        self.run, self.project, self.started, self.ended = None, None, None, None
        self._enter(State.IDLE)

    def pause(self) -> None:
        if self.state is State.TRAINING:
            self.send(Pause())
            self._enter(State.PAUSING)

    def resume(self) -> None:
        """Go on after a pause; after a failure or a death, from the last checkpoint. Raises ProjectError."""
        if self.state in (State.PAUSED, State.PAUSING):
            self.send(Resume())
        elif self.can_resume and self.run is not None:
            self.resume_run(self.run)

    def stop(self, *, keep: bool = True) -> None:
        """End at the next step; the weights so far are kept."""
        if self.state.is_busy:
            self.send(Stop(keep))
            self._enter(State.STOPPING)

    def send(self, command: Command) -> None:
        if self.worker is not None:
            self.worker.send(command)

    def close(self) -> None:
        """End the worker; a training that runs is saved first, and one of another process is left alone."""
        if self.attached is not None:
            self.attached.end()
        self._timer.stop()
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier = None
        if self.worker is not None:
            self.worker.close() if self.worker.alive else self.worker.kill()
            self.worker = None

    def _begin(self, project: Project, run: Run, *, resume: Path | None = None, download: bool = False) -> None:
        self.warm()
        if self.worker is not None:
            self.worker.metrics.read()  # what a training before wrote last is none of the new one's
        self.run, self.project, self.started, self.ended = run, project, None, None
        start = Start(str(run.folder), self.device, self.processes, resume=str(resume or ""), download=download)
        self.send(start)
        self._enter(State.STARTING)

    def _tick(self) -> None:
        self._poll()
        if self.worker is not None:
            self.ticked.emit()
            self._timer.setInterval(self._tempo.wait_ms())

    def _poll(self) -> None:
        for event in self.worker.poll() if self.worker is not None else ():
            self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case Started():
                self.started = event
            case Failed() | Finished():
                self.ended = event
            case WorkerDied():
                self._bury(event)
        state = AFTER.get(type(event))
        self.told.emit(event)
        if state is not None and not (state.is_busy and self.attached is not None):
            self._enter(state)

    def _lose(self, event: WorkerDied) -> None:
        """The process that trains elsewhere is gone."""
        self.ended = event
        self.told.emit(event)
        self._enter(State.DIED)

    def _bury(self, event: WorkerDied) -> None:
        """The process is gone: a death to tell where it trained; else a new one is fetched when it is needed."""
        busy = self.state.is_busy
        self.ended = event if busy else self.ended
        self._timer.stop()
        if self._notifier is not None:
            self._notifier.setEnabled(False)
        if busy:
            self._enter(State.DIED)

    def _enter(self, state: State) -> None:
        if self.attached is not None and state is not State.ELSEWHERE:
            self.attached.end()
            self.attached = self.started = None
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)
