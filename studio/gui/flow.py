"""Cards of one size in as many columns as fit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class Flow(QWidget):
    """Places cards row by row; ``stretched``, the columns take the whole width."""

    def __init__(self, gap: int, *, stretched: bool = False) -> None:
        super().__init__()
        self.cards: list[QWidget] = []
        self._gap, self._stretched = gap, stretched
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def add(self, card: QWidget) -> None:
        card.setParent(self)
        self.cards.append(card)
        card.show()
        self.settle()

    def refill(self, cards: Sequence[QWidget]) -> None:
        """Show these cards in place of what was there."""
        for old in self.cards:
            old.hide()
            old.deleteLater()
        self.cards = []
        for card in cards:
            self.add(card)

    def sizeHint(self) -> QSize:
        return self.cards[0].sizeHint() if self.cards else QSize()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.settle()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.settle()

    def settle(self) -> None:
        """Place the cards that are not hidden."""
        shown = [card for card in self.cards if not card.isHidden()]
        size = shown[0].sizeHint() if shown else QSize(1, 0)
        columns = max(1, (self.width() + self._gap) // (size.width() + self._gap))
        width = (self.width() - (columns - 1) * self._gap) // columns if self._stretched else size.width()
        for at, card in enumerate(shown):
            row, column = divmod(at, columns)
            card.setGeometry(column * (width + self._gap), row * (size.height() + self._gap), width, size.height())
        rows = -(-len(shown) // columns)
        self.setFixedHeight(max(0, rows * (size.height() + self._gap)))
