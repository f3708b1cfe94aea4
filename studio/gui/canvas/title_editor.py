"""A field over the canvas in which a title is written where it stands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QLineEdit

from studio.gui import fonts
from studio.gui.style.measures import FIELD_HEIGHT

LEAST_WIDTH, MOST = 160, 200
"""Pixels of the field at least, and letters of a title at most."""


class TitleEditor(QLineEdit):
    """Gives the text back when Enter is pressed or the keyboard goes elsewhere; Escape leaves all as it was."""

    def __init__(self, home: QAbstractScrollArea, area: QRect, text: str, done: Callable[[str], object]) -> None:
        parent = home.viewport()
        super().__init__(text, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Title")
        self.setMaxLength(MOST)
        self._done: Callable[[str], object] | None = done
        self._home = home
        height = fonts.scaled(FIELD_HEIGHT)
        width = min(max(area.width(), fonts.scaled(LEAST_WIDTH)), parent.width())
        left = max(0, min(area.left(), parent.width() - width))
        top = max(0, min(area.center().y() - height // 2, parent.height() - height))
        self.setGeometry(left, top, width, height)
        self.returnPressed.connect(self.finish)
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def finish(self) -> None:
        """Give the text back and go."""
        self._leave(self.text().strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave("")
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.finish()

    def _leave(self, text: str) -> None:
        done, self._done = self._done, None
        if done is None:
            return
        had_focus = self.hasFocus()
        self.close()
        if had_focus:
            self._home.setFocus()
        if text:
            done(text)
