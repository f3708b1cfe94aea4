"""Losses for numbers and for distributions beyond the squared error."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from nodes.joining import met
from nodes.loss import ALIKE, MeanOfNumbers, check_alike
from studio.core.declaration import Positive
from studio.core.node_class import Loss
from studio.core.record import Expression, Value, nn, torch
from studio.core.shape import LOSS, Shape, sequence, vector

FAMILY = "Loss & metrics"

SUMMED = (*ALIKE, (vector(5), vector(5), {"reduction": "sum"}))


class _OfNumbers(Loss):
    """What compares an answer with a target of the same shape."""

    examples: ClassVar[tuple[tuple[Any, ...], ...]] = SUMMED

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        return check_alike(prediction, target)


class SmoothL1(_OfNumbers):
    """Squared near the target and absolute further off, as Fast R-CNN fits its boxes."""

    reduction: MeanOfNumbers = "mean"
    beta: Annotated[Positive, "distance at which the square turns into a straight line"] = 1.0

    synonyms: ClassVar[tuple[str, ...]] = ("huber", "boxes", "bounding box", "regression", "robust", "faster r-cnn")
    formula: ClassVar[str] = (
        r"d = \abs{y - t}, \quad \cases{\frac{d^2}{2 \beta} & d < \beta \\ d - \frac{\beta}{2} & d \ge \beta}"
    )
    purpose: ClassVar[str] = (
        "Settles exactly, as a square does, and is not ruled by outliers, as an absolute value is not. Detectors "
        "learn their boxes by it."
    )
    trap: ClassVar[str] = "It is Huber's loss divided by β: the slope far off is 1 whatever β is."
    paper: ClassVar[str] = "Girshick 2015, Fast R-CNN https://arxiv.org/abs/1504.08083"
    slide: ClassVar[str] = "Faster R-CNN"
    examples: ClassVar = (*SUMMED, (vector(4), vector(4), {"beta": 0.25}))

    @classmethod
    def title(cls) -> str:
        return "Smooth L1"

    def build(self, prediction: Value, target: Value) -> Expression:
        return nn.SmoothL1Loss(**self.options("reduction", "beta"))


class Huber(_OfNumbers):
    """Squared near the target and absolute further off: Huber's estimator."""

    reduction: MeanOfNumbers = "mean"
    delta: Annotated[Positive, "distance at which the square turns into a straight line"] = 1.0

    synonyms: ClassVar[tuple[str, ...]] = ("smooth l1", "robust", "regression", "outlier", "q-learning")
    formula: ClassVar[str] = (
        r"d = \abs{y - t}, \quad \cases{\frac{1}{2} d^2 & d < \delta \\ \delta (d - \frac{\delta}{2}) & d \ge \delta}"
    )
    purpose: ClassVar[str] = (
        "For numbers that should be hit where some samples are far off: within {delta} it is half the squared error, "
        "beyond it grows in proportion."
    )
    trap: ClassVar[str] = "The slope far off is δ: a small δ makes learning slow."
    paper: ClassVar[str] = (
        "Huber 1964, Robust estimation of a location parameter https://doi.org/10.1214/aoms/1177703732"
    )
    examples: ClassVar = (*SUMMED, (vector(4), vector(4), {"delta": 0.5}))

    def build(self, prediction: Value, target: Value) -> Expression:
        return nn.HuberLoss(**self.options("reduction", "delta"))


class PoissonNLL(_OfNumbers):
    """How surprised a count is by the logarithm of the rate that was answered."""

    reduction: MeanOfNumbers = "mean"
    log_input: Annotated[bool, "whether the answer is the logarithm of the rate, else the rate itself"] = True

    synonyms: ClassVar[tuple[str, ...]] = ("poisson", "count", "rate", "negative log likelihood", "events")
    formula: ClassVar[str] = r"\exp(y) - t y"
    purpose: ClassVar[str] = "For targets that are counted: cars in a picture, calls in an hour. It fits the rate."
    trap: ClassVar[str] = "It leaves out log t!, which no weight can change, so it may fall below zero."
    unsourced: ClassVar[str] = "The negative logarithm of Poisson's distribution of 1837: there is nothing to cite."
    examples: ClassVar = (*SUMMED, (vector(4), vector(4), {"log_input": False}))

    @classmethod
    def title(cls) -> str:
        return "Poisson likelihood"

    def build(self, prediction: Value, target: Value) -> Expression:
        return nn.PoissonNLLLoss(**self.options("log_input", "reduction"))


class GaussianNLL(Loss):
    """How surprised a number is by the mean and the variance that were answered: the network says how sure it is."""

    reduction: MeanOfNumbers = "mean"
    eps: Annotated[Positive, "smallest variance that counts, so that nothing is divided by zero"] = 1e-6

    synonyms: ClassVar[tuple[str, ...]] = ("gaussian", "uncertainty", "variance", "negative log likelihood", "normal")
    formula: ClassVar[str] = r"\frac{1}{2} (\log \sigma^2 + \frac{(y - t)^2}{\sigma^2})"
    purpose: ClassVar[str] = (
        "For numbers of which some can be told well and others badly: a second output says the variance. To be far off "
        "costs less where it is large, and to claim that all is uncertain costs too."
    )
    trap: ClassVar[str] = "The variance must be positive: a Softplus before it makes it so. Below zero it counts as ε."
    paper: ClassVar[str] = (
        "Nix & Weigend 1994, Estimating the mean and variance of the target probability distribution "
        "https://doi.org/10.1109/ICNN.1994.374138"
    )
    examples: ClassVar = (
        (vector(5), vector(5), vector(5)),
        (vector(3), vector(3), vector(3), {"eps": 1e-3, "reduction": "sum"}),
        (sequence("T", 4), sequence("T", 4), sequence("T", 4)),
    )

    @classmethod
    def title(cls) -> str:
        return "Gaussian likelihood"

    def infer(self, prediction: Shape, target: Shape, variance: Shape) -> Shape:
        met(prediction, target, ("prediction", "target"), stretch=False)
        met(prediction, variance, ("prediction", "variance"), stretch=False)
        return LOSS

    def build(self, prediction: Value, target: Value, variance: Value) -> Expression:
        sure = variance.clamp(min=self.eps)
        terms = (torch.log(sure) + (prediction - target) ** 2 / sure) / 2
        return terms.mean() if self.reduction == "mean" else terms.sum()


class KLDivergence(_OfNumbers):
    """How far a distribution, answered as log probabilities, is from a target of probabilities."""

    reduction: Annotated[
        Literal["mean", "sum"], "mean over the samples of a batch (PyTorch: batchmean), or their sum"
    ] = "mean"

    synonyms: ClassVar[tuple[str, ...]] = ("kl", "kullback leibler", "distillation", "relative entropy", "divergence")
    formula: ClassVar[str] = r"\sum_i t_i (\log t_i - y_i)"
    purpose: ClassVar[str] = (
        "Teaches one distribution to be like another: a small network that is to answer as a large one does, by "
        "distillation."
    )
    trap: ClassVar[str] = (
        "The answer must be log probabilities (LogSoftmax), the target probabilities. PyTorch's own mean divides by "
        "all numbers, this one by the samples."
    )
    paper: ClassVar[str] = (
        "Hinton et al. 2015, Distilling the knowledge in a neural network https://arxiv.org/abs/1503.02531"
    )
    examples: ClassVar = (
        *SUMMED,
        (sequence("T", 4), sequence("T", 4), {"reduction": "sum"}),
    )

    @classmethod
    def title(cls) -> str:
        return "KL divergence"

    def build(self, prediction: Value, target: Value) -> Expression:
        return nn.KLDivLoss(reduction="batchmean" if self.reduction == "mean" else "sum")
