"""The start page: how to begin at the left, the gallery beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from studio.gui import fonts, icons, theme
from studio.gui.style.measures import GRID
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label

if TYPE_CHECKING:
    from studio.gui.start.gallery import Gallery
    from studio.gui.start.recent import Recent, RecentList

COLUMN = 320
PROMISE = "Draw a network, watch it train, look inside, leave with PyTorch."


class StartPage(QWidget):
    """Everything a person can begin with. ``wanted`` carries what was asked for: new, open, import."""

    wanted = Signal(str)
    gallery: Gallery
    projects: RecentList
    runs: RecentList

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Start")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.machine = label("", Role.HINT, wrap=True)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._column())
        line = QFrame()
        line.setFixedWidth(1)
        line.setProperty("role", "line")
        row.addWidget(line)
        row.addStretch(1)

    def furnish(self) -> None:
        """Put in what the first paint does not wait for: the lists of recent work, and the gallery."""
        from studio.gui.start.gallery import Gallery
        from studio.gui.start.recent import RecentList

        self.projects = RecentList("Recent projects", "Projects that you save appear here.")
        self.runs = RecentList("Recent runs", "Every training is kept as a run and appears here.")
        for recent in (self.projects, self.runs):
            self._recent.addSpacing(2 * GRID)
            self._recent.addWidget(recent)
        self.gallery = Gallery()
        self._row.takeAt(self._row.count() - 1)
        self._row.addWidget(self.gallery, 1)

    def show_recent(self, projects: Sequence[Recent], runs: Sequence[Recent]) -> None:
        self.projects.show_rows(projects)
        self.runs.show_rows(runs)

    def _column(self) -> QWidget:
        column = QWidget()
        column.setObjectName("begin")
        column.setFixedWidth(fonts.scaled(COLUMN))
        stack = QVBoxLayout(column)
        stack.setContentsMargins(24, 28, 24, 16)
        stack.setSpacing(GRID)
        head = QHBoxLayout()
        head.setSpacing(GRID + GRID // 2)
        head.addWidget(_Logo())
        name = label("Layerloom", Role.TITLE)
        name.setProperty("role", "display")
        head.addWidget(name, 1)
        stack.addLayout(head)
        stack.addWidget(label(PROMISE, Role.LABEL, wrap=True))
        stack.addSpacing(GRID)
        stack.addWidget(self._button("Empty network", "plus", "new", Kind.PRIMARY))
        pair = QHBoxLayout()
        pair.addWidget(self._button("Open…", "folder", "open", Kind.SECONDARY))
        pair.addWidget(self._button("Import…", "import", "import", Kind.SECONDARY))
        stack.addLayout(pair)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(GRID)
        stack.addLayout(self._recent)
        stack.addStretch()
        stack.addWidget(self.machine)
        return column

    def _button(self, text: str, icon: str, wish: str, kind: Kind) -> Button:
        button = Button(text, icon=icon, kind=kind)
        button.clicked.connect(lambda: self.wanted.emit(wish))
        return button


class _Logo(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(32, 32))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        icons.draw_icon(QPainter(self), "logo", QRectF(self.rect()), theme.current().text1)
