"""The window: a menu bar with the project's name and a search, over the start page or the workbench."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from studio.gui import motion, theme
from studio.gui.menu_bar import MenuBar
from studio.gui.preferences import Preferences
from studio.gui.start.page import StartPage
from studio.gui.windows import Windows

if TYPE_CHECKING:
    from studio.gui.actions.bar import ActionBar
    from studio.gui.actions.host import Bringing, Host, Opening
    from studio.gui.context_menus import ContextMenus
    from studio.gui.document import Document
    from studio.gui.files import Files
    from studio.gui.keymap.shortcuts import Shortcuts
    from studio.gui.searching import Searches
    from studio.gui.training.session import Session
    from studio.gui.workbench import Workbench
    from studio.gui.workspace import Workspace

SIZE = (1600, 1000)
GEOMETRY = "geometry"


class Window(QMainWindow):
    """Paints itself with Qt alone; whatever else it needs is fetched once it is seen."""

    prepared = Signal()
    """Everything is there now."""

    actions_bar: ActionBar
    shortcuts: Shortcuts
    document: Document
    files: Files
    session: Session
    workbench: Workbench
    opener: Opening
    bringing: Bringing
    searches: Searches
    context_menus: ContextMenus

    def __init__(
        self,
        opening: str | None = None,
        preferences: Preferences | None = None,
        windows: Windows[Host] | None = None,
    ) -> None:
        super().__init__()
        self.preferences = chosen = preferences or Preferences()
        if windows is None:
            windows = Windows(lambda group: Window(None, chosen, group))
        self.windows: Windows[Host] = windows
        self.windows.add(self)
        self.agreed = False
        self._opening = opening
        self._steps: Iterator[None] = iter(())
        self.ready = False
        self._painted = False
        self.setWindowTitle("Layerloom")
        self.setObjectName("window")
        self.menu = MenuBar()
        self.setMenuBar(self.menu)
        self.menu.search_wanted.connect(lambda: self.run("Search everything"))
        self.start = StartPage()
        self.start.wanted.connect(self._begin)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.start)
        self.setCentralWidget(self.stack)
        self.start.setFocus()
        if not self.restoreGeometry(self.preferences.bytes(GEOMETRY)):
            self.resize(_first_size())

    @property
    def workspace(self) -> Workspace:
        return self.workbench.workspace

    @property
    def at_work(self) -> bool:
        """Whether a project is shown, and not the start page."""
        return self.ready and self.stack.currentWidget() is self.workbench

    @property
    def widget(self) -> QWidget:
        """What dialogs and search boxes stand over."""
        return self

    def run(self, title: str) -> None:
        """Do what the action of this title says, if it may be done now."""
        if self.ready:
            self.actions_bar.run(title)

    def furnish(self) -> None:
        """Fill the menus and the gallery, which the first paint did not wait for."""
        from studio.gui.actions.bar import ActionBar
        from studio.gui.actions.menus import MENUS, rows_with_keys
        from studio.gui.keymap.shortcuts import Shortcuts

        self.shortcuts = Shortcuts(rows_with_keys(), self.preferences, self)
        self.shortcuts.changed.connect(lambda: _share_keys(self))
        self.actions_bar = ActionBar(self, self.menu, MENUS, self.shortcuts)
        self.shortcuts.follow(lambda hint: self.menu.search.show_key(hint("Search everything")))
        self.start.furnish()

    def seat(self, workbench: Workbench) -> None:
        """Take the workbench in; it is shown when a project is."""
        self.workbench = workbench
        workbench.workspace.canvas.act_on_key = self.actions_bar.press
        self.shortcuts.follow(workbench.show_keys)
        self.stack.addWidget(workbench)

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if not self._painted and isinstance(event, QPaintEvent):
            self._painted = True
            QTimer.singleShot(0, self._prepare)
        return handled

    def show_start(self) -> None:
        """Show the start page; the project stays as it is."""
        self.opener.list_recent()
        self.stack.setCurrentWidget(self.start)
        self.show_title()

    def show_work(self) -> None:
        """Show the project."""
        self.stack.setCurrentWidget(self.workbench)
        self.workspace.canvas.setFocus()
        self.show_title()

    def set_appearance(self, name: str) -> None:
        """ "system" or the name of a theme, at once and from now on."""
        self.preferences.appearance = name
        dress(self.preferences)

    def set_text_scale(self, factor: float) -> None:
        self.preferences.text_scale = min(max(factor, 0.75), 3.0)
        dress(self.preferences)

    def say(self, sentence: str) -> None:
        from studio.gui.widgets.toast import Toast, Tone

        Toast(self, sentence, Tone.PROBLEM)

    def search_everything(self) -> None:
        """Open the command palette under the search of the menu bar."""
        self.searches.open_everything(self.menu.search)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.ready and not self.agreed and not self.files.may_leave():
            event.ignore()
            return
        self.preferences.keep_bytes(GEOMETRY, self.saveGeometry())
        if self.ready:
            self.workbench.keep_layout()
            self.document.let_go()
            self.session.close()
            self.workbench.sweeps.close()
        event.accept()
        self.windows.remove(self)

    def _prepare(self) -> None:
        """Fetch the rest, in steps between which the window answers."""
        from studio.gui.preparation import steps

        self._steps = steps(self)
        self._step()

    def _step(self) -> None:
        if next(self._steps, self) is not self:
            QTimer.singleShot(0, self._step)
            return
        from studio.gui.preparation import join

        ready = join(self)
        self.opener, self.searches, self.context_menus = ready.opener, ready.searches, ready.context_menus
        self.ready = True
        self.opener.begin(self._opening)
        self.prepared.emit()

    def _begin(self, wish: str) -> None:
        """The start page's buttons."""
        self.run({"new": "New", "open": "Open…", "import": "Import…"}[wish])

    def show_title(self) -> None:
        name, edited = self.document.project.name if self.at_work else "", self.at_work and self.document.is_edited
        self.menu.show_title(name, edited=edited)
        self.setWindowTitle(f"{name}[*] – Layerloom" if name else "Layerloom")
        self.setWindowModified(edited)


def _share_keys(window: Window) -> None:
    """Keys that were changed in one window hold in all of them."""
    for other in window.windows:
        if other.ready and other.shortcuts.keymap != window.shortcuts.keymap:
            other.shortcuts.use(window.shortcuts.keymap)


def _first_size() -> QSize:
    return QSize(*SIZE).boundedTo(QApplication.primaryScreen().availableSize())


def dress(preferences: Preferences) -> None:
    """Put on the appearance and the text size that the person chose, and move as much as they want."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    motion.choose(preferences.motion)
    chosen = theme.THEMES.get(preferences.appearance)
    if chosen is None:
        theme.follow_system(app, preferences.text_scale)
    else:
        theme.apply(app, chosen, preferences.text_scale)
