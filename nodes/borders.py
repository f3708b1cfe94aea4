"""What makes images larger or smaller by pixels at their sides."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from studio.core.declaration import Whole
from studio.core.derivation import SizeLine, worked
from studio.core.node_class import Layer
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, F, Value, nn
from studio.core.shape import Shape, Size, expect, image
from studio.core.window import shifted

FAMILY = "Pooling & resize"


class _Bordered(Layer):
    """What changes an image by a number of pixels at each side."""

    sign: ClassVar[int]

    top: Annotated[Whole, "pixels at the upper side"] = 1
    bottom: Annotated[Whole, "pixels at the lower side"] = 1
    left: Annotated[Whole, "pixels at the left side"] = 1
    right: Annotated[Whole, "pixels at the right side"] = 1

    def rule(self, image: Shape) -> tuple[SizeLine, ...]:
        channels = SizeLine(("C",), image.sizes[:1], "as it arrives")
        sides = (("H", self.top, self.bottom), ("W", self.left, self.right))
        return (channels, *(self._line(axis, image.sizes[at], *both) for at, (axis, *both) in enumerate(sides, 1)))

    def _line(self, axis: str, side: Size, first: int, last: int) -> SizeLine:
        sign = "+" if self.sign > 0 else "-"
        working = f"{side} {sign} {first} {sign} {last}" if isinstance(side, int) else ""
        return worked(axis, self._side(side, first, last), f"in {sign} both borders", working)

    def _side(self, side: Size, first: int, last: int) -> Size:
        by = self.sign * (first + last)
        return shifted(side, by) if isinstance(side, str) else side + by

    def _changed(self, image: Shape) -> Shape:
        channels, height, width = image.sizes
        return image.resized(
            channels, self._side(height, self.top, self.bottom), self._side(width, self.left, self.right)
        )


class Pad2d(_Bordered):
    """Puts a border around an image, wider at one side than at the other if need be."""

    sign = 1

    mode: Annotated[Literal["zeros", "reflect", "replicate", "circular"], "what the border holds"] = "zeros"

    synonyms: ClassVar[tuple[str, ...]] = ("padding", "border", "zero", "reflect", "frame")
    formula: ClassVar[str] = r"y_{h,w} = x_{h-t,w-l}"
    purpose: ClassVar[str] = (
        "Gives an image the size of another, or lets windows reach the pixels at the edge as often as the others. The "
        "border holds {mode}: {top} pixels above, {bottom} below, {left} left and {right} right."
    )
    trap: ClassVar[str] = "Zeros are values too: to a filter they look like a dark frame."
    unsourced: ClassVar[str] = "The chapter pads inside its convolutions; a border of its own is PyTorch's."
    shown: ClassVar[tuple[str, ...]] = ("top", "left", "mode")
    examples: ClassVar = (
        (image(3, 7, 8),),
        (image(3, 7, 8), {"top": 0, "left": 3, "mode": "reflect"}),
        (image(3, 7, 8), {"bottom": 2, "mode": "replicate"}),
        (image(3, "H", "W"), {"right": 2, "mode": "circular"}),
    )

    def infer(self, image: Shape) -> Shape:
        _, height, width = expect(image, "image", "image")
        self._check(height, self.top, self.bottom)
        self._check(width, self.left, self.right)
        return self._changed(image)

    def build(self, image: Value) -> Expression:
        kinds = {
            "zeros": nn.ZeroPad2d,
            "reflect": nn.ReflectionPad2d,
            "replicate": nn.ReplicationPad2d,
            "circular": nn.CircularPad2d,
        }
        return kinds[self.mode]((self.left, self.right, self.top, self.bottom))

    def _check(self, side: Size, *borders: int) -> None:
        """Raises Mismatch where a border would need more of the image than there is."""
        most = side - 1 if self.mode == "reflect" and isinstance(side, int) else side
        if self.mode in ("reflect", "circular") and isinstance(most, int) and max(borders) > most:
            repairs = tuple(Assign("mode", mode, f"Set mode to {mode}") for mode in ("replicate", "zeros"))
            message = f"A {self.mode} border of {max(borders)} needs more than the {side} pixels there are."
            raise Mismatch(message, "image", repairs)


class Crop2d(_Bordered):
    """Cuts a border off an image, as the skip connections of U-Net do."""

    sign = -1

    synonyms: ClassVar[tuple[str, ...]] = ("cut", "trim", "center crop", "unet", "slice")
    formula: ClassVar[str] = r"y_{h,w} = x_{h+t,w+l}"
    purpose: ClassVar[str] = (
        "Gives a large image the size of a smaller one that knows its middle only, so that both can be joined: {top} "
        "pixels go above, {bottom} below, {left} left and {right} right."
    )
    trap: ClassVar[str] = "What is cut off is lost; padding the smaller image instead keeps it."
    slide: ClassVar[str] = "U-Net"
    shown: ClassVar[tuple[str, ...]] = ("top", "left")
    examples: ClassVar = ((image(3, 7, 8),), (image(3, 7, 8), {"top": 0, "left": 3}), (image(3, "H", "W"),))

    def infer(self, image: Shape) -> Shape:
        _, height, width = expect(image, "image", "image")
        for side, names in ((height, ("top", "bottom")), (width, ("left", "right"))):
            cut = sum(getattr(self, name) for name in names)
            if isinstance(side, int) and cut >= side:
                less = (name for name in names if cut - getattr(self, name) < side)
                repairs = tuple(Assign(name, 0, f"Set {name} to 0") for name in less)
                raise Mismatch(f"Cutting off {cut} of {side} pixels leaves nothing.", "image", repairs)
        return self._changed(image)

    def build(self, image: Value) -> Expression:
        return F.pad(image, (-self.left, -self.right, -self.top, -self.bottom))
