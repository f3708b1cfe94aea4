"""Pictures of the running network: asks the worker for them, and passes them on as they come."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from studio.gui.training.session import Session
from studio.training.commands import Looked, Unwatch, Watch
from studio.training.messages import Event, Started

SLOTS = range(1, 15)
"""The picture slots that watching may use; the others are the worker's own."""


ELSEWHERE = "Another process is training this run. You can look inside a network while this window trains it."


def why_unseen(session: Session, not_yet: str) -> str:
    """Why there is nothing to be seen inside the network; empty where this window trains it."""
    if session.attached is not None:
        return ELSEWHERE
    return not_yet if session.started is None else ""


class Views(QObject):
    """Each purpose, such as a panel or a node's strip, has one picture that the newest step replaces."""

    pictured = Signal(str, object)
    """A purpose and its Picture."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._watches: dict[str, Watch] = {}
        session.told.connect(self._take)
        session.ticked.connect(self._read)

    def watch(
        self,
        purpose: str,
        graph: str,
        node: str,
        *,
        sample: int = 0,
        look_at: Looked = "output",
        every: int = 0,
        draw: int = 0,
    ) -> None:
        """Have a picture of this node from now on; nothing happens where the purpose shows it already."""
        old = self._watches.get(purpose)
        slot = old.slot if old else self._free_slot()
        wanted = Watch(slot, graph, node, sample, every, look_at, draw) if slot is not None else None
        if wanted is None or wanted == old:
            return
        self._watches[purpose] = wanted
        if not why_unseen(self._session, "Not yet."):
            self._session.send(wanted)

    def unwatch(self, purpose: str) -> None:
        watch = self._watches.pop(purpose, None)
        if watch is not None:
            self._session.send(Unwatch(watch.slot))

    def purposes(self) -> tuple[str, ...]:
        return tuple(self._watches)

    def _free_slot(self) -> int | None:
        taken = {watch.slot for watch in self._watches.values()}
        return next((slot for slot in SLOTS if slot not in taken), None)

    def _take(self, event: Event) -> None:
        """A training has begun, maybe in another process: it does not know yet what is wanted."""
        if isinstance(event, Started):
            for watch in self._watches.values():
                self._session.send(replace(watch))

    def _read(self) -> None:
        worker = self._session.worker
        for purpose, watch in list(self._watches.items()) if worker is not None else ():
            picture = worker.pictures.read(watch.slot) if worker is not None else None
            if picture is not None and _fits(picture.about, watch):
                self.pictured.emit(purpose, picture)


def _fits(about: object, watch: Watch) -> bool:
    """Whether a picture is of what is asked for now; one of the request before may still lie in the slot."""
    pairs = (("graph", watch.graph), ("node", watch.node), ("look_at", watch.look_at))
    return isinstance(about, dict) and all(about.get(key, wanted) == wanted for key, wanted in pairs)
