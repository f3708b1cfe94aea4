"""What a thumbnail is drawn from: the few strokes that stand for a network."""

from __future__ import annotations

from dataclasses import dataclass

MOST_DOTS = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """One node: column, row around the middle, height and width from 0 to 1, and its family."""

    column: int
    row: float
    height: float
    width: float
    family: str


@dataclass(frozen=True, slots=True)
class Sketch:
    """Bars, and links between them by index. ``dots`` where each bar is to be drawn as a column of units."""

    bars: tuple[Bar, ...]
    links: tuple[tuple[int, int], ...]
    dots: bool = False

    @property
    def columns(self) -> int:
        return max((bar.column for bar in self.bars), default=-1) + 1


def units(bar: Bar) -> int:
    """How many dots stand for a layer of this height."""
    return max(1, round(bar.height * MOST_DOTS))


@dataclass(frozen=True, slots=True)
class Facts:
    """What a card says of a template: the drawn network, the weights at paper size, and the data it opens with.

    ``figure`` is what it reaches there, and how soon; ``paper`` who published it, and when.
    """

    sketch: Sketch | None
    weights: str
    data: str
    figure: str = ""
    paper: str = ""
