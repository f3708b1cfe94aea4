"""A push button with an icon, a key hint and, over a menu, a chevron."""

from __future__ import annotations

from enum import Enum
from math import ceil

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from studio.gui import fonts, icons, theme
from studio.gui.style.measures import (
    BODY,
    BUTTON_HEIGHT,
    BUTTON_SMALL,
    CARD_PADDING,
    FOCUS_RING,
    GRID,
    HINT,
    LABEL,
    RADIUS_BUTTON,
)
from studio.gui.style.tokens import Theme, mix
from studio.gui.widgets.ring import draw_focus_ring, inside_ring


class Kind(Enum):
    """How much a button asks for attention."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"
    LINK = "link"


class Button(QPushButton):
    """A button in the studio's look; `key` is only shown, the action that it stands for owns the shortcut.

    A button without text needs `name`, which screen readers say and which is its tooltip. One that `cuts` its text
    where there is no room for all of it says it all in its tooltip. One ``at_left`` begins there, as a field does.
    """

    def __init__(
        self,
        text: str = "",
        *,
        icon: str = "",
        key: str = "",
        name: str = "",
        kind: Kind = Kind.SECONDARY,
        small: bool = False,
        cuts: bool = False,
        at_left: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.icon_name, self.key, self.kind, self.small = icon, key, kind, small
        self._at_left = at_left
        self._icon_color = ""
        self._shows_key = self._shows_text = True
        self.setAccessibleName(name or text)
        self._name = name
        self.show_key(key)
        self.setSizePolicy(
            QSizePolicy.Policy.Preferred if cuts else QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed
        )
        if cuts:
            self.setToolTip(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor if kind is Kind.LINK else Qt.CursorShape.ArrowCursor)

    def show_key(self, key: str) -> None:
        """Show another key, or none."""
        self.key = key
        self.setAccessibleDescription(f"Key {key}" if key else "")
        if self._name:
            self.setToolTip(f"{self._name} ({key})" if key else self._name)
        self.updateGeometry()
        self.update()

    def show_icon(self, icon: str, color: str = "") -> None:
        """Change the icon, for a button whose meaning changes; it may have a colour of its own, by its token."""
        self.icon_name, self._icon_color = icon, color
        self.updateGeometry()
        self.update()

    def spare_key(self, shown: bool) -> None:
        """Leave the key out, or show it again, where room is short."""
        self._shows_key = shown
        self.updateGeometry()
        self.update()

    def spare_text(self, shown: bool) -> None:
        """Leave all but the icon out, or show it again, where room is short; the text is its tooltip then."""
        self._shows_text = shown
        if self.toolTip() in ("", self.text()):
            self.setToolTip("" if shown else self.text())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        height = fonts.scaled(BUTTON_SMALL if self.small else BUTTON_HEIGHT)
        pieces = [width for _, width in self._pieces()]
        inner = sum(pieces) + GRID * (len(pieces) - 1) + 2 * self._padding()
        return QSize(max(round(inner), height) + 2 * FOCUS_RING, height + 2 * FOCUS_RING)

    def minimumSizeHint(self) -> QSize:
        """Of a button that cuts its text; others are never narrower than their hint."""
        return QSize(self.sizeHint().height(), self.sizeHint().height())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = inside_ring(QRectF(self.rect()))
        fill, ink, hint = self._colors(theme.current())
        if fill is not None:
            # A fill that hardly differs from what is behind it needs an edge where contrast is wanted.
            edge = Qt.PenStyle.SolidLine if self.isEnabled() else Qt.PenStyle.DashLine
            painter.setPen(QPen(ink, 1, edge) if theme.current().has_contrast else Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRoundedRect(area, RADIUS_BUTTON, RADIUS_BUTTON)
        self._draw_pieces(painter, area, ink, hint)
        if self.hasFocus():
            draw_focus_ring(painter, area, RADIUS_BUTTON)

    def _padding(self) -> int:
        return GRID // 2 if self.kind is Kind.LINK or not (self.text() and self._shows_text) else CARD_PADDING

    def _text_font(self) -> QFont:
        weight = QFont.Weight.DemiBold if self.kind is Kind.PRIMARY else QFont.Weight.Medium
        return fonts.interface(LABEL if self.small else BODY, weight)

    def _pieces(self) -> list[tuple[str, float]]:
        """What stands in the button from left to right, with its width."""
        pieces: list[tuple[str, float]] = []
        if self.icon_name:
            pieces.append(("icon", fonts.scaled(icons.SIZE)))
        if self.text() and (self._shows_text or not self.icon_name):
            pieces.append(("text", QFontMetrics(self._text_font()).horizontalAdvance(self.text())))
        if self.key and self._shows_key and self._shows_text:
            pieces.append(("key", QFontMetrics(fonts.interface(HINT)).horizontalAdvance(self.key)))
        if self.menu() is not None:
            pieces.append(("chevron", fonts.scaled(icons.SIZE)))
        return pieces

    def _fitted(self, room: float) -> list[tuple[str, float]]:
        """The pieces, the text cut where there is not room for all of it."""
        pieces = self._pieces()
        over = sum(width for _, width in pieces) + GRID * (len(pieces) - 1) - room
        return [(name, max(0.0, width - over) if name == "text" and over > 0 else width) for name, width in pieces]

    def _colors(self, colors: Theme) -> tuple[QColor | None, QColor, QColor]:
        """Fill, ink and the ink of the key hint."""
        if not self.isEnabled():
            filled = self.kind in (Kind.PRIMARY, Kind.SECONDARY)
            return (colors.control if filled else None), colors.line_strong, colors.line_strong
        if self.isChecked():
            return colors.accent_bg, colors.accent, colors.accent
        share = 0.16 if self.isDown() else 0.08 if self.underMouse() else 0.0
        if self.kind is Kind.PRIMARY:
            return mix(colors.accent, colors.accent_text, share), colors.accent_text, colors.accent_text
        if self.kind is Kind.LINK:
            return None, mix(colors.accent, colors.text1, share * 4), colors.text3
        if self.kind is Kind.QUIET and not share:
            return None, colors.text1, colors.text3
        ground = colors.control if self.kind is Kind.SECONDARY or self.isDown() else colors.raised
        return mix(ground, colors.text1, share), colors.text1, colors.text3

    def _draw_pieces(self, painter: QPainter, area: QRectF, ink: QColor, hint: QColor) -> None:
        pieces, whole = self._fitted(area.width() - (2 * GRID if self._at_left else GRID)), dict(self._pieces())
        spare = area.width() - sum(width for _, width in pieces) - GRID * (len(pieces) - 1)
        left = area.left() + (GRID if self._at_left else spare / 2)
        side = Qt.AlignmentFlag.AlignLeft if self._at_left else Qt.AlignmentFlag.AlignHCenter
        for piece, width in pieces:
            place = QRectF(left, area.top(), width, area.height())
            if piece in ("icon", "chevron"):
                square = QRectF(round(left), round(area.center().y() - width / 2), width, width)
                tint = theme.current().named(self._icon_color) if piece == "icon" and self._icon_color else ink
                icons.draw_icon(painter, self.icon_name if piece == "icon" else "chevron-down", square, tint)
            else:
                painter.setFont(self._text_font() if piece == "text" else fonts.interface(HINT))
                painter.setPen(ink if piece == "text" else hint)
                shown = self.text() if piece == "text" else self.key
                if width < whole[piece]:  # a device may measure letters a little wider than they were planned
                    shown = painter.fontMetrics().elidedText(shown, Qt.TextElideMode.ElideRight, ceil(width))
                painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, shown)
            left += width + GRID
