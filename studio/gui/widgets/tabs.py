"""A strip of tabs with a line under the one that is open."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QTabBar, QWidget

from studio.gui import fonts, icons, theme
from studio.gui.style.measures import TABS_HEIGHT
from studio.gui.style.tokens import Theme
from studio.gui.widgets.text_size import follow_text


def _shown(title: str) -> str:
    # Qt would read a single & as the mark of a mnemonic.
    return title.replace("&", "&&")


class TabStrip(QTabBar):
    """Tabs in the studio's look; arrow keys move between them."""

    def __init__(self, titles: Iterable[str] = (), *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setUsesScrollButtons(True)
        follow_text(self, lambda: self.setIconSize(QSize(fonts.scaled(icons.SIZE), fonts.scaled(icons.SIZE))))
        for title in titles:
            self.addTab(_shown(title))
        self.currentChanged.connect(self._tint)
        theme.switch().changed.connect(self._tint)

    def add(self, title: str, icon: str) -> int:
        """Add a tab with an icon; answers its index."""
        index = self.addTab(_shown(title))
        self.setTabData(index, icon)
        self._tint()
        return index

    def tabSizeHint(self, index: int) -> QSize:
        return QSize(super().tabSizeHint(index).width(), fonts.scaled(TABS_HEIGHT))

    def _tint(self, _: Theme | int | None = None) -> None:
        colors = theme.current()
        for index in range(self.count()):
            name = self.tabData(index)
            if name:
                ink = colors.accent if index == self.currentIndex() else colors.text2
                self.setTabIcon(index, icons.icon(str(name), ink, fonts.scaled(icons.SIZE)))
            else:
                self.setTabIcon(index, QIcon())
