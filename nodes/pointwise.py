"""Plain functions of one number, applied to every number of a value; nothing is learned."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from studio.core.declaration import Number, Positive
from studio.core.node_class import Layer
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, Value
from studio.core.shape import Shape, image, numbers, sequence, vector

FAMILY = "Combine & reshape"

SHAPES = ((vector(5),), (image(3, 8, 9),), (sequence("T", 4),))


class _Pointwise(Layer):
    """What leaves every size as it is."""

    unsourced: ClassVar[str] = "Plain arithmetic: there is nothing to cite."
    examples: ClassVar[tuple[tuple[Any, ...], ...]] = SHAPES

    def infer(self, values: Shape) -> Shape:
        return numbers(values, "values")


class Scale(_Pointwise):
    """Multiplies every number by a constant."""

    factor: Annotated[Number, "what every number is multiplied by"] = 0.5

    synonyms: ClassVar[tuple[str, ...]] = ("multiply", "times", "factor", "gain", "temperature", "weight")
    formula: ClassVar[str] = r"y = a x"
    purpose: ClassVar[str] = (
        "Makes all numbers {factor} times as large: weights a branch before a sum, or sharpens and softens a softmax "
        "behind it."
    )
    trap: ClassVar[str] = "The factor is not learned; a normalisation has one that is."
    examples: ClassVar = (*SHAPES, (vector(5), {"factor": -2.0}))

    def build(self, values: Value) -> Expression:
        return values * self.factor


class AddConstant(_Pointwise):
    """Adds a constant to every number."""

    amount: Annotated[Number, "what is added to every number"] = 1.0

    synonyms: ClassVar[tuple[str, ...]] = ("plus", "offset", "shift", "bias", "epsilon")
    formula: ClassVar[str] = r"y = x + a"
    purpose: ClassVar[str] = "Shifts all numbers by {amount}, as when a scale 1 + γ is wanted, or a divisor above zero."
    trap: ClassVar[str] = "The constant is not learned, unlike the bias of a linear layer."
    examples: ClassVar = (*SHAPES, (vector(5), {"amount": -0.5}))

    def build(self, values: Value) -> Expression:
        return values + self.amount


class Clamp(_Pointwise):
    """Cuts off what is below the lowest or above the highest number allowed."""

    low: Annotated[Number, "numbers below become this"] = 0.0
    high: Annotated[Number, "numbers above become this"] = 1.0

    synonyms: ClassVar[tuple[str, ...]] = ("clip", "limit", "bound", "saturate", "range")
    formula: ClassVar[str] = r"y = \min(\max(x, a), b)"
    purpose: ClassVar[str] = "Keeps all numbers between {low} and {high}, as grey values of an image must be."
    trap: ClassVar[str] = "Outside the bounds the gradient is zero: what lies there does not learn its way back."
    examples: ClassVar = (*SHAPES, (vector(5), {"low": -1.0, "high": 0.5}))

    def infer(self, values: Shape) -> Shape:
        if self.low > self.high:
            repairs = (Assign("high", self.low, f"Set high to {self.low:g}"),)
            raise Mismatch(f"Nothing lies between {self.low:g} and {self.high:g}.", None, repairs)
        return numbers(values, "values")

    def build(self, values: Value) -> Expression:
        return values.clamp(self.low, self.high)


class Power(_Pointwise):
    """Raises every number to a power."""

    exponent: Annotated[Number, "the power: 2 squares, 0.5 takes the root, -1 turns over"] = 2.0

    synonyms: ClassVar[tuple[str, ...]] = ("square", "exponent", "pow", "reciprocal", "cube")
    formula: ClassVar[str] = r"y = x^a"
    purpose: ClassVar[str] = "Raises each number to the power {exponent}. Squares make large numbers count more."
    trap: ClassVar[str] = "A broken power of a negative number is no number (NaN), and zero to a negative is infinite."
    examples: ClassVar = (*SHAPES, (vector(5), {"exponent": 0.5}), (vector(5), {"exponent": -1.0}))

    def build(self, values: Value) -> Expression:
        return values**self.exponent


class SquareRoot(_Pointwise):
    """The square root of every number; what is below the smallest number allowed counts as that."""

    smallest: Annotated[Positive, "numbers below count as this, so that the slope stays finite"] = 1e-12

    synonyms: ClassVar[tuple[str, ...]] = ("sqrt", "root", "power", "standard deviation")
    formula: ClassVar[str] = r"y = \sqrt{\max(x, \epsilon)}"
    purpose: ClassVar[str] = "Makes a variance a standard deviation, or a sum of squares a length."
    trap: ClassVar[str] = "At zero the root is infinitely steep, which is why the smallest numbers are lifted."
    examples: ClassVar = (*SHAPES, (vector(5), {"smallest": 1e-6}))

    def build(self, values: Value) -> Expression:
        return values.clamp(min=self.smallest).sqrt()


class Exponential(_Pointwise):
    """Raises e to every number: what comes out is above zero."""

    synonyms: ClassVar[tuple[str, ...]] = ("exp", "e", "log variance", "positive")
    formula: ClassVar[str] = r"y = \exp(x)"
    purpose: ClassVar[str] = (
        "Turns any number into one above zero, as when a network answers the logarithm of a variance. Steps in the "
        "argument become factors."
    )
    trap: ClassVar[str] = "Above 88 a 32-bit number overflows: let the network answer logarithms that stay small."
    slide: ClassVar[str] = "Why doesn't this work?"
    unsourced: ClassVar[str] = ""

    def build(self, values: Value) -> Expression:
        return values.exp()


class Logarithm(_Pointwise):
    """The natural logarithm of every number; what is below the smallest number allowed counts as that."""

    smallest: Annotated[Positive, "numbers below count as this, so that the answer stays finite"] = 1e-12

    synonyms: ClassVar[tuple[str, ...]] = ("log", "ln", "log probability", "likelihood")
    formula: ClassVar[str] = r"y = \log \max(x, \epsilon)"
    purpose: ClassVar[str] = "Turns probabilities into log probabilities, and factors into steps."
    trap: ClassVar[str] = "The logarithm of a softmax is more exact as LogSoftmax, in one step."
    examples: ClassVar = (*SHAPES, (vector(5), {"smallest": 1e-6}))

    def build(self, values: Value) -> Expression:
        return values.clamp(min=self.smallest).log()


class Absolute(_Pointwise):
    """The size of every number, without its sign."""

    synonyms: ClassVar[tuple[str, ...]] = ("abs", "magnitude", "modulus", "rectify")
    formula: ClassVar[str] = r"y = \abs{x}"
    purpose: ClassVar[str] = "Says how large a number is whichever way it points: edges are edges, light or dark."
    trap: ClassVar[str] = "At zero it has a kink; PyTorch takes 0 for its slope there."

    def build(self, values: Value) -> Expression:
        return values.abs()


class Negate(_Pointwise):
    """Turns the sign of every number."""

    synonyms: ClassVar[tuple[str, ...]] = ("minus", "negative", "opposite", "sign", "crelu")
    formula: ClassVar[str] = r"y = -x"
    purpose: ClassVar[str] = "Turns large into small, as when a distance shall become a score."
    trap: ClassVar[str] = "Before a linear layer it changes nothing that the layer could not learn."

    def build(self, values: Value) -> Expression:
        return -values
