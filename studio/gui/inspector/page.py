"""A page of the inspector: a column that scrolls."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

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
