"""Every step since the project was opened: a click goes back or forth to it."""

from __future__ import annotations

import time

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFont, QHideEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout

from studio.core.change import Step
from studio.gui import fonts, icons, theme
from studio.gui.palette.row import draw_ground
from studio.gui.panels.panel import Context, Panel
from studio.gui.style.measures import BODY, GRID, HINT, PALETTE_ROW

REFRESH_MS = 20_000
"""How often the times are brought up to date."""

STEP, PLACE = int(Qt.ItemDataRole.UserRole), int(Qt.ItemDataRole.UserRole) + 1
"""Roles under which a row holds its Step, and how many steps it lies after the one that is shown."""

Index = QModelIndex | QPersistentModelIndex


class HistoryPanel(Panel):
    """The newest step on top, the opening at the bottom; what was undone lies above the one that is shown."""

    title, side = "History", "left"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.steps = Steps()
        self.list = QListView()
        self.list.setAccessibleName("Steps, the newest first")
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setModel(self.steps)
        self.list.setItemDelegate(_StepDelegate(self.list))
        self.list.clicked.connect(self._go_to)
        self.list.activated.connect(self._go_to)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, GRID // 2, GRID, GRID)
        column.addWidget(self.list)
        self._clock = QTimer(self)
        self._clock.setInterval(REFRESH_MS)
        self._clock.timeout.connect(self.list.viewport().update)
        for signal in (context.document.changed, context.document.opened):
            signal.connect(self.refresh)

    def refresh(self) -> None:
        """Show the steps as they are now, where anybody sees them."""
        document = self.context.document
        if self.isVisible():
            self.steps.show_steps(document.steps, document.position)
            present = self.steps.index_of(document.position)
            self.list.setCurrentIndex(present)
            self.list.scrollTo(present)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def _go_to(self, index: QModelIndex) -> None:
        self.context.document.go_to(self.steps.position_at(index))


class Steps(QAbstractListModel):
    """The history as rows, from the newest step to the opening."""

    def __init__(self) -> None:
        super().__init__()
        self._steps: tuple[Step, ...] = ()
        self._position = 0

    def show_steps(self, steps: tuple[Step, ...], position: int) -> None:
        """Show these steps, of which the one at the position is what the window shows."""
        self.beginResetModel()
        self._steps, self._position = steps, position
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._steps)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        step, place = self._steps[self.position_at(index)], self.position_at(index) - self._position
        if role == Qt.ItemDataRole.DisplayRole:
            return step.label
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = "shown now, " if not place else "undone, " if place > 0 else ""
            return f"{step.label}, {state}{ago(time.time() - step.made)}"
        return {STEP: step, PLACE: place}.get(role)

    def index_of(self, position: int) -> QModelIndex:
        """The row of a step, counted from the opening."""
        return self.index(len(self._steps) - 1 - position)

    def position_at(self, index: Index) -> int:
        """Which step a row shows, counted from the opening."""
        return len(self._steps) - 1 - index.row()


class _StepDelegate(QStyledItemDelegate):
    """A mark at the step that is shown, its label, and how long ago it was made; undone steps are grey."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, fonts.scaled(PALETTE_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colors, area = theme.current(), QRectF(option.rect)
        place, step = int(index.data(PLACE)), index.data(STEP)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_ground(painter, area, option.state, colors)
        side = fonts.scaled(icons.SIZE)
        if not place:
            square = QRectF(area.left() + GRID, area.center().y() - side / 2, side, side)
            icons.draw_icon(painter, "arrow-right", square, colors.accent)
        text = area.adjusted(2 * GRID + side, 0, -GRID, 0)
        painter.setFont(fonts.interface(HINT))
        painter.setPen(colors.text3)
        told = ago(time.time() - step.made)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, told)
        text.adjust(0, 0, -painter.fontMetrics().horizontalAdvance(told) - GRID, 0)
        painter.setFont(fonts.interface(BODY, QFont.Weight.Normal if place else QFont.Weight.DemiBold))
        painter.setPen(colors.line_strong if place > 0 else colors.text2 if place else colors.text1)
        shown = painter.fontMetrics().elidedText(step.label, Qt.TextElideMode.ElideRight, int(text.width()))
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()


def ago(seconds: float) -> str:
    """How long ago something was, as people say it: ``now``, ``5 min ago``, ``2 h ago``, ``3 days ago``."""
    minutes = int(max(seconds, 0.0) // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60} h ago"
    days = minutes // (24 * 60)
    return "1 day ago" if days == 1 else f"{days} days ago"
