"""How often samples of one class are taken for another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.gui import fonts, theme
from studio.gui.style.measures import HINT
from studio.gui.style.tokens import mix

MOST_CLASSES = 20


class Confusion(QWidget):
    """Rows are labels, columns are predictions; each row is shaded by its shares."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Confusion matrix")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.classes: tuple[str, ...] = ()
        self.counts: list[list[int]] = []

    def show_answers(self, labels: Sequence[int], guesses: Sequence[int], classes: Sequence[str]) -> None:
        """Count pairs of label and prediction."""
        count = max([len(classes), *(label + 1 for label in labels), *(guess + 1 for guess in guesses)], default=0)
        self.setVisible(0 < count <= MOST_CLASSES and bool(labels))
        if self.isHidden():
            return
        self.classes = tuple(classes) or tuple(map(str, range(count)))
        self.counts = [[0] * count for _ in range(count)]
        for label, guess in zip(labels, guesses, strict=True):
            self.counts[label][guess] += 1
        right = sum(self.counts[at][at] for at in range(count))
        self.setAccessibleDescription(f"{right} of {len(labels)} samples right")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        side = fonts.scaled(18) * (len(self.counts) + 1)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setFont(fonts.interface(HINT))
        for row, counts in enumerate(self.counts):
            painter.setPen(colors.text3)
            painter.drawText(self._cell(row, -1), Qt.AlignmentFlag.AlignCenter, self.classes[row][:2])
            painter.drawText(self._cell(-1, row), Qt.AlignmentFlag.AlignCenter, self.classes[row][:2])
            for column, count in enumerate(counts):
                share = count / max(sum(counts), 1)
                tone = colors.success if row == column else colors.problem
                place = self._cell(row, column).adjusted(0.5, 0.5, -0.5, -0.5)
                painter.fillRect(place, mix(colors.control, tone, min(1.0, share * (0.6 if row == column else 1.0))))
                if count:
                    painter.setPen(colors.text1)
                    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(count))

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            side = fonts.scaled(18)
            row, column = event.y() // side - 1, event.x() // side - 1
            if 0 <= row < len(self.counts) and 0 <= column < len(self.counts):
                text = f"Label {self.classes[row]}, predicted {self.classes[column]}: {self.counts[row][column]}"
                QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def _cell(self, row: int, column: int) -> QRectF:
        side = fonts.scaled(18)
        return QRectF((column + 1) * side, (row + 1) * side, side, side)
