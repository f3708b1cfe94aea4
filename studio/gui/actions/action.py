"""One row of what a person can do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.gui.actions.condition import Condition
from studio.gui.keymap.keymap import WINDOW, Keys

if TYPE_CHECKING:
    from studio.gui.actions.host import Host


NOT_NOW = "This cannot be done now."


def always(_: Host) -> bool:
    """For what can be done at any time."""
    return True


def nothing(_: Host) -> None:
    """For rows that stand for their choices alone."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One line of a menu that is made anew whenever it opens."""

    title: str
    do: Callable[[Host], object]
    is_enabled: bool = True
    is_checked: bool | None = None
    hint: str = ""
    apart: bool = False


@dataclass(frozen=True, kw_only=True)
class Action:
    """A title, keys, what is done, and when that is possible. With ``choices`` it is a menu of its own.

    ``keys`` are those of the default preset, and act where ``scope`` says: everywhere in the window, or in the canvas
    while that has the keyboard, which leaves letters, Tab and Del to everything else.
    ``when`` says with ``needs`` what is missing where it cannot be done, and ``text`` what the menu calls it just now.
    ``typing`` lets the keys act while a text field has the keyboard; ``words`` are what else a search finds it by.
    """

    title: str
    do: Callable[[Host], object] = nothing
    keys: Keys = ()
    scope: str = WINDOW
    icon: str = ""
    when: Callable[[Host], bool] = always
    checked: Callable[[Host], bool] | None = None
    text: Callable[[Host], str] | None = None
    typing: bool = False
    words: str = ""
    apart: bool = False
    """Whether a line stands above it in the menu."""
    choices: Callable[[Host], Sequence[Choice]] | None = None

    def why_not(self, host: Host) -> str:
        """Why it cannot be done now; empty where it can."""
        if isinstance(self.when, Condition):
            return self.when.why_not(host)
        return "" if self.when(host) else NOT_NOW

    def called(self, host: Host) -> str:
        """What it is called just now: ``Undo Move C1``."""
        return self.text(host) if self.text is not None and host.ready else self.title


Menus = dict[str, tuple[Action, ...]]
"""Rows by the title of their menu, in the order of the menu bar."""
