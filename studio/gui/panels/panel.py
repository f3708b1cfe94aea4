"""What every panel is given, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from studio.gui.document import Document
from studio.gui.place import Place
from studio.gui.training.predictions import Predictions
from studio.gui.training.session import Session
from studio.gui.training.views import Views
from studio.training.run import Run

Side = Literal["left", "right"]


@dataclass(frozen=True)
class Context:
    """What panels show: the project, where the person is in it, and its training."""

    document: Document
    place: Place
    session: Session
    views: Views
    predictions: Predictions


class Panel(QWidget):
    """A dock's content. Its title stands on the tab; ``side`` is the half of the lower area where it begins."""

    title: ClassVar[str]
    side: ClassVar[Side]

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._in_front = True
        self.setAccessibleName(self.title)

    @property
    def is_seen(self) -> bool:
        """Whether a person can see it; to Qt what lies behind another tab is visible too."""
        return self.isVisible() and self._in_front

    def show_run(self, run: Run) -> None:
        """A run that is over is looked at: show what it told."""

    def come_forward(self, in_front: bool) -> None:
        """Its tab was chosen, or another one."""
        self._in_front = in_front
        if self.isVisible():
            self.appear() if in_front else self.disappear()

    def appear(self) -> None:
        """It is seen again: a panel that was idle meanwhile catches up."""

    def disappear(self) -> None:
        """Nobody sees it: what costs time can rest."""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._in_front:
            self.appear()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.disappear()
