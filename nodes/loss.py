"""What training makes small, and what a person judges a network by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from studio.core.bridges import bridges
from studio.core.declaration import Count, Fraction, Positive
from studio.core.node_class import Loss, Metric
from studio.core.problem import Assign, AtSource, Insert, LinkTo, Match, Mismatch, Remove, Replace, Suggestion
from studio.core.record import Expression, Value, modules, nn, torch
from studio.core.shape import (
    LABEL,
    LOSS,
    Shape,
    arriving,
    class_axis,
    describe,
    fixed,
    image,
    numbers,
    reshaping,
    sequence,
    tokens,
    vector,
)

FAMILY = "Loss & metrics"

Reduction = Annotated[
    Literal["mean", "sum"], "mean over the samples of a batch, as PyTorch does, or their sum, as the lecture does"
]
MeanOfNumbers = Annotated[
    Literal["mean", "sum"],
    "mean over all numbers of a batch, as PyTorch does, or the sum over numbers and samples, as the lecture does",
]
LABELLED = (
    (vector(10), LABEL),
    (image(5, 4, 6), Shape(("H", "W"), (4, 6), "int")),
    (sequence("T", 7), tokens("T")),
)
ALIKE = ((vector(5), vector(5)), (image(3, 4, 4), image(3, 4, 4)), (sequence("T", 4), sequence("T", 4)))


class CrossEntropy(Loss):
    """How surprised the scores are by the right class; it applies softmax itself, so none belongs before it.

    With class weights the mean divides by the sum of the weights that took part, as in PyTorch.
    """

    reduction: Reduction = "mean"
    label_smoothing: Annotated[Fraction, "share of certainty given evenly to all classes"] = 0.0
    class_weights: Annotated[tuple[Positive, ...], "how much each class counts, in order; empty: all alike"] = ()
    reciprocal_counts: Annotated[
        bool, "let each class count by 1 / its samples in the training part, so that rare ones count as much"
    ] = False

    synonyms: ClassVar[tuple[str, ...]] = ("log loss", "softmax", "classification", "negative log likelihood", "nll")
    formula: ClassVar[str] = r"-\alpha_t \log \frac{\exp(y_t)}{\sum_j \exp(y_j)}"
    purpose: ClassVar[str] = (
        "Measures how little the network believed in the right class t. Being wrong and sure costs most; the "
        "gradient is simply belief minus truth."
    )
    trap: ClassVar[str] = (
        "It applies softmax itself. The lecture sums over examples; with class weights α PyTorch's mean divides by "
        "the sum of the weights that took part."
    )
    slide: ClassVar[str] = "Classification output"
    examples: ClassVar = (
        *LABELLED,
        (vector(3), LABEL, {"class_weights": (1.0, 2.0, 0.5), "label_smoothing": 0.1, "reduction": "sum"}),
        (vector(3), LABEL, {"reciprocal_counts": True, "label_smoothing": 0.1}),
        (image(5, 4, 6), Shape(("H", "W"), (4, 6), "int"), {"reciprocal_counts": True, "reduction": "sum"}),
    )

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        classes = check_labels(prediction, target, *FOR_NUMBERS)
        if self.class_weights and len(self.class_weights) != classes:
            repairs = (Assign("class_weights", (), "Weigh all classes alike"),)
            raise Mismatch(f"{len(self.class_weights)} class weights for {classes} classes.", "prediction", repairs)
        if self.class_weights and self.reciprocal_counts:
            counted = Assign("class_weights", (), "Count the classes")
            given = Assign("reciprocal_counts", False, "Take the given weights")
            raise Mismatch("Class weights are given, and should be counted too: choose one.", None, (counted, given))
        return LOSS

    def build(self, prediction: Value, target: Value) -> Expression:
        if self.reciprocal_counts:
            classes = fixed(prediction.shape.sizes[0 if class_axis(prediction.shape) == 1 else -1])
            options = self.options("label_smoothing", "reduction")
            return modules.class_balance.BalancedCrossEntropy(classes, **options)(classes_second(prediction), target)
        weight = {"weight": torch.tensor(self.class_weights)} if self.class_weights else {}
        loss = nn.CrossEntropyLoss(**weight, **self.options("label_smoothing", "reduction"))
        return loss(classes_second(prediction), target)


class BinaryCrossEntropy(Loss):
    """Cross-entropy of yes-or-no answers, each judged alone; it applies the logistic function itself."""

    reduction: MeanOfNumbers = "mean"
    positive_weight: Annotated[Positive, "how much a yes counts against a no"] = 1.0

    synonyms: ClassVar[tuple[str, ...]] = ("bce", "logits", "logistic", "multi-label")
    formula: ClassVar[str] = r"-t \log \sigma(y) - (1 - t) \log(1 - \sigma(y))"
    purpose: ClassVar[str] = (
        "For questions with yes or no as the answer, each judged alone: several labels at once, or real against "
        "generated."
    )
    trap: ClassVar[str] = "It applies the logistic function itself: feed it scores, not probabilities."
    slide: ClassVar[str] = "GAN"
    examples: ClassVar = (*ALIKE, (vector(5), vector(5), {"positive_weight": 3.0, "reduction": "sum"}))

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        return check_alike(prediction, target)

    def build(self, prediction: Value, target: Value) -> Expression:
        weight = {"pos_weight": torch.tensor(self.positive_weight)} if self.positive_weight != 1 else {}
        return nn.BCEWithLogitsLoss(**weight, **self.options("reduction"))


class SquaredError(Loss):
    """Squared distance between answer and target, for regression and reconstruction."""

    reduction: MeanOfNumbers = "mean"

    synonyms: ClassVar[tuple[str, ...]] = ("mse", "mean squared error", "l2", "regression", "reconstruction")
    formula: ClassVar[str] = r"\norm{y - t}^2 = \sum_i (y_i - t_i)^2"
    purpose: ClassVar[str] = (
        "For numbers that should be hit: being twice as far off costs four times as much. An autoencoder that "
        "minimises it reaches the subspace of PCA."
    )
    trap: ClassVar[str] = (
        "The lecture sums; PyTorch's default is the mean over all numbers, and neither has a factor of 1/2."
    )
    slide: ClassVar[str] = "Regression output"
    examples: ClassVar = (*ALIKE, (vector(5), vector(5), {"reduction": "sum"}))

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        return check_alike(prediction, target)

    def build(self, prediction: Value, target: Value) -> Expression:
        return nn.MSELoss(**self.options("reduction"))


class L1(Loss):
    """Absolute distance between answer and target: less impressed by outliers than the squared error."""

    reduction: MeanOfNumbers = "mean"

    synonyms: ClassVar[tuple[str, ...]] = ("mae", "mean absolute error", "regression", "reconstruction")
    formula: ClassVar[str] = r"\sum_i \abs{y_i - t_i}"
    purpose: ClassVar[str] = (
        "For numbers that should be hit where some samples are far off: it grows in proportion, so outliers do not "
        "rule. In images it blurs less than the squared error."
    )
    trap: ClassVar[str] = "At zero it has no slope, so it does not settle exactly."
    slide: ClassVar[str] = "GAN applications, pix2pix"
    examples: ClassVar = (*ALIKE, (vector(5), vector(5), {"reduction": "sum"}))

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        return check_alike(prediction, target)

    def build(self, prediction: Value, target: Value) -> Expression:
        return nn.L1Loss(**self.options("reduction"))


class Accuracy(Metric):
    """Share of the samples, or of the pixels or tokens, whose largest score is that of the right class."""

    percent = True

    synonyms: ClassVar[tuple[str, ...]] = ("top-1", "error rate", "correct")
    formula: ClassVar[str] = r"\frac{1}{n} \sum_i [\argmax_k y_{i,k} = t_i]"
    purpose: ClassVar[str] = (
        "What share of the samples the network gets right. The error rate is what is missing to 100 %."
    )
    trap: ClassVar[str] = (
        "With unequal classes always guessing the largest looks good. For segmentation the usual measure is mean "
        "IoU, not this."
    )
    slide: ClassVar[str] = "AlexNet results"
    examples: ClassVar = LABELLED

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        check_labels(prediction, target, *NO_FIGURE)
        return LOSS

    def build(self, prediction: Value, target: Value) -> Expression:
        return prediction.argmax(dim=class_axis(prediction.shape)).equals(target).float().mean()


class TopK(Metric):
    """Share of the samples whose right class is among the k largest scores."""

    k: Annotated[Count, "how many guesses are allowed"] = 5

    percent = True
    synonyms: ClassVar[tuple[str, ...]] = ("top-5", "accuracy", "error rate")
    formula: ClassVar[str] = r"\frac{1}{n} \sum_i [t_i \in \text{the } k \text{ largest of } y_i]"
    purpose: ClassVar[str] = (
        "The share of samples whose right class is among {k} guesses: fairer where classes overlap, as among the "
        "thousand of ImageNet."
    )
    trap: ClassVar[str] = "Never below the accuracy: compare top-5 only with top-5."
    slide: ClassVar[str] = "AlexNet results"
    examples: ClassVar = (*LABELLED, (vector(4), LABEL, {"k": 2}))

    @classmethod
    def title(cls) -> str:
        return "Top-k accuracy"

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        classes = check_labels(prediction, target, *NO_FIGURE)
        if self.k > classes:
            repairs = (Assign("k", classes, f"Set k to {classes}"),)
            raise Mismatch(f"There are only {classes} classes to guess from, not {self.k}.", "prediction", repairs)
        return LOSS

    def build(self, prediction: Value, target: Value) -> Expression:
        axis = class_axis(prediction.shape)
        guesses = prediction.topk(self.k, dim=axis).indices
        return guesses.equals(target.unsqueeze(axis)).any(dim=axis).float().mean()


def classes_second(prediction: Value) -> Expression:
    """The scores with the classes where PyTorch's losses look for them: right behind the batch."""
    return prediction if class_axis(prediction.shape) == 1 else prediction.transpose(1, -1)


def check_labels(prediction: Shape, target: Shape, *otherwise: Suggestion) -> int:
    """The number of classes. Raises Mismatch where the target does not hold one class number for each answer.

    ``otherwise`` is proposed where the target holds numbers of the answer's shape.
    """
    if not numbers(prediction, "prediction").sizes:
        raise Mismatch(f"A choice needs several scores; {arriving(prediction)}.", "prediction")
    at = class_axis(prediction) % len(prediction.sizes) if class_axis(prediction) < 0 else 0
    classes, answers = fixed(prediction.sizes[at]), (*prediction.sizes[:at], *prediction.sizes[at + 1 :])
    if target.dtype != "int":
        alike = target.batched and (prediction.axes, prediction.sizes) == (target.axes, target.sizes)
        message = f"The target must be a class number, such as a label; {arriving(target)}."
        raise Mismatch(message, "target", (*(otherwise if alike else ()), *_OF_CLASSES))
    if target.sizes != answers:
        expected = "one label" if not answers else f"one label for each of {'×'.join(map(str, answers))} places"
        repairs = _counted(prediction) if not target.sizes else ()
        message = f"{describe(prediction).capitalize()} needs {expected}; {arriving(target)}."
        raise Mismatch(message, "prediction" if repairs else "target", repairs)
    return classes


FOR_CLASSES = Replace("CrossEntropy", "Use Cross entropy instead")
FOR_LABELS = Replace("Accuracy", "Use Accuracy instead")
"""The usual loss and metric whose target is a class number."""


def check_alike(prediction: Shape, target: Shape, *, for_labels: Replace = FOR_CLASSES) -> Shape:
    """The shape of the loss. Raises Mismatch where there is not one number in the target for each in the answer.

    ``for_labels`` is proposed where the target is a class number and the answer has scores for it.
    """
    numbers(prediction, "prediction")
    if target.dtype != "float" or not target.batched:
        message = f"The target must be numbers to come close to; {arriving(target)}."
        raise Mismatch(message, "target", _for_labels(prediction, target, for_labels))
    if (prediction.axes, prediction.sizes) != (target.axes, target.sizes):
        message = f"The answer is {describe(prediction)}, but the target is {describe(target)}."
        raise Mismatch(message, "prediction", tuple(_nearer(prediction, target)))
    return LOSS


FOR_NUMBERS = (
    Replace("SquaredError", "Use Squared error instead"),
    Replace("BinaryCrossEntropy", "Use Binary cross entropy instead"),
)
"""Losses whose target is numbers."""
NO_FIGURE = (Remove("Leave this figure out"),)
_OF_CLASSES = (AtSource("task", "classes", "Let {} give classes"), LinkTo())
_OF_NUMBERS = (AtSource("task", "numbers", "Let {} give numbers"), LinkTo())
"""What the data may answer instead."""


def _for_labels(prediction: Shape, target: Shape, judge: Replace) -> tuple[Suggestion, ...]:
    """The judge that takes class numbers, where the answer has a score for each class; else numbers in their place."""
    if target.dtype != "int" or not prediction.sizes:
        return _OF_NUMBERS
    at = class_axis(prediction) % len(prediction.sizes) if class_axis(prediction) < 0 else 0
    classes, answers = prediction.sizes[at], (*prediction.sizes[:at], *prediction.sizes[at + 1 :])
    if answers != target.sizes or not isinstance(classes, int):
        return _OF_NUMBERS
    chosen = (judge,) if classes > 1 else ()
    one_hot = Insert("OneHot", f"Write the label as 1 of {classes}", {"classes": classes})
    return (*chosen, *((one_hot,) if at == len(prediction.sizes) - 1 and classes > 1 else ()), *_OF_NUMBERS)


def _counted(prediction: Shape) -> tuple[Suggestion, ...]:
    """One answer for each sample, where there are several and the target has one label."""
    return reshaping(prediction, "vector") if len(prediction.sizes) > 1 else ()


def _nearer(prediction: Shape, target: Shape) -> Iterator[Suggestion]:
    """What gives the answer the shape of the target."""
    if prediction.axes == target.axes:
        size = target.sizes[0] if target.axes[0] == "C" else target.sizes[-1]
        others = [at for at, (a, b) in enumerate(zip(prediction.sizes, target.sizes, strict=True)) if a != b]
        if isinstance(size, int) and others == [0 if target.axes[0] == "C" else len(target.axes) - 1]:
            yield Match(size)
        inserts = (found for found in bridges(target, prediction, 1) if isinstance(found, Insert))
        yield from (replace(found, index=0) for found in inserts if found.index == 1)
    elif target.kind == "vector" and len(prediction.sizes) > 1:
        yield Insert("Flatten", "Insert Flatten")
    yield LinkTo()
