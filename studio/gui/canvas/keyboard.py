"""Keys of the canvas that are always the same; the others are given to actions, and the keymap knows them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent

from studio.gui.canvas.chosen import Chosen
from studio.gui.canvas.commands import Commands
from studio.gui.canvas.pointer import Pointer
from studio.gui.canvas.view import GraphView
from studio.gui.canvas.walk import Direction
from studio.gui.canvas.ways import Ways
from studio.gui.keymap import fixed
from studio.gui.keymap.combination import pressed
from studio.gui.keymap.fixed import Fixed

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
STEPS = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, -1), "Down": (0, 1)}
DIRECTIONS: dict[str, Direction] = {"Left": "left", "Right": "right", "Up": "up", "Down": "down"}
FAR = 8
"""How many steps of the grid a far step is."""
ENTER = (Key.Key_Return, Key.Key_Enter)


class Keyboard:
    """Finds what a fixed key does. While a button of the callout has the keyboard, arrows and Enter belong to it."""

    def __init__(self, view: GraphView, ways: Ways, commands: Commands, chosen: Chosen, pointer: Pointer) -> None:
        self._view, self._pointer, self._commands, self._chosen = view, pointer, commands, chosen
        doings: dict[Fixed, Callable[[], object]] = {
            fixed.ESCAPE: self._escape,
            fixed.MENU: self._menu,
            fixed.OPEN: commands.open_focused,
            **{fixed.WALK[side]: partial(ways.walk, toward) for side, toward in DIRECTIONS.items()},
            **{fixed.EXTEND[side]: partial(ways.walk, toward, extends=True) for side, toward in DIRECTIONS.items()},
            **{fixed.NUDGE[side]: partial(chosen.nudge, *step) for side, step in STEPS.items()},
            **{fixed.NUDGE_FAR[side]: partial(chosen.nudge, FAR * x, FAR * y) for side, (x, y) in STEPS.items()},
        }
        self._by_key = {key: do for row, do in doings.items() for key in row.keys}

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key stands for; answers whether it stands for anything that is fixed."""
        key, modifiers = Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Key.Key_Space and modifiers == NONE and self._view.callout.focused is None:
            self._hold_space(is_down=True)
            return True
        if self._view.callout.focused is not None and modifiers == NONE and self._in_callout(key):
            self._view.point_out()
            self._view.viewport().update()
            return True
        do = next((self._by_key[name] for name in pressed(event) if name in self._by_key), None)
        if do is not None:
            do()
        return do is not None

    def release(self, event: QKeyEvent) -> bool:
        if event.key() == Key.Key_Space and not event.isAutoRepeat():
            self._hold_space(is_down=False)
            return True
        return False

    def _hold_space(self, *, is_down: bool) -> None:
        self._pointer.pans = is_down
        self._pointer.show_cursor()

    def _in_callout(self, key: Key) -> bool:
        callout = self._view.callout
        if key in (Key.Key_Right, Key.Key_Down, Key.Key_Tab):
            return callout.step(1)
        if key in (Key.Key_Left, Key.Key_Up):
            return callout.step(-1)
        if key in (*ENTER, Key.Key_Space):
            return callout.press_focused()
        if key == Key.Key_Escape:
            callout.focused = None
            return True
        return False

    def _escape(self) -> None:
        """End the gesture, else deselect, else leave the block."""
        if not self._pointer.cancel() and not self._chosen.clear():
            self._commands.left.emit()

    def _menu(self) -> None:
        name = self._commands.focused_node()
        at = self._view.point_of(name) if name else QPoint(*map(round, self._view.lens.center))
        self._pointer.open_menu((float(at.x()), float(at.y())), self._view.viewport().mapToGlobal(at))
