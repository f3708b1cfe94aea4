"""Says a formula in words, for those who hear it."""

from __future__ import annotations

import re

from studio.gui.formula.parser import parse_lines
from studio.gui.formula.signs import LIMITS, SPOKEN, SPOKEN_FENCES
from studio.gui.formula.tree import Accent, Fence, Fraction, Grid, Part, Root, Row, Script, Space, Symbol

POWERS = {"2": "squared", "3": "cubed", "T": "transposed"}


def spoken(text: str) -> str:
    """The formula in words, its lines as sentences. Raises FormulaError."""
    return ". ".join(_tidied(say(line)) for line in parse_lines(text))


def say(part: Part) -> str:
    """A part in words."""
    match part:
        case Symbol():
            return _symbol(part)
        case Row(parts):
            return " ".join(filter(None, map(say, parts)))
        case Script():
            return _script(part)
        case Fraction(upper, lower):
            return f"{say(upper)} over {say(lower)}, end of fraction,"
        case Root(inner):
            return f"the root of {say(inner)}, end of root,"
        case Fence():
            return _fence(part)
        case Accent(mark, inner):
            return f"{say(inner)} {mark}"
        case Grid(rows):
            return "; ".join(", ".join(map(say, row)) for row in rows)
        case Space():
            return ""


def _tidied(words: str) -> str:
    """The words with one comma where several came together, and none at the end."""
    return re.sub(r"\s*(?:,\s*)+", ", ", words).strip(" ,")


def _symbol(symbol: Symbol) -> str:
    if symbol.kind == "punctuation":
        return ","
    if symbol.kind == "limits":
        return LIMITS[symbol.text.replace(" ", "")]
    return SPOKEN.get(symbol.text, symbol.text.strip())


def _script(part: Script) -> str:
    base = say(part.base)
    if isinstance(part.base, Symbol) and part.base.kind in ("big", "limits"):
        below = f" over {say(part.lower)}" if part.lower else ""
        above = f" up to {say(part.upper)}" if part.upper else ""
        return f"{base}{below}{above} of"
    lowered = f" sub {say(part.lower)}" if part.lower else ""
    if part.upper is None:
        return base + lowered
    raised = say(part.upper)
    if raised == "prime":
        return f"{base} prime{lowered}"
    return f"{base}{lowered} {POWERS.get(_plain(part.upper), f'to the power of {raised}')}"


def _plain(row: Row) -> str:
    """The characters of a row of symbols."""
    return "".join(part.text for part in row.parts if isinstance(part, Symbol))


def _fence(part: Fence) -> str:
    inner = say(part.inner)
    if part.left == "(":
        return f"open {inner} close" if not isinstance(part.inner, Grid) else f"the matrix {inner}"
    if part.left == "{" and not part.right:
        return f"one of: {inner}"
    if part.left in "⌊⌈":
        return f"{inner} {SPOKEN_FENCES[part.left]},"
    return f"{SPOKEN_FENCES[part.left]} {inner}, end,"
