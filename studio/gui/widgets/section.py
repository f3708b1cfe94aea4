"""The heading of a part of a panel, and a part that folds away under its heading."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.gui import fonts, icons, theme
from studio.gui.style.measures import BODY, FOCUS_RING, GRID, LABEL, PALETTE_ROW, RADIUS_FIELD
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.ring import draw_focus_ring, inside_ring


class SectionHeader(QWidget):
    """A heading, a hint beside it, and room for a control at the right end."""

    def __init__(self, title: str, hint: str = "", *, end: QWidget | None = None) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID + GRID // 2)
        row.addWidget(label(title, Role.HEADING))
        row.addWidget(label(hint, Role.HINT))
        row.addStretch()
        if end is not None:
            row.addWidget(end)


class FoldButton(QAbstractButton):
    """A row with a chevron, an icon in its family's colour, a title and a count."""

    def __init__(self, title: str, icon: str, family: str, count: str) -> None:
        super().__init__()
        self.setText(title)
        self.icon_name, self.family, self.count = icon, family, count
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        text = QFontMetrics(fonts.interface(BODY)).horizontalAdvance(self.text() + self.count)
        return QSize(text + 3 * fonts.scaled(icons.SIZE) + 4 * GRID, fonts.scaled(PALETTE_ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme.current()
        area = inside_ring(QRectF(self.rect()))
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.control)
            painter.drawRoundedRect(area, RADIUS_FIELD, RADIUS_FIELD)
        left = self._draw_icons(painter)
        painter.setPen(colors.text1)
        painter.setFont(fonts.interface(BODY))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area.adjusted(left, 0, 0, 0), middle | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.setPen(colors.text3)
        painter.setFont(fonts.interface(LABEL))
        painter.drawText(area.adjusted(0, 0, -GRID, 0), middle | Qt.AlignmentFlag.AlignRight, self.count)
        if self.hasFocus():
            draw_focus_ring(painter, area, RADIUS_FIELD)

    def _draw_icons(self, painter: QPainter) -> float:
        """Draw the chevron and the icon; answers where the title begins."""
        colors = theme.current()
        side = fonts.scaled(icons.SIZE)
        top = (self.height() - side) // 2
        chevron = "chevron-down" if self.isChecked() else "chevron-right"
        icons.draw_icon(painter, chevron, QRectF(FOCUS_RING, top, side, side), colors.text3)
        left = FOCUS_RING + side + GRID // 2
        if self.icon_name:
            icons.draw_icon(painter, self.icon_name, QRectF(left, top, side, side), colors.family(self.family))
            left += side + GRID
        return left


class CollapsibleSection(QWidget):
    """A heading that shows and hides what stands below it, by click, Space or the arrow keys."""

    folded = Signal(bool)

    def __init__(
        self, title: str, body: QWidget, *, icon: str = "", family: str = "", count: str = "", is_open: bool = True
    ) -> None:
        super().__init__()
        self.body = body
        self.heading = FoldButton(title, icon, family, count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addWidget(body)
        self.heading.toggled.connect(self._show_body)
        self.heading.setChecked(is_open)
        self._show_body(is_open)

    def is_open(self) -> bool:
        """Whether the body is shown."""
        return self.heading.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Show or hide the body."""
        self.heading.setChecked(is_open)

    def _show_body(self, shown: bool) -> None:
        self.body.setVisible(shown)
        self.heading.setAccessibleDescription("Open" if shown else "Folded")
        self.folded.emit(not shown)
