"""Axes by the names that people give them, and the shapes that are left when one goes or comes."""

from __future__ import annotations

from typing import Literal

from studio.core.problem import Assign, Mismatch
from studio.core.shape import AXIS_NAMES, Dtype, Shape, Size, describe

AxisName = Literal["features", "length", "depth", "height", "width"]
"""What the settings of nodes call an axis; features means channels as well."""


def axis_name(axis: str) -> str:
    """What settings call an axis; empty for one that they do not know."""
    return "features" if axis == "C" else AXIS_NAMES.get(axis, "")


def named_axes(shape: Shape) -> tuple[str, ...]:
    """The axes of a value that settings can name, each once."""
    return tuple(dict.fromkeys(name for name in map(axis_name, shape.axes) if name))


def place_of(shape: Shape, name: str, port: str, setting: str = "axis") -> int:
    """Position of the axis of this name. Raises Mismatch where there is none; repairs change ``setting``."""
    names = [axis_name(axis) for axis in shape.axes]
    if shape.batched and name in names:
        return names.index(name)
    repairs = tuple(Assign(setting, known, f"Set {setting} to {known}") for known in named_axes(shape))
    raise Mismatch(f"{describe(shape).capitalize()} has no {name}.", port, repairs if shape.batched else ())


def without(shape: Shape, *places: int, dtype: Dtype | None = None) -> Shape:
    """The shape that is left when these axes are gone, called by the nearest kind that people know."""
    kept = [at for at in range(len(shape.axes)) if at not in places]
    sizes = tuple(shape.sizes[at] for at in kept)
    axes = tuple(shape.axes[at] for at in kept)
    dtype = dtype or shape.dtype
    if dtype == "float":
        axes = _LEFT.get(axes, axes)
        axes = ("D",) if axes == ("T",) and isinstance(sizes[0], int) else axes
    return Shape(axes, sizes, dtype)


def grown(shape: Shape, name: str, size: Size, port: str) -> tuple[Shape, int]:
    """The shape with a further axis, and where that stands. Raises Mismatch where no kind has such axes."""
    if (found := _GROWN.get((shape.axes, name))) is not None:
        axes, at = found
        return Shape(axes, (*shape.sizes[:at], size, *shape.sizes[at:]), shape.dtype), at
    fitting = [known for axes, known in _GROWN if axes == shape.axes]
    repairs = tuple(Assign("axis", known, f"Set axis to {known}") for known in fitting)
    raise Mismatch(f"No kind of value is {describe(shape)} with a further {name}.", port, repairs)


_LEFT: dict[tuple[str, ...], tuple[str, ...]] = {
    ("C",): ("D",),
    ("C", "H"): ("C", "L"),
    ("C", "W"): ("C", "L"),
    ("C", "Z"): ("C", "L"),
    ("C", "Z", "H"): ("C", "H", "W"),
    ("C", "Z", "W"): ("C", "H", "W"),
}
"""What a person calls axes from whose middle one was taken."""

_GROWN: dict[tuple[tuple[str, ...], str], tuple[tuple[str, ...], int]] = {
    ((), "features"): (("D",), 0),
    (("D",), "length"): (("T", "D"), 0),
    (("D",), "features"): (("T", "D"), 1),
    (("T",), "features"): (("T", "D"), 1),
    (("C", "L"), "height"): (("C", "H", "W"), 1),
    (("C", "L"), "width"): (("C", "H", "W"), 2),
    (("H", "W"), "features"): (("C", "H", "W"), 0),
    (("C", "H", "W"), "depth"): (("C", "Z", "H", "W"), 1),
    (("Z", "H", "W"), "features"): (("C", "Z", "H", "W"), 0),
}
"""The axes of a value by those it had and the one that comes, and where that stands."""
