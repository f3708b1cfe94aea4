"""The menu bar with the project's name in its middle and the search at its right end."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenuBar, QWidget

from studio.gui import fonts, icons, theme
from studio.gui.style.measures import GRID, MENU_HEIGHT
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.search import SearchField
from studio.gui.widgets.text_size import follow_text

SEARCH_WIDTH, SEARCH_SHARE = 304, 0.28
"""The width of the search, and how much of the bar it takes at most."""


class MenuBar(QMenuBar):
    """``search_wanted`` when the search is clicked or a key is pressed in it."""

    search_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setNativeMenuBar(False)
        self.setAccessibleName("Menus")
        self.search = _SearchButton("Search everything")
        self.search.wanted.connect(self.search_wanted)
        self._corner = QWidget()
        follow_text(self._corner, lambda: self._corner.setFixedHeight(fonts.scaled(MENU_HEIGHT)))
        row = QHBoxLayout(self._corner)
        row.setContentsMargins(0, 2, GRID, 2)
        row.addWidget(self.search)
        self.setCornerWidget(self._corner, Qt.Corner.TopRightCorner)
        self._logo = _Logo()
        self.setCornerWidget(self._logo, Qt.Corner.TopLeftCorner)
        self._title = QWidget(self)
        self._title.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._name, self._edited = label("", Role.HEADING), label("", Role.LABEL)
        texts = QHBoxLayout(self._title)
        texts.setContentsMargins(0, 0, 0, 0)
        texts.setSpacing(GRID // 2)
        texts.addWidget(self._name)
        texts.addWidget(self._edited)
        self.show_title("", edited=False)
        follow_text(self, self._share_out)

    def show_title(self, name: str, *, edited: bool) -> None:
        """Show the project's name, and whether it has changes that are not saved."""
        self._name.setText(name)
        self._edited.setText("· edited" if edited else "")
        self._title.setVisible(bool(name))
        self._settle()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), fonts.scaled(MENU_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()
        # Asking for the place of a menu lays the bar out, which must not happen while it is being laid out.
        QTimer.singleShot(0, self, self._settle)

    def _share_out(self) -> None:
        self.search.setFixedWidth(min(fonts.scaled(SEARCH_WIDTH), round(self.width() * SEARCH_SHARE)))

    def _settle(self) -> None:
        """Centre the title, or leave it out where menus and search need the room."""
        self._title.adjustSize()
        left = (self.width() - self._title.width()) // 2
        menus = self.actionGeometry(self.actions()[-1]).right() if self.actions() else 0
        fits = left > menus + GRID and left + self._title.width() < self.width() - self.search.width() - 2 * GRID
        self._title.setVisible(fits and bool(self._name.text()))
        self._title.move(left, (self.height() - self._title.height()) // 2)


class _SearchButton(SearchField):
    """Looks like the field it opens."""

    wanted = Signal()

    def __init__(self, placeholder: str) -> None:
        super().__init__(placeholder)
        self.setReadOnly(True)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setProperty("role", "slim")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.wanted.emit()
        else:
            super().keyPressEvent(event)


class _Logo(QWidget):
    """The mark at the left end."""

    def sizeHint(self) -> QSize:
        return QSize(fonts.scaled(icons.SIZE) + 2 * GRID + GRID // 2, fonts.scaled(MENU_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        side = fonts.scaled(icons.SIZE)
        place = QRectF(GRID + GRID // 2, (self.height() - side) / 2, side, side)
        icons.draw_icon(QPainter(self), "logo", place, theme.current().text1)
