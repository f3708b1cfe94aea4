"""The problem of a node, said below it: the sentence, and a button for each repair."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from studio.core.problem import Problem, Repair
from studio.gui import theme
from studio.gui.canvas import lettering
from studio.gui.canvas.geometry import Rect
from studio.gui.canvas.lens import Lens
from studio.gui.canvas.overlay import Overlay, Target, paint_button
from studio.gui.icons import draw_icon
from studio.gui.style.measures import BUTTON_HEIGHT, CARD_GAP, CARD_PADDING, RADIUS_CARD
from studio.gui.style.tokens import Theme

PADDING, TEXT_LEFT = 16.0, 40.0
NARROWEST, WIDEST = 240.0, 460.0
POINTER, GAP = 12.0, 24.0
EDGE = 16.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of a callout lie, from its corner."""

    width: float
    height: float
    title: QRectF
    detail: QRectF
    buttons: tuple[QRectF, ...]


def sentences(problem: Problem) -> tuple[str, str]:
    """The headline, which names the node, and what follows it."""
    first, rest = re.fullmatch(r"(.+?)(?:[.:] (.*)|\.?)", problem.message, re.DOTALL).groups("")  # type: ignore[union-attr]
    names = "→" in rest  # which are written as they are
    return f"{problem.node}: {first}" if problem.node else first, rest if names else rest[:1].upper() + rest[1:]


def lay_out(problem: Problem, room: float) -> Layout:
    """Sizes of a callout that may be so wide."""
    title, detail = sentences(problem)
    labels = tuple(repair.label for repair in problem.repairs)
    widest = min(WIDEST, room)
    wanted = max(
        lettering.width(title, "title"),
        lettering.width(detail, "label"),
        sum(_button_width(label) + CARD_GAP for label in labels) - CARD_GAP,
    )
    width = min(max(NARROWEST, wanted + TEXT_LEFT + PADDING + 1), widest)
    inside = width - TEXT_LEFT - PADDING
    title_rect = QRectF(TEXT_LEFT, PADDING - 3, inside, _height(title, "title", inside) + 4)
    y = title_rect.bottom()
    detail_rect = QRectF(TEXT_LEFT, y + 4, inside, _height(detail, "label", inside) + 4 if detail else 0.0)
    y = detail_rect.bottom() if detail else y
    buttons = _place_buttons(labels, width, y + CARD_PADDING)
    bottom = max((rect.bottom() for rect in buttons), default=y)
    return Layout(width, bottom + PADDING - (0 if buttons else 3), title_rect, detail_rect, buttons)


def _place_buttons(labels: tuple[str, ...], width: float, top: float) -> tuple[QRectF, ...]:
    """Buttons side by side, in as many lines as they need."""
    placed: list[QRectF] = []
    x, y = TEXT_LEFT, top
    for label in labels:
        wide = min(_button_width(label), width - TEXT_LEFT - PADDING)
        if x > TEXT_LEFT and x + wide > width - PADDING:
            x, y = TEXT_LEFT, y + BUTTON_HEIGHT + CARD_GAP
        placed.append(QRectF(x, y, wide, BUTTON_HEIGHT))
        x += wide + CARD_GAP
    return tuple(placed)


def _button_width(label: str) -> float:
    return round(lettering.width(label, "button")) + 2.0 * CARD_PADDING


def _height(text: str, style: str, width: float) -> float:
    flags = int(Qt.TextFlag.TextWordWrap)
    return lettering.metrics(style).boundingRect(QRectF(0, 0, width, 1e4), flags, text).height()


class Callout(Overlay):
    """Shows one problem at the node it belongs to."""

    def __init__(self, lens: Lens, choose: Callable[[Repair], object]) -> None:
        self._lens, self._choose = lens, choose
        self._problem: Problem | None = None
        self._node: Rect = (0.0, 0.0, 0.0, 0.0)
        self.focused: int | None = None
        """Which button has the keyboard."""

    @property
    def problem(self) -> Problem | None:
        return self._problem

    def show(self, problem: Problem | None, node: Rect = (0.0, 0.0, 0.0, 0.0)) -> bool:
        """Show a problem at a node's rectangle in the scene, or none; answers whether anything changed."""
        before, self._problem, self._node = (self._problem, self._node), problem, node
        if problem != before[0]:
            self.focused = None
        return (problem, node) != before

    def area(self) -> QRectF | None:
        """The card with its pointer; None where there is nothing to say or the node is out of view."""
        card = self._card()
        return card.adjusted(-2, -POINTER - 2, 2, POINTER + 2) if card is not None else None

    def targets(self) -> list[Target]:
        card, problem = self._card(), self._problem
        if card is None or problem is None:
            return []
        places = self._layout(problem).buttons
        return [
            Target(rect.translated(card.topLeft()), repair.label, partial(self._choose, repair))
            for rect, repair in zip(places, problem.repairs, strict=True)
        ]

    def holds(self, at: QPointF) -> bool:
        """Whether a point of the view lies on the card, or on the way to it from its node."""
        card = self._card()
        return card is not None and card.adjusted(-2, -GAP, 2, GAP).contains(at)

    def pointed(self, at: QPointF | None) -> Repair | None:
        """The repair whose button has the pointer or the keyboard."""
        card, problem = self._card(), self._problem
        if card is None or problem is None:
            return None
        places = [rect.translated(card.topLeft()) for rect in self._layout(problem).buttons]
        under = (index for index, rect in enumerate(places) if at is not None and rect.contains(at))
        index = next(under, self.focused)
        return problem.repairs[index] if index is not None and index < len(problem.repairs) else None

    def step(self, by: int) -> bool:
        """Move the keyboard from button to button; answers whether there is any."""
        count = len(self.targets())
        if count:
            self.focused = 0 if self.focused is None else (self.focused + by) % count
        return count > 0

    def press_focused(self) -> bool:
        targets = self.targets()
        if self.focused is None or self.focused >= len(targets):
            return False
        targets[self.focused].press()
        return True

    def paint(self, painter: QPainter, hovered: QPointF | None) -> None:
        card, problem = self._card(), self._problem
        if card is None or problem is None:
            return
        colors, layout = theme.current(), self._layout(problem)
        painter.setPen(QPen(colors.problem, 1))
        painter.setBrush(colors.problem_bg)
        painter.drawPath(self._outline(card))
        painter.save()
        painter.translate(card.topLeft())
        self._words(painter, problem, layout, colors)
        painter.restore()
        for index, target in enumerate(self.targets()):
            is_hovered = hovered is not None and target.rect.contains(hovered)
            paint_button(painter, target, colors, primary=index == 0, hovered=is_hovered, focused=index == self.focused)

    def _words(self, painter: QPainter, problem: Problem, layout: Layout, colors: Theme) -> None:
        title, detail = sentences(problem)
        draw_icon(painter, "warning", QRectF(PADDING, PADDING - 2, 16, 16), colors.problem)
        wrap = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop)
        painter.setFont(lettering.font("title"))
        painter.setPen(colors.text1)
        painter.drawText(layout.title, wrap, title)
        painter.setFont(lettering.font("label"))
        painter.setPen(colors.text2)
        painter.drawText(layout.detail, wrap, detail)

    def _layout(self, problem: Problem) -> Layout:
        return lay_out(problem, self._lens.room[0] - 2 * EDGE)

    def _card(self) -> QRectF | None:
        """Below the node, above it where there is no room below, or over it with its buttons in view."""
        if self._problem is None:
            return None
        x, y, width, height = self._node_in_room()
        view_width, view_height = self._lens.room
        if x > view_width or y > view_height or x + width < 0 or y + height < 0:
            return None
        layout = self._layout(self._problem)
        left = min(max(x + width / 2 - layout.width / 2, EDGE), view_width - EDGE - layout.width)
        top = y + height + GAP
        if top + layout.height > view_height - EDGE:
            above = y - GAP - layout.height
            top = above if above > EDGE else view_height - EDGE - layout.height
        return QRectF(round(left) + 0.5, round(top) + 0.5, layout.width, layout.height)

    def _node_in_room(self) -> Rect:
        """Where the node lies, in the pixels of what lies over the graph."""
        x, y, width, height = self._lens.camera.rect_to_view(self._node)
        unit = self._lens.camera.unit
        return x / unit, y / unit, width / unit, height / unit

    def _outline(self, card: QRectF) -> QPainterPath:
        """The card with a pointer to the middle of its node."""
        x, y, width, _ = self._node_in_room()
        tip = min(max(x + width / 2, card.left() + 24), card.right() - 24)
        below = card.top() > y
        edge, reach = (card.top(), card.top() - POINTER) if below else (card.bottom(), card.bottom() + POINTER)
        body, pointer = QPainterPath(), QPainterPath()
        body.addRoundedRect(card, RADIUS_CARD, RADIUS_CARD)
        inside = edge + (1 if below else -1)
        pointer.moveTo(tip - POINTER, inside)
        pointer.lineTo(tip, reach)
        pointer.lineTo(tip + POINTER, inside)
        pointer.closeSubpath()
        return body.united(pointer)
