"""What a node computes, in words and numbers: its sentence, shapes, and where its weights come from."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from studio.compiler.results import NodeResult
from studio.core.shape import Shape
from studio.gui.emptying import empty
from studio.gui.style.measures import CARD_PADDING, GRID
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label


def derivation(weights: Mapping[str, tuple[int, ...]]) -> str:
    """How a count of weights comes about: ``5·5·1·6 + 6 = 156``."""
    if not weights:
        return ""
    terms = ["·".join(map(str, reversed(shape))) or "1" for shape in weights.values()]
    return f"{' + '.join(terms)} = {sum(prod(shape) for shape in weights.values()):,}"


def shapes_sentence(shapes: Mapping[str, Shape] | Mapping[str, tuple[Shape, ...]]) -> str:
    """Shapes by port as they stand on links; the port is named where there are several."""
    pairs = [
        (name, " + ".join(map(str, value)) if isinstance(value, tuple) else str(value))
        for name, value in shapes.items()
    ]
    return ", ".join(text if len(pairs) == 1 else f"{name} {text}" for name, text in pairs) or "not known yet"


class Card(QFrame):
    """A framed part of the inspector with a heading; what it shows is replaced whole."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.end = label("", Role.MONO)
        head = QHBoxLayout()
        head.addWidget(label(title, Role.CAPTION))
        head.addStretch()
        head.addWidget(self.end)
        self.body = QVBoxLayout()
        self.body.setSpacing(GRID // 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(CARD_PADDING, CARD_PADDING, CARD_PADDING, CARD_PADDING)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addLayout(self.body)

    def refill(self, *parts: QWidget) -> None:
        """Show these parts in place of what was there."""
        empty(self.body)
        for part in parts:
            self.body.addWidget(part)


class WeightsCard(Card):
    """Each learned tensor with its shape, the sum, and the cost."""

    def __init__(self) -> None:
        super().__init__("Weights")

    def show_result(self, result: NodeResult) -> None:
        """Show where this node's weights come from; hidden where it learns nothing."""
        self.setVisible(result.weight_count > 0)
        sum_text = derivation(result.weights)
        long = len(sum_text) > LONGEST_SUM
        self.end.setText("" if long else sum_text)
        rows = [_weight_row(name, shape) for name, shape in list(result.weights.items())[:MOST_ROWS]]
        if long or not result.weights:
            rows.append(label(f"{result.weight_count:,} weights in all", Role.LABEL))
        if result.multiply_adds:
            rows.append(label(f"{result.multiply_adds:,} multiply-adds per sample", Role.HINT))
        self.refill(*rows)


LONGEST_SUM = 30
MOST_ROWS = 12


def _weight_row(name: str, shape: tuple[int, ...]) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(label(name, Role.LABEL))
    line.addStretch()
    line.addWidget(label(f"{' · '.join(map(str, reversed(shape))) or '1'} = {prod(shape):,}", Role.MONO))
    return row


def source_link(text: str) -> QWidget:
    """A paper or slide; one that names an address opens it."""
    start = text.find("http")
    if start < 0:
        return label(text, Role.LABEL, wrap=True)
    address = text[start:].split()[0].rstrip(".,)")
    link = Button(text[:start].strip(" ,:(") or address, icon="link", kind=Kind.LINK, small=True)
    link.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(address)))
    return link
