"""What each unit does with its weighted sum: the usual functions, and shares over an axis."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from studio.core.declaration import NotNegative
from studio.core.node_class import Layer
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, Value, nn, torch
from studio.core.shape import AXIS_NAMES, Shape, arriving, class_axis, image, numbers, sequence, vector

FAMILY = "Activation"

Along = Literal["classes", "channels", "features", "length", "depth", "height", "width"]

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
    formula: ClassVar[str] = r"y = \max(0, x)"
    purpose: ClassVar[str] = (
        "Bends the straight line at zero, which is all it takes for layers to build any function. For positive "
        "numbers the slope is 1, so gradients pass deep networks undiminished."
    )
    trap: ClassVar[str] = "A unit whose sum is always negative has no slope and never learns again: it is dead."
    paper: ClassVar[str] = (
        "Nair & Hinton 2010, Rectified linear units improve restricted Boltzmann machines "
        "https://www.cs.toronto.edu/~fritz/absps/reluICML.pdf"
    )

    def build(self, values: Value) -> Expression:
        return nn.ReLU()


class LeakyReLU(_Activation):
    """Lets positive numbers pass and shrinks negative ones, so that no unit dies."""

    negative_slope: Annotated[NotNegative, "what is left of a negative number"] = 0.01

    synonyms: ClassVar[tuple[str, ...]] = ("rectifier", "leaky rectified linear")
    formula: ClassVar[str] = r"y = \max(0, x) + a \min(0, x)"
    purpose: ClassVar[str] = (
        "A ReLU that lets a share a = {negative_slope} of negative numbers through, so that every unit keeps a slope "
        "to learn by."
    )
    trap: ClassVar[str] = "PyTorch's slope is 0.01; YOLO uses 0.1, DCGAN 0.2."
    paper: ClassVar[str] = (
        "Maas et al. 2013, Rectifier nonlinearities improve neural network acoustic models "
        "https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf"
    )
    examples: ClassVar = (*ANY_SHAPE, (vector(6), {"negative_slope": 0.2}))

    def build(self, values: Value) -> Expression:
        return nn.LeakyReLU(self.negative_slope)


class Sigmoid(_Activation):
    """The logistic function: squeezes every number between 0 and 1."""

    synonyms: ClassVar[tuple[str, ...]] = ("logistic", "probability", "gate")
    formula: ClassVar[str] = r"y = \frac{1}{1 + e^{-x}}"
    purpose: ClassVar[str] = (
        "Turns any number into one between 0 and 1, to be read as a probability or used as a gate that is open or "
        "closed."
    )
    trap: ClassVar[str] = (
        "Far from zero it is flat, so gradients vanish in deep stacks. Near zero it is 1/2 + x/4, not x."
    )
    slide: ClassVar[str] = "Perceptron"

    def build(self, values: Value) -> Expression:
        return nn.Sigmoid()


class Tanh(_Activation):
    """Squeezes every number between -1 and 1; near zero it leaves numbers as they are."""

    synonyms: ClassVar[tuple[str, ...]] = ("hyperbolic tangent", "squashing")
    formula: ClassVar[str] = r"y = \tanh(x) = \frac{e^x - e^{-x}}{e^x + e^{-x}}"
    purpose: ClassVar[str] = (
        "Keeps numbers between −1 and 1 and their mean near 0. Near zero it leaves them as they are, so small "
        "weights make a linear network."
    )
    trap: ClassVar[str] = "Far from zero it is flat: large weights stop learning."
    slide: ClassVar[str] = "Perceptron"

    def build(self, values: Value) -> Expression:
        return nn.Tanh()


class ScaledTanh(_Activation):
    """LeCun's hyperbolic tangent, which maps -1 and 1 to themselves and bends most there."""

    synonyms: ClassVar[tuple[str, ...]] = ("lenet", "lecun", "hyperbolic tangent", "squashing")
    formula: ClassVar[str] = r"y = 1.7159 \tanh(\frac{2}{3} x)"
    purpose: ClassVar[str] = (
        "A tanh stretched so that it maps −1 and 1 to themselves: targets of ±1 lie where it bends most and still "
        "learns."
    )
    trap: ClassVar[str] = "Copies of LeNet-5 use the plain tanh."
    paper: ClassVar[str] = "LeCun et al. 1998, appendix A https://doi.org/10.1109/5.726791"

    def build(self, values: Value) -> Expression:
        return 1.7159 * torch.tanh(values * 2 / 3)


class GELU(_Activation):
    """Lets a number pass by the probability that a normal one is smaller: a smooth ReLU."""

    approximate: Annotated[Literal["none", "tanh"], "none is exact; tanh is the faster form of GPT-2"] = "none"

    synonyms: ClassVar[tuple[str, ...]] = ("gaussian error linear",)
    formula: ClassVar[str] = r"y = x \Phi(x)"
    purpose: ClassVar[str] = (
        "A smooth ReLU: a number passes by the probability Φ(x) that a normal one is smaller. Transformers use it."
    )
    trap: ClassVar[str] = "BERT and ViT use the exact form, GPT-2 the one with tanh; they differ by less than 0.001."
    paper: ClassVar[str] = "Hendrycks & Gimpel 2016, Gaussian error linear units https://arxiv.org/abs/1606.08415"
    examples: ClassVar = (*ANY_SHAPE, (vector(6), {"approximate": "tanh"}))

    def build(self, values: Value) -> Expression:
        return nn.GELU(**self.options("approximate"))


class SiLU(_Activation):
    """A number times its logistic function: smooth, and slightly negative left of zero."""

    synonyms: ClassVar[tuple[str, ...]] = ("swish", "sigmoid linear")
    formula: ClassVar[str] = r"y = x \sigma(x) = \frac{x}{1 + e^{-x}}"
    purpose: ClassVar[str] = (
        "A number times its own gate: smooth everywhere, and slightly negative left of zero. Diffusion networks use it."
    )
    trap: ClassVar[str] = "It is not monotonic: it has its lowest value, −0.28, near −1.28."
    paper: ClassVar[str] = (
        "Ramachandran et al. 2017, Searching for activation functions https://arxiv.org/abs/1710.05941"
    )

    def build(self, values: Value) -> Expression:
        return nn.SiLU()


class Step(_Activation):
    """The perceptron's threshold: 1 from zero on, else 0. It has no slope, so nothing before it learns by gradient."""

    synonyms: ClassVar[tuple[str, ...]] = ("heaviside", "threshold", "perceptron")
    formula: ClassVar[str] = r"y = \cases{1 & \text{if } x \ge 0 \\ 0 & \text{otherwise}}"
    purpose: ClassVar[str] = (
        "The perceptron's decision: yes or no. It shows what a unit decides; to learn, take the logistic function, "
        "its smooth form."
    )
    trap: ClassVar[str] = "Its slope is 0 everywhere, so nothing before it learns by gradient."
    paper: ClassVar[str] = "Rosenblatt 1958, The perceptron https://doi.org/10.1037/h0042519"

    def build(self, values: Value) -> Expression:
        return values.at_least(0).float()


class _OverAnAxis(_Activation):
    """What compares the numbers along one axis with each other."""

    axis: Annotated[Along, "what competes; classes are the channels of an image, else the features"] = "classes"

    examples: ClassVar = (
        *ANY_SHAPE,
        (image(3, "H", 5), {"axis": "width"}),
        (sequence(7, 6), {"axis": "length"}),
        (vector(6), {"axis": "features"}),
    )

    def infer(self, values: Shape) -> Shape:
        if not numbers(values, "values").sizes:
            raise Mismatch(f"This compares several scores; {arriving(values)}.", "values")
        self._place(values)
        return values

    def _place(self, values: Shape) -> int:
        """The axis in a batch, where the first one counts samples. Raises Mismatch where it is missing."""
        if self.axis == "classes":
            return class_axis(values)
        names = [AXIS_NAMES.get(axis, axis) for axis in values.axes]
        if self.axis not in names:
            repairs = (Assign("axis", "classes", "Set axis to classes"),)
            raise Mismatch(f"There is no axis for the {self.axis}; {arriving(values)}.", "values", repairs)
        return names.index(self.axis) + 1


class Softmax(_OverAnAxis):
    """Turns scores into probabilities that sum to one: over the channels of an image, else over the features.

    Leave it out before cross-entropy, which applies it by itself.
    """

    synonyms: ClassVar[tuple[str, ...]] = ("probability", "classification", "normalised exponential")
    formula: ClassVar[str] = r"y_i = \frac{\exp(x_i)}{\sum_j \exp(x_j)}"
    purpose: ClassVar[str] = (
        "Turns scores into shares that sum to one, the largest score getting the largest share: the network's belief "
        "in each class."
    )
    trap: ClassVar[str] = (
        "Leave it out before cross-entropy, which applies it by itself; twice makes learning slow, and nothing "
        "complains."
    )
    slide: ClassVar[str] = "Classification output"

    def build(self, values: Value) -> Expression:
        return nn.Softmax(dim=self._place(values.shape))


class LogSoftmax(_OverAnAxis):
    """The logarithm of softmax, computed in one step so that it stays exact where probabilities get tiny."""

    synonyms: ClassVar[tuple[str, ...]] = ("log probability", "log-likelihood", "classification", "nll")
    formula: ClassVar[str] = r"y_i = x_i - \log \sum_j \exp(x_j)"
    purpose: ClassVar[str] = (
        "Log-probabilities add up where probabilities multiply, and stay exact where these are too small for a float. "
        "The negative one of the right class is the cross-entropy."
    )
    trap: ClassVar[str] = "The logarithm of a softmax node says the same but gives −∞ for a share below 1e-38."
    slide: ClassVar[str] = "Classification output"

    def build(self, values: Value) -> Expression:
        return nn.LogSoftmax(dim=self._place(values.shape))


class Softmin(_OverAnAxis):
    """Softmax with the signs turned: the smallest number gets the largest share, as suits distances."""

    synonyms: ClassVar[tuple[str, ...]] = ("distance", "nearest", "probability")
    formula: ClassVar[str] = r"y_i = \frac{\exp(-x_i)}{\sum_j \exp(-x_j)}"
    purpose: ClassVar[str] = (
        "Turns distances or costs into shares that sum to one: what is nearest gets the largest. It is the soft form "
        "of a nearest neighbour."
    )
    trap: ClassVar[str] = "Scores, of which the largest should win, need the softmax."
    slide: ClassVar[str] = "Classification output"

    def build(self, values: Value) -> Expression:
        return nn.Softmin(dim=self._place(values.shape))
