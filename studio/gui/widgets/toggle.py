"""A switch that is on or off, with its sentence beside it."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from studio.gui import fonts, theme
from studio.gui.style.measures import BODY, FOCUS_RING, GRID, MIN_TARGET
from studio.gui.widgets.ring import draw_focus_ring

_TRACK_WIDTH, _TRACK_HEIGHT, _KNOB_INSET = 32, 18, 3


class Toggle(QAbstractButton):
    """A check box drawn as a switch: the place of the knob tells its state, not the colour alone."""

    def __init__(self, text: str = "", *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setAccessibleName(name or text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        text = QFontMetrics(fonts.interface(BODY)).horizontalAdvance(self.text())
        width = fonts.scaled(_TRACK_WIDTH) + (GRID + text if text else 0)
        return QSize(width + 2 * FOCUS_RING, fonts.scaled(MIN_TARGET) + 2 * FOCUS_RING)

    def minimumSizeHint(self) -> QSize:
        """Where a panel is narrow the sentence is cut."""
        return QSize(2 * fonts.scaled(_TRACK_WIDTH), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = fonts.scaled(_TRACK_WIDTH), fonts.scaled(_TRACK_HEIGHT)
        track = QRectF(FOCUS_RING, (self.height() - height) / 2, width, height)
        self._draw_track(painter, track)
        colors = theme.current()
        painter.setFont(fonts.interface(BODY))
        painter.setPen(colors.text1 if self.isEnabled() else colors.line_strong)
        room = QRectF(self.rect()).adjusted(track.right() + GRID, 0, 0, 0)
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, ceil(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        if self.hasFocus():
            draw_focus_ring(painter, track, height / 2)

    def _draw_track(self, painter: QPainter, track: QRectF) -> None:
        colors = theme.current()
        on = self.isChecked() and self.isEnabled()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.accent if on else colors.line_strong if self.isEnabled() else colors.control)
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        side = track.height() - 2 * _KNOB_INSET
        left = track.right() - _KNOB_INSET - side if self.isChecked() else track.left() + _KNOB_INSET
        painter.setBrush(colors.accent_text if on else colors.panel)
        painter.drawEllipse(QRectF(left, track.top() + _KNOB_INSET, side, side))
