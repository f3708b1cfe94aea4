"""The open windows of the program: each with a project of its own, all of one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from PySide6.QtCore import QPoint, SignalInstance
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from studio.gui.document import Document
    from studio.gui.files import Files

BESIDE = QPoint(32, 32)
"""How far a new window stands from the one before."""


class Member(Protocol):
    """A window as its neighbours see it; before the first paint is over ``ready`` is false and the rest is missing."""

    document: Document
    files: Files
    prepared: SignalInstance
    agreed: bool
    """The person was asked already: it may close."""

    @property
    def ready(self) -> bool: ...

    @property
    def at_work(self) -> bool: ...

    @property
    def widget(self) -> QWidget: ...

    def close(self) -> bool: ...


W = TypeVar("W", bound=Member)


class Windows(Generic[W]):
    """Opens and closes windows; the program ends with the last of them."""

    def __init__(self, make: Callable[[Windows[W]], W]) -> None:
        self._make = make
        self._open: list[W] = []
        self.has_offered = False
        """Whether work that a crash left behind was offered already."""

    def __iter__(self) -> Iterator[W]:
        """In the order in which they were opened."""
        return iter(tuple(self._open))

    def __len__(self) -> int:
        return len(self._open)

    def add(self, window: W) -> None:
        self._open.append(window)

    def remove(self, window: W) -> None:
        """The window has closed; nothing of it is kept while others go on."""
        if window in self._open:
            self._open.remove(window)
            if self._open:
                window.widget.deleteLater()

    def open(self, first: Callable[[W], object] | None = None) -> W:
        """A new window beside the last one, on the start page; ``first`` is done once it is complete."""
        before = self._open[-1].widget if self._open else None
        window = self._make(self)
        if before is not None and not before.isMaximized():
            window.widget.resize(before.size())
            window.widget.move(before.pos() + BESIDE)
        if first is not None:
            window.prepared.connect(lambda: first(window))
        window.widget.show()
        return window

    def showing(self, path: Path) -> W | None:
        """The window in which this file is open."""
        wanted = path.resolve()
        held = (window for window in self._open if window.ready and window.at_work)
        return next((window for window in held if _file(window) == wanted), None)

    def close_all(self) -> bool:
        """Ask for every project that is not saved, and close when all may go; whether they are closed."""
        for window in self:
            if window.ready and not window.agreed:
                come_forward(window.widget)
                if not window.files.may_leave():
                    return False
        for window in self:
            window.agreed = True
            window.close()
        return True


def come_forward(widget: QWidget) -> None:
    """Bring a window before the others, with the keyboard."""
    widget.showNormal() if widget.isMinimized() else widget.show()
    widget.raise_()
    widget.activateWindow()


def _file(window: Member) -> Path | None:
    path = window.document.path
    return path.resolve() if path is not None else None
