"""The way into blocks, over the canvas: every level a button that goes back to it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from studio.gui import fonts, icons, theme
from studio.gui.emptying import empty
from studio.gui.style.measures import CARD_PADDING
from studio.gui.style.tokens import Theme
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.text_size import follow_text

MOST_STEPS = 6
"""Of a longer way the beginning and the end are shown."""


class Breadcrumb(QWidget):
    """``chosen`` carries how many of the blocks are entered at the level that a person goes back to."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("The way to this graph")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._shown: tuple[str, ...] = ()

    def show_way(self, root: str, path: Sequence[str]) -> None:
        """Show the graph of the tab and the blocks that were entered from there; nothing where none was."""
        steps = (root, *path) if path else ()
        if steps == self._shown:
            return
        self._shown = steps
        empty(self._row)
        for depth, step in enumerate(steps):
            if len(steps) > MOST_STEPS and 1 <= depth <= len(steps) - MOST_STEPS:
                if depth > 1:
                    continue
                step = "…"
            if depth:
                self._row.addWidget(_Chevron())
            self._row.addWidget(self._ancestor(step, depth) if depth < len(steps) - 1 else _shown(step))
        self.setVisible(bool(steps))

    def _ancestor(self, step: str, depth: int) -> Button:
        button = _Step(step, kind=Kind.QUIET, small=True, name=f"Go back to {step}")
        button.clicked.connect(lambda: self.chosen.emit(depth))
        return button


class _Step(Button):
    """A level that is not shown stands back behind the one that is."""

    def _colors(self, colors: Theme) -> tuple[QColor | None, QColor, QColor]:
        fill, ink, hint = super()._colors(colors)
        return fill, ink if fill is not None else colors.text2, hint


class _Chevron(QWidget):
    def __init__(self) -> None:
        super().__init__()
        follow_text(self, lambda: self.setFixedSize(fonts.scaled(icons.SIZE), fonts.scaled(icons.SIZE)))

    def paintEvent(self, event: QPaintEvent) -> None:
        icons.draw_icon(QPainter(self), "chevron-right", QRectF(self.rect()), theme.current().text3)


def _shown(step: str) -> QLabel:
    """The level that is shown."""
    result = label(step, Role.HEADING)
    result.setContentsMargins(CARD_PADDING, 0, 0, 0)  # as far from its chevron as the words of buttons
    result.setAccessibleName(f"{step}, which is shown")
    return result
