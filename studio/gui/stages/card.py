"""The card of a stage: its place in the order, what it does in words, its learning rate as a curve, how far it is."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from studio.core.project import Stage
from studio.gui import fonts, icons, theme
from studio.gui.stages.wording import lines_of, rates
from studio.gui.style.measures import BODY, CARD_PADDING, GRID, HINT, RADIUS_BUTTON
from studio.gui.widgets.ring import draw_focus_ring, inside_ring

WIDTH, LINE, CURVE, BAR = 232, 18, 26, 4
WORD = 62
"""Width of the word that says what a line is about."""


class StageCard(QPushButton):
    """One stage; it is checked where it is the one that is looked at.

    Arrow keys ask by ``step_wanted`` for the stage beside it, and with Alt by ``move_wanted`` for its place.
    """

    step_wanted, move_wanted = Signal(int), Signal(int)

    def __init__(self, number: int, stage: Stage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number, self.stage = number, stage
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._lines, self._rates = tuple(lines_of(stage)), rates(stage)
        self._share: float | None = None
        self._problem = ""
        told = "\n".join(f"{word} {text}" for word, text in self._lines)
        self.setAccessibleName(f"Stage {number + 1}, {stage.name}")
        self._told = told
        self._describe()

    @property
    def share(self) -> float | None:
        """How much of it is trained, 0 to 1; None where it is not its turn."""
        return self._share

    def show_share(self, share: float | None) -> None:
        if share != self._share:
            self._share = share
            self.update()

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong with the stage; an empty sentence takes that away."""
        if sentence != self._problem:
            self._problem = sentence
            self._describe()
            self.update()

    def _describe(self) -> None:
        told = "\n".join(filter(None, (self._problem, self._told)))
        self.setAccessibleDescription(told)
        self.setToolTip(f"{self.stage.name}\n{told}")

    def sizeHint(self) -> QSize:
        lines = 1 + len(self._lines)
        return QSize(fonts.scaled(WIDTH), fonts.scaled(lines * LINE + CURVE + BAR) + 2 * CARD_PADDING + 2 * GRID)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_wanted.emit(step)
        else:
            self.step_wanted.emit(step)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setBrush(colors.accent_bg if self.isChecked() else colors.raised)
        running = self._share is not None and self._share < 1
        line = colors.problem if self._problem else colors.accent if running or self.isChecked() else colors.line
        painter.setPen(QPen(line, 1.5 if running or self._problem else 1.0))
        painter.drawRoundedRect(area, RADIUS_BUTTON, RADIUS_BUTTON)
        inside = area.adjusted(CARD_PADDING, CARD_PADDING, -CARD_PADDING, -CARD_PADDING)
        self._paint_title(painter, inside)
        self._paint_lines(painter, inside.adjusted(0, fonts.scaled(LINE) + GRID / 2, 0, 0))
        self._paint_curve(painter, inside)
        self._paint_bar(painter, inside)
        if self.hasFocus():
            draw_focus_ring(painter, inside_ring(QRectF(self.rect())), RADIUS_BUTTON)

    def _paint_title(self, painter: QPainter, inside: QRectF) -> None:
        colors, height = theme.current(), fonts.scaled(LINE)
        row = QRectF(inside.left(), inside.top(), inside.width(), height)
        sign = ("warning", colors.problem) if self._problem else ("check", colors.success)
        if self._problem or self._share == 1.0:
            icons.draw_icon(painter, sign[0], QRectF(row.right() - height, row.top(), height, height), sign[1])
            row.setRight(row.right() - height - GRID)
        painter.setFont(fonts.interface(BODY, QFont.Weight.DemiBold))
        painter.setPen(colors.text1)
        text = f"{self.number + 1}  {self.stage.name}"
        _draw(painter, row, text)

    def _paint_lines(self, painter: QPainter, area: QRectF) -> None:
        colors, height, word = theme.current(), fonts.scaled(LINE), fonts.scaled(WORD)
        painter.setFont(fonts.interface(HINT))
        for at, (about, text) in enumerate(self._lines):
            row = QRectF(area.left(), area.top() + at * height, area.width(), height)
            painter.setPen(colors.text3)
            _draw(painter, QRectF(row.left(), row.top(), word, height), about)
            painter.setPen(colors.text2)
            _draw(painter, row.adjusted(word, 0, 0, 0), text)

    def _paint_curve(self, painter: QPainter, inside: QRectF) -> None:
        """The learning rate over the stage; a line where it stays."""
        if not self._rates:
            return
        top, height = inside.bottom() - fonts.scaled(BAR) - GRID - fonts.scaled(CURVE), fonts.scaled(CURVE)
        most, step = max(self._rates) or 1.0, inside.width() / (len(self._rates) - 1)
        points = [
            QPointF(inside.left() + at * step, top + height * (1 - rate / most)) for at, rate in enumerate(self._rates)
        ]
        painter.setPen(QPen(theme.current().accent, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))

    def _paint_bar(self, painter: QPainter, inside: QRectF) -> None:
        if self._share is None:
            return
        colors, height = theme.current(), fonts.scaled(BAR)
        bar = QRectF(inside.left(), inside.bottom() - height, inside.width(), height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.control)
        painter.drawRoundedRect(bar, height / 2, height / 2)
        bar.setWidth(bar.width() * self._share)
        painter.setBrush(colors.success if self._share == 1 else colors.accent)
        painter.drawRoundedRect(bar, height / 2, height / 2)


def _draw(painter: QPainter, area: QRectF, text: str) -> None:
    """The text in one line, cut where there is no room."""
    metrics = QFontMetricsF(painter.font())
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
