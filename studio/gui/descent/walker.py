"""One of the optimizers that are compared: its rule, its learning rate and its momentum."""

from __future__ import annotations

from math import log10
from typing import Any, get_args

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QSlider, QVBoxLayout, QWidget

from studio.core.project import OptimizerName
from studio.gui import theme
from studio.gui.curves.series import Look
from studio.gui.style.measures import CARD_GAP, GRID
from studio.gui.widgets.choice import ChoiceBox
from studio.gui.widgets.label import Role, label

RULES: tuple[str, ...] = get_args(OptimizerName)
CARRY = ("momentum", "classical-momentum", "nesterov", "adam", "adamw", "rmsprop")
DECADES, PER_DECADE = (-4, 1), 40
"""Of learning rates: from 0.0001 to 10, and the slider's steps from one power of ten to the next."""


class Walker(QWidget):
    """``changed`` tells that a person chose something else."""

    changed = Signal()

    def __init__(self, number: int, rule: str, rate: float, momentum: float) -> None:
        super().__init__()
        which = ("first", "second")[number]
        self.rule = ChoiceBox(f"Rule of the {which} optimizer")
        self.rate, self.momentum = (QSlider(Qt.Orientation.Horizontal) for _ in range(2))
        self._rate, self._momentum = label("", Role.MONO), label("", Role.MONO)
        self.reached = label("", Role.LABEL, wrap=True)
        self.rule.addItems(RULES)
        self.rule.setCurrentIndex(RULES.index(rule))
        self.rate.setRange(DECADES[0] * PER_DECADE, DECADES[1] * PER_DECADE)
        self.momentum.setRange(0, 99)
        self.rate.setAccessibleName(f"Learning rate of the {which} optimizer")
        self.momentum.setAccessibleName(f"Momentum of the {which} optimizer")
        self._lay_out(number)
        self.set_rate(rate)
        self.momentum.setValue(round(100 * momentum))
        self._say()
        self.rule.activated.connect(self._take)
        self.rate.valueChanged.connect(self._take)
        self.momentum.valueChanged.connect(self._take)

    def _lay_out(self, number: int) -> None:
        head = QHBoxLayout()
        head.addWidget(_Swatch(number))
        head.addWidget(self.rule, 1)
        form = QFormLayout()
        for name, slider, value in (
            ("Learning rate", self.rate, self._rate),
            ("Momentum", self.momentum, self._momentum),
        ):
            row = QHBoxLayout()
            row.addWidget(slider, 1)
            row.addWidget(value)
            value.setFixedWidth(value.fontMetrics().horizontalAdvance("0.00000"))
            form.addRow(label(name, Role.LABEL), row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(CARD_GAP)
        column.addLayout(head)
        column.addLayout(form)
        column.addWidget(self.reached)

    @property
    def settings(self) -> dict[str, Any]:
        """Those of an Optimization."""
        rate = 10.0 ** (self.rate.value() / PER_DECADE)
        return {
            "optimizer": RULES[self.rule.currentIndex()],
            "learning_rate": float(f"{rate:.3g}"),
            "momentum": self.momentum.value() / 100,
        }

    def set_rate(self, rate: float) -> None:
        """Learn at about this rate."""
        self.rate.setValue(round(PER_DECADE * log10(rate)))

    def _take(self, _: int = 0) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        settings = self.settings
        self._rate.setText(f"{settings['learning_rate']:g}")
        self._momentum.setText(f"{settings['momentum']:.2f}")
        self.momentum.setEnabled(settings["optimizer"] in CARRY)


class _Swatch(QWidget):
    """The mark of a way."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.setFixedSize(2 * GRID, 2 * GRID)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Look(self._number).color(theme.current()))
        place = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.drawRect(place) if self._number else painter.drawEllipse(place)
