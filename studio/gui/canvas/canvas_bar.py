"""The bar at the bottom right: shapes on links, what colours say, tidy up; and above it the legend of the colours."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from studio.gui import theme
from studio.gui.canvas import lettering
from studio.gui.canvas.inks import TITLES, Inks, Mark
from studio.gui.canvas.lens import Lens
from studio.gui.canvas.look import Look
from studio.gui.canvas.overlay import Overlay, Target
from studio.gui.canvas.zoom_control import HEIGHT, MARGIN
from studio.gui.canvas.zoom_control import WIDTH as ZOOM_WIDTH
from studio.gui.icons import draw_icon
from studio.gui.style.measures import CARD_GAP, CARD_PADDING, RADIUS_BUTTON

ICON, GAP, INSET = 16.0, 6.0, 3.0
LEGEND_HEIGHT, STEP, DOT = 28.0, 8.0, 10.0
BOTTOM = MARGIN + HEIGHT + CARD_GAP
"""How far above the lower edge what stands over the bar ends."""

COLOR_ACTIONS = {by: f"Colour by {title.lower()}" for by, title in TITLES.items()}
"""The title of the action for each way of colouring."""


class CanvasBar(Overlay):
    """Three buttons; ``act`` is told the title of an action, ``choose_colors`` where the menu of colours opens."""

    def __init__(
        self,
        lens: Lens,
        look: Callable[[], Look],
        act: Callable[[str], object],
        choose_colors: Callable[[QPointF], object],
    ) -> None:
        self._lens, self._look, self._act, self._choose = lens, look, act, choose_colors

    def area(self) -> QRectF | None:
        width = sum(_width(text, icon) for text, icon in self._buttons()) + 2 * INSET
        room = self._lens.room[0] - 3 * MARGIN - ZOOM_WIDTH
        if width > room:
            return None
        return QRectF(self._lens.room[0] - MARGIN - width, self._lens.room[1] - MARGIN - HEIGHT, width, HEIGHT)

    def targets(self) -> list[Target]:
        area = self.area()
        if area is None:
            return []
        left, found = area.left() + INSET, []
        for index, (text, icon) in enumerate(self._buttons()):
            rect = QRectF(left, area.top() + 2, _width(text, icon), HEIGHT - 4)
            press = (
                partial(self._act, "Show shapes"),
                partial(self._choose, rect.topLeft()),
                partial(self._act, "Tidy up"),
            )[index]
            found.append(Target(rect, text, press))
            left += rect.width()
        return found

    def paint(self, painter: QPainter, hovered: QPointF | None) -> None:
        area, colors = self.area(), theme.current()
        if area is None:
            return
        painter.setPen(QPen(colors.line, 1))
        painter.setBrush(colors.panel)
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_BUTTON, RADIUS_BUTTON)
        for target, (text, icon) in zip(self.targets(), self._buttons(), strict=True):
            if hovered is not None and target.rect.contains(hovered):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colors.control)
                painter.drawRoundedRect(target.rect, RADIUS_BUTTON, RADIUS_BUTTON)
            left, middle = target.rect.left() + CARD_PADDING, round(target.rect.center().y())
            if icon:
                draw_icon(painter, icon, QRectF(left, middle - ICON / 2, ICON, ICON), colors.text2)
                left += ICON + GAP
            painter.setPen(colors.text2)
            painter.setFont(lettering.font("label"))
            inside = target.rect.adjusted(left - target.rect.left(), 0, 0, 0)
            painter.drawText(inside, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)

    def _buttons(self) -> tuple[tuple[str, str], ...]:
        """What stands on the buttons: text and icon."""
        look = self._look()
        return (
            ("Hide shapes" if look.shapes else "Show shapes", "eye"),
            (COLOR_ACTIONS[look.colors], "chevron-up"),
            ("Tidy up", "tidy"),
        )


class Legend(Overlay):
    """Says what the colours of nodes mean; nothing shows while they are those of the families."""

    def __init__(self, lens: Lens, inks: Callable[[], Inks | None]) -> None:
        self._lens, self._inks = lens, inks

    @property
    def bottom(self) -> float:
        """How far above the lower edge of the view what stands over the legend ends."""
        return BOTTOM if self._inks() is None else BOTTOM + LEGEND_HEIGHT + CARD_GAP

    def area(self) -> QRectF | None:
        inks = self._inks()
        if inks is None:
            return None
        width = min(_legend_width(inks), self._lens.room[0] - 2 * MARGIN)
        top = self._lens.room[1] - BOTTOM - LEGEND_HEIGHT
        return QRectF(self._lens.room[0] - MARGIN - width, top, width, LEGEND_HEIGHT)

    def paint(self, painter: QPainter, hovered: QPointF | None) -> None:
        area, inks, colors = self.area(), self._inks(), theme.current()
        if area is None or inks is None:
            return
        painter.setPen(QPen(colors.line, 1))
        painter.setBrush(colors.panel)
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_BUTTON, RADIUS_BUTTON)
        painter.save()
        painter.setClipRect(area)
        left = area.left() + CARD_PADDING
        left = _write(painter, inks.title, left, area, strong=True) + CARD_PADDING
        if not inks.is_scale:
            for mark in inks.legend:
                left = _entry(painter, mark, left, area) + CARD_PADDING
        else:
            left = _entry(painter, inks.legend[0], left, area) + CARD_PADDING
            for mark in inks.legend[1:]:
                painter.fillRect(QRectF(left, area.center().y() - DOT / 2, STEP, DOT), mark.color)
                left += STEP
            _write(painter, inks.legend[-1].text, left + GAP, area)
        painter.restore()


def _width(text: str, icon: str) -> float:
    return round(lettering.width(text, "label") + (ICON + GAP if icon else 0)) + 2.0 * CARD_PADDING


def _legend_width(inks: Inks) -> float:
    title = lettering.width(inks.title, "strong")
    texts = [lettering.width(mark.text, "label") for mark in inks.legend]
    if inks.is_scale:
        return title + DOT + texts[0] + STEP * (len(texts) - 1) + texts[-1] + 2 * GAP + 4 * CARD_PADDING
    icons = sum(ICON + GAP if mark.icon else 0 for mark in inks.legend)
    return title + sum(texts) + icons + (DOT + GAP + CARD_PADDING) * len(texts) + 2 * CARD_PADDING


def _entry(painter: QPainter, mark: Mark, left: float, area: QRectF) -> float:
    """A spot of colour with its icon and its word; answers where it ends."""
    painter.fillRect(QRectF(left, area.center().y() - DOT / 2, DOT, DOT), mark.color)
    left += DOT + GAP
    if mark.icon:
        draw_icon(painter, mark.icon, QRectF(left, area.center().y() - ICON / 2, ICON, ICON), mark.color)
        left += ICON + GAP
    return _write(painter, mark.text, left, area)


def _write(painter: QPainter, text: str, left: float, area: QRectF, *, strong: bool = False) -> float:
    style, colors = ("strong" if strong else "label"), theme.current()
    painter.setFont(lettering.font(style))
    painter.setPen(colors.text1 if strong else colors.text2)
    width = lettering.width(text, style)
    rect = QRectF(left, area.top(), width + 2, area.height())
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
    return left + width
