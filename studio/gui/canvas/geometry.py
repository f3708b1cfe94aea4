"""Where the parts of a node lie, and what lies under a point. Plain functions on numbers; no widget is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil, hypot

from studio.gui.canvas.card import Card, PortMark
from studio.gui.style.measures import CARD_PADDING, GRID

Point = tuple[float, float]
Rect = tuple[float, float, float, float]
"""Left, top, width, height, in pixels at 100 %."""

NARROWEST, WIDEST = 96, 216
HEADER, ROW, ROWS_PADDING, FOOTER = 32, 20, 4, 28
TITLE_LEFT = 36
TILE, TILE_GAP, TILE_PADDING, STRIP = 28, 6, 9, 42
TILE_TOP = 4
"""Space between the rows of a node and the pictures on it."""
MOST_TILES = 6
PORT_Y, PORT_STEP, PORT_ROWS_PADDING = 16, 34, 6
PORT_RADIUS, PORT_RING = 5.0, 2.0
REACH = 14.0
CHIP_PADDING, CHIP_MARGIN = 8.0, 12.0
"""Space at the sides of the shape on a link; and how much of the link has to show beside it."""
OUTLINE = 1.5
"""How wide the line around a node is at most."""
STACK = 6
"""How far each card behind a block stands out, to the right and up."""
OVERHANG = 14.0
"""How far anything of a node may reach over its rectangle: ports, cards behind, shadow, the selected outline."""

Style = str
Measure = Callable[[str, Style], float]
"""Width of a text in the style "title", "label", "value", "hint" or "shape"."""


@dataclass(frozen=True, slots=True)
class Box:
    """Size of a node, where its ports sit and where its parts begin, from its own corner."""

    width: float
    height: float
    inputs: tuple[Point, ...]
    outputs: tuple[Point, ...]
    rows_top: float
    strip_top: float
    footer_top: float
    """At the bottom where the node has no footer."""


@dataclass(frozen=True, slots=True)
class PlacedPort:
    """A port and where its centre lies."""

    node: str
    port: str
    is_output: bool
    center: Point


def box_of(card: Card, measure: Measure) -> Box:
    """The size of a node and the places of its parts."""
    width = min(max(GRID * ceil(_content_width(card, measure) / GRID), NARROWEST), WIDEST)
    if tiles := min(max(card.strip, card.maps), MOST_TILES):
        width = max(width, GRID * ceil((tiles * (TILE + TILE_GAP) - TILE_GAP + 2 * TILE_PADDING) / GRID))
    step = 0 if card.collapsed else PORT_STEP
    port_rows = max(len(card.inputs), len(card.outputs), 1) - 1
    rows_top = HEADER + (port_rows * PORT_STEP + PORT_ROWS_PADDING if port_rows and not card.collapsed else 0)
    strip_top = rows_top + (len(card.rows) * ROW + 2 * ROWS_PADDING if card.rows else 0)
    footer_top = strip_top + (STRIP if card.strip else 0)
    return Box(
        width=float(width),
        height=float(footer_top + (FOOTER if has_footer(card) else 0)),
        inputs=tuple((0.0, float(PORT_Y + index * step)) for index in range(len(card.inputs))),
        outputs=tuple((float(width), float(PORT_Y + index * step)) for index in range(len(card.outputs))),
        rows_top=float(rows_top),
        strip_top=float(strip_top),
        footer_top=float(footer_top),
    )


def has_footer(card: Card) -> bool:
    """Whether there is room for shape and weights: not on nodes that are only their header."""
    return bool(card.rows or card.weights or card.strip) and not card.collapsed


def _content_width(card: Card, measure: Measure) -> float:
    """What the widest line of the card takes."""
    marks = 24 * (card.problem + card.shared) + (44 if card.repeat > 1 else 0)
    type_width = measure(card.type_text, "hint") + 12 if card.type_text else 0
    lines = [TITLE_LEFT + measure(card.title, "title") + max(type_width, marks) + CARD_PADDING]
    lines += [measure(label, "label") + measure(value, "value") + 16 + 2 * CARD_PADDING for label, value in card.rows]
    if has_footer(card):
        weights = measure(weights_text(card), "hint") + 16 if card.weights else 0
        lines.append(measure(card.shape, "shape") + weights + 2 * CARD_PADDING)
    return max(lines)


def weights_text(card: Card) -> str:
    """Weights in words; of a block only the number, which is long."""
    return f"{card.weights:,}" if card.stacked or not card.weights else f"{card.weights:,} weights"


def chip_width(text: str, measure: Measure) -> float:
    """How much of a link its shape hides."""
    return measure(text, "shape") + 2 * CHIP_PADDING


def placed_ports(name: str, card: Card, box: Box, at: Point) -> list[PlacedPort]:
    """The ports of a node that stands at a point."""
    sides: tuple[tuple[tuple[PortMark, ...], tuple[Point, ...], bool], ...] = (
        (card.inputs, box.inputs, False),
        (card.outputs, box.outputs, True),
    )
    return [
        PlacedPort(name, mark.name, is_output, (at[0] + offset[0], at[1] + offset[1]))
        for marks, offsets, is_output in sides
        for mark, offset in zip(marks, offsets, strict=True)
    ]


def port_under(point: Point, ports: Iterable[PlacedPort], reach: float = REACH) -> PlacedPort | None:
    """The nearest port within reach, so that links snap before the pointer is exact."""
    near = [port for port in ports if distance(port.center, point) <= reach]
    return min(near, key=lambda port: distance(port.center, point), default=None)


def distance(a: Point, b: Point) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])


def contains(rect: Rect, point: Point) -> bool:
    return rect[0] <= point[0] <= rect[0] + rect[2] and rect[1] <= point[1] <= rect[1] + rect[3]


def grown(rect: Rect, by: float) -> Rect:
    return rect[0] - by, rect[1] - by, rect[2] + 2 * by, rect[3] + 2 * by


def spanned(a: Point, b: Point) -> Rect:
    """The rectangle between two corners, whichever they are."""
    return min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1])


def united(rects: Iterable[Rect]) -> Rect | None:
    """The smallest rectangle that holds all of them; None where there is none."""
    corners = [(x, y, x + width, y + height) for x, y, width, height in rects]
    if not corners:
        return None
    lefts, tops, rights, bottoms = zip(*corners, strict=True)
    return min(lefts), min(tops), max(rights) - min(lefts), max(bottoms) - min(tops)


def snapped(point: Point) -> Point:
    """The nearest point of the grid."""
    return float(GRID * round(point[0] / GRID)), float(GRID * round(point[1] / GRID))
