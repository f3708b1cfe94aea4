"""How many places a sliding window finds along the axes of a value, whose sizes are numbers or symbols."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from studio.core.problem import Assign, Mismatch
from studio.core.shape import Size, product

PerAxis = int | tuple[int, ...]
"""One number for all axes, or one for each."""


def per_axis(value: PerAxis, count: int) -> tuple[int, ...]:
    """The value of each of so many axes."""
    return value if isinstance(value, tuple) else (value,) * count


def steps_of(stride: PerAxis, window: PerAxis, count: int) -> tuple[int, ...]:
    """The step along each axis; 0 steps by a whole window."""
    return tuple(step or wide for step, wide in zip(per_axis(stride, count), per_axis(window, count), strict=True))


@dataclass(frozen=True, slots=True)
class Sliding:
    """A window that slides along one axis."""

    size: Size
    window: int
    stride: int
    padding: int
    dilation: int
    ceil: bool
    """Whether a last window that hangs over counts."""

    @property
    def reach(self) -> int:
        """How far the window spreads."""
        return self.dilation * (self.window - 1) + 1

    def places(self) -> Size:
        """How many places it finds. Raises _TooLarge."""
        if isinstance(self.size, str):
            return _symbol(self.size, 2 * self.padding - self.reach + self.stride, self.stride, ceil=self.ceil)
        room = self.size + 2 * self.padding
        if self.reach > room:
            raise _TooLarge(self.reach, room)
        return (room - self.reach) // self.stride + 1 + self._hangs_over(room)

    def _hangs_over(self, room: int) -> bool:
        """Whether a last window that hangs over counts: as in PyTorch it must begin inside the value or its padding."""
        assert isinstance(self.size, int)
        found = (room - self.reach) // self.stride + 1
        begins_inside = found * self.stride < self.size + self.padding
        return self.ceil and bool((room - self.reach) % self.stride) and begins_inside

    def working(self) -> str:
        """The same count as a formula with the numbers filled in: ``⌊(32 + 2·0 - 5) / 1⌋ + 1``."""
        reach = str(self.window) if self.dilation == 1 else f"{self.dilation}·({self.window} - 1) - 1"
        count = rf"\frac{{{self.size} + 2·{self.padding} - {reach}}}{{{self.stride}}}"
        if not self.ceil:
            return rf"\floor{{{count}}} + 1"
        return rf"\ceil{{{count}}} + 1{' - 1' if self._leaves_one_out() else ''}"

    def _leaves_one_out(self) -> bool:
        """Whether rounding up would count a window that begins behind the value."""
        if isinstance(self.size, str) or not self.ceil:
            return False
        room = self.size + 2 * self.padding
        return bool((room - self.reach) % self.stride) and not self._hangs_over(room)

    def rule(self, name: str) -> str:
        """The count in words, with what the window is called."""
        reach = name if self.dilation == 1 else f"dilation·({name} − 1) − 1"
        rounded = ", rounded up" if self.ceil else ""
        outside = "; a window that would begin in the border does not count" if self._leaves_one_out() else ""
        return f"(in + 2·padding − {reach}) / stride + 1{rounded}{outside}"


@dataclass(frozen=True, slots=True)
class Painting:
    """What a transposed convolution, which paints its window at every place, makes of one side."""

    size: Size
    kernel: int
    stride: int
    padding: int
    more: int
    dilation: int

    def size_after(self) -> Size:
        """The side that leaves. Raises Mismatch where nothing would be left."""
        most = max(self.stride, self.dilation) - 1
        if self.more > most:
            raise Mismatch(
                f"Output padding {self.more} must be smaller than the stride {self.stride} or the dilation "
                f"{self.dilation}.",
                repairs=(Assign("output_padding", most, f"Set output padding to {most}"),),
            )
        grown = self.dilation * (self.kernel - 1) + 1 + self.more - self.stride - 2 * self.padding
        if isinstance(self.size, str):
            return shifted(str(product((self.size, self.stride))), grown)
        found = self.size * self.stride + grown
        if found < 1:
            raise Mismatch(
                f"Padding {self.padding} cuts off all {found + 2 * self.padding} pixels.",
                repairs=(Assign("padding", 0, "Set padding to 0"),),
            )
        return found

    def working(self) -> str:
        """The same side as a formula with the numbers filled in."""
        reach = str(self.kernel) if self.dilation == 1 else f"{self.dilation}·({self.kernel} - 1) + 1"
        return f"({self.size} - 1)·{self.stride} - 2·{self.padding} + {reach} + {self.more}"


def slidings(
    sizes: tuple[Size, ...],
    window: PerAxis,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    *,
    ceil: bool = False,
) -> tuple[Sliding, ...]:
    """A window's way along each axis."""
    rows = zip(sizes, *(per_axis(value, len(sizes)) for value in (window, stride, padding, dilation)), strict=True)
    return tuple(Sliding(size, wide, step, pad, gap, ceil) for size, wide, step, pad, gap in rows)


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
    border: str = "",
) -> tuple[Size, ...]:
    """The sizes that a window leaves. Raises Mismatch where it does not fit once; repairs change these settings."""
    try:
        return tuple(each.places() for each in slidings(sizes, window, stride, padding, dilation, ceil=ceil))
    except _TooLarge as error:
        count = len(sizes)
        fitting = _fitting(sizes, window, per_axis(padding, count), per_axis(dilation, count))
        smaller = (Assign(setting, fitting, f"Set {setting} to {shown(fitting)}"),) if fitting else ()
        wide = -(-(error.reach - error.room) // 2) + padding if border and isinstance(padding, int) else 0
        repairs = (*smaller, *((Assign(border, wide, f"Set {border} to {wide}"),) if wide else ()))
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
