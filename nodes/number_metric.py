"""What a person judges by where numbers are to be hit."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from nodes.loss import ALIKE, FOR_LABELS, check_alike
from studio.core.declaration import Positive
from studio.core.node_class import Metric
from studio.core.problem import Mismatch, Replace
from studio.core.record import Expression, Value, modules
from studio.core.shape import LOSS, Shape, expect, fixed, vector

FAMILY = "Loss & metrics"


class _Distance(Metric):
    """How far answers are from numbers, in the unit of these."""

    higher_is_better = False

    examples: ClassVar[tuple[tuple[Any, ...], ...]] = ALIKE

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        return check_alike(prediction, target, for_labels=FOR_LABELS)


class MeanAbsoluteError(_Distance):
    """How far the answers are from the targets on average, in the unit of the targets."""

    synonyms: ClassVar[tuple[str, ...]] = ("mae", "l1", "regression", "deviation")
    formula: ClassVar[str] = r"\frac{1}{n} \sum_i \abs{y_i - t_i}"
    purpose: ClassVar[str] = "The error as a person would say it: off by so many metres, degrees or steering units."
    trap: ClassVar[str] = "Its unit is that of the targets: it says nothing without knowing how far they spread."
    slide: ClassVar[str] = "Regression output"

    def build(self, prediction: Value, target: Value) -> Expression:
        return (prediction - target).abs().mean()


class RootMeanSquareError(_Distance):
    """The root of the mean squared difference, in the unit of the targets; a few large misses weigh heavily."""

    synonyms: ClassVar[tuple[str, ...]] = ("rmse", "mse", "regression", "standard error", "deviation")
    formula: ClassVar[str] = r"\sqrt{\frac{1}{n} \sum_i (y_i - t_i)^2}"
    purpose: ClassVar[str] = (
        "The squared error brought back to the unit of the targets. Always answering the mean has the standard "
        "deviation of the targets: below that something was learned."
    )
    trap: ClassVar[str] = (
        "The root is taken once, over all samples of a part. The mean of the roots of batches would be smaller, and "
        "depend on their size."
    )
    slide: ClassVar[str] = "Regression output"

    def build(self, prediction: Value, target: Value) -> Expression:
        return modules.root_mean_square.RootMeanSquare()


class SteeringError(Metric):
    """How far the hill that units answer lies from where it should: ALVINN's steering error, in units."""

    width: Annotated[Positive, "the hill round d is exp(-(i - d)² / width)"] = 10.0

    higher_is_better = False

    synonyms: ClassVar[tuple[str, ...]] = ("alvinn", "peak error", "gaussian", "population code")
    formula: ClassVar[str] = r"\frac{1}{n} \sum_j \abs{d(y_j) - d(t_j)}"
    purpose: ClassVar[str] = (
        "Reads the place d of the hill in the answer and in the target, each as the peak of a fitted Gaussian, and "
        "takes the mean distance: 1 is one steering unit of 30."
    )
    trap: ClassVar[str] = "The squared error can be small with the hill at the wrong place, as most units answer 0."
    slide: ClassVar[str] = "ALVINN"
    examples: ClassVar = ((vector(30), vector(30)), (vector(5), vector(5), {"width": 2.0}))

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        check_alike(prediction, target, for_labels=FOR_LABELS)
        if fixed(expect(prediction, "vector", "prediction")[0]) < 2:
            repairs = (Replace("MeanAbsoluteError", "Use Mean absolute error instead"),)
            raise Mismatch("A hill needs several units to lie over; one number arrives.", "prediction", repairs)
        return LOSS

    def build(self, prediction: Value, target: Value) -> Expression:
        peak = modules.gaussian_peak.GaussianPeak(prediction.features, self.width)
        return (peak(prediction) - peak(target)).abs().mean()
