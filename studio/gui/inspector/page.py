"""A page of the inspector: a column that scrolls."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QVBoxLayout, QWidget

from studio.gui.style.measures import CARD_GAP, CARD_PADDING, PANEL_PADDING


class ScrollPage(QScrollArea):
    """Widgets one below the other, as wide as the panel."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(PANEL_PADDING, CARD_PADDING, PANEL_PADDING, PANEL_PADDING)
        self.column.setSpacing(CARD_GAP)
        self.setWidget(inside)


def chain(column: QLayout) -> None:
    """Let Tab go from control to control as they stand: Qt puts what is made later behind all of the window."""
    for first, second in pairwise(_controls(column)):
        QWidget.setTabOrder(first, second)


def _controls(layout: QLayout) -> Iterator[QWidget]:
    """The widgets of a layout that Tab comes to, in their order."""
    for index in range(layout.count()):
        item = layout.itemAt(index)
        widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                yield widget
            inner = widget.layout()
        if inner is not None:
            yield from _controls(inner)
