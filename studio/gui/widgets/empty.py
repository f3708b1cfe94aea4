"""What a panel shows while it has nothing to show."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui import fonts, icons, theme
from studio.gui.style.measures import CARD_GAP, PANEL_PADDING
from studio.gui.widgets.button import Button
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.text_size import follow_text

_ICON_SIDE = 32


class _Picture(QWidget):
    def __init__(self, icon: str) -> None:
        super().__init__()
        self.icon_name = icon
        follow_text(self, lambda: self.setFixedSize(QSize(fonts.scaled(_ICON_SIDE), fonts.scaled(_ICON_SIDE))))

    def paintEvent(self, event: QPaintEvent) -> None:
        icons.draw_icon(QPainter(self), self.icon_name, QRectF(self.rect()), theme.current().line_strong)


class EmptyState(QWidget):
    """An icon, a sentence that says why nothing is here, and a button that changes that."""

    def __init__(self, icon: str, sentence: str, button: Button | None = None) -> None:
        super().__init__()
        self.setAccessibleName(sentence)
        self.sentence = label(sentence, Role.LABEL, wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING, PANEL_PADDING)
        column.setSpacing(CARD_GAP)
        column.addStretch()
        self._picture = _Picture(icon)
        column.addWidget(self._picture, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.sentence)
        if button is not None:
            column.addWidget(button, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addStretch()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        sentence = self.sentence.heightForWidth(self.width() - 2 * PANEL_PADDING)
        self._picture.setVisible(self.height() >= sentence + self._picture.height() + 3 * PANEL_PADDING)

    def say(self, sentence: str) -> None:
        """Change the sentence."""
        self.sentence.setText(sentence)
        self.setAccessibleName(sentence)
