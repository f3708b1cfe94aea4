"""Lets widgets follow the size of text, which a person may change at any time, and the room that there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLayout, QWidget

from studio.gui import theme


class _Follower(QObject):
    """Lives as long as the widget that it arranges."""

    def __init__(self, widget: QWidget, arrange: Callable[[], object]) -> None:
        super().__init__(widget)
        self._arrange = arrange
        theme.switch().changed.connect(self.follow)

    def follow(self, _: object = None) -> None:
        self._arrange()


def follow_text(widget: QWidget, arrange: Callable[[], object]) -> None:
    """Arrange a widget for the size of text, now and whenever that may be another."""
    _Follower(widget, arrange).follow()


Part = Callable[[bool], object]
"""Shows a part of a row, or leaves it out."""


def together(parts: Iterable[Part]) -> Part:
    """Parts that are shown or left out as one."""
    kept = tuple(parts)
    return lambda shown: [part(shown) for part in kept]


def give_way(layout: QLayout, room: int, parts: Iterable[Part]) -> None:
    """Show all parts of a row, or leave out one after the other, the first of them first, until the rest has room."""
    parts = list(parts)
    for part in parts:
        part(True)
    for part in parts:
        layout.invalidate()
        if layout.minimumSize().width() <= room:
            return
        part(False)
