r"""Reads the markup of formulas, a small part of TeX: ``y_k = b_k + \sum_c w_{k,c} \star x_c``.

Letters are variables, ``_`` and ``^`` lower and raise, braces group. Names: ``\frac{}{}``, ``\sqrt{}``, ``\hat{}``,
``\bar{}``, ``\floor{}``, ``\ceil{}``, ``\abs{}``, ``\norm{}``, ``\set{}``, ``\text{}``, ``\bold{}``, ``\quad``,
``\cases{a & b \\ c & d}``, ``\matrix{…}``, Greek letters, and what ``signs.py`` lists. ``\\`` begins a new line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from studio.gui.formula import signs
from studio.gui.formula.tree import Accent, Fence, Fraction, Grid, Part, Root, Row, Script, Space, Symbol

_TOKEN = re.compile(r"\\[A-Za-z]+|\\\\|\d+(?:,\d{3})*(?:\.\d+)?|[^\s]")
_END = ""
QUAD = 1.0


class FormulaError(ValueError):
    """A formula that cannot be read; the sentence says where."""


@lru_cache(maxsize=512)
def parse(text: str) -> Row:
    """One line of mathematics as a tree. Raises FormulaError."""
    lines = parse_lines(text)
    if len(lines) != 1:
        raise FormulaError(f"{text!r} has {len(lines)} lines where one belongs.")
    return lines[0]


@lru_cache(maxsize=512)
def parse_lines(text: str) -> tuple[Row, ...]:
    """Each line of a formula as a tree. Raises FormulaError."""
    reader = _Reader(text)
    lines = [reader.row(stops=("\\\\", _END))]
    while reader.take() == "\\\\":
        lines.append(reader.row(stops=("\\\\", _END)))
    return tuple(lines)


class _Reader:
    """Walks over the tokens once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found = list(_TOKEN.finditer(text))
        self._at = 0
        self._bold = False

    def peek(self) -> str:
        return self._found[self._at].group() if self._at < len(self._found) else _END

    def take(self) -> str:
        token = self.peek()
        self._at += 1
        return token

    def row(self, stops: tuple[str, ...]) -> Row:
        """Parts up to one of the stops, which is left."""
        parts: list[Part] = []
        while self.peek() not in stops:
            if self.peek() in ("_", "^"):
                raise self._error("nothing stands before")
            parts.append(self._scripted(self._atom()))
        return Row(tuple(parts))

    def _scripted(self, base: Part) -> Part:
        """The part with what is lowered and raised behind it."""
        found: dict[str, Row] = {}
        while self.peek() in ("_", "^"):
            if self.peek() in found:
                raise self._error("a second time:")
            mark = self.take()
            found[mark] = self._argument()
        return Script(base, found.get("_"), found.get("^")) if found else base

    def _argument(self) -> Row:
        """A group in braces, or one part."""
        if self.peek() == "{":
            return self._group()
        return Row((self._atom(),))

    def _group(self) -> Row:
        self._expect("{")
        inner = self.row(stops=("}", _END))
        self._expect("}")
        return inner

    def _atom(self) -> Part:
        token = self.peek()
        if token == "{":
            return self._group()
        if token in signs.BRACKETS:
            return self._bracketed(token)
        if token in ("}", "&", "\\\\", _END, *signs.BRACKETS.values()):
            raise self._error("out of place:")
        if token.startswith("\\"):
            return self._named(token[1:])
        self.take()
        return self._symbol(signs.REPLACED.get(token, token))

    def _bracketed(self, left: str) -> Part:
        right = signs.BRACKETS[left]
        self.take()
        inner = self.row(stops=(right, "}", _END))
        self._expect(right)
        return Fence(left, right, inner)

    def _symbol(self, text: str) -> Symbol:
        if text[0].isdigit():
            return Symbol(text, "number", self._bold)
        if text in signs.PLAIN:
            return Symbol(text, signs.PLAIN[text], self._bold)
        if text.isalpha():
            return Symbol(text, "letter", self._bold)
        raise FormulaError(f"{text!r} in {self._text!r} is no sign that formulas know.")

    def _named(self, name: str) -> Part:
        if name in _STRUCTURES:
            self.take()
            return _STRUCTURES[name](self)
        symbol = self._known(name)
        if symbol is None:
            raise self._error("there is no name")
        self.take()
        return symbol

    def _known(self, name: str) -> Part | None:
        """A name that needs no argument; None for one that nobody knows."""
        if name in signs.GREEK:
            return Symbol(signs.GREEK[name], "letter", self._bold)
        if name in signs.SIGNS:
            character, kind, _ = signs.SIGNS[name]
            return Symbol(character, kind, self._bold)
        if name in signs.FUNCTIONS:
            return Symbol(name, "function", self._bold)
        if name in signs.LIMITS:
            return Symbol(name.replace("argmax", "arg max"), "limits", self._bold)
        return Space(QUAD) if name == "quad" else None

    def fraction(self) -> Part:
        return Fraction(self._group(), self._group())

    def root(self) -> Part:
        return Root(self._group())

    def text(self) -> Part:
        """Words as they stand, spaces included."""
        self._expect("{")
        start = self._found[self._at - 1].end()
        end = self._text.find("}", start)
        if end < 0:
            raise FormulaError(f"A brace is open in {self._text!r}.")
        while self.peek() != "}":
            self.take()
        self.take()
        return Symbol(self._text[start:end], "text", self._bold)

    def bold(self) -> Part:
        before, self._bold = self._bold, True
        try:
            return self._group()
        finally:
            self._bold = before

    def grid(self) -> Grid:
        """Cells between ``&``, rows between ``\\\\``."""
        self._expect("{")
        rows: list[tuple[Row, ...]] = []
        cells: list[Row] = []
        while True:
            cells.append(self.row(stops=("&", "\\\\", "}", _END)))
            if self.peek() != "&":
                rows.append(tuple(cells))
                cells = []
            if self.peek() not in ("&", "\\\\"):
                break
            self.take()
        self._expect("}")
        return Grid(tuple(rows))

    def fence(self, name: str) -> Part:
        left, right = signs.FENCES[name]
        return Fence(left, right, self._group())

    def _expect(self, token: str) -> None:
        if self.peek() != token:
            raise self._error(f"{token!r} is missing before")
        self.take()

    def _error(self, what: str) -> FormulaError:
        place = self._found[self._at].start() if self._at < len(self._found) else len(self._text)
        token = self.peek() or "the end"
        return FormulaError(f"At letter {place + 1} of {self._text!r} {what} {token}.")


def _fenced(name: str) -> Callable[[_Reader], Part]:
    return lambda reader: reader.fence(name)


_STRUCTURES: dict[str, Callable[[_Reader], Part]] = {
    "frac": _Reader.fraction,
    "sqrt": _Reader.root,
    "text": _Reader.text,
    "bold": _Reader.bold,
    "hat": lambda reader: Accent("hat", reader._argument()),
    "bar": lambda reader: Accent("bar", reader._argument()),
    "matrix": lambda reader: Fence("(", ")", reader.grid()),
    "cases": lambda reader: Fence("{", "", reader.grid()),
    **{name: _fenced(name) for name in signs.FENCES},
}
