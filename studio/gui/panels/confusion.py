"""Which class is taken for which, as a map of shares with counts: rows are labels, columns are answers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, qGray
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.gui import fonts, theme
from studio.gui.style.measures import FOCUS_RING, HALF_GRID, HINT
from studio.gui.style.tokens import mix

MOST_CLASSES = 100
SIDES = ((12, 18), (24, 16), (50, 8), (MOST_CLASSES, 4))
"""Pixels of a cell at least, for so many classes at most."""

LARGEST, NAMED, LONGEST = 24, 16, 88
"""Pixels of a cell at most; those from which it has its count in it and its name beside it, which is cut in the end."""

MIDDLE_GREY = 118
"""A grey on which black and white can be read equally well."""

ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class Confusion(QWidget):
    """A row is shaded by its shares, what is right in another tone than mistakes. Arrow keys lead from cell to cell."""

    chosen = Signal(int, int)
    """A label and an answer, whose samples are wanted."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Confusion matrix")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.names: tuple[str, ...] = ()
        self.counts: Sequence[Sequence[int]] = ()
        self._at, self._room = (0, 0), 0

    def fit(self, height: int) -> None:
        """Be no taller than this, as far as the cells can still be read."""
        self._room = height
        self.updateGeometry()
        self.update()

    def show_counts(self, names: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """Show counts by label and answer; of too many classes nothing."""
        self.names, self.counts = tuple(names), counts
        last = max(0, len(counts) - 1)
        self._at = (min(self._at[0], last), min(self._at[1], last))
        self.setVisible(0 < len(counts) <= MOST_CLASSES)
        self.setAccessibleDescription(self.said(*self._at) if counts else "")
        self.updateGeometry()
        self.update()

    def said(self, row: int, column: int) -> str:
        """A cell in words."""
        count, whole = self.counts[row][column], sum(self.counts[row])
        share = f", {count / whole:.1%} of them" if whole else ""
        taken = "answered rightly" if row == column else f"taken for {self.names[column]}"
        return f"{count:,} of the class {self.names[row]} {taken}{share}"

    def sizeHint(self) -> QSize:
        side, margin = self._side * len(self.counts), self._margin
        return QSize(margin + side + FOCUS_RING + 1, self._top + side + FOCUS_RING + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(fonts.interface(HINT))
        if self._side >= fonts.scaled(NAMED):
            self._draw_names(painter)
        for row, counts in enumerate(self.counts):
            whole = max(sum(counts), 1)
            for column, count in enumerate(counts):
                self._draw_cell(painter, row, column, count, count / whole)
        if self.hasFocus():
            painter.setPen(QPen(theme.current().accent, FOCUS_RING))
            painter.drawRect(self._cell(*self._at))

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            if place := self._place(event.pos()):
                QToolTip.showText(event.globalPos(), self.said(*place), self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and (place := self._place(event.position().toPoint())):
            self._go_to(place)
            self.chosen.emit(*place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = ARROWS.get(Qt.Key(event.key()))
        if step is not None and self.counts:
            size = len(self.counts)
            self._go_to(((self._at[0] + step[0]) % size, (self._at[1] + step[1]) % size))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.counts:
            self.chosen.emit(*self._at)
        else:
            super().keyPressEvent(event)

    def _go_to(self, place: tuple[int, int]) -> None:
        self._at = place
        self.setAccessibleDescription(self.said(*place))
        self.update()

    def _draw_names(self, painter: QPainter) -> None:
        painter.setPen(theme.current().text3)
        side, metrics = self._side, painter.fontMetrics()
        for at, name in enumerate(self.names):
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, self._margin - HALF_GRID)
            row = QRectF(0, self._top + at * side, self._margin - HALF_GRID, side)
            painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            if not self._is_upright:
                painter.drawText(
                    QRectF(self._margin + at * side, 0, side, self._top), Qt.AlignmentFlag.AlignCenter, text
                )
                continue
            painter.save()
            painter.translate(QPointF(self._margin + (at + 0.5) * side, self._top - HALF_GRID))
            painter.rotate(-90)
            painter.drawText(QPointF(0, metrics.ascent() / 2 - 1), text)
            painter.restore()

    def _draw_cell(self, painter: QPainter, row: int, column: int, count: int, share: float) -> None:
        colors = theme.current()
        place = self._cell(row, column)
        # Mistakes are few, and should be seen all the same.
        fill = mix(colors.control, *((colors.accent, share) if row == column else (colors.series2, share**0.5)))
        painter.fillRect(place.adjusted(0.5, 0.5, -0.5, -0.5) if self._side > SIDES[-1][1] else place, fill)
        if count and self._side >= fonts.scaled(NAMED):
            painter.setPen(_legible(fill))
            text = f"{count}" if count < 1000 else f"{count / 1000:.0f}k"
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    @property
    def _side(self) -> int:
        count = max(1, len(self.counts))
        least = fonts.scaled(next((side for most, side in SIDES if count <= most), SIDES[-1][1]))
        return max(least, min(fonts.scaled(LARGEST), self._room // (count + 1)))

    @property
    def _widest(self) -> int:
        metrics = QFontMetrics(fonts.interface(HINT))
        return min(fonts.scaled(LONGEST), max((metrics.horizontalAdvance(name) for name in self.names), default=0))

    @property
    def _is_upright(self) -> bool:
        """Whether names over the columns have no room but along them."""
        return self._widest > self._side

    @property
    def _margin(self) -> int:
        return self._widest + 2 * HALF_GRID if self._side >= fonts.scaled(NAMED) else FOCUS_RING

    @property
    def _top(self) -> int:
        if self._side < fonts.scaled(NAMED):
            return FOCUS_RING
        return self._margin if self._is_upright else self._side

    def _cell(self, row: int, column: int) -> QRectF:
        side = self._side
        return QRectF(self._margin + column * side, self._top + row * side, side, side)

    def _place(self, point: QPoint) -> tuple[int, int] | None:
        row, column = (point.y() - self._top) // self._side, (point.x() - self._margin) // self._side
        size = len(self.counts)
        return (row, column) if 0 <= row < size and 0 <= column < size else None


def _legible(fill: QColor) -> QColor:
    """Dark or bright ink, whichever is farther from the fill."""
    dark, bright = sorted((theme.current().text1, theme.current().accent_text), key=_brightness)
    return dark if _brightness(fill) > MIDDLE_GREY else bright


def _brightness(color: QColor) -> int:
    """How bright the eye takes a colour for, up to 255."""
    return qGray(color.rgb())
