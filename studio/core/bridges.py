"""Nodes that bring two values together which meet with different sizes or of different kinds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod

from studio.core.problem import Insert, Match, Suggestion
from studio.core.shape import Shape, Size

Sides = tuple[int, ...]


def bridges(first: Shape, other: Shape, index: int, ignoring: int = -1) -> Iterator[Suggestion]:
    """What gives one of two values the shape of the other; along the axis ``ignoring`` they may differ."""
    ways = ((first, _goal(first, other, ignoring), 0), (other, _goal(other, first, ignoring), index))
    if first.axes == ("C", "H", "W"):
        yield from _between_images(ways)
    elif first.axes[-1:] == ("D",) and _alike(first.sizes[:-1], other.sizes[:-1], ignoring):
        yield from _between_features(ways)


def of_one_kind(first: Shape, other: Shape, index: int) -> Iterator[Insert]:
    """What makes one of two values of the other's kind, where both have the same size then."""
    for source, goal, at in ((first, other, 0), (other, first, index)):
        match (source.kind, goal.kind):
            case ("image", "vector") if source.sizes[0] == goal.sizes[0]:
                yield Insert("GlobalAvgPool2d", "Insert global average pooling", index=at)
            case ("sequence", "vector") if source.sizes[-1] == goal.sizes[-1]:
                yield Insert("TokenMean", "Insert the mean over all tokens", index=at)
            case ("signal", "sequence") | ("sequence", "signal") if source.sizes == goal.sizes[::-1]:
                yield Insert("Permute", "Insert Permute", index=at)
            case (_, "vector") if source.sizes and source.dtype == "float" and prod(_known(source)) == goal.sizes[0]:
                yield Insert("Flatten", "Insert Flatten", index=at)


Way = tuple[Shape, Shape, int]
"""A value, the shape that it should have, and at which link it arrives."""


def _goal(source: Shape, other: Shape, ignoring: int) -> Shape:
    """The other's shape, but for the axis along which they may differ."""
    pairs = enumerate(zip(source.sizes, other.sizes, strict=True))
    return source.resized(*(own if at == ignoring else wanted for at, (own, wanted) in pairs))


def _alike(sizes: tuple[Size, ...], others: tuple[Size, ...], ignoring: int) -> bool:
    return all(a == b or at == ignoring for at, (a, b) in enumerate(zip(sizes, others, strict=True)))


def _between_features(ways: tuple[Way, Way]) -> Iterator[Suggestion]:
    if all(isinstance(way[0].sizes[-1], int) for way in ways):
        source, goal, index = min(ways, key=lambda way: way[0].features)
        label = f"Insert Linear, {source.features} → {goal.features}"
        yield Insert("Linear", label, {"features": goal.features}, index)
        yield from (Match(goal.features, at) for _, goal, at in ways)


def _between_images(ways: tuple[Way, Way]) -> Iterator[Suggestion]:
    ordered = sorted(ways, key=lambda way: _breadth(way[0]))
    yield from [found for way in ordered if (found := _convolution(*way))][:1]
    (first, _, _), (other, goal, _) = ways
    if other.sizes[1:] == goal.sizes[1:]:
        yield from (Match(goal.channels, at) for _, goal, at in ways)
        return
    if len(_known(first)) == len(_known(other)) == 3:
        yield from (_with_channels(*ways[1], found) for found in _resized(*ways[1]))
        for way in ordered:
            yield from (_with_channels(*way, found) for found in (*_cropped(*way), *_padded(*way)))


def _breadth(shape: Shape) -> tuple[int, int]:
    """Sorts the image first that should be changed: the larger, and of two alike the one with fewer channels."""
    return -prod(size for size in shape.sizes[1:] if isinstance(size, int)), shape.channels


def _convolution(source: Shape, goal: Shape, index: int) -> Insert | None:
    """The 1×1 convolution, with a stride where it must shrink, that leads from one image to the other."""
    sides = [side for side in (*source.sizes[1:], *goal.sizes[1:]) if isinstance(side, int)]
    stride = -(-sides[0] // sides[2]) if len(sides) == 4 else 1
    shrunk = tuple((side - 1) // stride + 1 if isinstance(side, int) else side for side in source.sizes[1:])
    if shrunk != goal.sizes[1:]:
        return None
    step = {"stride": stride} if stride > 1 else {}
    label = f"Insert 1×1 convolution, {source.channels} → {goal.channels}{f', stride {stride}' if step else ''}"
    return Insert("Conv2d", label, {"filters": goal.channels, "kernel": 1, **step}, index)


def _with_channels(source: Shape, goal: Shape, index: int, insert: Insert) -> Insert:
    """The change of size, with a 1×1 convolution behind it where the channels differ too."""
    if source.channels == goal.channels:
        return insert
    label = f"{insert.label} and 1×1 convolution, {source.channels} → {goal.channels}"
    return replace(insert, label=label, then=Insert("Conv2d", "", {"filters": goal.channels, "kernel": 1}))


def _resized(source: Shape, goal: Shape, index: int) -> Iterator[Insert]:
    sides = _known(goal)[1:]
    yield Insert("Resize", f"Insert Resize to {sides[0]}×{sides[1]}", {"size": sides}, index)


def _cropped(source: Shape, goal: Shape, index: int) -> Iterator[Insert]:
    """Cut off what stands over, on both sides alike."""
    over = _difference(source, goal)
    if min(over) >= 0:
        yield Insert("Crop2d", f"Crop to {goal.sizes[1]}×{goal.sizes[2]}", _borders(over), index)


def _padded(source: Shape, goal: Shape, index: int) -> Iterator[Insert]:
    """Put zeros around the smaller, where that is not most of the image."""
    lacking = _difference(goal, source)
    if min(lacking) >= 0 and all(less <= side for less, side in zip(lacking, _known(source)[1:], strict=True)):
        yield Insert("Pad2d", f"Pad to {goal.sizes[1]}×{goal.sizes[2]}", _borders(lacking), index)


def _difference(larger: Shape, smaller: Shape) -> Sides:
    return tuple(a - b for a, b in zip(_known(larger)[1:], _known(smaller)[1:], strict=True))


def _borders(pixels: Sides) -> dict[str, int]:
    """The pixels shared out between both sides."""
    height, width = pixels
    return {"top": height // 2, "bottom": height - height // 2, "left": width // 2, "right": width - width // 2}


def _known(shape: Shape) -> Sides:
    return tuple(size for size in shape.sizes if isinstance(size, int))
