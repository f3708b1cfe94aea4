"""Which line is which curve, and a click that hides one."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from studio.gui import fonts, theme
from studio.gui.curves.series import Look
from studio.gui.style.measures import FOCUS_RING, GRID, LABEL, MIN_TARGET, RADIUS_FIELD
from studio.gui.widgets.ring import draw_focus_ring, inside_ring

_SWATCH = 20


class LegendEntry(QAbstractButton):
    """A line as it is drawn and the name of its curve; checked means shown."""

    def __init__(self, name: str, look: Look) -> None:
        super().__init__()
        self.look = look
        self.setText(name)
        self.setAccessibleName(f"Show {name}")
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        text = QFontMetrics(fonts.interface(LABEL)).horizontalAdvance(self.text())
        return QSize(_SWATCH + text + 2 * GRID + 2 * FOCUS_RING, fonts.scaled(MIN_TARGET) + 2 * FOCUS_RING)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = inside_ring(self.rect().toRectF())
        pen = QPen(self.look.color(colors) if self.isChecked() else colors.control, 2)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if self.look.dashed:
            pen.setDashPattern([3, 1.5])
        painter.setPen(pen)
        left, middle = area.left() + GRID / 2, area.center().y()
        painter.drawLine(QPointF(left, middle), QPointF(left + _SWATCH, middle))
        painter.setPen(colors.text2 if self.isChecked() else colors.text3)
        font = fonts.interface(LABEL)
        font.setStrikeOut(not self.isChecked())
        painter.setFont(font)
        text = area.adjusted(_SWATCH + GRID * 1.5, 0, 0, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            draw_focus_ring(painter, area, RADIUS_FIELD)


class Legend(QWidget):
    """The entries of one or several plots in a row; plots that share names share an entry."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[str, LegendEntry] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GRID)

    def entry(self, name: str, look: Look) -> LegendEntry:
        """The entry of a curve, made when it is first asked for."""
        if name not in self.entries:
            self.entries[name] = LegendEntry(name, look)
            self._row.addWidget(self.entries[name])
        return self.entries[name]

    def remove(self, name: str) -> None:
        """Take the entry of a curve away."""
        entry = self.entries.pop(name, None)
        if entry is not None:
            entry.hide()
            entry.deleteLater()
