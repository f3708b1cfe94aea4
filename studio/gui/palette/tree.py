"""The list of what can be put on the canvas: groups that fold, rows to drag or double-click."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from studio.gui import fonts, icons, theme
from studio.gui.canvas.drops import NODE_MIME
from studio.gui.palette.matching import Words, score
from studio.gui.palette.row import draw_ground
from studio.gui.style.measures import BODY, GRID, LABEL, PALETTE_ROW

TITLE_GAP = 6
_ITEM = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to put on the canvas: what it is found by, and the text that a drop brings."""

    words: Words
    payload: str
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Offers under one heading."""

    title: str
    icon: str
    offers: Sequence[Offer]


class OfferTree(QTreeWidget):
    """Groups of offers. Dragged, an offer travels as its payload; ``chosen`` on double-click and Enter."""

    chosen = Signal(str)
    menu_wanted = Signal(str, object)
    """A right-click, or the key for the menu, at an offer: its payload and the QPoint of the screen."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setItemDelegate(_OfferDelegate(self))
        self.itemClicked.connect(self._fold)
        self.itemActivated.connect(self._activate)

    def show_groups(self, groups: Iterable[Group], *, opened: bool = False) -> None:
        """Replace everything; groups stay open or folded as they were, new ones are ``opened`` or not."""
        was_open = {item.text(0): item.isExpanded() for item in self._headings()}
        self.clear()
        for group in groups:
            heading = QTreeWidgetItem(self, [group.title])
            heading.setData(0, _ITEM, group)
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            heading.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{group.title}, {len(group.offers)}")
            for offer in group.offers:
                row = QTreeWidgetItem(heading, [offer.words.title])
                row.setData(0, _ITEM, offer)
                row.setToolTip(0, offer.tip)
                row.setFlags(heading.flags() | Qt.ItemFlag.ItemIsDragEnabled)
            heading.setExpanded(was_open.get(group.title, opened))

    def filter(self, query: str) -> None:
        """Show what fits, in open groups; with nothing typed everything is back, folded."""
        for heading in self._headings():
            shown = 0
            for child in _children(heading):
                fits = score(query, child.data(0, _ITEM).words) > 0
                child.setHidden(not fits)
                shown += fits
            heading.setHidden(not shown)
            heading.setExpanded(bool(query.strip()) and shown > 0)

    def current_payload(self) -> str:
        """What the current row brings; empty on a heading, on a row that is not shown, or where no row is current."""
        item = self.currentItem()
        offer = item.data(0, _ITEM) if item is not None and not item.isHidden() else None
        return offer.payload if isinstance(offer, Offer) else ""

    def is_bare(self) -> bool:
        """Whether nothing is shown."""
        return all(heading.isHidden() for heading in self._headings())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        item = self.currentItem() if by_key else self.itemAt(event.pos())
        offer = item.data(0, _ITEM) if item is not None else None
        if item is not None and isinstance(offer, Offer):
            at = self.visualItemRect(item).center() if by_key else event.pos()
            self.menu_wanted.emit(offer.payload, self.viewport().mapToGlobal(at))

    def mimeTypes(self) -> list[str]:
        return [NODE_MIME]

    def mimeData(self, items: Sequence[QTreeWidgetItem]) -> QMimeData:
        data = QMimeData()
        offers = [item.data(0, _ITEM) for item in items]
        payloads = [offer.payload for offer in offers if isinstance(offer, Offer)]
        data.setData(NODE_MIME, "\n".join(payloads).encode())
        return data

    def _headings(self) -> list[QTreeWidgetItem]:
        return _children(self.invisibleRootItem())

    def _fold(self, item: QTreeWidgetItem) -> None:
        if isinstance(item.data(0, _ITEM), Group):
            item.setExpanded(not item.isExpanded())

    def _activate(self, item: QTreeWidgetItem) -> None:
        offer = item.data(0, _ITEM)
        if isinstance(offer, Offer):
            self.chosen.emit(offer.payload)


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    found = (item.child(row) for row in range(item.childCount()))
    return [child for child in found if child is not None]


class _OfferDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, fonts.scaled(PALETTE_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area = QRectF(option.rect)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_ground(painter, area, state, theme.current())
        painter.setFont(fonts.interface(BODY))
        found = index.data(_ITEM)
        if isinstance(found, Group):
            _draw_group(painter, area, found, is_open=bool(state & QStyle.StateFlag.State_Open))
        else:
            inset = 2 * fonts.scaled(icons.SIZE) + TITLE_GAP
            _draw_title(painter, area.adjusted(inset, 0, -GRID, 0), str(index.data()))
        painter.restore()


def _draw_title(painter: QPainter, area: QRectF, text: str) -> None:
    painter.setPen(theme.current().text2)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _draw_group(painter: QPainter, area: QRectF, group: Group, *, is_open: bool) -> None:
    colors = theme.current()
    side = fonts.scaled(icons.SIZE)
    top = round(area.center().y() - side / 2)
    chevron = "chevron-down" if is_open else "chevron-right"
    icons.draw_icon(painter, chevron, QRectF(area.left(), top, side, side), colors.text3)
    left = area.left() + side
    icons.draw_icon(painter, group.icon, QRectF(left, top, side, side), colors.family(group.title))
    painter.setPen(colors.text1)
    middle = Qt.AlignmentFlag.AlignVCenter
    count = str(len(group.offers))
    taken = painter.fontMetrics().horizontalAdvance(count) + GRID / 2
    room = area.adjusted(2 * side + TITLE_GAP, 0, -taken, 0)
    title = painter.fontMetrics().elidedText(group.title, Qt.TextElideMode.ElideRight, int(room.width()))
    painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, title)
    painter.setFont(fonts.interface(LABEL))
    painter.setPen(colors.text3)
    painter.drawText(area.adjusted(0, 0, -GRID / 2, 0), middle | Qt.AlignmentFlag.AlignRight, count)
