"""What turns, shifts, repeats and extends values along one axis."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from nodes.pieces import BOOKKEEPING
from studio.core.axis import AxisName, place_of
from studio.core.declaration import Count, Number, Whole
from studio.core.derivation import SizeLine, stays
from studio.core.node_class import Layer
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, F, Value
from studio.core.shape import Shape, Size, fixed, image, numbers, product, sequence, tokens, vector
from studio.core.window import shifted

FAMILY = "Combine & reshape"

SIGNAL = Shape(("C", "L"), (4, 9))


class Flip(Layer):
    """Turns the order along one axis round: an image left for right, a sequence last token first."""

    axis: Annotated[AxisName, "axis that is turned round; features means channels as well"] = "width"

    synonyms: ClassVar[tuple[str, ...]] = ("mirror", "reverse", "backwards", "turn round", "augmentation")
    formula: ClassVar[str] = r"y_i = x_{n - 1 - i}"
    purpose: ClassVar[str] = (
        "Mirrors an image, or lets a recurrent layer read backwards. Averaging the answers for a picture and its "
        "mirror image makes a classifier surer."
    )
    trap: ClassVar[str] = "It mirrors always, in use as well; augmentation mirrors at random, while training only."
    unsourced: ClassVar[str] = BOOKKEEPING
    examples: ClassVar = (
        (image(3, 8, 9),),
        (image(3, "H", "W"), {"axis": "height"}),
        (sequence("T", 4), {"axis": "length"}),
        (vector(5), {"axis": "features"}),
    )

    def infer(self, values: Shape) -> Shape:
        place_of(values, self.axis, "values")
        return values

    def build(self, values: Value) -> Expression:
        return values.flip(1 + place_of(values.shape, self.axis, "values"))


class Roll(Layer):
    """Shifts all places along one axis; what leaves at one end comes in at the other."""

    axis: Annotated[AxisName, "axis along which it shifts; features means channels as well"] = "length"
    by: Annotated[int, "how many places towards the end; negative shifts towards the start"] = 1

    synonyms: ClassVar[tuple[str, ...]] = ("shift", "rotate", "cyclic", "swin", "circular")
    formula: ClassVar[str] = r"y_i = x_{i - k}"
    purpose: ClassVar[str] = (
        "Moves values by {by} places in a circle, as Swin moves the windows of its attention, so that neighbours of "
        "other windows meet."
    )
    trap: ClassVar[str] = "It is a circle: the first places then hold what stood last."
    paper: ClassVar[str] = (
        "Liu et al. 2021, Swin Transformer: Hierarchical vision transformer using shifted windows "
        "https://arxiv.org/abs/2103.14030"
    )
    examples: ClassVar = (
        (sequence("T", 4),),
        (image(3, 8, 9), {"axis": "height", "by": -2}),
        (vector(5), {"axis": "features", "by": 7}),
        (tokens("T"), {"by": -1}),
    )

    def infer(self, values: Shape) -> Shape:
        place_of(values, self.axis, "values")
        return values

    def build(self, values: Value) -> Expression:
        return values.roll(self.by, dims=1 + place_of(values.shape, self.axis, "values"))


class Repeat(Layer):
    """Repeats a value along one axis: the whole again and again, or each place several times."""

    axis: Annotated[AxisName, "axis that grows; features means channels as well"] = "length"
    times: Annotated[Count, "how often everything stands there then"] = 2
    order: Annotated[Literal["whole", "each"], "whole repeats a b c a b c, each repeats a a b b c c"] = "whole"

    synonyms: ClassVar[tuple[str, ...]] = ("tile", "copy", "interleave", "duplicate", "upsample")
    formula: ClassVar[str] = r"y = [x, x, \dots]"
    purpose: ClassVar[str] = (
        "Lets everything stand there {times} times: grey pictures get three channels so, and a vector becomes as long "
        "as another."
    )
    trap: ClassVar[str] = "The copies are the same numbers: a layer behind them learns nothing that one could not say."
    unsourced: ClassVar[str] = BOOKKEEPING
    examples: ClassVar = (
        (sequence("T", 4),),
        (image(1, 8, 9), {"axis": "features", "times": 3}),
        (image(3, 8, 9), {"axis": "height", "order": "each"}),
        (vector(5), {"axis": "features", "times": 4, "order": "each"}),
    )

    def infer(self, values: Shape) -> Shape:
        at = place_of(numbers(values, "values"), self.axis, "values")
        return values.resized(*values.sizes[:at], product((values.sizes[at], self.times)), *values.sizes[at + 1 :])

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        return stays(self.infer(values), f"as it arrives; the {self.axis} {self.times} times")

    def build(self, values: Value) -> Expression:
        at = place_of(values.shape, self.axis, "values")
        if self.order == "each":
            return values.repeat_interleave(self.times, dim=1 + at)
        return values.repeat(*(1 for _ in range(at + 1)), self.times, *(1 for _ in values.shape.sizes[at + 1 :]))


class Pad(Layer):
    """Puts places before and behind a value along one axis; Pad2d does so around an image."""

    axis: Annotated[AxisName, "axis that grows; features means channels as well"] = "length"
    before: Annotated[Whole, "places that come before"] = 0
    behind: Annotated[Whole, "places that come behind"] = 1
    mode: Annotated[Literal["constant", "reflect", "replicate", "circular"], "what the new places hold"] = "constant"
    value: Annotated[Number, "the constant"] = 0.0

    synonyms: ClassVar[tuple[str, ...]] = ("padding", "border", "zero", "extend", "fill", "causal")
    formula: ClassVar[str] = r"y_i = x_{i - a}"
    purpose: ClassVar[str] = (
        "Makes a value longer by {before} places before and {behind} behind, so that it fits another, or so that a "
        "window sees the past only."
    )
    trap: ClassVar[str] = "The places are values like any other: an average counts them."
    unsourced: ClassVar[str] = BOOKKEEPING
    examples: ClassVar = (
        (sequence("T", 4), {"before": 2}),
        (image(3, 8, 9), {"axis": "features", "behind": 13, "value": -1.0}),
        (SIGNAL, {"before": 3, "mode": "reflect"}),
        (sequence(7, 4), {"mode": "circular", "before": 2, "behind": 4}),
        (vector(5), {"axis": "features", "mode": "replicate"}),
    )

    def infer(self, values: Shape) -> Shape:
        at = place_of(numbers(values, "values"), self.axis, "values")
        if self.mode != "constant":
            self._check(values, values.sizes[at])
        more, size = self.before + self.behind, values.sizes[at]
        wider: Size = shifted(size, more) if isinstance(size, str) else size + more
        return values.resized(*values.sizes[:at], wider, *values.sizes[at + 1 :])

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        return stays(self.infer(values), f"as it arrives; the {self.axis} and {self.before} + {self.behind} more")

    def build(self, values: Value) -> Expression:
        shape = values.shape
        behind = len(shape.axes) - 1 - place_of(shape, self.axis, "values")
        if self.mode == "constant":
            borders = (*(0 for _ in range(2 * behind)), self.before, self.behind)
            return F.pad(values, borders, **({"value": self.value} if self.value else {}))
        ends = (self.before, self.behind)
        if not behind:
            return F.pad(values, ends, mode=self.mode)
        return F.pad(values.transpose(1, 2), ends, mode=self.mode).transpose(1, 2)

    def _check(self, values: Shape, size: Size) -> None:
        """Raises Mismatch where PyTorch knows no such border, or where it would need more places than there are."""
        repairs = (Assign("mode", "constant", "Set mode to constant"),)
        if len(values.axes) > 2:
            raise Mismatch(f"Borders that are not constant need one or two axes; {values} has more.", "values", repairs)
        most = fixed(size) - (self.mode == "reflect")
        if self.mode != "replicate" and max(self.before, self.behind) > most:
            wide = max(self.before, self.behind)
            message = f"A {self.mode} border of {wide} needs more than the {size} places there are."
            raise Mismatch(message, "values", repairs)
