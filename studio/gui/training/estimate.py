"""What training the open project will cost, known before it begins: memory by counting, time by measuring."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

from studio.compiler.memory import Memory, amount, memory_of
from studio.core import loom
from studio.core.change import Change, GraphChange
from studio.gui.document import Document
from studio.gui.moment import moment_later
from studio.gui.training.session import Session
from studio.training.answers import Measured
from studio.training.commands import Measure
from studio.training.machine import free_memory
from studio.training.messages import EpochEnded, Event, Ready, WorkerDied

BREAKDOWN = "Weights {weights}, gradients {gradients}, optimizer {moments}, and {activations} for a batch of {batch}."
"""What memory goes to."""

PAUSE_MS = 500
"""An edit has to rest so long before the training process is asked."""


@dataclass(frozen=True)
class Shortage:
    """Why memory will not do, and the batch for which it would; 0 where not even one sample fits."""

    sentence: str
    batch: int


class Estimate(QObject):
    """Follows the project. While nothing trains, the process that waits is asked how fast it would be."""

    changed = Signal()

    def __init__(self, document: Document, session: Session) -> None:
        super().__init__(document)
        self._document, self._session = document, session
        self.seconds = 0.0
        """Of an epoch, as measured; 0 where that is not known."""
        self.memory = memory_of(document.project, document.diagnosis)
        """What a step takes, estimated."""
        self._answer: Measured | None = None
        self._free = free_memory()
        self._is_ready = self._is_asked = False
        self._number = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        self._counting = moment_later(self, self._count)
        document.changed.connect(self._follow)
        document.opened.connect(self.forget)
        session.device_chosen.connect(self.forget)
        session.state_changed.connect(lambda _: self._timer.start())
        session.told.connect(self._take)

    @property
    def why_not(self) -> str:
        """Why the time is not known; empty where nobody has tried."""
        return self._answer.why_not if self._answer is not None else ""

    @property
    def shortage(self) -> Shortage | None:
        """Why memory will not do; None where it will, or where nobody knows how much there is."""
        answer, memory = self._answer, self.memory
        if answer is not None and answer.fits:
            needs = f"The memory of {answer.device} does not do for a batch of {memory.batch:,}."
            return _shortage(needs, max(answer.fits, 0))
        there = answer.there if answer is not None and answer.there else self._free
        if not there or memory.total <= there:
            return None
        needs = f"A batch of {memory.batch:,} needs about {amount(memory.total)} of memory; {amount(there)} are there."
        return _shortage(needs, memory.batch_within(there))

    def set_batch(self) -> None:
        """Make the batch as large as memory has room for."""
        shortage, project = self.shortage, self._document.project
        if shortage is not None and shortage.batch:
            training = replace(project.training, batch=shortage.batch)
            self._document.apply(replace(project, training=training), f"Set batch to {shortage.batch:,}")

    def forget(self) -> None:
        """What was measured no longer counts: measure anew when nothing has changed for a while."""
        self._drop()
        self._count()

    def _drop(self) -> None:
        self._answer, self.seconds, self._is_asked = None, 0.0, False
        self._number += 1
        self._timer.start()

    def _count(self) -> None:
        self._counting.stop()
        self._free = free_memory()
        self.memory = memory_of(self._document.project, self._document.diagnosis)
        self.changed.emit()

    def _follow(self, change: Change) -> None:
        if is_costly(change):
            self._drop()
            self._counting.start()

    def _ask(self) -> None:
        session, idle = self._session, self._is_ready and not self._session.state.is_under_way
        if self._is_asked or not idle or session.worker is None or not self._document.diagnosis.can_run:
            return
        if session.processes > 1:  # one alone would be measured
            return
        self._is_asked = True
        session.send(Measure(self._number, loom.dumps(self._document.project), session.device))

    def _take(self, event: Event) -> None:
        match event:
            case Ready():
                self._is_ready = True
                self._timer.start()
            case WorkerDied():
                self._is_ready = self._is_asked = False
            case Measured(number=number) if number == self._number:
                self._answer, self.seconds = event, event.epoch_seconds
                self.changed.emit()
            case EpochEnded() if self._session.attached is None:
                self.seconds = event.seconds
                self.changed.emit()


def amounts(memory: Memory) -> dict[str, str]:
    """Each part of the memory in words."""
    return {
        "batch": f"{memory.batch:,}",
        "weights": amount(memory.weights),
        "gradients": amount(memory.gradients),
        "moments": amount(memory.moments),
        "activations": amount(memory.activations),
        "total": amount(memory.total),
    }


def is_costly(change: Change) -> bool:
    """Whether a change may bear on what a training costs: not where things were only moved, framed or named."""
    kinds = (change.variables, change.data, change.training, change.graphs_added, change.graphs_removed)
    return any(kinds) or any(_is_costly(graph) for graph in change.graphs.values())


def _is_costly(graph: GraphChange) -> bool:
    nodes = graph.nodes_added or graph.nodes_removed or graph.nodes_edited
    return bool(nodes or graph.links_added or graph.links_removed or graph.parameters)


def _shortage(needs: str, batch: int) -> Shortage:
    hint = f"A batch of {batch:,} would fit." if batch else "Not even one sample fits: make the network smaller."
    return Shortage(f"{needs} {hint}", batch)


def pace(seconds: float) -> str:
    """How long an epoch takes: ``~1.8 s per epoch on this machine``."""
    minutes = seconds / 60
    time = f"{seconds:.1f} s" if seconds < 100 else f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.1f} h"
    return f"~{time} per epoch on this machine"
