"""Where every glyph and every line of a formula goes: geometry alone, measured by whoever has the fonts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from studio.gui.formula.tree import Accent, Fence, Fraction, Grid, Part, Root, Row, Script, Space, Symbol

SCRIPT, INNER = 0.7, 0.86
"""Sizes of what is lowered or raised, and of what stands in a fraction."""
AXIS = 0.26
"""Height above the base line at which fractions and brackets are centred, in sizes."""
LINE = 0.055
"""Thickness of lines, in sizes."""
SMALLEST = 9.0
"""Pixels under which nothing is set."""
BIG = 1.35
TALL = 1.45
"""What is taller than so many sizes gets brackets that are drawn."""
PRIME = Row((Symbol("′", "sign"),))
SPACES = {"operator": 0.22, "relation": 0.28, "punctuation": 0.0}
THIN = 0.16


@dataclass(frozen=True, slots=True)
class Style:
    """How characters are set: pixels, and which face."""

    size: float
    italic: bool = False
    bold: bool = False
    signs: bool = False
    """Whether the face with mathematical signs is needed."""

    def scaled(self, factor: float) -> Style:
        """Smaller, though never too small to be read."""
        return replace(self, size=max(min(SMALLEST, self.size), self.size * factor))


class Metrics(Protocol):
    """Measures text, in pixels."""

    def advance(self, text: str, style: Style) -> float: ...

    def extent(self, text: str, style: Style) -> tuple[float, float, float]:
        """How far the ink reaches above and below the base line, and to the right of where the text ends."""
        ...


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Text with its base line's beginning at x, y; y grows downwards."""

    x: float
    y: float
    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class Rule:
    """A filled rectangle: the line of a fraction."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bracket:
    """A bracket, root or hat that is drawn into a rectangle, with lines of this thickness."""

    shape: str
    x: float
    y: float
    width: float
    height: float
    line: float


Mark = Glyphs | Rule | Bracket


@dataclass(frozen=True, slots=True)
class Box:
    """Something that is set: its width, how far it reaches above and below its base line, and what is painted."""

    width: float
    ascent: float
    descent: float
    marks: tuple[Mark, ...] = ()

    @property
    def height(self) -> float:
        return self.ascent + self.descent

    def moved(self, dx: float, dy: float) -> tuple[Mark, ...]:
        return tuple(replace(mark, x=mark.x + dx, y=mark.y + dy) for mark in self.marks)


def beside(boxes: Sequence[Box]) -> Box:
    """Boxes side by side on one base line."""
    marks: list[Mark] = []
    left = 0.0
    for box in boxes:
        marks += box.moved(left, 0.0)
        left += box.width
    ascent = max((box.ascent for box in boxes), default=0.0)
    return Box(left, ascent, max((box.descent for box in boxes), default=0.0), tuple(marks))


def gap(width: float) -> Box:
    return Box(width, 0.0, 0.0)


class Setter:
    """Sets parts of a formula with one source of measures."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def set(self, part: Part, style: Style, *, tight: bool = False) -> Box:
        """The part as a box; ``tight`` leaves out the space around operators, as scripts do."""
        match part:
            case Symbol():
                return self._symbol(part, style)
            case Row():
                return beside(self.pieces(part, style, tight=tight))
            case Script():
                return self._script(part, style)
            case Fraction():
                return self._fraction(part, style)
            case Root():
                return self._root(part, style)
            case Fence():
                return self._fence(part, style)
            case Accent():
                return self._accent(part, style)
            case Grid():
                return self._grid(part, style)
            case Space(width):
                return gap(width * style.size)

    def pieces(self, row: Row, style: Style, *, tight: bool = False) -> list[Box]:
        """A box for each part of a row, with the space that belongs before and after it."""
        boxes: list[Box] = []
        for at, part in enumerate(row.parts):
            box = self.set(part, style, tight=tight)
            before, after = (0.0, 0.0) if tight else spaces(row.parts, at)
            size = style.size
            boxes.append(beside([gap(before * size), box, gap(after * size)]) if before or after else box)
        return boxes

    def _symbol(self, symbol: Symbol, style: Style) -> Box:
        big = symbol.kind == "big"
        face = replace(
            style.scaled(BIG) if big else style,
            italic=symbol.kind == "letter" and not symbol.bold,
            bold=symbol.bold,
            signs=any(ord(letter) > 0x2000 or letter in "+=<>·×±" for letter in symbol.text) and symbol.kind != "text",
        )
        above, below, right = self._metrics.extent(symbol.text, face)
        width = self._metrics.advance(symbol.text, face) + max(0.0, right)
        # A sum hangs about the height at which fractions are centred.
        down = (above - below) / 2 - AXIS * style.size if big else 0.0
        # Room for letters of every height keeps neighbours, and lines of text, from dancing up and down.
        ascent, descent = max(above - down, 0.45 * style.size), max(below + down, 0.0)
        return Box(width, ascent, descent, (Glyphs(0.0, down, symbol.text, face),))

    def _script(self, part: Script, style: Style) -> Box:
        base = self.set(part.base, style)
        small = style.scaled(SCRIPT)
        lower = self.set(part.lower, small, tight=True) if part.lower else None
        upper = self.set(part.upper, small, tight=True) if part.upper else None
        primed = part.upper == PRIME
        if primed:
            upper = self.set(PRIME, style)  # which is raised already
        if isinstance(part.base, Symbol) and part.base.kind in ("big", "limits"):
            return stacked(base, lower, upper, room=0.12 * style.size)
        marks = list(base.marks)
        width, ascent, descent = base.width, base.ascent, base.descent
        start = base.width + 0.03 * style.size
        if lower is not None:
            drop = max(0.2 * style.size, base.descent - 0.1 * style.size)
            drop = max(drop, lower.ascent - 0.32 * style.size)
            marks += lower.moved(start, drop)
            width, descent = max(width, start + lower.width), max(descent, drop + lower.descent)
        if upper is not None:
            rise = 0.0 if primed else max(0.36 * style.size, base.ascent - 0.34 * style.size)
            marks += upper.moved(start, -rise)
            width, ascent = max(width, start + upper.width), max(ascent, rise + upper.ascent)
        return Box(width + 0.07 * style.size, ascent, descent, tuple(marks))

    def _fraction(self, part: Fraction, style: Style) -> Box:
        inner = style.scaled(INNER)
        upper, lower = self.set(part.upper, inner), self.set(part.lower, inner)
        line, room = max(1.0, LINE * style.size), 0.16 * style.size
        width = max(upper.width, lower.width) + 0.24 * style.size
        axis = -AXIS * style.size
        marks = (
            *upper.moved((width - upper.width) / 2, axis - line / 2 - room - upper.descent),
            Rule(0.0, axis - line / 2, width, line),
            *lower.moved((width - lower.width) / 2, axis + line / 2 + room + lower.ascent),
        )
        sides = 0.08 * style.size
        box = Box(width, line / 2 + room + upper.height - axis, axis + line / 2 + room + lower.height, marks)
        return beside([gap(sides), box, gap(sides)])

    def _root(self, part: Root, style: Style) -> Box:
        inner = self.set(part.inner, style)
        size, line = style.size, max(1.0, LINE * style.size)
        hook, above = 0.6 * size, inner.ascent + 0.2 * size
        height = above + inner.descent + 0.06 * size
        sign = Bracket("√", 0.0, -above, hook, height, line)
        bar = Rule(hook - line / 2, -above, inner.width + 0.12 * size + line / 2, line)
        marks = (sign, bar, *inner.moved(hook + 0.06 * size, 0.0))
        return Box(hook + inner.width + 0.18 * size, above, height - above, marks)

    def _fence(self, part: Fence, style: Style) -> Box:
        inner = self.set(part.inner, style)
        size = style.size
        half = max(inner.ascent - AXIS * size, inner.descent + AXIS * size) + 0.06 * size
        drawn = part.left in "⌊⌈‖|" or 2 * half > TALL * size
        half = max(half, 0.5 * size)
        ends = [self._bracket(shape, half, style, is_drawn=drawn) for shape in (part.left, part.right) if shape]
        return beside([ends[0], inner, *ends[1:]])

    def _bracket(self, shape: str, half: float, style: Style, *, is_drawn: bool) -> Box:
        if not is_drawn:
            return self._symbol(Symbol(shape, "sign"), style)
        size = style.size
        width = {"|": 0.1, "‖": 0.22, "{": 0.36, "}": 0.36}.get(shape, 0.28) * size
        top, side = -AXIS * size - half, 0.08 * size
        mark = Bracket(shape, side, top, width, 2 * half, max(1.0, LINE * size))
        return Box(width + 2 * side, half + AXIS * size, half - AXIS * size, (mark,))

    def _accent(self, part: Accent, style: Style) -> Box:
        inner = self.set(part.inner, style)
        size, line = style.size, max(1.0, LINE * style.size)
        lean = 0.08 * size
        width = max(0.34 * size, inner.width * 0.7)
        left = (inner.width - width) / 2 + lean
        above = inner.ascent + 0.1 * size
        if part.mark == "bar":
            mark: Mark = Rule(left, -above - line, width, line)
            return Box(inner.width, above + line, inner.descent, (*inner.marks, mark))
        height = 0.17 * size
        mark = Bracket("^", left, -above - height, width, height, line)
        return Box(inner.width, above + height, inner.descent, (*inner.marks, mark))

    def _grid(self, part: Grid, style: Style) -> Box:
        size = style.size
        cells = [[self.set(cell, style) for cell in row] for row in part.rows]
        widths = [max((row[at].width for row in cells if at < len(row)), default=0.0) for at in range(_columns(cells))]
        lines, gutter = [beside(_padded(row, widths, 0.9 * size)) for row in cells], 0.3 * size
        total = sum(line.height for line in lines) + gutter * (len(lines) - 1)
        top = -AXIS * size - total / 2
        marks: list[Mark] = []
        y = top
        for line in lines:
            marks += line.moved(0.0, y + line.ascent)
            y += line.height + gutter
        width = sum(widths) + 0.9 * size * (len(widths) - 1)
        return Box(width, -top, total + top, tuple(marks))


def _columns(cells: list[list[Box]]) -> int:
    return max(map(len, cells), default=0)


def _padded(row: list[Box], widths: list[float], gutter: float) -> list[Box]:
    """The cells of a row, each as wide as its column."""
    found: list[Box] = []
    for at, box in enumerate(row):
        found += [box, gap(widths[at] - box.width + (gutter if at < len(row) - 1 else 0.0))]
    return found


def stacked(base: Box, lower: Box | None, upper: Box | None, *, room: float) -> Box:
    """A sign with its limits centred below and above it."""
    width = max(box.width for box in (base, lower, upper) if box is not None)
    marks = list(base.moved((width - base.width) / 2, 0.0))
    ascent, descent = base.ascent, base.descent
    if lower is not None:
        marks += lower.moved((width - lower.width) / 2, base.descent + room + lower.ascent)
        descent += room + lower.height
    if upper is not None:
        marks += upper.moved((width - upper.width) / 2, -base.ascent - room - upper.descent)
        ascent += room + upper.height
    return Box(width, ascent, descent, tuple(marks))


def spaces(parts: Sequence[Part], at: int) -> tuple[float, float]:
    """The space before and after a part, in sizes; a sign at the beginning of a term belongs to its number."""
    part = parts[at]
    base = part.base if isinstance(part, Script) else part
    before = parts[at - 1] if at else None
    if not isinstance(base, Symbol):
        return (THIN, 0.0) if _is_named(before) and not isinstance(base, Fence) else (0.0, 0.0)
    if base.kind == "operator" and base.text in "+−±" and _opens(before):
        return 0.0, 0.0
    if base.kind in ("operator", "relation"):
        # A dot between numbers stands close, as in 2·3.
        width = SPACES[base.kind] * (0.35 if base.text == "·" else 1.0)
        return (width if at else 0.0), width
    if base.kind == "punctuation":
        return 0.0, 0.3
    if base.kind in ("function", "limits", "big"):
        return (THIN if at and not _opens(before) else 0.0), 0.0
    return (THIN if _is_named(before) else 0.0), 0.0


def _is_named(part: Part | None) -> bool:
    """Whether a name such as log or a sum stands there, after which an argument needs room."""
    base = part.base if isinstance(part, Script) else part
    return isinstance(base, Symbol) and base.kind in ("function", "limits", "big")


def _opens(before: Part | None) -> bool:
    """Whether a term begins behind this part."""
    if before is None or isinstance(before, Space):
        return True
    return isinstance(before, Symbol) and before.kind in ("operator", "relation", "punctuation")


def wrapped(setter: Setter, row: Row, style: Style, room: float) -> list[Box]:
    """A row as the lines that fit into the room, broken before relations and sums and behind commas.

    What cannot be broken may still be wider.
    """
    pieces = setter.pieces(row, style)
    chunks: list[list[Box]] = [[]]
    for at, (part, box) in enumerate(zip(row.parts, pieces, strict=True)):
        if at and (_breaks_before(row.parts, at)):
            chunks.append([])
        chunks[-1].append(box)
        if isinstance(part, Space) or (isinstance(part, Symbol) and part.kind == "punctuation"):
            chunks.append([])
    indent = gap(1.2 * style.size)
    lines: list[list[Box]] = [[]]
    for chunk in filter(None, chunks):
        taken = sum(box.width for box in (*lines[-1], *chunk))
        if lines[-1] and taken > room:
            lines.append([indent])
        lines[-1] += chunk
    return [beside(line) for line in lines]


def _breaks_before(parts: Sequence[Part], at: int) -> bool:
    part = parts[at]
    if not isinstance(part, Symbol):
        return False
    if part.kind == "relation":
        return True
    return part.kind == "operator" and part.text in "+−" and not _opens(parts[at - 1])
