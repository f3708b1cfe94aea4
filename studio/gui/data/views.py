"""Samples as pictures or as rows of a table, and how many there are of each class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableWidget, QTableWidgetItem, QWidget

from studio.gui import fonts, theme
from studio.gui.data.points import Scatter
from studio.gui.data.reading import Page
from studio.gui.flow import Flow
from studio.gui.panels.profile import MOST, draw_profile
from studio.gui.panels.sample_view import fitted, sample_image
from studio.gui.panels.wording import class_text
from studio.gui.pictures import Array, draw_sharp
from studio.gui.style.measures import GRID, HALF_GRID, HINT, LABEL, RADIUS_CARD

TILES, ROWS, POINTS = 30, 100, 1_000
"""Samples that are shown at once."""
TILE = 112
MOST_CLASSES, MOST_NUMBERS = 30, 24
"""Bars of classes and columns of numbers that are shown."""


def view_of(page: Page) -> QWidget:
    """Pictures, points of classes in the plane, or rows of numbers."""
    view = _view(page)
    if view is not Flow:
        return Scatter(page) if view is Scatter else RowsTable(page)
    flow = Flow(GRID, stretched=True)
    for at in range(len(page.samples)):
        flow.add(SampleTile(page, at))
    return flow


def at_once(page: Page) -> int:
    """How many samples like these are shown at once."""
    return {Flow: TILES, Scatter: POINTS}.get(_view(page), ROWS)


def _view(page: Page) -> type[QWidget]:
    if page.samples.ndim > 2:
        return Flow
    return Scatter if page.samples.shape[1:] == (2,) and page.labels is not None else RowsTable


def answer_text(page: Page, at: int) -> str:
    """The label of a sample, or the numbers that are to be predicted."""
    if page.labels is not None:
        return class_text(page.about.classes, int(page.labels[at]))
    if page.targets is None:
        return ""
    numbers = ", ".join(f"{value:.3g}" for value in page.targets[at][:3])
    return numbers if page.targets.shape[1] <= 3 else f"{page.targets.shape[1]} numbers"


class SampleTile(QWidget):
    """A picture over its label; several numbers to predict stand beside it as bars."""

    def __init__(self, page: Page, at: int) -> None:
        super().__init__()
        values = page.samples[at]
        if values.ndim == 4:
            values = values[:, values.shape[1] // 2]  # of a volume, the slice in the middle
        of_bytes = values.dtype == np.uint8 and len(values) in (1, 3)
        self.image = sample_image(values, 0, 255) if of_bytes else sample_image(values)
        self.answer = answer_text(page, at)
        numbers = page.targets[at] if page.targets is not None and page.labels is None else np.zeros(0)
        self._numbers: Array | None = numbers if 1 < len(numbers) <= MOST else None
        self._number = f"{int(page.rows[at]):,}"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        text = f"Sample {self._number}: {self.answer}"
        self.setAccessibleName(text)
        self.setToolTip(text)

    def sizeHint(self) -> QSize:
        width = TILE + 2 * GRID
        return QSize(width + (TILE + GRID if self._numbers is not None else 0), width + fonts.scaled(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(colors.node_line, 1))
        painter.setBrush(colors.raised)
        painter.drawRoundedRect(area, RADIUS_CARD, RADIUS_CARD)
        place = QRectF((self.width() - self.sizeHint().width()) / 2 + GRID, GRID, TILE, TILE)
        draw_sharp(painter, self.image, fitted(self.image, place))
        if self._numbers is not None:
            draw_profile(painter, place.translated(TILE + GRID, 0), self._numbers)
        row = QRectF(GRID, place.bottom() + 2, area.width() - 2 * GRID, fonts.scaled(20))
        _write(painter, row, self.answer, self._number)


class RowsTable(QTableWidget):
    """Samples as rows: the numbers of each, and what is to be predicted from them."""

    def __init__(self, page: Page) -> None:
        flat = page.samples if page.samples.ndim > 1 else page.samples[:, None]
        shown = min(flat.shape[1], MOST_NUMBERS)
        super().__init__(len(flat), shown + 2)
        self.setAccessibleName("Samples as rows")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()
        names = page.about.names or tuple(map(str, range(1, flat.shape[1] + 1)))
        more = f" (of {flat.shape[1]:,})" if flat.shape[1] > shown else ""
        self.setHorizontalHeaderLabels(["Sample", "To predict", *names[: shown - 1], names[shown - 1] + more])
        for at, numbers in enumerate(flat):
            texts = [f"{int(page.rows[at]):,}", answer_text(page, at), *(f"{value:.4g}" for value in numbers[:shown])]
            for column, text in enumerate(texts):
                self.setItem(at, column, QTableWidgetItem(text))
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)


class ClassBars(QWidget):
    """How many samples of a part there are of each class."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Samples of each class")
        self.bars: list[tuple[str, int]] = []
        self._left_out = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, classes: Sequence[str], counts: Sequence[int]) -> None:
        """Show so many samples of each class."""
        self.bars = [(class_text(classes, at), count) for at, count in enumerate(counts[:MOST_CLASSES])]
        self._left_out = max(0, len(counts) - MOST_CLASSES)
        self.setAccessibleDescription(", ".join(f"{name} {count:,}" for name, count in self.bars))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, fonts.scaled(20) * (len(self.bars) + bool(self._left_out)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, row = QPainter(self), fonts.scaled(20)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(fonts.interface(LABEL))
        metrics, most = painter.fontMetrics(), max((count for _, count in self.bars), default=0) or 1
        widest = max((metrics.horizontalAdvance(name) for name, _ in self.bars), default=0)
        names = min(widest + GRID, self.width() // 3)
        room = self.width() - names - metrics.horizontalAdvance(f"{most:,}") - GRID
        for at, (name, count) in enumerate(self.bars):
            place = QRectF(0, at * row, self.width(), row)
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, names - HALF_GRID)
            _write(painter, place, shown, f"{count:,}")
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.current().accent)
            painter.drawRoundedRect(QRectF(names, place.center().y() - 4, max(2.0, room * count / most), 8), 3, 3)
        if self._left_out:
            place = QRectF(0, len(self.bars) * row, self.width(), row)
            _write(painter, place, f"and {self._left_out:,} more classes", "")


def _write(painter: QPainter, row: QRectF, left: str, right: str) -> None:
    """A text at the left that is read first, and a number at the right."""
    colors, middle = theme.current(), Qt.AlignmentFlag.AlignVCenter
    painter.setFont(fonts.mono(HINT))
    painter.setPen(colors.text2)
    painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, right)
    room = row.width() - painter.fontMetrics().horizontalAdvance(right) - HALF_GRID
    painter.setFont(fonts.interface(LABEL))
    painter.setPen(colors.text1)
    shown = painter.fontMetrics().elidedText(left, Qt.TextElideMode.ElideRight, int(room))
    painter.drawText(row, middle | Qt.AlignmentFlag.AlignLeft, shown)
