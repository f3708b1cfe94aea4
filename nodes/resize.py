"""What changes the size of images: by blending pixels, or by moving them between space and channels."""

from __future__ import annotations

from math import gcd
from typing import Annotated, ClassVar, Literal

from nodes.pooling_adaptive import resized_lines
from studio.core.declaration import Count, Pair
from studio.core.derivation import SizeLine, merged, stays, worked
from studio.core.node_class import Layer
from studio.core.problem import Assign, Insert, Mismatch
from studio.core.record import Expression, Value, nn
from studio.core.shape import Shape, expect, fixed, image, largest_divisor, product
from studio.core.window import per_axis

FAMILY = "Pooling & resize"

Enlarging = Literal["nearest", "nearest-exact", "bilinear", "bicubic"]
Resizing = Literal["nearest", "nearest-exact", "bilinear", "bicubic", "area"]
SUBPIXEL = (
    "Shi et al. 2016, Real-time single image and video super-resolution using an efficient sub-pixel convolutional "
    "neural network https://arxiv.org/abs/1609.05158"
)


class Upsample(Layer):
    """Enlarges an image by a whole factor."""

    scale: Annotated[Count, "factor by which height and width grow"] = 2
    mode: Annotated[Enlarging, "nearest repeats pixels, the others blend neighbours"] = "nearest"
    align_corners: Annotated[bool, "whether corner pixels stay at the corners when neighbours are blended"] = False

    synonyms: ClassVar[tuple[str, ...]] = ("resize", "enlarge", "unpool", "interpolate")
    formula: ClassVar[str] = r"y_{h,w} = x_{\floor{h/s}, \floor{w/s}}"
    purpose: ClassVar[str] = (
        "Makes the image {scale} times as high and as wide without learning anything; a convolution behind it adds "
        "detail. Nearest, whose rule stands above, repeats pixels, the others blend neighbours."
    )
    trap: ClassVar[str] = "A convolution after it costs the square of the scale more than one before it."
    slide: ClassVar[str] = "Scene labeling, FCN"
    examples: ClassVar = (
        (image(3, 7, 8),),
        (image(3, 7, 8), {"scale": 3, "mode": "bilinear"}),
        (image(3, "H", "W"), {"mode": "bicubic"}),
        (image(3, 7, 8), {"mode": "bicubic", "align_corners": True}),
        (image(3, 7, 8), {"scale": 3, "mode": "nearest-exact"}),
    )

    def infer(self, image: Shape) -> Shape:
        channels, *sides = expect(image, "image", "image")
        _check_corners(self.mode, aligned=self.align_corners)
        return image.resized(channels, *(product((side, self.scale)) for side in sides))

    def build(self, image: Value) -> Expression:
        return nn.Upsample(scale_factor=self.scale, **self.options("mode", "align_corners"))

    def rule(self, image: Shape) -> tuple[SizeLine, ...]:
        maps = SizeLine(("C",), image.sizes[:1], "as it arrives")
        sides = zip("HW", image.sizes[1:], strict=True)
        return (
            maps,
            *merged(
                worked(axis, product((side, self.scale)), "in × scale", f"{side}·{self.scale}") for axis, side in sides
            ),
        )


class Resize(Layer):
    """Scales an image to a given height and width."""

    size: Annotated[Pair, "side, or height × width, that leaves"] = 32
    mode: Annotated[Resizing, "nearest picks pixels, area averages, the others blend neighbours"] = "bilinear"
    align_corners: Annotated[bool, "whether corner pixels stay at the corners when neighbours are blended"] = False

    synonyms: ClassVar[tuple[str, ...]] = ("scale", "interpolate", "upsample", "downsample")
    formula: ClassVar[str] = r"y_{h,w} = x(\frac{H}{H^\prime} h, \frac{W}{W^\prime} w)"
    purpose: ClassVar[str] = (
        "Brings every image to {size}, so that images of any size fit the layers behind. Between pixels, {mode} says "
        "what is seen."
    )
    trap: ClassVar[str] = "Proportions are not kept: a wide image gets narrower."
    unsourced: ClassVar[str] = "Resizing is image processing of every textbook; the chapter takes it for granted."
    examples: ClassVar = (
        (image(3, 7, 8),),
        (image(3, 40, 50), {"size": (20, 30), "mode": "nearest"}),
        (image(3, "H", "W"), {"mode": "bicubic"}),
        (image(3, 40, 50), {"mode": "area"}),
        (image(3, 7, 8), {"align_corners": True}),
    )

    def infer(self, image: Shape) -> Shape:
        channels, *_ = expect(image, "image", "image")
        _check_corners(self.mode, aligned=self.align_corners)
        return image.resized(channels, *per_axis(self.size, 2))

    def build(self, image: Value) -> Expression:
        mode = {} if self.mode == "nearest" else {"mode": self.mode}
        return nn.Upsample(size=per_axis(self.size, 2), **mode, **self.options("align_corners"))

    def rule(self, image: Shape) -> tuple[SizeLine, ...]:
        return resized_lines(image, per_axis(self.size, 2))

    def said(self) -> dict[str, str]:
        return {**super().said(), "size": " × ".join(map(str, per_axis(self.size, 2)))}


class PixelShuffle(Layer):
    """Lays the channels out as pixels: every factor² channels become one that is factor times as high and as wide."""

    factor: Annotated[Count, "how many times as high and as wide"] = 2

    synonyms: ClassVar[tuple[str, ...]] = ("depth to space", "sub-pixel", "super-resolution", "upsample", "enlarge")
    formula: ClassVar[str] = r"y_{c,r h + i,r w + j} = x_{r^2 c + r i + j,h,w}"
    purpose: ClassVar[str] = (
        "Makes an image {factor} times as high and as wide of channels that a convolution before it has computed: all "
        "work is done at the small size. Super-resolution networks end with it."
    )
    trap: ClassVar[str] = "No number is lost or added. Begun at random, neighbours differ, which shows as a fine grid."
    paper: ClassVar[str] = SUBPIXEL
    examples: ClassVar = ((image(8, 5, 6),), (image(9, 4, 5), {"factor": 3}), (image(4, "H", "W"),))

    def infer(self, image: Shape) -> Shape:
        channels, *sides = expect(image, "image", "image")
        if fixed(channels) % self.factor**2:
            filters = -(-fixed(channels) // self.factor**2) * self.factor**2
            label = f"Insert 1×1 convolution, {channels} → {filters}"
            repairs = (Insert("Conv2d", label, {"filters": filters, "kernel": 1}),)
            message = f"{channels} channels are no multiple of the {self.factor**2} that each new one is made of."
            raise Mismatch(message, "image", repairs)
        return image.resized(fixed(channels) // self.factor**2, *(product((side, self.factor)) for side in sides))

    def rule(self, image: Shape) -> tuple[SizeLine, ...]:
        channels, *sides = image.sizes
        fewer = rf"\frac{{{channels}}}{{{self.factor}·{self.factor}}}"
        return (
            worked("C", image.channels // self.factor**2, "in / factor²", fewer),
            *merged(
                worked(axis, product((side, self.factor)), "in × factor", f"{side}·{self.factor}")
                for axis, side in zip("HW", sides, strict=True)
            ),
        )

    def build(self, image: Value) -> Expression:
        return nn.PixelShuffle(self.factor)


class PixelUnshuffle(Layer):
    """Lays the pixels out as channels: every square of factor × factor becomes one pixel with factor² channels."""

    factor: Annotated[Count, "how many times smaller height and width become"] = 2

    synonyms: ClassVar[tuple[str, ...]] = ("space to depth", "reorg", "passthrough", "focus", "downsample")
    formula: ClassVar[str] = r"y_{r^2 c + r i + j,h,w} = x_{c,r h + i,r w + j}"
    purpose: ClassVar[str] = (
        "Halves the sides, or divides them by {factor}, without losing a number: what lay side by side now lies in "
        "channels. YOLOv2 joins fine features to coarse ones so."
    )
    trap: ClassVar[str] = "Both sides must be multiples of the factor, and the number of channels grows by its square."
    paper: ClassVar[str] = SUBPIXEL
    examples: ClassVar = ((image(3, 8, 6),), (image(1, 9, 12), {"factor": 3}), (image(2, 5, 7), {"factor": 1}))

    def infer(self, image: Shape) -> Shape:
        channels, *sides = expect(image, "image", "image")
        most = gcd(*map(fixed, sides))
        for side in map(fixed, sides):
            if side % self.factor:
                best = largest_divisor(most, self.factor)
                repairs = (Assign("factor", best, f"Set factor to {best}"),)
                raise Mismatch(f"{side} pixels cannot be divided by {self.factor}.", "image", repairs)
        smaller = (fixed(side) // self.factor for side in sides)
        return image.resized(fixed(channels) * self.factor**2, *smaller)

    def rule(self, image: Shape) -> tuple[SizeLine, ...]:
        channels, *sides = map(fixed, image.sizes)
        more = f"{channels}·{self.factor}·{self.factor}"
        return (
            worked("C", channels * self.factor**2, "in × factor²", more),
            *merged(
                worked(axis, side // self.factor, "in / factor", rf"\frac{{{side}}}{{{self.factor}}}")
                for axis, side in zip("HW", sides, strict=True)
            ),
        )

    def build(self, image: Value) -> Expression:
        return nn.PixelUnshuffle(self.factor)


class ChannelShuffle(Layer):
    """Deals the channels of all groups out anew, so that a grouped convolution behind it sees some of each."""

    groups: Annotated[Count, "groups whose channels are mixed"] = 2

    synonyms: ClassVar[tuple[str, ...]] = ("shufflenet", "permute", "mix", "grouped")
    formula: ClassVar[str] = r"y_{g j + i} = x_{n i + j}, \quad n = \frac{C}{g}"
    purpose: ClassVar[str] = (
        "Grouped convolutions never let their {groups} groups meet. Dealt out like cards between two of them, the "
        "channels mix without a single weight."
    )
    trap: ClassVar[str] = "The order is fixed, not random: the same each time, and part of the network."
    paper: ClassVar[str] = "Zhang et al. 2017, ShuffleNet https://arxiv.org/abs/1707.01083"
    examples: ClassVar = ((image(6, 5, 4),), (image(6, 5, 4), {"groups": 3}), (image(4, "H", "W"),))

    def infer(self, image: Shape) -> Shape:
        channels = fixed(expect(image, "image", "image")[0])
        if channels % self.groups:
            best = largest_divisor(channels, self.groups)
            repairs = (Assign("groups", best, f"Set groups to {best}"),)
            raise Mismatch(f"{channels} channels cannot be divided into {self.groups} equal groups.", "image", repairs)
        return image

    def rule(self, image: Shape) -> tuple[SizeLine, ...]:
        return stays(image, "as it arrives: only the order of the channels changes")

    def build(self, image: Value) -> Expression:
        return nn.ChannelShuffle(self.groups)


def _check_corners(mode: str, *, aligned: bool) -> None:
    """Raises Mismatch where corners should be aligned although nothing is blended."""
    if aligned and mode not in ("bilinear", "bicubic"):
        repairs = (
            Assign("align_corners", False, "Switch align corners off"),
            Assign("mode", "bilinear", "Set mode to bilinear"),
        )
        raise Mismatch(f"Corners are aligned only where neighbours are blended; {mode} blends none.", None, repairs)
