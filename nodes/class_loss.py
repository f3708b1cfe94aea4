"""Losses for a choice among classes beyond cross-entropy."""

from __future__ import annotations

from typing import Annotated, ClassVar

from nodes.loss import FOR_NUMBERS, LABELLED, MeanOfNumbers, Reduction, check_alike, check_labels, classes_second
from studio.core.declaration import NotNegative, Positive
from studio.core.node_class import Loss
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, Value, modules, nn
from studio.core.shape import LABEL, LOSS, Shape, vector

FAMILY = "Loss & metrics"

PER_CLASS = "one number for all classes, or one for each, in order"


class FocalLoss(Loss):
    """The lecture's focal loss: cross-entropy on softmax outputs that counts less where the answer is nearly right."""

    reduction: Reduction = "mean"
    gamma: Annotated[tuple[NotNegative, ...], f"how much what is nearly right is played down: {PER_CLASS}"] = (2.0,)
    alpha: Annotated[tuple[Positive, ...], f"how much each class counts: {PER_CLASS}"] = (1.0,)

    synonyms: ClassVar[tuple[str, ...]] = ("focal", "imbalance", "hard examples", "rare classes", "retinanet")
    formula: ClassVar[str] = r"-\alpha_t (1 - p_t)^{\gamma_t} \log p_t, \quad p = \softmax(y)"
    purpose: ClassVar[str] = (
        "Where most samples are easy, as background in detection, the many easy ones would drown the few hard ones: "
        "with γ above 0 what is nearly right hardly counts."
    )
    trap: ClassVar[str] = (
        "This is the lecture's form, by class and on softmax: feed it scores. Lin et al. judge each class alone, by "
        "the logistic function, with α and 1 - α. γ = 0 is cross-entropy."
    )
    paper: ClassVar[str] = "Lin et al. 2017, Focal loss for dense object detection https://arxiv.org/abs/1708.02002"
    slide: ClassVar[str] = "Focal loss"
    examples: ClassVar = (
        *LABELLED,
        (vector(3), LABEL, {"gamma": (0.5, 2.0, 0.0), "alpha": (1.0, 2.0, 0.5), "reduction": "sum"}),
    )

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        classes = check_labels(prediction, target, *FOR_NUMBERS)
        for name, values, plain in (("gamma", self.gamma, (2.0,)), ("alpha", self.alpha, (1.0,))):
            if len(values) not in (1, classes):
                repairs = (Assign(name, plain, f"Set {name} to {plain[0]:g} for all classes"),)
                raise Mismatch(f"{len(values)} values of {name} for {classes} classes.", "prediction", repairs)
        return LOSS

    def build(self, prediction: Value, target: Value) -> Expression:
        loss = modules.focal.FocalLoss(self.gamma, self.alpha, **self.options("reduction"))
        return loss(classes_second(prediction), target)


class NegativeLogLikelihood(Loss):
    """Minus the log probability that was answered for the right class; it expects LogSoftmax before it."""

    reduction: Reduction = "mean"

    synonyms: ClassVar[tuple[str, ...]] = ("nll", "log softmax", "cross entropy", "classification")
    formula: ClassVar[str] = r"-y_t"
    purpose: ClassVar[str] = (
        "The half of cross-entropy that is left when the network answers log probabilities by itself, as a mixture or "
        "a product of several answers does."
    )
    trap: ClassVar[str] = "It has no softmax inside: on plain scores it falls without end."
    slide: ClassVar[str] = "Classification output"
    examples: ClassVar = (*LABELLED, (vector(3), LABEL, {"reduction": "sum"}))

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        check_labels(prediction, target, *FOR_NUMBERS)
        return LOSS

    def build(self, prediction: Value, target: Value) -> Expression:
        return nn.NLLLoss(**self.options("reduction"))(classes_second(prediction), target)


class MultiMargin(Loss):
    """Wants the right class ahead of every other by a margin, as a support vector machine does."""

    reduction: Reduction = "mean"
    margin: Annotated[Positive, "how far the right class must be ahead"] = 1.0

    synonyms: ClassVar[tuple[str, ...]] = ("hinge", "svm", "margin", "support vector", "classification")
    formula: ClassVar[str] = r"\frac{1}{q} \sum_{i \ne t} \max(0, m - y_t + y_i)"
    purpose: ClassVar[str] = (
        "Once the right class is ahead by {margin} the sample says nothing more: only those near the border teach."
    )
    trap: ClassVar[str] = "Its scores are no probabilities. PyTorch divides by the number q of classes."
    paper: ClassVar[str] = (
        "Crammer & Singer 2001, On the algorithmic implementation of multiclass kernel-based vector machines "
        "https://www.jmlr.org/papers/v2/crammer01a.html"
    )
    examples: ClassVar = ((vector(10), LABEL), (vector(3), LABEL, {"margin": 0.5, "reduction": "sum"}))

    @classmethod
    def title(cls) -> str:
        return "Multi-class hinge"

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        check_labels(prediction, target, *FOR_NUMBERS)
        if len(prediction.sizes) > 1:
            raise Mismatch(f"This judges one choice for each sample, not one for each of the places of {prediction}.")
        return LOSS

    def build(self, prediction: Value, target: Value) -> Expression:
        return nn.MultiMarginLoss(**self.options("margin", "reduction"))


class MultiLabelSoftMargin(Loss):
    """Cross-entropy of yes-or-no answers, as the mean over the labels of a sample."""

    reduction: MeanOfNumbers = "mean"

    synonyms: ClassVar[tuple[str, ...]] = ("multi-label", "binary cross entropy", "several labels", "tags")
    formula: ClassVar[str] = r"-\frac{1}{q} \sum_i t_i \log \sigma(y_i) + (1 - t_i) \log(1 - \sigma(y_i))"
    purpose: ClassVar[str] = "For pictures that may show several things at once: each of q labels is there or not."
    trap: ClassVar[str] = "It applies the logistic function itself. Summed over samples it still averages over labels."
    slide: ClassVar[str] = "Multi-task learning"
    examples: ClassVar = ((vector(5), vector(5)), (vector(3), vector(3), {"reduction": "sum"}))

    @classmethod
    def title(cls) -> str:
        return "Multi-label soft margin"

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        return check_alike(prediction, target)

    def build(self, prediction: Value, target: Value) -> Expression:
        return nn.MultiLabelSoftMarginLoss(**self.options("reduction"))
