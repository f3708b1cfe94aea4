"""A search box over the window: type, choose with the arrow keys, press Enter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QVBoxLayout, QWidget

from studio.gui import fonts, theme
from studio.gui.palette.entry import Entry
from studio.gui.palette.matching import best_first
from studio.gui.palette.row import ENTRY, RowDelegate
from studio.gui.style.measures import GRID, PALETTE_ROW, RADIUS_CARD
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.search import SearchField

ROWS, MOST = 10, 60
EXPLAIN = Qt.Key.Key_F1
WIDTH = 440
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: ROWS, Qt.Key.Key_PageUp: -ROWS}


class SearchPopup(QFrame):
    """Shows the entries that fit what is typed; closes when one is chosen or the keyboard goes elsewhere."""

    closed = Signal()
    explained = Signal(str)
    """The node type whose teaching card is wanted beside the box; empty where the card should go."""

    def __init__(self, window: QWidget, placeholder: str, entries: Sequence[Entry], *, nothing: str) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(placeholder)
        self._window, self._entries, self._explains = window, entries, False
        self.field = SearchField(placeholder)
        self.list = _list_view()
        self._model = QStandardItemModel(self)
        self.list.setModel(self._model)
        self._nothing = label(nothing, Role.HINT, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        for part in (self.field, self.list, self._nothing):
            column.addWidget(part)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._fill)
        self.list.clicked.connect(self._choose)
        self.list.selectionModel().currentChanged.connect(self._explain)
        self._fill("")

    def show_at(self, place: QPoint, width: int = WIDTH) -> None:
        """Open with its upper left corner here, in the window's coordinates, moved as far as it takes to fit."""
        self.setFixedWidth(min(fonts.scaled(width), self._window.width() - 2 * GRID))
        self.adjustSize()
        room = self._window.rect().adjusted(GRID, GRID, -GRID - self.width(), -GRID - self.height())
        self.move(
            max(room.left(), min(place.x(), room.right())),
            max(room.top(), min(place.y(), room.bottom())),
        )
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field keeps the keyboard; arrows and Enter act on the list."""
        if event.type() == QEvent.Type.FocusOut and not self.underMouse():
            self.close()
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == EXPLAIN:
            event.accept()  # it is for the row that is chosen here, not for what is selected in the graph
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colors.node_line, 1))
        painter.setBrush(colors.panel)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CARD, RADIUS_CARD)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()

    def _key(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Escape:
            self.close()
        elif key == EXPLAIN:
            self._explains = not self._explains
            self._explain(self.list.currentIndex())
            if not self._explains:
                self.explained.emit("")
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.list.currentIndex())
        elif key in _STEPS:
            row = self.list.currentIndex().row() + _STEPS[key]
            self.list.setCurrentIndex(self._model.index(max(0, min(row, self._model.rowCount() - 1)), 0))
        else:
            return False
        return True

    def _fill(self, query: str) -> None:
        found = best_first(query, ((entry.words, entry) for entry in self._entries))
        self._model.clear()
        for entry in found[:MOST]:
            assert isinstance(entry, Entry)
            item = QStandardItem(entry.title)
            item.setData(entry, ENTRY)
            item.setToolTip(entry.tip)
            item.setAccessibleText(f"{entry.title}, {entry.hint}" if entry.hint else entry.title)
            self._model.appendRow(item)
        self.list.setCurrentIndex(self._model.index(0, 0))
        self.list.setVisible(bool(found))
        self._nothing.setVisible(not found)
        rows = min(ROWS, self._window.height() * 2 // 3 // fonts.scaled(PALETTE_ROW))
        self.list.setFixedHeight(fonts.scaled(PALETTE_ROW) * min(max(len(found), 1), rows))
        if self.isVisible():
            self.adjustSize()

    def _explain(self, index: QModelIndex) -> None:
        """Tell which card is wanted while cards are shown; an action has none."""
        entry = index.data(ENTRY)
        if self._explains:
            self.explained.emit(entry.type_name if isinstance(entry, Entry) else "")

    def _choose(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY)
        if isinstance(entry, Entry) and entry.enabled:
            self.close()
            entry.choose()


def _list_view() -> QListView:
    view = QListView()
    view.setAccessibleName("Found")
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    view.setUniformItemSizes(True)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setItemDelegate(RowDelegate(view))
    view.setMouseTracking(True)
    return view


def below(widget: QWidget, window: QWidget) -> QRect:
    """Where a popup under this widget begins, in the window's coordinates, and how wide the widget is."""
    return QRect(widget.mapTo(window, QPoint(0, widget.height())), QSize(widget.width(), 0))
