"""Sets a line of mathematics: letters slanted, ``x_k`` and ``x_{k,c}`` lowered, ``x^2`` raised."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import fonts, theme
from studio.gui.style.measures import GRID

SIZE, SMALL = 17, 12
_PIECE = re.compile(r"([_^])(?:\{([^{}]*)\}|(.))|([A-Za-zα-ωΑ-Ω]+)|(\s+)|(.)")
_UPRIGHT = frozenset(
    {"max", "min", "exp", "log", "tanh", "softmax", "sign", "erf", "mean", "var", "std", "sqrt", "if", "else"}
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, how it is set, and how far it is raised or lowered, in letter heights."""

    text: str
    level: float = 0.0
    italic: bool = False
    sign: bool = False


def pieces(formula: str) -> Iterator[Piece]:
    """The formula cut into runs that are set alike."""
    for shift, group, single, word, space, sign in _PIECE.findall(formula):
        if shift:
            inner = group or single
            yield Piece(inner, 0.35 if shift == "^" else -0.22, italic=not inner.isdigit())
        elif word:
            yield Piece(word, italic=word not in _UPRIGHT)
        else:
            yield Piece(space[:1] or sign, sign=bool(sign) and ord(sign) > 0x7F)


class Formula(QWidget):
    """One line of mathematics, made smaller where it would not fit."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setAccessibleName(text)
        self._pieces = list(pieces(text))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(round(self._width(1.0)), fonts.scaled(SIZE) + 2 * GRID)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.current().text1)
        scale = min(1.0, self.width() / max(self._width(1.0), 1.0))
        left = (self.width() - self._width(scale)) / 2
        base = self.height() / 2 + fonts.scaled(SIZE) * 0.3
        for piece in self._pieces:
            font = _font(piece, scale)
            painter.setFont(font)
            painter.drawText(QPointF(left, base - piece.level * fonts.scaled(SIZE)), piece.text)
            left += QFontMetricsF(font).horizontalAdvance(piece.text)

    def _width(self, scale: float) -> float:
        return sum(QFontMetricsF(_font(piece, scale)).horizontalAdvance(piece.text) for piece in self._pieces)


def _font(piece: Piece, scale: float) -> QFont:
    size = max(8, round((SMALL if piece.level else SIZE) * scale))
    return fonts.formula_signs(size) if piece.sign else fonts.formula(size, italic=piece.italic)
