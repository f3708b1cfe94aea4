"""Docks in the studio's look: a title that is a row of tabs or a line of text, and hides where Qt shows tabs itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QSizePolicy, QWidget

from studio.gui import fonts
from studio.gui.style.measures import CARD_PADDING, TABS_HEIGHT
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.tabs import TabStrip

SMALLEST = (160, 96)


def dock(window: QMainWindow, title: str, content: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
    """A dock with its content, put into an area of the window."""
    result = QDockWidget(title.replace("&", "&&"), window)
    result.setObjectName(title)
    result.setAccessibleName(title)
    content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    # Content that is wider than its dock is cut there; it must not push the other docks out of the window.
    content.setMinimumSize(*SMALLEST)
    result.setWidget(content)
    result.setTitleBarWidget(TitleBar(result, label(title, Role.LABEL)))
    window.addDockWidget(area, result)
    return result


def tabbed_dock(
    window: QMainWindow, title: str, content: QWidget, area: Qt.DockWidgetArea, tabs: tuple[str, ...]
) -> tuple[QDockWidget, TabStrip]:
    """A dock whose title is a row of tabs that the content follows."""
    result = dock(window, title, content, area)
    strip = TabStrip(tabs, name=title)
    result.setTitleBarWidget(TitleBar(result, strip, inset=0))
    return result, strip


class TitleBar(QWidget):
    """What stands over a dock: dragging its free part moves the dock. It takes no room among tabs."""

    def __init__(self, owner: QDockWidget, content: QWidget, *, inset: int = CARD_PADDING) -> None:
        super().__init__(owner)
        self._dock = owner
        self._among_tabs = False
        row = QHBoxLayout(self)
        row.setContentsMargins(inset, 0, 0, 0)
        row.addWidget(content)
        row.addStretch()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        owner.installEventFilter(self)

    def sizeHint(self) -> QSize:
        return QSize(0, 0 if self._among_tabs else fonts.scaled(TABS_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Docks join and leave tabs without a signal; they are shown and resized when they do.
        if event.type() in (QEvent.Type.Show, QEvent.Type.Resize, QEvent.Type.ParentChange):
            # Kept, as Qt asks for the size some thousand times while it lays docks out.
            self._among_tabs = self._is_among_tabs()
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def _is_among_tabs(self) -> bool:
        window = self._dock.parentWidget()
        floating = self._dock.isFloating() or not isinstance(window, QMainWindow)
        return not floating and bool(window.tabifiedDockWidgets(self._dock))  # type: ignore[union-attr]
