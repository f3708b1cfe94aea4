"""A framed part of the inspector, and shapes as one sentence."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from studio.core.shape import Shape
from studio.gui.emptying import empty
from studio.gui.style.measures import CARD_PADDING, GRID
from studio.gui.widgets.label import Role, label


def shapes_sentence(shapes: Mapping[str, Shape] | Mapping[str, tuple[Shape, ...]]) -> str:
    """Shapes by port as they stand on links; the port is named where there are several."""
    pairs = [
        (name, " + ".join(map(str, value)) if isinstance(value, tuple) else str(value))
        for name, value in shapes.items()
    ]
    return ", ".join(text if len(pairs) == 1 else f"{name} {text}" for name, text in pairs) or "not known yet"


class Card(QFrame):
    """A framed part of the inspector with a heading; what it shows is replaced whole."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.end = label("", Role.MONO)
        head = QHBoxLayout()
        head.addWidget(label(title, Role.CAPTION))
        head.addStretch()
        head.addWidget(self.end)
        self.body = QVBoxLayout()
        self.body.setSpacing(GRID // 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(CARD_PADDING, CARD_PADDING, CARD_PADDING, CARD_PADDING)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addLayout(self.body)

    def refill(self, *parts: QWidget) -> None:
        """Show these parts in place of what was there."""
        empty(self.body)
        for part in parts:
            self.body.addWidget(part)
