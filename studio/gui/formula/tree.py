"""What a formula is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["letter", "number", "sign", "operator", "relation", "punctuation", "function", "limits", "big", "text"]
"""What a symbol is, and so its face and the space around it. ``limits`` and ``big`` take limits below and above."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """Characters that are set as one."""

    text: str
    kind: Kind
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Parts side by side."""

    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """A part with something small below and above the line."""

    base: Part
    lower: Row | None = None
    upper: Row | None = None


@dataclass(frozen=True, slots=True)
class Fraction:
    upper: Row
    lower: Row


@dataclass(frozen=True, slots=True)
class Root:
    inner: Row


@dataclass(frozen=True, slots=True)
class Fence:
    """Brackets as tall as what they hold; an empty ``right`` leaves it open, as cases do."""

    left: str
    right: str
    inner: Part


@dataclass(frozen=True, slots=True)
class Accent:
    """A hat or a bar over a part."""

    mark: Literal["hat", "bar"]
    inner: Row


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells, as in a matrix or in cases."""

    rows: tuple[tuple[Row, ...], ...]


@dataclass(frozen=True, slots=True)
class Space:
    """Room, in letter heights."""

    width: float


Part = Symbol | Row | Script | Fraction | Root | Fence | Accent | Grid | Space
