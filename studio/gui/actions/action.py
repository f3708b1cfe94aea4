"""One row of what a person can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.gui.keymap.keymap import CANVAS, WINDOW, Keys

if TYPE_CHECKING:
    from studio.gui.actions.host import Host


def always(_: Host) -> bool:
    """For what can be done at any time."""
    return True


@dataclass(frozen=True, kw_only=True)
class Action:
    """A title, keys, what is done, and when that is possible.

    ``keys`` are those of the default preset, and act where ``scope`` says: everywhere in the window, or in the canvas
    while that has the keyboard, which leaves letters, Tab and Del to everything else.
    ``typing`` lets the keys act while a text field has the keyboard; ``words`` are what else a search finds it by.
    """

    title: str
    do: Callable[[Host], object]
    keys: Keys = ()
    scope: str = WINDOW
    icon: str = ""
    when: Callable[[Host], bool] = always
    checked: Callable[[Host], bool] | None = None
    typing: bool = False
    words: str = ""
    apart: bool = False
    """Whether a line stands above it in the menu."""
    canvas_key: str = ""
    """Short for one key in the canvas."""

    def __post_init__(self) -> None:
        if self.canvas_key:
            object.__setattr__(self, "keys", (*self.keys, self.canvas_key))
            object.__setattr__(self, "scope", CANVAS)


Menus = dict[str, tuple[Action, ...]]
"""Rows by the title of their menu, in the order of the menu bar."""
