"""Activations that let positive numbers pass and differ in what they do with negative ones."""

from __future__ import annotations

from typing import Annotated, ClassVar

from nodes.activation import ANY_SHAPE, _Activation
from studio.core.declaration import NotNegative, Number, Positive
from studio.core.derivation import Labels
from studio.core.node_class import WeightShapes
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, Value, nn
from studio.core.shape import Shape, arriving, fixed, image, numbers, sequence, vector

FAMILY = "Activation"


class ReLU6(_Activation):
    """A ReLU that stops at six, so that few bits are enough to write its numbers."""

    synonyms: ClassVar[tuple[str, ...]] = ("rectifier", "clipped", "mobilenet", "quantisation")
    formula: ClassVar[str] = r"y = \min(6, \max(0, x))"
    purpose: ClassVar[str] = (
        "A ReLU whose numbers never exceed 6: in small networks for phones they are stored in eight bits or fewer, and "
        "a known range wastes none of them."
    )
    trap: ClassVar[str] = "Above 6 its slope is 0 too: large inputs learn as little as negative ones."
    paper: ClassVar[str] = "Howard et al. 2017, MobileNets https://arxiv.org/abs/1704.04861"

    def build(self, values: Value) -> Expression:
        return nn.ReLU6()


class PReLU(_Activation):
    """A leaky ReLU that learns how much of a negative number passes: one slope, or one for each channel."""

    each_channel: Annotated[bool, "whether every channel, or feature of a vector, learns a slope of its own"] = False
    init: Annotated[Number, "the slope that learning begins with"] = 0.25

    synonyms: ClassVar[tuple[str, ...]] = ("parametric rectifier", "leaky rectified linear", "learned slope")
    formula: ClassVar[str] = r"y = \max(0, x) + a \min(0, x)"
    purpose: ClassVar[str] = (
        "How much of a negative number should pass is learned with the other weights, beginning at a = {init}. With it "
        "a network first did better than people on ImageNet."
    )
    trap: ClassVar[str] = "Weight decay pulls the slopes to 0, which makes it a ReLU: leave them out of it."
    learned: ClassVar[Labels] = {"weight": ("slopes",)}
    paper: ClassVar[str] = "He et al. 2015, Delving deep into rectifiers https://arxiv.org/abs/1502.01852"
    examples: ClassVar = (
        *ANY_SHAPE,
        (image(3, "H", "W"), {"each_channel": True}),
        (vector(6), {"each_channel": True, "init": 0.1}),
    )

    def infer(self, values: Shape) -> Shape:
        self._slopes(numbers(values, "values"))
        return values

    def build(self, values: Value) -> Expression:
        slopes = self._slopes(values.shape)
        return nn.PReLU(*((slopes,) if slopes > 1 else ()), **self.options("init"))

    def weights(self, values: Shape) -> WeightShapes:
        return {"weight": (self._slopes(values),)}

    def _slopes(self, values: Shape) -> int:
        """How many slopes are learned. Raises Mismatch where the values have no channels."""
        if not self.each_channel:
            return 1
        if values.axes[:1] != ("C",) and len(values.axes) != 1:
            repairs = (Assign("each_channel", False, "Learn one slope for all"),)
            raise Mismatch(f"A slope for each channel needs channels first; {arriving(values)}.", "values", repairs)
        return fixed(values.sizes[0])


class RReLU(_Activation):
    """A leaky ReLU whose slope is drawn for each number while training, and is the mean of the range afterwards."""

    lower: Annotated[NotNegative, "smallest slope for negative numbers"] = 0.125
    upper: Annotated[NotNegative, "largest slope for negative numbers"] = 0.3333333333333333

    synonyms: ClassVar[tuple[str, ...]] = ("randomised rectifier", "leaky rectified linear", "noise", "regularisation")
    formula: ClassVar[str] = r"y = \max(0, x) + a \min(0, x), \quad a \sim U(l, u)"
    purpose: ClassVar[str] = (
        "A leaky ReLU with noise: while training, the slope for each negative number is drawn between {lower} and "
        "{upper}, so the network cannot rely on exact values and overfits less."
    )
    trap: ClassVar[str] = "When the network is used, the slope is the mean of both bounds, and nothing is random."
    paper: ClassVar[str] = (
        "Xu et al. 2015, Empirical evaluation of rectified activations in convolutional network "
        "https://arxiv.org/abs/1505.00853"
    )
    examples: ClassVar = (*ANY_SHAPE, (vector(6), {"lower": 0.1, "upper": 0.3}))

    def infer(self, values: Shape) -> Shape:
        if self.lower > self.upper:
            repairs = (Assign("lower", self.upper, f"Set lower to {self.upper:g}"),)
            raise Mismatch(f"The smallest slope {self.lower:g} is above the largest, {self.upper:g}.", None, repairs)
        return numbers(values, "values")

    def build(self, values: Value) -> Expression:
        return nn.RReLU(**self.options("lower", "upper"))


class ELU(_Activation):
    """Lets positive numbers pass and bends negative ones towards −alpha, so that the mean stays near zero."""

    alpha: Annotated[Positive, "how far below zero it can go"] = 1.0

    synonyms: ClassVar[tuple[str, ...]] = ("exponential linear", "rectifier")
    formula: ClassVar[str] = r"y = \cases{x & \text{if } x > 0 \\ \alpha (e^x - 1) & \text{otherwise}}"
    purpose: ClassVar[str] = (
        "Negative numbers fall gently to −{alpha} instead of being cut off: units do not die, and the mean of what "
        "leaves is nearer to zero, which speeds learning up."
    )
    trap: ClassVar[str] = "Unless α is 1 its slope jumps at zero; CELU is the form without the jump."
    paper: ClassVar[str] = (
        "Clevert et al. 2015, Fast and accurate deep network learning by exponential linear units "
        "https://arxiv.org/abs/1511.07289"
    )
    examples: ClassVar = (*ANY_SHAPE, (vector(6), {"alpha": 0.5}))

    def build(self, values: Value) -> Expression:
        return nn.ELU(**self.options("alpha"))


class SELU(_Activation):
    """An ELU scaled so that mean 0 and variance 1 reproduce themselves from layer to layer."""

    synonyms: ClassVar[tuple[str, ...]] = ("scaled exponential linear", "self-normalising")
    formula: ClassVar[str] = r"y = 1.0507 \cases{x & \text{if } x > 0 \\ 1.6733 (e^x - 1) & \text{otherwise}}"
    purpose: ClassVar[str] = (
        "Its two constants are chosen so that numbers with mean 0 and variance 1 leave with mean 0 and variance 1: "
        "deep stacks of linear layers train without any norm layer."
    )
    trap: ClassVar[str] = (
        "It keeps its word only with weights of variance 1/n and with AlphaDropout; ordinary dropout changes the mean."
    )
    paper: ClassVar[str] = "Klambauer et al. 2017, Self-normalizing neural networks https://arxiv.org/abs/1706.02515"

    def build(self, values: Value) -> Expression:
        return nn.SELU()


class CELU(_Activation):
    """An ELU whose slope has no jump at zero, whatever alpha is."""

    alpha: Annotated[Positive, "how far below zero it can go"] = 1.0

    synonyms: ClassVar[tuple[str, ...]] = ("continuously differentiable exponential linear", "rectifier")
    formula: ClassVar[str] = r"y = \max(0, x) + \min(0, \alpha (e^{x/\alpha} - 1))"
    purpose: ClassVar[str] = (
        "As an ELU it bends negative numbers towards −{alpha}; dividing x by α inside the power makes the slope 1 on "
        "both sides of zero."
    )
    trap: ClassVar[str] = "With α = 1 it is the ELU, number for number."
    paper: ClassVar[str] = (
        "Barron 2017, Continuously differentiable exponential linear units https://arxiv.org/abs/1704.07483"
    )
    examples: ClassVar = (*ANY_SHAPE, (vector(6), {"alpha": 2.0}))

    def build(self, values: Value) -> Expression:
        return nn.CELU(**self.options("alpha"))


class Softplus(_Activation):
    """A smooth ReLU that is always positive: the logarithm of 1 + eˣ."""

    beta: Annotated[Positive, "how sharply it bends; the larger, the more like a ReLU"] = 1.0
    threshold: Annotated[Positive, "from beta·x on it is taken as the straight line it nearly is"] = 20.0

    synonyms: ClassVar[tuple[str, ...]] = ("smooth rectifier", "positive", "variance", "log")
    formula: ClassVar[str] = r"y = \frac{1}{\beta} \log(1 + e^{\beta x})"
    purpose: ClassVar[str] = (
        "Turns any number into a positive one, smoothly. Outputs that must not be negative are made with it: a "
        "variance, a rate, a length."
    )
    trap: ClassVar[str] = "At 0 it is log 2 ≈ 0.69, not 0. Its slope is the logistic function."
    paper: ClassVar[str] = (
        "Glorot et al. 2011, Deep sparse rectifier neural networks https://proceedings.mlr.press/v15/glorot11a.html"
    )
    examples: ClassVar = (*ANY_SHAPE, (vector(6), {"beta": 2.0, "threshold": 10.0}))

    def build(self, values: Value) -> Expression:
        return nn.Softplus(**self.options("beta", "threshold"))


class Mish(_Activation):
    """A number times the tanh of its softplus: smooth, and slightly negative left of zero."""

    synonyms: ClassVar[tuple[str, ...]] = ("smooth rectifier", "yolo")
    formula: ClassVar[str] = r"y = x \tanh(\log(1 + e^x))"
    purpose: ClassVar[str] = (
        "Much like SiLU, a number times a smooth gate of itself, a little sharper. YOLOv4 took it for its backbone."
    )
    trap: ClassVar[str] = "Each number costs an exponential, a logarithm and a tanh; the gain over SiLU is small."
    paper: ClassVar[str] = (
        "Misra 2019, Mish: a self regularized non-monotonic activation function https://arxiv.org/abs/1908.08681"
    )

    def build(self, values: Value) -> Expression:
        return nn.Mish()


class Threshold(_Activation):
    """Lets numbers above a threshold pass and puts one value in place of all others."""

    threshold: Annotated[Number, "what a number must exceed to pass"] = 0.0
    value: Annotated[Number, "what stands for all others"] = 0.0

    synonyms: ClassVar[tuple[str, ...]] = ("cut", "clip", "rectifier")
    formula: ClassVar[str] = r"y = \cases{x & \text{if } x > t \\ v & \text{otherwise}}"
    purpose: ClassVar[str] = "Keeps strong responses, those above {threshold}, and makes all others {value}."
    trap: ClassVar[str] = "It is not the perceptron's threshold, which answers 0 or 1: that is the step function."
    examples: ClassVar = (*ANY_SHAPE, (sequence(4, 6), {"threshold": 0.5, "value": -1.0}))

    def build(self, values: Value) -> Expression:
        return nn.Threshold(self.threshold, self.value)
