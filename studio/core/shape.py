"""Shapes with named axes, the way values look on a link, without the batch axis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isqrt, prod
from typing import Literal

from studio.core.problem import Assign, Insert, Mismatch, Suggestion, WrongKind

Size = int | str
"""An integer, or the symbol of a length that varies from batch to batch, such as "T"."""

Dtype = Literal["float", "int", "bool"]

KINDS: dict[str, tuple[str, ...]] = {
    "image": ("C", "H", "W"),
    "vector": ("D",),
    "sequence": ("T", "D"),
    "tokens": ("T",),
    "signal": ("C", "L"),
    "volume": ("C", "Z", "H", "W"),
}
"""What a person calls a value, and the axes it has."""

KIND_OF_AXES = {axes: kind for kind, axes in KINDS.items()}

AXIS_NAMES = {
    "C": "channels",
    "D": "features",
    "T": "length",
    "L": "length",
    "S": "steps",
    "Z": "depth",
    "H": "height",
    "W": "width",
}
"""What a person calls an axis."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of one sample along named axes; a loss is the one value that has no batch axis before them."""

    axes: tuple[str, ...]
    sizes: tuple[Size, ...]
    dtype: Dtype = "float"
    batched: bool = True

    def __str__(self) -> str:
        """The text on a link: ``6×28×28``, ``T×512``; a class number reads ``label`` and a loss ``loss``."""
        if not self.batched:
            return "loss"
        if not self.sizes:
            return "label" if self.dtype == "int" else "number"
        return "×".join(map(str, self.sizes))

    @property
    def kind(self) -> str:
        """What flows: image, vector, sequence, tokens, signal, volume, label, number or loss."""
        if not self.batched:
            return "loss"
        if self.axes == ("T",) and self.dtype != "int":
            return "vector"
        return KIND_OF_AXES.get(self.axes, "tensor") if self.axes else str(self)

    @property
    def channels(self) -> int:
        return fixed(self.sizes[self.axes.index("C")])

    @property
    def height(self) -> int:
        return fixed(self.sizes[self.axes.index("H")])

    @property
    def width(self) -> int:
        return fixed(self.sizes[self.axes.index("W")])

    @property
    def features(self) -> int:
        """Size of the last axis, which a linear layer reads."""
        return fixed(self.sizes[-1])

    @property
    def elements(self) -> int:
        """Numbers in one sample; a symbolic length counts as one."""
        return prod(size for size in self.sizes if isinstance(size, int))

    def resized(self, *sizes: Size) -> Shape:
        """The same axes with other sizes."""
        return Shape(self.axes, sizes, self.dtype, self.batched)


def fixed(size: Size) -> int:
    """The size as a number. Raises Mismatch where the length varies but a layer needs it known."""
    if isinstance(size, str):
        raise Mismatch(f"This needs a fixed size, but {size} varies from batch to batch.")
    return size


def image(channels: int, height: Size, width: Size) -> Shape:
    return Shape(("C", "H", "W"), (channels, height, width))


def vector(features: int) -> Shape:
    return Shape(("D",), (features,))


def sequence(length: Size, features: int) -> Shape:
    return Shape(("T", "D"), (length, features))


def tokens(length: Size) -> Shape:
    return Shape(("T",), (length,), "int")


LABEL = Shape((), (), "int")
NUMBER = Shape((), ())
LOSS = Shape((), (), batched=False)

SCALARS = {"label": LABEL, "number": NUMBER}
"""What a sample has one of: a class number, or a number such as a moment in time."""


def film(frames: int, frame: Shape) -> Shape:
    """Several states of a sample, one behind the other."""
    return Shape(("S", *frame.axes), (frames, *frame.sizes), frame.dtype)


def shape_of_kind(kind: str, sizes: tuple[Size, ...], dtype: Dtype = "float") -> Shape:
    """The shape a person means by a kind and sizes. Raises Mismatch where they do not fit."""
    if kind in SCALARS and not sizes:
        return SCALARS[kind]
    if kind in SCALARS:
        repairs = (Assign("sizes", (), "Leave the sizes out"),)
        raise Mismatch(f"There is one {kind} for each sample: it has no sizes.", "sizes", repairs)
    axes = KINDS[kind]
    if len(axes) != len(sizes):
        raise Mismatch(f"The {kind} {_times(sizes)} needs {len(axes)} sizes ({' '.join(axes)}), not {len(sizes)}.")
    return Shape(axes, sizes, "int" if kind == "tokens" else dtype)


def expect(shape: Shape, kind: str, port: str, *first: Suggestion) -> tuple[Size, ...]:
    """The sizes of a value that must be of this kind. Raises WrongKind with repairs, these ``first``."""
    if shape.axes == KINDS[kind] and shape.batched and shape.dtype == ("int" if kind == "tokens" else "float"):
        return shape.sizes
    needed = f"{_article(kind)} ({' '.join(KINDS[kind])})"
    raise WrongKind(f"This needs {needed}; {arriving(shape)}.", port, (*first, *reshaping(shape, kind)))


def numbers(shape: Shape, port: str, index: int = 0) -> Shape:
    """The shape, where it holds numbers that can be computed with. Raises WrongKind for tokens, labels and losses."""
    if shape.dtype == "float" and shape.batched:
        return shape
    repairs = (Insert("Embedding", "Insert Embedding", index=index),) if shape.kind in ("tokens", "label") else ()
    raise WrongKind(f"This computes with numbers; {arriving(shape)}.", port, repairs)


def channels_first(shape: Shape, port: str) -> int:
    """The channels of a value whose first axis they are: image, signal or volume. Raises WrongKind."""
    if shape.axes[:1] == ("C",) and shape.dtype == "float" and shape.batched:
        return fixed(shape.sizes[0])
    repairs = reshaping(shape, "signal")
    raise WrongKind(f"This needs channels: an image, a signal or a volume; {arriving(shape)}.", port, repairs)


def describe(shape: Shape) -> str:
    """The shape in words: ``the image 6×28×28``."""
    if not shape.sizes:
        return f"a {shape.kind}"
    whole = " of whole numbers" if shape.dtype == "int" and shape.kind != "tokens" else ""
    return f"the {shape.kind} {shape}{whole}"


def arriving(shape: Shape) -> str:
    """The end of a sentence that says what is wrong: ``the image 6×28×28 arrives``."""
    return f"{describe(shape)} arrive{'' if shape.kind == 'tokens' else 's'}"


def class_axis(shape: Shape) -> int:
    """The axis of a batch along which scores of classes lie: the channels of an image, else the features."""
    return 1 if shape.axes[0] == "C" or len(shape.axes) == 1 else -1


def largest_divisor(number: int, most: int) -> int:
    """The largest divisor that is not above ``most``."""
    return max(divisor for divisor in range(1, min(number, most) + 1) if number % divisor == 0)


def joined(left: Size, right: Size) -> Size:
    """The size of two pieces laid end to end."""
    return left + right if isinstance(left, int) and isinstance(right, int) else f"{left}+{right}"


def product(sizes: tuple[Size, ...]) -> Size:
    """How many numbers these axes hold: a number, or with symbols a text such as ``T·512``."""
    symbols = [size if size.isidentifier() else f"({size})" for size in sizes if isinstance(size, str)]
    known = prod(size for size in sizes if isinstance(size, int))
    if not symbols:
        return known
    return "·".join([*symbols, str(known)] if known != 1 else symbols)


def reshaping(shape: Shape, kind: str) -> tuple[Insert, ...]:
    """The nodes that would make the kind of this shape, the most usual first."""
    if not shape.batched or shape.dtype == "bool":
        return ()
    if shape.dtype == "int":
        return _looked_up(shape, kind)
    known = tuple(size for size in shape.sizes if isinstance(size, int))
    found = _rearranged(shape.kind, known, kind) if len(known) == len(shape.sizes) else ()
    means = {("image", "vector"): ("GlobalAvgPool2d", 0), ("sequence", "vector"): ("TokenMean", -1)}
    mean, kept = means.get((shape.kind, kind), ("", 0))
    if mean and shape.sizes[kept] == 1:
        mean = ""  # one number would say too little
    swaps = {shape.kind, kind} == {"sequence", "signal"}
    return (
        *found,
        *((Insert(mean, f"Insert {MEAN_TITLES[mean]}"),) if mean else ()),
        *((Insert("Permute", "Insert Permute"),) if swaps else ()),
    )


MEAN_TITLES = {"GlobalAvgPool2d": "global average pooling", "TokenMean": "the mean over all tokens"}


def _looked_up(shape: Shape, kind: str) -> tuple[Insert, ...]:
    """Whole numbers become features by a table."""
    if (shape.kind, kind) in (("tokens", "sequence"), ("label", "vector")):
        return (Insert("Embedding", "Insert Embedding"),)
    if (shape.kind, kind) == ("tokens", "vector"):
        return (Insert("Embedding", "Insert Embedding and the mean over all tokens", then=Insert("TokenMean", "")),)
    return ()


def _rearranged(shape: str, sizes: tuple[int, ...], kind: str) -> tuple[Insert, ...]:
    """The node that writes the same numbers along other axes."""
    match shape, sizes, kind:
        case _, (_, _, *_), "vector":
            return (Insert("Flatten", "Insert Flatten"),)
        case "vector", (size,), "image" if isqrt(size) ** 2 == size:
            return (_unflatten("image", 1, isqrt(size), isqrt(size)),)
        case "vector", (size,), "sequence":
            return (_unflatten("sequence", size, 1),)
        case "vector", (size,), "signal":
            return (_unflatten("signal", 1, size),)
        case "image", (channels, height, width), "sequence":
            count = height * width
            label = f"Read the pixels as {count} tokens of {channels}"
            return (replace(_reshape("signal", channels, count), label=label, then=Insert("Permute", "")),)
        case "image", (channels, height, width), "signal":
            return (_reshape("signal", channels, height * width),)
        case "image", (channels, height, width), "volume":
            return (_reshape("volume", channels, 1, height, width),)
        case "signal", (channels, length), "image":
            return (_reshape("image", channels, 1, length),)
        case "sequence", (length, features), "image":
            return (_reshape("image", 1, length, features),)
        case "volume", (channels, depth, height, width), "image":
            return (_reshape("image", channels * depth, height, width),)
    return ()


def _unflatten(kind: str, *sizes: int) -> Insert:
    settings = {"sizes": sizes} if kind == "image" else {"kind": kind, "sizes": sizes}
    return Insert("Unflatten", f"Insert Unflatten to {_times(sizes)}", settings)


def _reshape(kind: str, *sizes: int) -> Insert:
    return Insert("Reshape", f"Insert Reshape to the {kind} {_times(sizes)}", {"kind": kind, "sizes": sizes})


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else kind if kind == "tokens" else f"a {kind}"


def _times(sizes: tuple[Size, ...]) -> str:
    return "×".join(map(str, sizes))
