"""Activations that flatten out on both sides, their gates, and functions that take small numbers away."""

from __future__ import annotations

from typing import Annotated, ClassVar

from nodes.activation import ANY_SHAPE, _Activation
from studio.core.declaration import NotNegative, Number
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, Value, nn
from studio.core.shape import Shape, numbers, vector

FAMILY = "Activation"

SHRINKAGE = (
    "Donoho & Johnstone 1994, Ideal spatial adaptation by wavelet shrinkage https://doi.org/10.1093/biomet/81.3.425"
)
MOBILENET_V3 = "Howard et al. 2019, Searching for MobileNetV3 https://arxiv.org/abs/1905.02244"


class LogSigmoid(_Activation):
    """The logarithm of the logistic function, exact where that is too near to zero for a float."""

    synonyms: ClassVar[tuple[str, ...]] = ("log probability", "logistic", "log-likelihood")
    formula: ClassVar[str] = r"y = -\log(1 + e^{-x})"
    purpose: ClassVar[str] = (
        "The log-probability of a yes, from its score. Losses that compare two scores, such as those that rank, are "
        "written with it."
    )
    trap: ClassVar[str] = "The logarithm of a sigmoid node says the same but gives −∞ below a score of about −100."

    def build(self, values: Value) -> Expression:
        return nn.LogSigmoid()


class Hardsigmoid(_Activation):
    """Three straight lines in place of the logistic function: 0 up to −3, 1 from 3 on."""

    synonyms: ClassVar[tuple[str, ...]] = ("gate", "logistic", "mobilenet", "quantisation")
    formula: ClassVar[str] = r"y = \frac{\min(6, \max(0, x + 3))}{6}"
    purpose: ClassVar[str] = (
        "Opens and closes a gate as a sigmoid does, without computing an exponential: cheap on a phone. MobileNetV3 "
        "weighs its channels with it."
    )
    trap: ClassVar[str] = "Beyond ±3 its slope is exactly 0. Keras's form of this name ended at ±2.5 until version 3."
    paper: ClassVar[str] = MOBILENET_V3

    def build(self, values: Value) -> Expression:
        return nn.Hardsigmoid()


class Hardswish(_Activation):
    """A number times its hard sigmoid: SiLU without an exponential."""

    synonyms: ClassVar[tuple[str, ...]] = ("swish", "hard silu", "mobilenet", "quantisation")
    formula: ClassVar[str] = r"y = x \frac{\min(6, \max(0, x + 3))}{6}"
    purpose: ClassVar[str] = (
        "Nearly the SiLU, made of straight lines and one product so that phones compute it fast. MobileNetV3 uses it "
        "in its deeper half."
    )
    trap: ClassVar[str] = "Below −3 its slope is exactly 0, so a unit that stays there is dead."
    paper: ClassVar[str] = MOBILENET_V3

    def build(self, values: Value) -> Expression:
        return nn.Hardswish()


class Hardtanh(_Activation):
    """Leaves numbers between two bounds as they are and sets all others to the bound."""

    lowest: Annotated[Number, "the lower bound"] = -1.0
    highest: Annotated[Number, "the upper bound"] = 1.0

    synonyms: ClassVar[tuple[str, ...]] = ("clip", "clamp", "hyperbolic tangent", "squashing")
    formula: ClassVar[str] = r"y = \min(b, \max(a, x))"
    purpose: ClassVar[str] = (
        "Keeps numbers between {lowest} and {highest} with nothing but comparisons: a tanh of three straight lines."
    )
    trap: ClassVar[str] = "At the bounds its slope is 0: what is clipped learns nothing."
    paper: ClassVar[str] = (
        "Collobert et al. 2011, Natural language processing (almost) from scratch "
        "https://www.jmlr.org/papers/v12/collobert11a.html"
    )
    examples: ClassVar = (*ANY_SHAPE, (vector(6), {"lowest": 0.0, "highest": 6.0}))

    def infer(self, values: Shape) -> Shape:
        if self.lowest >= self.highest:
            above = self.lowest + 1
            repairs = (Assign("highest", above, f"Set highest to {above:g}"),)
            raise Mismatch(f"Nothing lies between {self.lowest:g} and {self.highest:g}.", None, repairs)
        return numbers(values, "values")

    def build(self, values: Value) -> Expression:
        return nn.Hardtanh(*(() if (self.lowest, self.highest) == (-1, 1) else (self.lowest, self.highest)))


class Softsign(_Activation):
    """Squeezes every number between -1 and 1, more gently than tanh."""

    synonyms: ClassVar[tuple[str, ...]] = ("squashing", "hyperbolic tangent")
    formula: ClassVar[str] = r"y = \frac{x}{1 + \abs{x}}"
    purpose: ClassVar[str] = (
        "Keeps numbers between −1 and 1 as tanh does but comes near the ends far more slowly, so that units saturate "
        "less and keep some slope."
    )
    trap: ClassVar[str] = "It nears its ends so slowly that at 10 it is still 0.91, where tanh is 1 to eight digits."
    paper: ClassVar[str] = (
        "Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks "
        "https://proceedings.mlr.press/v9/glorot10a.html"
    )

    def build(self, values: Value) -> Expression:
        return nn.Softsign()


class Tanhshrink(_Activation):
    """What tanh takes away from a number: nothing near zero, all but 1 far from it."""

    synonyms: ClassVar[tuple[str, ...]] = ("shrinkage", "hyperbolic tangent", "sparse")
    formula: ClassVar[str] = r"y = x - \tanh(x)"
    purpose: ClassVar[str] = (
        "Makes small numbers nearly vanish, with the third power, and large ones smaller by 1: a smooth shrinkage."
    )
    trap: ClassVar[str] = "Its slope at zero is 0: a network whose numbers are all small does not begin to learn."
    slide: ClassVar[str] = ""
    unsourced: ClassVar[str] = "It is PyTorch's and Torch's before it; no paper is known to have proposed it."

    def build(self, values: Value) -> Expression:
        return nn.Tanhshrink()


class Softshrink(_Activation):
    """Moves every number towards zero by a threshold, and makes those that are smaller zero."""

    threshold: Annotated[NotNegative, "by how much numbers shrink"] = 0.5

    synonyms: ClassVar[tuple[str, ...]] = ("shrinkage", "soft threshold", "sparse", "denoising", "lasso")
    formula: ClassVar[str] = r"y = \sign(x) \max(0, \abs{x} - \lambda)"
    purpose: ClassVar[str] = (
        "Takes {threshold} from the size of every number: small ones, mostly noise, become zero. Sparse codes are "
        "computed with it, step by step."
    )
    trap: ClassVar[str] = "What stays is too small by the threshold; hard shrinkage keeps it whole."
    paper: ClassVar[str] = SHRINKAGE
    examples: ClassVar = (*ANY_SHAPE, (vector(6), {"threshold": 0.1}))

    def build(self, values: Value) -> Expression:
        return nn.Softshrink(*(() if self.threshold == 0.5 else (self.threshold,)))


class Hardshrink(_Activation):
    """Makes numbers that are smaller than a threshold zero and leaves the others as they are."""

    threshold: Annotated[NotNegative, "size up to which a number becomes zero"] = 0.5

    synonyms: ClassVar[tuple[str, ...]] = ("shrinkage", "hard threshold", "sparse", "denoising")
    formula: ClassVar[str] = r"y = \cases{x & \text{if } \abs{x} > \lambda \\ 0 & \text{otherwise}}"
    purpose: ClassVar[str] = "Keeps what is larger than {threshold} on either side of zero and drops the rest as noise."
    trap: ClassVar[str] = "It jumps at the threshold: a tiny change of a weight can change the answer at once."
    paper: ClassVar[str] = SHRINKAGE
    examples: ClassVar = (*ANY_SHAPE, (vector(6), {"threshold": 0.1}))

    def build(self, values: Value) -> Expression:
        return nn.Hardshrink(*(() if self.threshold == 0.5 else (self.threshold,)))
