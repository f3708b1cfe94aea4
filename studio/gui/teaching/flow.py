"""Small parts in rows that go on below where the room ends."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui.style.measures import GRID


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part goes: its number, and its left edge and row."""

    part: int
    left: float
    row: int


def flow(
    widths: Sequence[float], room: float, gap: float, *, centred: bool = False, starts: Collection[int] = ()
) -> list[Place]:
    """Parts side by side as long as there is room, at least one in each row.

    ``starts`` are parts at which a group begins that is better kept together.
    """
    rows: list[list[int]] = [[]]
    taken = 0.0
    for part, width in enumerate(widths):
        needed = width
        if part in starts:
            end = next((other for other in range(part + 1, len(widths)) if other in starts), len(widths))
            group = sum(widths[part:end]) + gap * (end - part - 1)
            needed = group if group <= room else width
        if rows[-1] and taken + gap + needed > room:
            rows.append([])
            taken = 0.0
        taken += width + (gap if rows[-1] else 0.0)
        rows[-1].append(part)
    places: list[Place] = []
    for number, row in enumerate(rows):
        total = sum(widths[part] for part in row) + gap * (len(row) - 1)
        left = max(0.0, (room - total) / 2) if centred else 0.0
        for part in row:
            places.append(Place(part, left, number))
            left += widths[part] + gap
    return places


class FlowView(QWidget):
    """Paints parts that flow; how wide and high they are, and how they look, is said by who inherits."""

    gap = float(GRID)
    row_gap = GRID // 2
    centred = False

    def __init__(self) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @abstractmethod
    def widths(self) -> list[float]:
        """The width of each part."""

    @abstractmethod
    def row_height(self) -> int: ...

    @abstractmethod
    def paint_part(self, painter: QPainter, part: int, at: QPointF) -> None:
        """Paint a part with its upper left corner here."""

    def sizeHint(self) -> QSize:
        widths = self.widths()
        width = round(sum(widths) + self.gap * max(0, len(widths) - 1)) + 1
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.heightForWidth(self.width()))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = 1 + max((place.row for place in self.places(width)), default=0)
        return rows * self.row_height() + (rows - 1) * self.row_gap

    def places(self, width: int) -> list[Place]:
        return flow(self.widths(), width, self.gap, centred=self.centred, starts=self.starts())

    def starts(self) -> Collection[int]:
        """Parts at which a group begins that is better kept together."""
        return ()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        step = self.row_height() + self.row_gap
        for place in self.places(self.width()):
            self.paint_part(painter, place.part, QPointF(round(place.left), place.row * step))
