"""Makes menus and shortcuts of the rows, and lets no key act while a person types."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from studio.gui import icons, theme
from studio.gui.actions.action import Action, Menus
from studio.gui.actions.host import Host
from studio.gui.keymap.combination import pressed, shown, types_text
from studio.gui.keymap.keymap import CANVAS, WINDOW
from studio.gui.keymap.shortcuts import Shortcuts
from studio.gui.widgets.toast import Toast

STARTING = "The window is not ready yet."


class ActionBar(QObject):
    """Fills a menu bar. An action is asked whether it may run when its menu opens and again when it is triggered."""

    def __init__(self, host: Host, bar: QMenuBar, menus: Menus, shortcuts: Shortcuts) -> None:
        super().__init__(bar)
        self._host, self.menus, self._shortcuts = host, menus, shortcuts
        self.actions: dict[str, QAction] = {}
        self._typing_keys: frozenset[str] = frozenset()
        for title, rows in menus.items():
            menu = bar.addMenu(title)
            menu.setToolTipsVisible(True)
            for row in rows:
                self._add(menu, row)
            menu.aboutToShow.connect(lambda rows=rows: self._refresh(rows))
            menu.aboutToHide.connect(lambda rows=rows: self._allow(rows))
        shortcuts.changed.connect(self._show_keys)
        self._show_keys()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow_focus)

    def run(self, title: str) -> None:
        """Do what the row of this title says, or say why it cannot be done now."""
        row = self.row(title)
        if not self._host.ready:
            return
        reason = row.why_not(self._host)
        if not reason:
            row.do(self._host)
        elif all(toast.message.text() != reason for toast in self._host.widget.findChildren(Toast)):
            Toast(self._host.widget, reason)

    def press(self, key: str) -> bool:
        """Do what a key means in the canvas; answers whether it means anything there."""
        meant = self._shortcuts.keymap.meaning(key, CANVAS)
        if meant is not None:
            self.run(meant.title)
        return meant is not None

    def row(self, title: str) -> Action:
        """The row of this title. Raises KeyError where there is none."""
        for row in self._rows():
            if row.title == title:
                return row
        raise KeyError(f"no action is called {title}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys belong to the text field that has the keyboard, but for those of files and training."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        belongs = self._typing_keys.isdisjoint(pressed(event))
        event.setAccepted(belongs)
        return belongs

    def _follow_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        """Watch the keys of the widget that has the keyboard, where that is to be written in."""
        if old is not None:
            old.removeEventFilter(self)
        if new is not None and takes_text(new):
            new.installEventFilter(self)

    def _add(self, menu: QMenu, row: Action) -> None:
        if row.apart:
            menu.addSeparator()
        if row.choices is not None:
            self._add_choices(menu, row)
            return
        action = QAction(row.title, menu)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setCheckable(row.checked is not None)
        action.triggered.connect(lambda: self.run(row.title))
        menu.addAction(action)
        self.actions[row.title] = action

    def _rows(self) -> Iterator[Action]:
        return chain.from_iterable(self.menus.values())

    def _show_keys(self) -> None:
        """Give the menus the keys in force. Those of the canvas are only shown: the canvas hears them itself."""
        keymap = self._shortcuts.keymap
        typing: list[str] = []
        for row in self._rows():
            keys, action = keymap.keys(row.title), self.actions[row.title]
            in_window = row.scope == WINDOW
            action.setShortcuts([QKeySequence(key) for key in keys] if in_window else [])
            action.setText(self._text(row))
            typing += [key for key in keys if row.typing and in_window and not types_text(key)]
        self._typing_keys = frozenset(typing)

    def _add_choices(self, menu: QMenu, row: Action) -> None:
        """A menu in the menu, which is filled when it opens."""
        inner = menu.addMenu(row.title)
        inner.setToolTipsVisible(True)
        inner.aboutToShow.connect(lambda: fill(inner, row, self._host))
        self.actions[row.title] = inner.menuAction()

    def _text(self, row: Action) -> str:
        """What the menu says; a key that is no shortcut of Qt's stands behind a tab."""
        name = row.called(self._host).replace("&", "&&")
        key = self._shortcuts.keymap.key(row.title) if row.scope != WINDOW else ""
        return f"{name}\t{shown(key)}" if key else name

    def _refresh(self, rows: tuple[Action, ...]) -> None:
        for row in rows:
            action = self.actions[row.title]
            reason = row.why_not(self._host) if self._host.ready else STARTING
            action.setEnabled(not reason)
            action.setToolTip(reason)
            if row.text is not None:
                action.setText(self._text(row))
            if row.checked is not None:
                action.setChecked(row.checked(self._host))
            if row.icon:
                action.setIcon(icons.icon(row.icon, theme.current().text2))

    def _allow(self, rows: tuple[Action, ...]) -> None:
        """Let keys reach every action again: whether it may run is asked when it is triggered."""
        for row in rows:
            self.actions[row.title].setEnabled(True)


def fill(menu: QMenu, row: Action, host: Host) -> None:
    """Show the choices that there are now in place of those of the last time."""
    menu.clear()
    for choice in row.choices(host) if row.choices is not None and host.ready else ():
        if choice.apart:
            menu.addSeparator()
        line = menu.addAction(choice.title.replace("&", "&&"))
        line.setEnabled(choice.is_enabled)
        line.setToolTip(choice.hint)
        line.setCheckable(choice.is_checked is not None)
        line.setChecked(bool(choice.is_checked))
        line.triggered.connect(lambda _=False, choice=choice: choice.do(host))


def takes_text(widget: object) -> bool:
    """Whether a person who presses keys here means to write."""
    if isinstance(widget, QPlainTextEdit | QTextEdit | QLineEdit | QAbstractSpinBox):
        return not widget.isReadOnly()
    return isinstance(widget, QComboBox) and widget.isEditable()
