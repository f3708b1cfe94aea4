"""What draws the codes of a variational autoencoder to the distribution that will be sampled from."""

from __future__ import annotations

from typing import ClassVar

from nodes.joining import met
from nodes.loss import NO_FIGURE, Reduction
from nodes.variational import KINGMA
from studio.core.node_class import Loss, Metric
from studio.core.problem import Mismatch
from studio.core.record import Expression, Value, modules
from studio.core.shape import LOSS, Shape, arriving, fixed, image, numbers, vector

FAMILY = "Loss & metrics"


class NormalKL(Loss):
    """How far the distribution of a code is from the standard normal one: summed over all numbers of a code."""

    reduction: Reduction = "mean"

    synonyms: ClassVar[tuple[str, ...]] = ("kl divergence", "kullback leibler", "vae", "variational", "prior", "elbo")
    formula: ClassVar[str] = r"\frac{1}{2} \sum_i (\mu_i^2 + \sigma_i^2 - \log \sigma_i^2 - 1)"
    purpose: ClassVar[str] = (
        "Keeps codes where random ones will be drawn later, about 0 and with deviation 1, against the reconstruction, "
        "which would spread them without limit."
    )
    trap: ClassVar[str] = (
        "It is a sum over the numbers of a code. Beside it belongs the sum of the error over all pixels: against the "
        "mean, which is far smaller, it makes all codes alike."
    )
    paper: ClassVar[str] = KINGMA
    slide: ClassVar[str] = "Why doesn't this work?"
    examples: ClassVar = (
        (vector(5), vector(5)),
        (image(4, 3, 3), image(4, 3, 3), {"reduction": "sum"}),
    )

    @classmethod
    def title(cls) -> str:
        return "KL to normal"

    def infer(self, mean: Shape, log_variance: Shape) -> Shape:
        met(mean, log_variance, ("mean", "log_variance"), stretch=False)
        return LOSS

    def build(self, mean: Value, log_variance: Value) -> Expression:
        total = (mean.square() + log_variance.exp() - log_variance - 1).sum() * 0.5
        return total / mean.size(0) if self.reduction == "mean" else total


class NormalGap(Metric):
    """How far codes are from standard normal ones along their worst axis: its mean from 0, or its deviation from 1."""

    higher_is_better = False

    synonyms: ClassVar[tuple[str, ...]] = ("latent", "vae", "autoencoder", "codes", "standard normal", "aggregate")
    formula: ClassVar[str] = r"\max_i \max(\abs{m_i}, \abs{s_i - 1})"
    purpose: ClassVar[str] = (
        "Says whether random codes will mean something to a decoder: over all samples each axis should have mean m = 0 "
        "and deviation s = 1. Codes of a plain autoencoder are anywhere."
    )
    trap: ClassVar[str] = (
        "Where a code is a distribution, link its log variance too: an axis that the encoder leaves to chance has "
        "means that are all 0."
    )
    paper: ClassVar[str] = (
        "Makhzani et al. 2016, Adversarial autoencoders, which call it the aggregated posterior "
        "https://arxiv.org/abs/1511.05644"
    )
    slide: ClassVar[str] = "Why doesn't this work?"
    examples: ClassVar = ((vector(5), vector(5)), (vector(3),), (image(2, 3, 3), image(2, 3, 3)))

    def infer(self, code: Shape, log_variance: Shape | None = None) -> Shape:
        if log_variance is not None:
            met(code, log_variance, ("code", "log_variance"), stretch=False)
        if not numbers(code, "code").sizes:
            raise Mismatch(f"A code has axes; {arriving(code)}.", "code", NO_FIGURE)
        for size in code.sizes:
            fixed(size)
        return LOSS

    def build(self, code: Value, log_variance: Value | None = None) -> Expression:
        return modules.normal_gap.NormalGap(code.shape.elements)
