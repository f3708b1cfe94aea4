"""What each unit does with its weighted sum; the shape stays as it is."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from studio.core.declaration import NotNegative
from studio.core.node_class import Layer
from studio.core.problem import Mismatch
from studio.core.record import Expression, Value, nn, torch
from studio.core.shape import Shape, arriving, class_axis, image, numbers, sequence, vector

FAMILY = "Activation"

ANY_SHAPE = ((image(3, 4, 5),), (vector(6),), (sequence("T", 6),))


class _Activation(Layer):
    """A function of each number alone."""

    slide: ClassVar[str] = "Perceptron"
    examples: ClassVar[tuple[tuple[Any, ...], ...]] = ANY_SHAPE

    def infer(self, values: Shape) -> Shape:
        return numbers(values, "values")


class ReLU(_Activation):
    """Lets positive numbers pass and makes negative ones zero."""

    synonyms: ClassVar[tuple[str, ...]] = ("rectifier", "rectified linear")
    paper: ClassVar[str] = "Nair & Hinton 2010, Rectified linear units improve restricted Boltzmann machines"
    formula: ClassVar[str] = "y = max(0, x)"

    def build(self, values: Value) -> Expression:
        return nn.ReLU()


class LeakyReLU(_Activation):
    """Lets positive numbers pass and shrinks negative ones, so that no unit dies."""

    negative_slope: Annotated[NotNegative, "what is left of a negative number"] = 0.01

    synonyms: ClassVar[tuple[str, ...]] = ("rectifier", "leaky rectified linear")
    paper: ClassVar[str] = "Maas et al. 2013, Rectifier nonlinearities improve neural network acoustic models"
    formula: ClassVar[str] = "y = max(0, x) + a min(0, x)"
    examples: ClassVar = (*ANY_SHAPE, (vector(6), {"negative_slope": 0.2}))

    def build(self, values: Value) -> Expression:
        return nn.LeakyReLU(self.negative_slope)


class Sigmoid(_Activation):
    """The logistic function: squeezes every number between 0 and 1."""

    synonyms: ClassVar[tuple[str, ...]] = ("logistic", "probability", "gate")
    formula: ClassVar[str] = "y = 1 / (1 + e^{-x})"

    def build(self, values: Value) -> Expression:
        return nn.Sigmoid()


class Tanh(_Activation):
    """Squeezes every number between -1 and 1; near zero it leaves numbers as they are."""

    synonyms: ClassVar[tuple[str, ...]] = ("hyperbolic tangent", "squashing")
    formula: ClassVar[str] = "y = tanh(x)"

    def build(self, values: Value) -> Expression:
        return nn.Tanh()


class ScaledTanh(_Activation):
    """LeCun's hyperbolic tangent, which maps -1 and 1 to themselves and bends most there."""

    synonyms: ClassVar[tuple[str, ...]] = ("lenet", "lecun", "hyperbolic tangent", "squashing")
    paper: ClassVar[str] = "LeCun et al. 1998, appendix A"
    formula: ClassVar[str] = "y = 1.7159 tanh(2/3 x)"

    def build(self, values: Value) -> Expression:
        return 1.7159 * torch.tanh(values * 2 / 3)


class GELU(_Activation):
    """Lets a number pass by the probability that a normal one is smaller: a smooth ReLU."""

    approximate: Annotated[Literal["none", "tanh"], "none is exact; tanh is the faster form of GPT-2"] = "none"

    synonyms: ClassVar[tuple[str, ...]] = ("gaussian error linear",)
    paper: ClassVar[str] = "Hendrycks & Gimpel 2016, Gaussian error linear units"
    formula: ClassVar[str] = "y = x Φ(x)"
    examples: ClassVar = (*ANY_SHAPE, (vector(6), {"approximate": "tanh"}))

    def build(self, values: Value) -> Expression:
        return nn.GELU(**self.options("approximate"))


class SiLU(_Activation):
    """A number times its logistic function: smooth, and slightly negative left of zero."""

    synonyms: ClassVar[tuple[str, ...]] = ("swish", "sigmoid linear")
    paper: ClassVar[str] = "Ramachandran et al. 2017, Searching for activation functions"
    formula: ClassVar[str] = "y = x / (1 + e^{-x})"

    def build(self, values: Value) -> Expression:
        return nn.SiLU()


class Step(_Activation):
    """The perceptron's threshold: 1 from zero on, else 0. It has no slope, so nothing before it learns by gradient."""

    synonyms: ClassVar[tuple[str, ...]] = ("heaviside", "threshold", "perceptron")
    paper: ClassVar[str] = "Rosenblatt 1958, The perceptron"
    formula: ClassVar[str] = "y = 1 if x ≥ 0 else 0"

    def build(self, values: Value) -> Expression:
        return values.at_least(0).float()


class Softmax(_Activation):
    """Turns scores into probabilities that sum to one: over the channels of an image, else over the features.

    Leave it out before cross-entropy, which applies it by itself.
    """

    synonyms: ClassVar[tuple[str, ...]] = ("probability", "classification", "normalised exponential")
    slide: ClassVar[str] = "Classification output"
    formula: ClassVar[str] = "y_i = exp(x_i) / Σ_j exp(x_j)"

    def infer(self, values: Shape) -> Shape:
        if not numbers(values, "values").sizes:
            raise Mismatch(f"Probabilities need several scores; {arriving(values)}.", "values")
        return values

    def build(self, values: Value) -> Expression:
        return nn.Softmax(dim=class_axis(values.shape))
