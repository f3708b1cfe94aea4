"""One row of what a person can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.gui.actions.host import Host


def always(_: Host) -> bool:
    """For what can be done at any time."""
    return True


@dataclass(frozen=True, kw_only=True)
class Action:
    """A title, keys, what is done, and when that is possible.

    ``canvas_key`` is a key that the canvas acts on by itself while it has the keyboard; it is only shown.
    ``typing`` lets the key act while a text field has the keyboard; ``words`` are what else a search finds it by.
    """

    title: str
    do: Callable[[Host], object]
    keys: tuple[str, ...] = ()
    canvas_key: str = ""
    icon: str = ""
    when: Callable[[Host], bool] = always
    checked: Callable[[Host], bool] | None = None
    typing: bool = False
    words: str = ""
    apart: bool = False
    """Whether a line stands above it in the menu."""


Menus = dict[str, tuple[Action, ...]]
"""Rows by the title of their menu, in the order of the menu bar."""
