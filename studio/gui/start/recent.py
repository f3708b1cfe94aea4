"""Lists of what a person worked on last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from studio.gui import fonts, icons, theme
from studio.gui.emptying import empty
from studio.gui.style.measures import BODY, GRID, HINT, RADIUS_FIELD
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.ring import draw_focus_ring, inside_ring


@dataclass(frozen=True, slots=True)
class Recent:
    """One row: icon and the name of its colour, title, what is said below it, and what a click does."""

    icon: str
    tone: str
    title: str
    hint: str
    open: Callable[[], object]


class RecentList(QWidget):
    """A heading and rows; a sentence where there are none."""

    def __init__(self, title: str, nothing: str) -> None:
        super().__init__()
        self._nothing = nothing
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(label(title, Role.CAPTION))
        self.show_rows(())

    def show_rows(self, rows: Sequence[Recent]) -> None:
        """Replace the rows."""
        empty(self._column, keep=1)
        for row in rows:
            self._column.addWidget(_Row(row))
        if not rows:
            self._column.addWidget(label(self._nothing, Role.HINT, wrap=True))


class _Row(QAbstractButton):
    def __init__(self, recent: Recent) -> None:
        super().__init__()
        self._recent = recent
        self.setText(recent.title)
        self.setAccessibleName(f"{recent.title}, {recent.hint}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(lambda: recent.open())

    def sizeHint(self) -> QSize:
        return QSize(200, fonts.scaled(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = inside_ring(QRectF(self.rect()))
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.control)
            painter.drawRoundedRect(area, RADIUS_FIELD, RADIUS_FIELD)
        side = fonts.scaled(icons.SIZE)
        icons.draw_icon(
            painter,
            self._recent.icon,
            QRectF(2, (self.height() - side) / 2, side, side),
            colors.named(self._recent.tone),
        )
        left = side + GRID + 6
        self._draw_line(
            painter, self._recent.title, fonts.interface(BODY), "text1", QRectF(left, 3, area.width() - left, 20)
        )
        self._draw_line(
            painter,
            self._recent.hint,
            fonts.interface(HINT),
            "text3",
            QRectF(left, self.height() / 2, area.width() - left, 16),
        )
        if self.hasFocus():
            draw_focus_ring(painter, area, RADIUS_FIELD)

    def _draw_line(self, painter: QPainter, text: str, font: object, tone: str, place: QRectF) -> None:
        painter.setFont(font)  # type: ignore[arg-type]
        painter.setPen(theme.current().named(tone))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(place.width()))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def when(path: Path, now: datetime | None = None) -> str:
    """The time a file was last changed, as people say it: ``Today 10:12``, ``Friday``, ``12 November``."""
    now = now or datetime.now()
    then = datetime.fromtimestamp(path.stat().st_mtime)
    days = (now.date() - then.date()).days
    if days <= 0:
        return f"Today {then:%H:%M}"
    if days == 1:
        return f"Yesterday {then:%H:%M}"
    return (
        f"{then:%A}" if days < 7 else f"{then.day} {then:%B}" if then.year == now.year else f"{then.day} {then:%B %Y}"
    )
