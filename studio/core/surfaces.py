"""Errors of two weights, small enough to be seen whole: on them one learns how optimizers find their way down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Surface:
    """An error over two weights, computed alike from numbers, arrays and tensors; ``bounds`` is left, right, bottom,
    top, and ``start`` where a way begins that shows what there is to learn.
    """

    title: str
    lesson: str
    error: Callable[[Any, Any], Any]
    bounds: tuple[float, float, float, float]
    start: tuple[float, float]


def valley(first: Any, second: Any) -> Any:
    return 0.5 * (first**2 + 20 * second**2)


def bend(first: Any, second: Any) -> Any:
    return 0.25 * (1 - first) ** 2 + 2.5 * (second - first**2) ** 2


def saddle(first: Any, second: Any) -> Any:
    return 0.5 * first**2 - 0.5 * second**2 + 0.125 * second**4 + 0.5


def hollows(first: Any, second: Any) -> Any:
    return 0.5 * (first**2 - 1) ** 2 + 0.25 * first + 0.5 * second**2 + 0.26


SURFACES = {
    "valley": Surface(
        "Narrow valley",
        "The gradient points across the valley, hardly along it: steps zig-zag, and larger ones climb out. Momentum "
        "adds up what lasts and cancels what changes sign.",
        valley,
        (-4.5, 1.5, -2.2, 2.2),
        (-4.0, 1.0),
    ),
    "bend": Surface(
        "Valley with a bend",
        "Rosenbrock's function: down into the valley is quick, along its flat floor is slow.",
        bend,
        (-1.8, 1.8, -0.8, 2.4),
        (-1.4, 1.6),
    ),
    "saddle": Surface(
        "Saddle",
        "Near the saddle the slope is next to nothing. What still has momentum crosses it soon.",
        saddle,
        (-2.2, 2.2, -2.2, 2.2),
        (-1.8, 0.01),
    ),
    "hollows": Surface(
        "Two hollows",
        "The left hollow is the deeper one. Enough momentum rolls through the shallow one, else the way ends there.",
        hollows,
        (-1.9, 2.1, -1.4, 1.4),
        (1.9, 1.0),
    ),
}
