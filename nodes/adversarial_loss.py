"""Losses of two networks that play against each other: one makes samples, the other tells them from real ones."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from nodes.loss import MeanOfNumbers
from studio.core.declaration import NotNegative
from studio.core.node_class import Loss
from studio.core.problem import LinkTo, Mismatch
from studio.core.record import Expression, F, Value, modules
from studio.core.shape import LOSS, NUMBER, Shape, arriving, image, numbers, vector

FAMILY = "Loss & metrics"

Kind = Literal["minimax", "non-saturating", "least-squares", "wasserstein", "hinge"]
Side = Literal["real", "generated", "fooling"]


class AdversarialLoss(Loss):
    """Judges the scores of a critic: of real samples, of generated ones, or of those that shall fool it.

    A critic's objective has two of them, real and generated; a generator's has one, fooling.
    """

    kind: Annotated[Kind, "what the scores should come to; take the same in all losses of both players"] = (
        "non-saturating"
    )
    side: Annotated[
        Side, "whose scores: of real or of generated samples, from which the critic learns, or the generator's own"
    ] = "real"
    reduction: MeanOfNumbers = "mean"

    synonyms: ClassVar[tuple[str, ...]] = (
        "gan",
        "minimax",
        "zero-sum",
        "lsgan",
        "wgan",
        "discriminator",
        "generator",
        "fake",
        "adversary",
    )
    formula: ClassVar[str] = (
        r"\min_G \max_D \frac{1}{n} \sum_x \log \sigma(D(x)) + \frac{1}{n} \sum_z \log(1 - \sigma(D(G(z))))"
    )
    purpose: ClassVar[str] = (
        "The game of a GAN. The critic wants high scores for what is real and low ones for what is generated; the "
        "generator wants a high score for what it made. This one is the {kind} loss of the side “{side}”."
    )
    trap: ClassVar[str] = (
        "It wants scores, without logistic function. In the minimax form a generator that is seen through has no slope "
        "to learn from: non-saturating minimises -log σ instead of log(1 - σ)."
    )
    paper: ClassVar[str] = "Goodfellow et al. 2014, Generative adversarial nets https://arxiv.org/abs/1406.2661"
    slide: ClassVar[str] = "GAN"
    shown: ClassVar[tuple[str, ...]] = ("kind", "side")
    examples: ClassVar = (
        (vector(1),),
        (NUMBER, {"kind": "minimax", "side": "fooling"}),
        (image(1, 6, 6), {"kind": "least-squares", "side": "generated", "reduction": "sum"}),
        (vector(1), {"kind": "wasserstein", "side": "generated"}),
        (vector(1), {"kind": "hinge"}),
    )

    def infer(self, scores: Shape) -> Shape:
        if scores.dtype != "float" or not scores.batched:
            raise Mismatch(f"This judges the scores of a critic; {arriving(scores)}.", "scores", (LinkTo(),))
        return LOSS

    def build(self, scores: Value) -> Expression:
        terms = self._terms(scores)
        return terms.mean() if self.reduction == "mean" else terms.sum()

    def _terms(self, scores: Value) -> Expression:
        """What each score costs."""
        match self.kind:
            case "minimax" if self.side == "fooling":
                return -F.softplus(scores)  # log(1 - σ)
            case "minimax" | "non-saturating":
                return F.softplus(scores if self.side == "generated" else -scores)
            case "least-squares":
                return scores**2 if self.side == "generated" else (scores - 1) ** 2
            case "hinge" if self.side != "fooling":
                return F.relu(1 + scores if self.side == "generated" else 1 - scores)
        return scores if self.side == "generated" else -scores


class GradientPenalty(Loss):
    """Holds the slope of a critic near 1, at points where its scores are given: what a Wasserstein critic needs."""

    slope: Annotated[NotNegative, "length that the gradient should have"] = 1.0
    one_sided: Annotated[bool, "let slopes that are smaller go unpunished"] = False

    synonyms: ClassVar[tuple[str, ...]] = ("wgan-gp", "wasserstein", "lipschitz", "r1", "critic", "regularisation")
    formula: ClassVar[str] = r"\frac{1}{n} \sum_i (\norm{\nabla_{p_i} D(p_i)} - 1)^2"
    purpose: ClassVar[str] = (
        "A Wasserstein critic must not be steeper than {slope} anywhere. It is held to that at random points between "
        "real and generated samples; usual is to weigh this by 10."
    )
    trap: ClassVar[str] = (
        "A batch norm in the critic makes each slope depend on the other samples: use layer norm or none. The points "
        "must come from a node that asks for gradients, such as Points between."
    )
    paper: ClassVar[str] = (
        "Gulrajani et al. 2017, Improved training of Wasserstein GANs https://arxiv.org/abs/1704.00028"
    )
    slide: ClassVar[str] = "GAN"
    examples: ClassVar = (
        (vector(1), vector(2)),
        (image(1, 6, 6), image(3, 8, 8), {"slope": 0.0, "one_sided": True}),
    )

    def infer(self, scores: Shape, points: Shape) -> Shape:
        numbers(scores, "scores")
        numbers(points, "points")
        return LOSS

    def build(self, scores: Value, points: Value) -> Expression:
        return modules.gradient_penalty.GradientPenalty(**self.options("slope", "one_sided"))
