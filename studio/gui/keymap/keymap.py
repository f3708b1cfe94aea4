"""The keys in force: defaults, under the keys of a preset, under a person's own; and what clashes with what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations

from studio.gui.keymap.combination import normal

Keys = tuple[str, ...]

WINDOW, CANVAS = "window", "canvas"
"""Scopes: where a key acts. In the window it acts wherever the keyboard is, else only in the part of that name."""


@dataclass(frozen=True, slots=True)
class Row:
    """What can have keys: an action of a menu, or what a part of the window does by itself, which is fixed."""

    title: str
    menu: str
    scope: str = WINDOW
    keys: Keys = ()
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Preset:
    """Keys that people know from another program, by the title of the action; the rest keep their defaults."""

    name: str
    title: str
    about: str
    keys: Mapping[str, Keys] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two rows that want one key where both would act."""

    key: str
    first: Row
    second: Row


@dataclass(frozen=True)
class Keymap:
    """Which row has which keys. A change gives a new keymap; ``own`` is what differs from the preset."""

    rows: tuple[Row, ...]
    preset: Preset
    own: Mapping[str, Keys] = field(default_factory=dict)

    def row(self, title: str) -> Row:
        """The row of this title. Raises KeyError where there is none."""
        return self._by_title[title]

    def keys(self, title: str) -> Keys:
        """The keys in force of a row."""
        return self._in_force.get(title, ())

    def key(self, title: str) -> str:
        """The first key of a row, which menus and tooltips show; empty where it has none."""
        return next(iter(self.keys(title)), "")

    def meaning(self, key: str, scope: str) -> Row | None:
        """What a key stands for in a part of the window, fixed rows aside."""
        found = (row for row in self.rows if row.scope == scope and not row.is_fixed and key in self.keys(row.title))
        return next(found, None)

    def given(self, title: str) -> Keys:
        """The keys that the preset gives."""
        return tuple(map(normal, self.preset.keys.get(title, self.row(title).keys)))

    def wanted(self, title: str) -> Keys:
        """The keys that a row would have, were they all free."""
        return self.own.get(title, self.given(title))

    def lost(self, title: str) -> Keys:
        """Keys that the preset gives, and that a person gave to something else."""
        return tuple(key for key in self.wanted(title) if key not in self.keys(title))

    def holders(self, title: str, key: str) -> tuple[Row, ...]:
        """The other rows that have this key where the row of this title would act too."""
        scope = self.row(title).scope
        return tuple(
            row for row in self.rows if row.title != title and key in self.keys(row.title) and overlap(scope, row.scope)
        )

    def take(self, title: str, key: str) -> Keymap:
        """The keymap in which the row has this key too, and nothing else there has it; a fixed key is not given."""
        if any(row.is_fixed for row in self.holders(title, key)):
            return self
        free = self
        for holder in self.holders(title, key):
            free = free.drop(holder.title, key)
        return free.give(title, (*(each for each in self.keys(title) if each != key), key))

    def drop(self, title: str, key: str) -> Keymap:
        return self.give(title, tuple(each for each in self.keys(title) if each != key))

    def give(self, title: str, keys: Keys) -> Keymap:
        """The keymap in which a row has these keys and no others; fixed rows stay as they are."""
        others = {name: kept for name, kept in self.own.items() if name != title}
        if self.row(title).is_fixed:
            return self
        return replace(self, own=others if keys == self.given(title) else {**others, title: keys})

    def reset(self, title: str) -> Keymap:
        """The keymap in which a row has what the preset gives it, as far as that is free."""
        return replace(self, own={name: kept for name, kept in self.own.items() if name != title})

    @cached_property
    def _by_title(self) -> dict[str, Row]:
        return {row.title: row for row in self.rows}

    @cached_property
    def _in_force(self) -> dict[str, Keys]:
        """Where two rows want a key, a person's own choice has it, else the row that comes first."""
        taken: dict[str, list[str]] = {}
        found: dict[str, Keys] = {}
        for row in sorted(self.rows, key=lambda row: (not row.is_fixed, row.title not in self.own)):
            kept = []
            for key in self.wanted(row.title):
                if not any(overlap(row.scope, scope) for scope in taken.get(key, ())):
                    taken.setdefault(key, []).append(row.scope)
                    kept.append(key)
            found[row.title] = tuple(kept)
        return found


def overlap(one: str, other: str) -> bool:
    """Whether there is a place where keys of both scopes act."""
    return one == other or WINDOW in (one, other)


def clashes(keymap: Keymap) -> Iterator[Clash]:
    """Every key that two rows want in one place."""
    wanting: dict[str, list[Row]] = {}
    for row in keymap.rows:
        for key in keymap.wanted(row.title):
            wanting.setdefault(key, []).append(row)
    for key, rows in wanting.items():
        for first, second in combinations(rows, 2):
            if overlap(first.scope, second.scope):
                yield Clash(key, first, second)


def in_words(key: str, holders: Iterable[Row]) -> str:
    """Say where a key is in use: ``Ctrl+D is also Duplicate, in the canvas.``"""
    uses = [f"{row.title}, {'everywhere' if row.scope == WINDOW else f'in the {row.scope}'}" for row in holders]
    return f"{key} is also {'; '.join(uses)}."
