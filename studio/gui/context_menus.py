"""The menus of what lies on the canvas: rows of the menu bar that concern it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtWidgets import QMenu

from studio.gui.actions.action import Action, Menus
from studio.gui.actions.host import Host
from studio.gui.canvas.geometry import Point
from studio.gui.keymap.combination import shown
from studio.gui.keymap.shortcuts import Shortcuts

LINE = ""
NODE = (
    "Enter the block",
    "Rename",
    "Swap the type…",
    "Share weights",
    "Collapse linear layers",
    "Bypass",
    "Collapse",
    LINE,
    "Connect in order",
    "Detach",
    "Align",
    "Comment frame",
    LINE,
    "Make a block",
    "Dissolve the block",
    "Make the block unique",
    "Save the block to the library",
    "Make a parameter of",
    LINE,
    "Cut",
    "Copy",
    "Duplicate",
    "Duplicate with links",
    LINE,
    "Select what feeds it",
    "Select what it feeds",
    LINE,
    "Delete",
    "Delete and heal",
    LINE,
    "Teaching card",
)
OF_SOME = frozenset(title for title in NODE if " the block" in title) | {"Share weights", "Collapse linear layers"}
"""Rows that are left out where no such node is selected."""
LINK = ("Straighten the link", LINE, "Delete")
FRAME = ("Rename", "Colour of the frame", "Fit the frame to its nodes", "Select what is in the frame", LINE, "Delete")


class ContextMenus(QObject):
    """Opens the menu of a node, a link or a frame where the canvas asks for it."""

    def __init__(self, host: Host, menus: Menus, shortcuts: Shortcuts) -> None:
        super().__init__(host.widget)
        self._host, self._shortcuts = host, shortcuts
        self._rows = {row.title: row for rows in menus.values() for row in rows}
        self.menu: QMenu | None = None
        """The one that is open, or was last."""
        commands = host.workspace.canvas.commands
        commands.menu_requested.connect(lambda _, screen: self._open(NODE, screen))
        commands.frame_menu_requested.connect(lambda screen: self._open(FRAME, screen))
        commands.link_menu_requested.connect(self._open_link)

    def _open_link(self, scene: QPointF, screen: QPoint) -> None:
        """The menu of a link; points are added where it was pressed."""
        canvas, at = self._host.workspace.canvas, (scene.x(), scene.y())
        rows: list[tuple[str, Callable[[], object]]] = [("Add a reroute point", partial(self._bend, at))]
        if canvas.leading.bend is not None:
            rows.append(("Remove the reroute point", canvas.chosen.delete))
        self._open(LINK, screen, rows)

    def _bend(self, at: Point) -> None:
        canvas = self._host.workspace.canvas
        if canvas.commands.selected_link is not None:
            canvas.leading.add(canvas.commands.selected_link, at)

    def _open(
        self, titles: Sequence[str], screen: QPoint, first: Sequence[tuple[str, Callable[[], object]]] = ()
    ) -> None:
        menu = self.menu = QMenu(self._host.widget)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for title, do in first:
            menu.addAction(title).triggered.connect(lambda _=False, do=do: do())
        for title in titles:
            if title == LINE:
                menu.addSeparator()
            elif title in self._rows:
                self._add(menu, self._rows[title])
        menu.popup(screen)

    def _add(self, menu: QMenu, row: Action) -> None:
        if row.choices is not None:
            self._add_choices(menu, row)
            return
        if row.title in OF_SOME and not row.when(self._host):
            return
        key = shown(self._shortcuts.keymap.key(row.title))
        action = menu.addAction(f"{row.title}\t{key}" if key else row.title)
        action.setEnabled(row.when(self._host))
        action.triggered.connect(lambda: self._host.run(row.title))

    def _add_choices(self, menu: QMenu, row: Action) -> None:
        inner = menu.addMenu(row.title)
        for choice in row.choices(self._host) if row.choices is not None else ():
            if choice.apart:
                inner.addSeparator()
            action = inner.addAction(choice.title)
            action.setEnabled(choice.is_enabled)
            action.setCheckable(choice.is_checked is not None)
            action.setChecked(bool(choice.is_checked))
            action.triggered.connect(lambda _=False, choice=choice: choice.do(self._host))
        inner.setEnabled(any(action.isEnabled() for action in inner.actions()))
