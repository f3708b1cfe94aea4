"""Where something is told: an icon and words that open an address, where there is one."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from studio.core.card import Source
from studio.gui import fonts, icons, theme
from studio.gui.style.measures import FOCUS_RING, GRID, HALF_GRID, LABEL, MIN_TARGET, RADIUS_FIELD
from studio.gui.widgets.ring import draw_focus_ring, inside_ring

_WRAPPED = int(Qt.TextFlag.TextWordWrap)


class SourceLink(QAbstractButton):
    """As wide as its panel; long titles take several lines. Without an address it is text alone."""

    def __init__(self, source: Source, icon: str) -> None:
        super().__init__()
        self.source, self.icon_name = source, icon
        self.setText(source.text)
        self.setAccessibleName(source.text)
        self.setEnabled(bool(source.address))
        self.setToolTip(source.address)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if source.address:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setAccessibleDescription(f"Opens {source.address}")
            self.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(source.address)))

    def sizeHint(self) -> QSize:
        width = QFontMetrics(_font()).horizontalAdvance(self.text()) + self._inset() + 2 * HALF_GRID
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.heightForWidth(self.width()))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, max(1, width - self._inset() - HALF_GRID), 10_000)
        text = QFontMetrics(_font()).boundingRect(room, _WRAPPED, self.text())
        return max(MIN_TARGET, text.height() + 2 * HALF_GRID)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme.current()
        ink = colors.accent if self.source.address else colors.text2
        side, line = fonts.scaled(icons.SIZE), QFontMetrics(_font()).height()
        top = HALF_GRID + max(0, (MIN_TARGET - 2 * HALF_GRID - line) // 2)
        icons.draw_icon(painter, self.icon_name, QRectF(FOCUS_RING, top + (line - side) / 2, side, side), ink)
        font = _font()
        font.setUnderline(self.underMouse() and bool(self.source.address))
        painter.setFont(font)
        painter.setPen(ink)
        area = QRectF(self._inset(), top, self.width() - self._inset() - HALF_GRID, self.height())
        painter.drawText(area, _WRAPPED, self.text())
        if self.hasFocus():
            draw_focus_ring(painter, inside_ring(QRectF(self.rect())), RADIUS_FIELD)

    def _inset(self) -> int:
        return FOCUS_RING + fonts.scaled(icons.SIZE) + GRID


def _font() -> QFont:
    return fonts.interface(LABEL)
