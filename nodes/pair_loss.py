"""Losses that judge by pairs or triples: what belongs together should lie close together."""

from __future__ import annotations

from typing import Annotated, ClassVar

from annotated_types import Ge, Le

from nodes.joining import met
from nodes.loss import MeanOfNumbers, Reduction
from studio.core.declaration import NotNegative, Positive
from studio.core.node_class import Loss
from studio.core.problem import Mismatch
from studio.core.record import Expression, Value, nn
from studio.core.shape import LOSS, NUMBER, Shape, arriving, expect, numbers, sequence, vector

FAMILY = "Loss & metrics"


class Triplet(Loss):
    """Wants an anchor nearer to something of its own kind than to something of another, by a margin."""

    reduction: Reduction = "mean"
    margin: Annotated[Positive, "how much nearer"] = 1.0

    synonyms: ClassVar[tuple[str, ...]] = ("metric learning", "face", "siamese", "embedding", "anchor", "margin")
    formula: ClassVar[str] = r"\max(0, \norm{a - s} - \norm{a - o} + m)"
    purpose: ClassVar[str] = (
        "Learns features in which distance means something: two pictures of a person lie closer together than those "
        "of two persons, by {margin} or more."
    )
    trap: ClassVar[str] = "Most triples soon are right and teach nothing: choose those that are still wrong."
    paper: ClassVar[str] = (
        "Schroff et al. 2015, FaceNet: A unified embedding for face recognition and clustering "
        "https://arxiv.org/abs/1503.03832"
    )
    examples: ClassVar = (
        (vector(5), vector(5), vector(5)),
        (vector(3), vector(3), vector(3), {"margin": 0.2, "reduction": "sum"}),
        (sequence("T", 4), sequence("T", 4), sequence("T", 4)),
    )

    def infer(self, anchor: Shape, same: Shape, other: Shape) -> Shape:
        _features(anchor, "anchor")
        met(anchor, same, ("anchor", "same"), stretch=False)
        met(anchor, other, ("anchor", "other"), stretch=False)
        return LOSS

    def build(self, anchor: Value, same: Value, other: Value) -> Expression:
        return nn.TripletMarginLoss(**self.options("margin", "reduction"))


class CosineEmbedding(Loss):
    """Turns two feature vectors the same way where the target is 1, and apart where it is -1."""

    reduction: Reduction = "mean"
    margin: Annotated[float, Ge(-1), Le(1), "cosine below which a pair that differs is far enough apart"] = 0.0

    synonyms: ClassVar[tuple[str, ...]] = ("siamese", "metric learning", "angle", "pair", "contrastive")
    formula: ClassVar[str] = (
        r"c = \frac{\sum_i x_i z_i}{\norm{x} \norm{z}}, \quad \cases{1 - c & t = 1 \\ \max(0, c - m) & t = -1}"
    )
    purpose: ClassVar[str] = (
        "Learns features whose direction says what belongs together: words and pictures, questions and answers."
    )
    trap: ClassVar[str] = "The target is 1 or -1, not 1 or 0."
    unsourced: ClassVar[str] = "A loss of PyTorch, and of Torch before it, that names no paper."
    examples: ClassVar = (
        (vector(5), vector(5), NUMBER),
        (vector(3), vector(3), NUMBER, {"margin": 0.5, "reduction": "sum"}),
    )

    def infer(self, first: Shape, second: Shape, target: Shape) -> Shape:
        expect(first, "vector", "first")
        met(first, second, ("first", "second"), stretch=False)
        if (target.sizes, target.batched) != ((), True):
            raise Mismatch(f"The target is one number for each pair, 1 or -1; {arriving(target)}.", "target")
        return LOSS

    def build(self, first: Value, second: Value, target: Value) -> Expression:
        return nn.CosineEmbeddingLoss(**self.options("margin", "reduction"))


class HingeEmbedding(Loss):
    """Makes a distance small where the target is 1, and larger than a margin where it is -1."""

    reduction: MeanOfNumbers = "mean"
    margin: Annotated[NotNegative, "distance from which a pair that differs is far enough apart"] = 1.0

    synonyms: ClassVar[tuple[str, ...]] = ("contrastive", "siamese", "metric learning", "pair", "distance")
    formula: ClassVar[str] = r"\cases{d & t = 1 \\ \max(0, m - d) & t = -1}"
    purpose: ClassVar[str] = (
        "Judges distances of pairs: those that belong together shall come close, the others stay {margin} apart."
    )
    trap: ClassVar[str] = "It wants distances, not features, and the target is 1 or -1, not 1 or 0."
    paper: ClassVar[str] = (
        "Hadsell et al. 2006, Dimensionality reduction by learning an invariant mapping "
        "https://doi.org/10.1109/CVPR.2006.100"
    )
    examples: ClassVar = (
        (NUMBER, NUMBER),
        (vector(5), vector(5), {"margin": 0.5, "reduction": "sum"}),
        (sequence("T", 4), sequence("T", 4)),
    )

    def infer(self, distance: Shape, target: Shape) -> Shape:
        met(distance, target, ("distance", "target"), stretch=False)
        return LOSS

    def build(self, distance: Value, target: Value) -> Expression:
        return nn.HingeEmbeddingLoss(**self.options("margin", "reduction"))


def _features(shape: Shape, port: str) -> None:
    """Raises Mismatch where the last axis does not hold features."""
    if numbers(shape, port).axes[-1:] != ("D",):
        expect(shape, "vector", port)
