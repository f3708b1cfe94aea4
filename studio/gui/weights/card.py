"""Says in the inspector with which weights the networks begin, and leads to choosing others."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.core.drawn_weights import NORMAL, is_drawn
from studio.core.project import Project
from studio.gui.style.measures import CARD_GAP
from studio.gui.widgets.button import Button
from studio.gui.widgets.label import Role, label


class FirstWeights(QWidget):
    """One line for each network. ``wanted`` when others are to be chosen."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sentence = label("", Role.BODY, wrap=True)
        self.change = Button("Load pretrained weights…", icon="download", small=True, cuts=True)
        self.change.clicked.connect(self.wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(CARD_GAP)
        for part in (label("First weights", Role.CAPTION), self.sentence, self.change):
            column.addWidget(part)

    def show_project(self, project: Project) -> None:
        """Say where the weights of this project's networks come from."""
        sources = project.training.weights
        lines = [f"{name}: {_said(sources[name])}" for name in project.networks if name in sources]
        self.sentence.setText("\n".join(lines) or "Fresh, drawn with the seed")
        self.sentence.setToolTip("\n".join(sources.values()))


def _said(source: str) -> str:
    """A source as a person reads it at a glance."""
    return f"drawn, deviation {source.removeprefix(NORMAL)}" if is_drawn(source) else source.rpartition("/")[2]
