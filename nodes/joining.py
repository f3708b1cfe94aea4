"""What values must have in common where they meet, and what is said where they do not."""

from __future__ import annotations

from dataclasses import replace

from studio.core.bridges import bridges, of_one_kind
from studio.core.problem import Insert, LinkTo, Match, Mismatch
from studio.core.shape import AXIS_NAMES, Shape, describe, numbers


def first_of(values: tuple[Shape, ...]) -> Shape:
    """The first value, after a look at all. Raises Mismatch where there is none, or one that is no number."""
    if not values:
        raise Mismatch("Nothing arrives yet: link two or more values to it.", "values", (LinkTo(),))
    for index, value in enumerate(values):
        numbers(value, "values", index)
    return values[0]


def alike(values: tuple[Shape, ...]) -> Shape:
    """The shape that all have. Raises Mismatch where one differs."""
    first = first_of(values)
    for index, other in enumerate(values[1:], 1):
        if (other.axes, other.sizes) != (first.axes, first.sizes):
            raise clash(first, other, index)
    return first


def stretched(values: tuple[Shape, ...]) -> Shape:
    """The shape of values that meet number by number, where a size of 1 is stretched to the size it meets.

    Raises Mismatch where two sizes do not go together.
    """
    first = found = first_of(values)
    for index, other in enumerate(values[1:], 1):
        if other.axes != found.axes:
            raise clash(first, other, index)
        pairs = list(zip(found.sizes, other.sizes, strict=True))
        if any(a != b and 1 not in (a, b) for a, b in pairs):
            raise clash(found, other, index)
        found = found.resized(*(b if a == 1 else a for a, b in pairs))
    return found


def met(first: Shape, second: Shape, ports: tuple[str, str], *, stretch: bool = True) -> Shape:
    """The shape of values that meet number by number at two ports. Raises Mismatch at the second port."""
    numbers(first, ports[0])
    numbers(second, ports[1])
    try:
        return (stretched if stretch else alike)((first, second))
    except Mismatch as error:
        found = (each for each in error.repairs if isinstance(each, Insert | Match) and each.index == 1)
        raise Mismatch(error.message, ports[1], tuple(replace(each, index=0) for each in found)) from None


def clash(first: Shape, other: Shape, index: int, ignoring: int = -1) -> Mismatch:
    """Two shapes that do not go together, said in words, with what would bring them together."""
    if first.axes != other.axes:
        message = f"{describe(first).capitalize()} meets {describe(other)}: both must be of one kind."
        return Mismatch(message, "values", tuple(of_one_kind(first, other, index)))
    pairs = enumerate(zip(first.axes, first.sizes, other.sizes, strict=True))
    unequal = [AXIS_NAMES.get(axis, axis) for at, (axis, a, b) in pairs if a != b and at != ignoring]
    repairs = tuple(bridges(first, other, index, ignoring))
    return Mismatch(f"{first} meets {other}: all inputs need the same {' and '.join(unequal)}.", "values", repairs)
