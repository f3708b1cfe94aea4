"""A teaching card as a column of framed parts, beside a form or large over the canvas."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.core.card import Card, Numbers, Source
from studio.core.derivation import SizeLine, written
from studio.gui import fonts, theme
from studio.gui.emptying import empty
from studio.gui.formula.view import Formula
from studio.gui.style.measures import CARD_GAP, CARD_PADDING, GRID, HALF_GRID, HINT, LABEL
from studio.gui.teaching.factors import FactorRow
from studio.gui.teaching.link import SourceLink
from studio.gui.teaching.shapes import ShapeLine
from studio.gui.widgets.label import Role, label

SMALL, LARGE = 17, 22
"""Sizes of what is computed, in the inspector and on the card over the canvas."""
MOST_PARTS = 24
FACTS = {"Samples": "The data", "Inside": "What is inside"}
"""What facts are about, by the first of them."""
ONE_NUMBER = "One number for the whole batch."


class TeachingColumn(QWidget):
    """Shows one card at a time; what it shows is replaced whole, and only where it is another one."""

    def __init__(self, *, large: bool = False) -> None:
        super().__init__()
        self._large = large
        self.card: Card | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(CARD_GAP)

    def show_card(self, card: Card | None) -> None:
        if card == self.card:
            return
        self.card = card
        empty(self._column)
        for part in self._parts(card) if card else ():
            self._column.addWidget(part)
            part.show()  # Qt would wait a turn of the loop, and until then ask for no room

    def _parts(self, card: Card) -> Iterator[QWidget]:
        numbers = card.numbers
        if numbers is not None and (numbers.inputs or numbers.outputs):
            yield ShapeLine(numbers.inputs, numbers.outputs)
        yield self._about(card)
        if card.facts or card.parts:
            about = card.facts[0][0] if card.facts else ""
            yield Frame(FACTS.get(about, about), *_facts(card))
        if numbers is not None:
            yield from _sizes(numbers, everything=self._large)
            yield from self._weights(numbers)
        yield from _sources(card)

    def _about(self, card: Card) -> QWidget:
        parts: list[QWidget] = []
        if card.formula:
            parts.append(Formula(card.formula, LARGE if self._large else SMALL))
        parts.append(label(card.purpose, Role.BODY if self._large else Role.LABEL, wrap=True))
        if card.trap and self._large:
            parts.append(label("Watch out", Role.CAPTION))
        if card.trap:
            parts.append(label(card.trap, Role.BODY if self._large else Role.HINT, wrap=True))
        return Frame("What it computes" if card.formula else "What it is for", *parts)

    def _weights(self, numbers: Numbers) -> Iterator[QWidget]:
        """The derivation of the weights, and on the large card that of the multiply-adds."""
        cost = f"{numbers.multiply_adds:,} multiply-adds per {numbers.per}" if numbers.multiply_adds else ""
        if numbers.weights:
            below = [] if self._large or not cost else [_centred(cost)]
            yield Frame("Weights", FactorRow(numbers.weights, "weights"), *below, end=written(numbers.weights))
        elif cost and not (self._large and numbers.work):
            yield Frame("Cost", _centred(cost))
        if self._large and numbers.work:
            yield Frame(f"Multiply-adds per {numbers.per}", FactorRow(numbers.work, "multiply-adds"))


class Frame(QFrame):
    """A framed part with a heading, and at the right end of the heading a short text where there is room."""

    def __init__(self, title: str, *parts: QWidget, end: str = "") -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        self.head = Heading(title, end)
        column = QVBoxLayout(self)
        column.setContentsMargins(CARD_PADDING, CARD_PADDING, CARD_PADDING, CARD_PADDING)
        column.setSpacing(GRID)
        column.addWidget(self.head)
        for part in parts:
            column.addWidget(part)


class Heading(QWidget):
    """A title, and a text at the right that gives way where both do not fit."""

    def __init__(self, title: str, end: str) -> None:
        super().__init__()
        self.title, self.end = title, end
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(1, fonts.scaled(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colors = QPainter(self), theme.current()
        area, middle = QRectF(self.rect()), Qt.AlignmentFlag.AlignVCenter
        painter.setFont(fonts.semibold(LABEL))
        painter.setPen(colors.text2)
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignLeft, self.title)
        if self.shows_end():
            painter.setFont(fonts.mono(HINT))
            painter.setPen(colors.text1)
            painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, self.end)

    def shows_end(self) -> bool:
        """Whether there is room for the text at the right."""
        title = QFontMetrics(fonts.semibold(LABEL)).horizontalAdvance(self.title)
        end = QFontMetrics(fonts.mono(HINT)).horizontalAdvance(self.end)
        return bool(self.end) and title + 2 * GRID + end <= self.width()


def _sizes(numbers: Numbers, *, everything: bool) -> Iterator[QWidget]:
    """How the output's size comes about: what has to be worked out first, then, in full, what is simply so."""
    if not numbers.sizes:
        if numbers.outputs and not any(shape.batched for shape in numbers.outputs.values()):
            yield Frame("Output", label(ONE_NUMBER, Role.LABEL, wrap=True))
        return
    worked = [line for line in numbers.sizes if line.formula]
    plain = [line for line in numbers.sizes if not line.formula]
    parts: list[QWidget] = []
    for line in worked:
        parts += [Formula(line.formula), _centred(f"{line.title}: {line.words}" if len(worked) > 1 else line.words)]
    if everything or not worked:
        parts += [_plain_line(line) for line in plain]
    yield Frame("Output size", *parts)


def _plain_line(line: SizeLine) -> QWidget:
    """A size that needs no working: ``Channels 6: one map for each filter.``"""
    whose = f"{line.title} of {line.port}" if line.port else line.title
    sizes = "×".join(map(str, line.sizes))
    return label(f"{whose[:1].upper()}{whose[1:]} {sizes}: {line.words}.", Role.HINT, wrap=True)


def _centred(text: str) -> QWidget:
    hint = label(text, Role.HINT, wrap=True)
    hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return hint


def _facts(card: Card) -> Iterator[QWidget]:
    for name, text in card.facts:
        yield _fact(name, text)
    for share in card.parts[:MOST_PARTS]:
        yield _fact(f"{share.name} · {share.type}", f"{share.weights:,}", is_number=True)
    if card.parts:
        total = sum(share.weights for share in card.parts)
        left_out = len(card.parts) - MOST_PARTS
        more = f"{left_out} more parts; " if left_out > 0 else ""
        yield _fact(f"{more}weights in all", f"{total:,}", is_number=True)


def _fact(name: str, text: str, *, is_number: bool = False) -> QWidget:
    """A name at the left and what it is at the right."""
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(GRID)
    first = label(name, Role.LABEL, wrap=is_number)
    second = label(text, Role.MONO if is_number else Role.LABEL, wrap=not is_number)
    if is_number:
        line.addWidget(first, 1)
        line.addWidget(second)
    else:
        first.setMinimumWidth(fonts.scaled(64))
        line.addWidget(first, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(second, 1)
    return row


def _sources(card: Card) -> Iterator[QWidget]:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, HALF_GRID, 0, 0)
    column.setSpacing(0)
    if card.paper is not None:
        column.addWidget(SourceLink(card.paper, "link" if card.paper.address else "file"))
    if card.slide:
        column.addWidget(SourceLink(Source(card.slide), "book"))
    if card.unsourced:
        column.addWidget(label(card.unsourced, Role.HINT, wrap=True))
    if column.count():
        yield box
