"""Draws one row of a list of things to find: icon, title, hint, key."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from studio.gui import fonts, icons, theme
from studio.gui.palette.entry import Entry
from studio.gui.style.measures import BODY, GRID, HINT, PALETTE_ROW, RADIUS_FIELD
from studio.gui.style.tokens import Theme

ENTRY = int(Qt.ItemDataRole.UserRole)
"""The role under which an item holds its Entry."""

Index = QModelIndex | QPersistentModelIndex


class RowDelegate(QStyledItemDelegate):
    """Rows of 28 pixels, the current one filled."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, fonts.scaled(PALETTE_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(ENTRY)
        if not isinstance(entry, Entry):
            super().paint(painter, option, index)
            return
        colors = theme.current()
        area = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_ground(painter, area, option.state, colors)
        left = _draw_icon(painter, entry, area, colors)
        _draw_texts(painter, entry, QRectF(left, area.top(), area.right() - left - GRID, area.height()), colors)
        painter.restore()


def draw_ground(painter: QPainter, area: QRectF, state: QStyle.StateFlag, colors: Theme) -> None:
    """Fill a row that is selected or pointed at."""
    fill: QColor | None = None
    if state & QStyle.StateFlag.State_Selected:
        fill = colors.accent_bg
    elif state & QStyle.StateFlag.State_MouseOver:
        fill = colors.control
    if fill is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), RADIUS_FIELD, RADIUS_FIELD)


def _draw_texts(painter: QPainter, entry: Entry, area: QRectF, colors: Theme) -> None:
    """The hint and the key at the right, and as much of the title as there is room for."""
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.setFont(fonts.interface(HINT))
    painter.setPen(colors.text3)
    tail = "   ".join(part for part in (entry.hint, entry.key) if part)
    painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, tail)
    room = area.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(tail) - GRID, 0)
    painter.setFont(fonts.interface(BODY))
    painter.setPen(colors.text1 if entry.enabled else colors.line_strong)
    title = painter.fontMetrics().elidedText(entry.title, Qt.TextElideMode.ElideRight, int(room.width()))
    painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, title)


def _draw_icon(painter: QPainter, entry: Entry, area: QRectF, colors: Theme) -> float:
    """Answers where the title begins."""
    side = fonts.scaled(icons.SIZE)
    left = area.left() + GRID
    if entry.icon:
        square = QRectF(left, area.center().y() - side / 2, side, side)
        ink = colors.family(entry.family) if entry.family else colors.text2
        icons.draw_icon(painter, entry.icon, square, ink)
    return left + side + GRID
