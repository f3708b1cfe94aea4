"""How many places a sliding window finds along the axes of a value, whose sizes are numbers or symbols."""

from __future__ import annotations

import re
from functools import lru_cache

from studio.core.problem import Assign, Mismatch
from studio.core.shape import Size

PerAxis = int | tuple[int, ...]
"""One number for all axes, or one for each."""


def per_axis(value: PerAxis, count: int) -> tuple[int, ...]:
    """The value of each of so many axes."""
    return value if isinstance(value, tuple) else (value,) * count


@lru_cache(maxsize=4096)
def places(
    sizes: tuple[Size, ...],
    window: PerAxis,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    *,
    ceil: bool = False,
    setting: str = "kernel",
) -> tuple[Size, ...]:
    """The sizes that a window leaves. Raises Mismatch where it does not fit once; repairs change ``setting``."""
    count = len(sizes)
    settings = zip(*(per_axis(value, count) for value in (window, stride, padding, dilation)), strict=True)
    try:
        return tuple(_along(size, *row, ceil=ceil) for size, row in zip(sizes, settings, strict=True))
    except _TooLarge as error:
        fitting = _fitting(sizes, window, per_axis(padding, count), per_axis(dilation, count))
        repairs = (Assign(setting, fitting, f"Set {setting} to {shown(fitting)}"),) if fitting else ()
        raise Mismatch(f"A window of {error.reach} does not fit into {error.room} pixels.", None, repairs) from None


def shown(value: PerAxis) -> str:
    """The value as a person writes it: ``3`` or ``3×5``."""
    return "×".join(map(str, value)) if isinstance(value, tuple) else str(value)


def short(value: PerAxis) -> PerAxis:
    """The value as one number where all axes have the same."""
    return value[0] if isinstance(value, tuple) and len(set(value)) == 1 else value


class _TooLarge(Exception):
    """A window that is larger than what it should slide over."""

    def __init__(self, reach: int, room: int) -> None:
        super().__init__(reach, room)
        self.reach, self.room = reach, room


def _along(size: Size, window: int, stride: int, padding: int, dilation: int, *, ceil: bool) -> Size:
    """Places along one axis."""
    reach = dilation * (window - 1) + 1
    if isinstance(size, str):
        return _symbol(size, 2 * padding - reach + stride, stride, ceil=ceil)
    room = size + 2 * padding
    if reach > room:
        raise _TooLarge(reach, room)
    found = (room - reach) // stride + 1
    # A last window that hangs over counts only where it begins inside the value or its left padding, as in PyTorch.
    return found + 1 if ceil and (room - reach) % stride and found * stride < size + padding else found


def _symbol(size: str, shift: int, stride: int, *, ceil: bool) -> str:
    """⌊(size + shift) / stride⌋ in the shortest words: ``T``, ``T-4``, ``⌊T/2⌋``."""
    moved = shifted(size, shift)
    if stride == 1:
        return moved
    inner = moved if moved == size and size.isidentifier() else f"({moved})"
    return f"⌈{inner}/{stride}⌉" if ceil else f"⌊{inner}/{stride}⌋"


def shifted(size: str, by: int) -> str:
    """The symbol and so many more: ``T-4``."""
    found = re.fullmatch(r"(.*)([+-]\d+)", size)
    stem, total = (found[1], int(found[2]) + by) if found else (size, by)
    return f"{stem}{total:+d}" if total else stem


def _fitting(
    sizes: tuple[Size, ...], window: PerAxis, padding: tuple[int, ...], dilation: tuple[int, ...]
) -> PerAxis | None:
    """The largest window, not larger than this one, that fits along every axis; None where none does."""
    rows = zip(sizes, per_axis(window, len(sizes)), padding, dilation, strict=True)
    largest = tuple(
        wide if isinstance(size, str) else min(wide, (size + 2 * pad - 1) // gap + 1) for size, wide, pad, gap in rows
    )
    if min(largest) < 1:
        return None
    return largest if isinstance(window, tuple) else min(largest)
