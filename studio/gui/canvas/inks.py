"""The colours that nodes wear: those of their families, of what they cost, or of how they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from studio.compiler.results import NodeResult
from studio.gui.canvas.card import Subject
from studio.gui.canvas.look import ColorBy
from studio.gui.canvas.rows import FAMILY_NAMES, NodeRows
from studio.gui.canvas.states import PLAIN, STATES, states
from studio.gui.pictures import cividis
from studio.gui.style.tokens import FAMILIES, Theme, mix

LEVELS = 16
"""Steps of the scale for what nodes cost."""
LEAST_CONTRAST = 3.0
NOTHING_SHARE = 0.55
"""How much is left of a line's colour on what costs nothing, so that it is not taken for a step of the scale."""
TITLES: dict[ColorBy, str] = {
    "family": "Family",
    "multiply_adds": "Multiply-adds",
    "weights": "Weights",
    "state": "State",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry of a legend: a colour, never alone."""

    color: QColor
    text: str
    icon: str = ""


@dataclass(frozen=True)
class Inks:
    """A table of colours, and for every row of nodes which of them it wears.

    ``icons`` stand beside the colours where a node is large enough from afar, ``notes`` on the nodes from near.
    """

    title: str
    colors: tuple[QColor, ...]
    icons: tuple[str, ...]
    index: NDArray[np.integer]
    notes: Mapping[int, str]
    legend: tuple[Mark, ...] = ()
    is_scale: bool = False
    """Whether the legend is a scale from its first mark to its last."""

    def color(self, row: int) -> QColor:
        return self.colors[int(self.index[row])]

    def note(self, row: int) -> tuple[str, str]:
        """What the colour of a node says: an icon ("" for none) and a few letters, "" where the family says it."""
        text = self.notes.get(row, "")
        return (self.icons[int(self.index[row])] if text else ""), text


class Coloring:
    """Keeps the colours of rows until what they are made from is another."""

    def __init__(self) -> None:
        self._kept: tuple[Subject, tuple[object, ...], Inks] | None = None

    def inks(self, subject: Subject, nodes: NodeRows, colors: ColorBy, theme: Theme) -> Inks | None:
        """The colours of all rows; None where the families give them."""
        if colors == "family":
            return None
        key = colors, theme.name, len(nodes.family)
        if self._kept is None or self._kept[0] is not subject or self._kept[1] != key:
            self._kept = subject, key, inks_of(subject, nodes, colors, theme)
        return self._kept[2]


def family_inks(nodes: NodeRows, theme: Theme) -> Inks:
    """Every node in the colour of its family."""
    colors = tuple(theme.family(name) for name in FAMILY_NAMES)
    icons = tuple(FAMILIES[name].icon if name else "" for name in FAMILY_NAMES)
    return Inks(TITLES["family"], colors, icons, nodes.family, {})


def inks_of(subject: Subject, nodes: NodeRows, colors: ColorBy, theme: Theme) -> Inks:
    """The colours of all rows, by what they shall say."""
    if colors == "state":
        return _state_inks(subject, nodes, theme)
    if colors == "family":
        return family_inks(nodes, theme)
    return _cost_inks(subject, nodes, colors, theme)


def _cost_inks(subject: Subject, nodes: NodeRows, colors: ColorBy, theme: Theme) -> Inks:
    """Nodes on a scale, by their share of what the whole graph costs."""
    shares = shares_of({name: _cost(subject.found(name), colors) for name in nodes.row})
    most = max(shares.values(), default=0.0)
    index = np.zeros(len(nodes.family), np.int16)
    for name, share in shares.items():
        index[nodes.row[name]] = 1 + round((LEVELS - 1) * share / most) if share > 0 else 0
    steps = scale(theme)
    notes = {nodes.row[name]: percent(share) for name, share in shares.items() if share > 0}
    nothing = mix(theme.canvas, theme.line_strong, NOTHING_SHARE)
    legend = (Mark(nothing, "none"), *(Mark(step, "") for step in steps[:-1]), Mark(steps[-1], percent(most)))
    icons = ("",) * (LEVELS + 1)
    return Inks(TITLES[colors], (nothing, *steps), icons, index, notes, legend, is_scale=True)


def _cost(found: NodeResult | None, colors: ColorBy) -> int:
    if found is None:
        return 0
    return found.weight_count if colors == "weights" else found.multiply_adds


def shares_of(costs: Mapping[str, int]) -> dict[str, float]:
    """Each cost as a part of all of them, from 0 to 1."""
    whole = sum(costs.values())
    return {name: cost / whole if whole else 0.0 for name, cost in costs.items()}


def percent(share: float) -> str:
    """A share in words: ``0.4 %``, ``12 %``; what is there at all is never written as nothing."""
    hundredths = share * 100
    if 0 < hundredths < 0.1:
        return "< 0.1 %"
    return f"{hundredths:.1f} %" if 0 < hundredths < 10 else f"{hundredths:.0f} %"


@cache
def scale(theme: Theme) -> tuple[QColor, ...]:
    """The steps of cividis that are seen on the canvas, from what is least seen to what is most seen."""
    table = [QColor(*rgb) for rgb in cividis().tolist()]
    table = table if theme.is_dark else table[::-1]
    start = next(at for at, color in enumerate(table) if contrast(color, theme.canvas) >= LEAST_CONTRAST)
    return tuple(table[round(start + (len(table) - 1 - start) * step / (LEVELS - 1))] for step in range(LEVELS))


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of WCAG 2."""
    low, high = sorted(_luminance(color) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _state_inks(subject: Subject, nodes: NodeRows, theme: Theme) -> Inks:
    """Nodes by the state that matters most, which is named on them."""
    found = states(subject)
    index = np.zeros(len(nodes.family), np.int16)
    for name, row in nodes.row.items():
        index[row] = found.get(name, 0)
    colors = tuple(theme.named(state.color) for state in STATES)
    notes = {row: STATES[int(index[row])].title for row in nodes.row.values() if index[row] != PLAIN}
    there = sorted(set(index[list(nodes.row.values())].tolist())) if nodes.row else []
    legend = tuple(Mark(colors[at], STATES[at].title, STATES[at].icon) for at in there)
    return Inks(TITLES["state"], colors, tuple(state.icon for state in STATES), index, notes, legend)
