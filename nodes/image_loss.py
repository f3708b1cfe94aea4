"""Losses that judge images as people do: by structure, or by what a trained network sees in them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le

from nodes.loss import Reduction, check_alike
from studio.core.declaration import Positive
from studio.core.derivation import Factor, Term
from studio.core.node_class import Loss
from studio.core.problem import Assign, Mismatch
from studio.core.record import Expression, Value, modules
from studio.core.shape import Shape, expect, image

FAMILY = "Loss & metrics"


class SSIM(Loss):
    """What two images lack in structural similarity: 0 where they are equal."""

    span: Annotated[Positive, "largest minus smallest value that a pixel may have: 2 where images lie from -1 to 1"] = (
        1.0
    )
    window: Annotated[int, Ge(1), Le(255), "side of the windows that are compared, in pixels"] = 11
    deviation: Annotated[Positive, "standard deviation of the Gaussian that weighs a window's pixels"] = 1.5
    reduction: Reduction = "mean"

    synonyms: ClassVar[tuple[str, ...]] = ("structural similarity", "perception", "contrast", "image quality", "dssim")
    formula: ClassVar[str] = (
        r"1 - \frac{2 \mu_y \mu_t + a}{\mu_y^2 + \mu_t^2 + a} \frac{2 \sigma_{y,t} + b}{\sigma_y^2 + \sigma_t^2 + b}"
    )
    purpose: ClassVar[str] = (
        "Compares brightness, contrast and structure in windows of {window} pixels. People forgive a wrong brightness "
        "sooner than a lost edge, and so does it."
    )
    trap: ClassVar[str] = "Images from -1 to 1 span 2, not 1: else dark windows count wrongly."
    paper: ClassVar[str] = (
        "Wang et al. 2004, Image quality assessment: from error visibility to structural similarity "
        "https://doi.org/10.1109/TIP.2003.819861"
    )
    shown: ClassVar[tuple[str, ...]] = ("span", "window")
    examples: ClassVar = (
        (image(1, 28, 28), image(1, 28, 28)),
        (image(3, 9, 12), image(3, 9, 12), {"window": 7, "deviation": 1.0, "span": 2.0, "reduction": "sum"}),
    )

    @classmethod
    def title(cls) -> str:
        return "SSIM"

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        _, height, width = expect(prediction, "image", "prediction")
        smallest = min((side for side in (height, width) if isinstance(side, int)), default=self.window)
        if smallest < self.window:
            repairs = (Assign("window", smallest, f"Set window to {smallest}"),)
            raise Mismatch(f"A window of {self.window} does not fit into {height}×{width}.", "prediction", repairs)
        return check_alike(prediction, target)

    def build(self, prediction: Value, target: Value) -> Expression:
        alike = modules.ssim.StructuralSimilarity(self.span, self.window, self.deviation)(prediction, target)
        return (1 - alike).mean() if self.reduction == "mean" else (1 - alike).sum()

    def multiply_adds(self, prediction: Shape, target: Shape) -> int:
        return sum(term.count for term in self.work(prediction, target))

    def work(self, prediction: Shape, target: Shape) -> tuple[Term, ...]:
        channels, height, width = (size if isinstance(size, int) else 1 for size in prediction.sizes)
        up, along = (max(1, side - self.window + 1) for side in (height, width))
        return tuple(
            Term((Factor((5,), "means"), Factor((channels, *places), "places"), Factor((self.window,), "window")))
            for places in ((height, along), (up, along))
        )


class PerceptualLoss(Loss):
    """Compares what a trained network sees in two images: the maps that it makes of one and of the other."""

    compares: Annotated[
        Literal["squares", "distances", "style"],
        "squared or absolute differences of the maps, or of how they occur together wherever (style)",
    ] = "squares"
    reduction: Reduction = "mean"

    synonyms: ClassVar[tuple[str, ...]] = ("features", "vgg", "content", "style", "gram matrix", "feature matching")
    formula: ClassVar[str] = r"\frac{1}{C H W} \norm{\phi(y) - \phi(t)}^2"
    purpose: ClassVar[str] = (
        "Two images that differ in every pixel may look the same. Draw a Network node with an Output at an inner layer "
        "twice, for the answer and for the target, do not let it learn, and link both to this."
    )
    trap: ClassVar[str] = "The network must not be among those that learn, or it will find all images alike."
    paper: ClassVar[str] = (
        "Johnson et al. 2016, Perceptual losses for real-time style transfer and super-resolution "
        "https://arxiv.org/abs/1603.08155"
    )
    shown: ClassVar[tuple[str, ...]] = ("compares",)
    examples: ClassVar = (
        (image(6, 5, 4), image(6, 5, 4)),
        (image(6, 5, 4), image(6, 5, 4), {"compares": "distances", "reduction": "sum"}),
        (image(6, 5, 4), image(6, 5, 4), {"compares": "style"}),
    )

    def infer(self, prediction: Shape, target: Shape) -> Shape:
        expect(prediction, "image", "prediction")
        return check_alike(prediction, target)

    def build(self, prediction: Value, target: Value) -> Expression:
        if self.compares == "style":
            return self._over_samples(((_gram(prediction) - _gram(target)) ** 2).flatten(1).sum(1))
        difference = prediction - target
        terms = difference.abs() if self.compares == "distances" else difference**2
        return self._over_samples(terms.flatten(1).mean(1))

    def multiply_adds(self, prediction: Shape, target: Shape) -> int:
        return sum(term.count for term in self.work(prediction, target))

    def work(self, prediction: Shape, target: Shape) -> tuple[Term, ...]:
        if self.compares != "style":
            return ()
        maps, places = prediction.channels, prediction.elements // prediction.channels
        return (Term((Factor((2,), "images"), Factor((maps, maps), "pairs of maps"), Factor((places,), "places"))),)

    def _over_samples(self, terms: Expression) -> Expression:
        return terms.mean() if self.reduction == "mean" else terms.sum()


def _gram(maps: Value) -> Expression:
    """How strong every two maps are at the same places, (batch, channels, channels), by the count of numbers."""
    flat = maps.flatten(2)
    return flat @ flat.transpose(1, 2) / (maps.channels * flat.shape[2])
