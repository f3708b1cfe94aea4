"""What every panel is given, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from PySide6.QtWidgets import QWidget

from studio.gui.document import Document
from studio.gui.place import Place
from studio.gui.training.predictions import Predictions
from studio.gui.training.session import Session
from studio.gui.training.views import Views

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
        self.setAccessibleName(self.title)
