"""What a person judges a classifier by where accuracy alone would mislead."""

from __future__ import annotations

from typing import Annotated, ClassVar

from nodes.loss import FOR_LABELS, LABELLED, NO_FIGURE, check_alike, check_labels
from studio.core.declaration import Count, Number
from studio.core.node_class import Metric
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, Value, modules
from studio.core.shape import LABEL, LOSS, Shape, class_axis, vector

FAMILY = "Loss & metrics"


class TopKError(Metric):
    """Share of the samples whose right class is not among the k largest scores."""

    k: Annotated[Count, "how many guesses are allowed; 1 gives the error rate"] = 5

    percent = True
    higher_is_better = False

    synonyms: ClassVar[tuple[str, ...]] = ("top-5 error", "top-1 error", "error rate", "imagenet", "wrong")
    formula: ClassVar[str] = r"1 - \frac{1}{n} \sum_i [t_i \in \text{the } k \text{ largest of } y_i]"
    purpose: ClassVar[str] = (
        "The figure in which ImageNet's results are told: how often the right class is not among {k} guesses. AlexNet "
        "reached 37.5 % with one guess and 17 % with five, in 2010's test."
    )
    trap: ClassVar[str] = "Compare top-5 only with top-5, and error only with error."
    paper: ClassVar[str] = (
        "Krizhevsky et al. 2012, ImageNet classification with deep convolutional neural networks "
        "https://doi.org/10.1145/3065386"
    )
    slide: ClassVar[str] = "AlexNet results"
    examples: ClassVar = (*LABELLED, (vector(4), LABEL, {"k": 1}))

    @classmethod
    def title(cls) -> str:
        return "Top-k error"

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        classes = check_labels(prediction, target, *NO_FIGURE)
        if self.k > classes:
            repairs = (Assign("k", classes, f"Set k to {classes}"),)
            raise Mismatch(f"There are only {classes} classes to guess from, not {self.k}.", "prediction", repairs)
        return LOSS

    def build(self, prediction: Value, target: Value) -> Expression:
        axis = class_axis(prediction.shape)
        guesses = prediction.topk(self.k, dim=axis).indices
        return 1 - guesses.equals(target.unsqueeze(axis)).any(dim=axis).float().mean()


class BinaryAccuracy(Metric):
    """Share of yes-or-no answers that are right: on the side of the threshold where the target is."""

    threshold: Annotated[Number, "an answer from here on is a yes: 0.5 for probabilities, 0 for scores"] = 0.5

    percent = True

    synonyms: ClassVar[tuple[str, ...]] = ("perceptron", "multi-label", "binary classification", "correct", "hamming")
    formula: ClassVar[str] = r"\frac{1}{n} \sum_i [(y_i \ge \theta) = (t_i \ge \frac{1}{2})]"
    purpose: ClassVar[str] = (
        "What share of single decisions is right, each judged alone: of one unit that says yes from {threshold} on, "
        "or of several labels."
    )
    trap: ClassVar[str] = "If yes is rare, always saying no looks good."
    slide: ClassVar[str] = "Perceptron"
    examples: ClassVar = ((vector(1), vector(1)), (vector(5), vector(5), {"threshold": 0.0}))

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        return check_alike(prediction, target, for_labels=FOR_LABELS)

    def build(self, prediction: Value, target: Value) -> Expression:
        return prediction.at_least(self.threshold).equals(target.at_least(0.5)).float().mean()


class _MacroScore(Metric):
    """What is counted class by class and averaged over the classes that occur."""

    measure: ClassVar[str]

    percent = True
    examples: ClassVar = LABELLED

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        check_labels(prediction, target, *NO_FIGURE)
        return LOSS

    def build(self, prediction: Value, target: Value) -> Expression:
        axis = class_axis(prediction.shape)
        classes = prediction.shape.sizes[0 if axis == 1 else -1]
        return modules.macro_score.MacroScore(classes, self.measure)(prediction.argmax(dim=axis), target)


class Precision(_MacroScore):
    """Of what was taken for a class, the share that is of it; the mean over the classes, each counting alike."""

    measure = "precision"

    synonyms: ClassVar[tuple[str, ...]] = ("macro", "positive predictive value", "false positives", "detection")
    formula: ClassVar[str] = r"\frac{1}{q} \sum_k \frac{\text{right as } k}{\text{taken for } k}"
    purpose: ClassVar[str] = (
        "How far an answer can be trusted, class by class, so that rare classes count as much as frequent ones. "
        "Classes that neither occur nor are answered are left out."
    )
    trap: ClassVar[str] = (
        "Whoever answers a class only when it is certain is precise and misses most of it: look at the recall too."
    )
    paper: ClassVar[str] = (
        "Sokolova & Lapalme 2009, A systematic analysis of performance measures for classification tasks "
        "https://doi.org/10.1016/j.ipm.2009.03.002"
    )


class Recall(_MacroScore):
    """Of what is of a class, the share that was found; the mean over the classes, each counting alike."""

    measure = "recall"

    synonyms: ClassVar[tuple[str, ...]] = ("macro", "sensitivity", "hit rate", "balanced accuracy", "class accuracy")
    formula: ClassVar[str] = r"\frac{1}{q} \sum_k \frac{\text{right as } k}{\text{are } k}"
    purpose: ClassVar[str] = (
        "How much of each class is found: guessing the largest class always does not help here. It is the balanced "
        "accuracy, but for classes answered that do not occur."
    )
    trap: ClassVar[str] = "Whoever always answers a class finds all of it: look at the precision too."
    paper: ClassVar[str] = (
        "Sokolova & Lapalme 2009, A systematic analysis of performance measures for classification tasks "
        "https://doi.org/10.1016/j.ipm.2009.03.002"
    )


class F1(_MacroScore):
    """Precision and recall in one figure, high only where both are; the mean over the classes, each counting alike."""

    measure = "f1"

    synonyms: ClassVar[tuple[str, ...]] = ("f-score", "f measure", "macro", "harmonic mean", "dice")
    formula: ClassVar[str] = r"\frac{1}{q} \sum_k \frac{2 \text{ right as } k}{\text{taken for } k + \text{are } k}"
    purpose: ClassVar[str] = (
        "One figure for classes of unequal size: the harmonic mean of precision and recall of each class, averaged "
        "over the classes."
    )
    trap: ClassVar[str] = (
        "It is the mean of the F1 of the classes, not the F1 of the mean precision and the mean recall."
    )
    paper: ClassVar[str] = (
        "Sokolova & Lapalme 2009, A systematic analysis of performance measures for classification tasks "
        "https://doi.org/10.1016/j.ipm.2009.03.002"
    )


class MeanIoU(_MacroScore):
    """Intersection over union of the places of a class and those answered as it; the mean over the classes."""

    measure = "iou"

    synonyms: ClassVar[tuple[str, ...]] = ("jaccard", "intersection over union", "segmentation", "overlap", "miou")
    formula: ClassVar[str] = r"\frac{1}{q} \sum_k \frac{\text{right as } k}{\text{taken for or are } k}"
    purpose: ClassVar[str] = (
        "How scene labels are judged: places that were missed and places that were taken wrongly both count against a "
        "class, and small classes count as much as large ones."
    )
    trap: ClassVar[str] = (
        "It is counted over all pixels of a part, not image by image; what is called accuracy of a scene labelling is "
        "often this."
    )
    paper: ClassVar[str] = (
        "Everingham et al. 2010, The Pascal visual object classes challenge https://doi.org/10.1007/s11263-009-0275-4"
    )
    slide: ClassVar[str] = "Scene labeling, FCN"

    @classmethod
    def title(cls) -> str:
        return "Mean IoU"
