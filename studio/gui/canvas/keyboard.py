"""Keys of the canvas: everything that a pointer can reach, and the way from node to node."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent

from studio.gui.canvas.commands import Commands
from studio.gui.canvas.pointer import Pointer
from studio.gui.canvas.view import GraphView

Key = Qt.Key
Modifier = Qt.KeyboardModifier
NONE, SHIFT, CONTROL, ALT = (
    Modifier.NoModifier,
    Modifier.ShiftModifier,
    Modifier.ControlModifier,
    Modifier.AltModifier,
)
ENTER = (Key.Key_Return, Key.Key_Enter)


class Keyboard:
    """Finds what a key does. While a button of the callout has the keyboard, arrows and Enter belong to it."""

    def __init__(self, view: GraphView, commands: Commands, pointer: Pointer) -> None:
        self._view, self._pointer, self._commands = view, pointer, commands
        lens = view.lens
        self._keys: dict[tuple[Key, Modifier], Callable[[], object]] = {
            (Key.Key_Equal, CONTROL): lens.zoom_in,
            (Key.Key_Plus, CONTROL): lens.zoom_in,
            (Key.Key_Minus, CONTROL): lens.zoom_out,
            (Key.Key_0, CONTROL): lens.zoom_fully,
            (Key.Key_Home, NONE): lens.fit,
            (Key.Key_F, NONE): commands.fit_selection,
            (Key.Key_A, CONTROL): commands.select_all,
            (Key.Key_A, SHIFT): commands.search_in_middle,
            (Key.Key_Tab, NONE): commands.search_in_middle,
            (Key.Key_Delete, NONE): commands.delete,
            (Key.Key_Backspace, NONE): commands.delete,
            (Key.Key_Delete, CONTROL): partial(commands.delete, heal=True),
            (Key.Key_Left, NONE): partial(commands.walk, "left"),
            (Key.Key_Right, NONE): partial(commands.walk, "right"),
            (Key.Key_Up, NONE): partial(commands.walk, "up"),
            (Key.Key_Down, NONE): partial(commands.walk, "down"),
            (Key.Key_Left, ALT): partial(commands.nudge, -1, 0),
            (Key.Key_Right, ALT): partial(commands.nudge, 1, 0),
            (Key.Key_Up, ALT): partial(commands.nudge, 0, -1),
            (Key.Key_Down, ALT): partial(commands.nudge, 0, 1),
            (Key.Key_Period, CONTROL): partial(self._step_repairs, 1),
            (Key.Key_Escape, NONE): self._escape,
            (Key.Key_Menu, NONE): self._menu,
            **{(key, NONE): commands.open_focused for key in ENTER},
        }

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key stands for; answers whether it stands for anything."""
        key, modifiers = Key(event.key()), event.modifiers() & ~Modifier.KeypadModifier
        if key == Key.Key_Space and modifiers == NONE and self._view.callout.focused is None:
            self._hold_space(is_down=True)
            return True
        if self._view.callout.focused is not None and modifiers == NONE and self._in_callout(key):
            self._view.viewport().update()
            return True
        do = self._keys.get((key, modifiers))
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

    def _step_repairs(self, by: int) -> None:
        if self._view.callout.step(by):
            self._view.viewport().update()

    def _escape(self) -> None:
        """End the gesture, else deselect, else leave the block."""
        if self._pointer.cancel():
            return
        if self._view.selected or self._commands.selected_link:
            self._view.select(frozenset())
            self._commands.select_link(None)
        else:
            self._commands.left.emit()

    def _menu(self) -> None:
        name = self._commands.focused_node()
        at = self._view.point_of(name) if name else QPoint(*map(round, self._view.lens.center))
        self._pointer.open_menu((float(at.x()), float(at.y())), self._view.viewport().mapToGlobal(at))
