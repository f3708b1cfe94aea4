"""What compares two values of one shape, feature by feature, and answers with one number for each place."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from nodes.joining import met
from studio.core.axis import without
from studio.core.derivation import SizeLine, stays
from studio.core.node_class import Layer
from studio.core.problem import Mismatch
from studio.core.record import Expression, F, Value, torch
from studio.core.shape import Shape, arriving, class_axis, image, sequence, vector

FAMILY = "Combine & reshape"


class _Comparison(Layer):
    """Two values of one shape; their features are taken together."""

    examples: ClassVar[tuple[tuple[Any, ...], ...]] = (
        (vector(5), vector(5)),
        (image(3, "H", "W"), image(3, "H", "W")),
        (sequence("T", 4), sequence("T", 4)),
    )

    def infer(self, first: Shape, second: Shape) -> Shape:
        met(first, second, ("first", "second"), stretch=False)
        if not first.sizes:
            raise Mismatch(f"There are no features to compare; {arriving(first)}.", "first")
        return without(first, 0 if class_axis(first) == 1 else len(first.sizes) - 1)

    def rule(self, first: Shape, second: Shape) -> tuple[SizeLine, ...]:
        return stays(self.infer(first, second), "as it arrives: one number for each place")


class CosineSimilarity(_Comparison):
    """The cosine of the angle between two feature vectors: 1 where they point the same way, 0 where at right angles."""

    synonyms: ClassVar[tuple[str, ...]] = ("cosine", "angle", "siamese", "retrieval", "face", "compare")
    formula: ClassVar[str] = r"y = \frac{\sum_i x_i z_i}{\norm{x} \norm{z}}"
    purpose: ClassVar[str] = (
        "Says how alike two things are by the direction of their features, whatever their length: faces, sentences, a "
        "picture and its caption."
    )
    trap: ClassVar[str] = "Its values lie within ±1: a softmax on them stays almost flat, so scale them up before."
    slide: ClassVar[str] = "Four similarities"

    def build(self, first: Value, second: Value) -> Expression:
        return F.cosine_similarity(first, second, dim=class_axis(first.shape))


class DotProduct(_Comparison):
    """The sum of the products of two feature vectors: large where they are long and point the same way."""

    synonyms: ClassVar[tuple[str, ...]] = ("inner product", "scalar product", "similarity", "siamese", "compare")
    formula: ClassVar[str] = r"y = \sum_i x_i z_i"
    purpose: ClassVar[str] = (
        "Says how alike two feature vectors are, longer ones counting more. It is what attention asks of queries and "
        "keys."
    )
    trap: ClassVar[str] = "It grows with the number of features: attention divides by the root of their number."
    slide: ClassVar[str] = "Four similarities"

    def build(self, first: Value, second: Value) -> Expression:
        return (first * second).sum(dim=class_axis(first.shape))


class PairwiseDistance(_Comparison):
    """How far two feature vectors lie apart."""

    order: Annotated[Literal["L1", "L2", "max"], "sum of differences, straight line, or largest difference"] = "L2"

    synonyms: ClassVar[tuple[str, ...]] = ("distance", "euclidean", "manhattan", "siamese", "metric", "compare")
    formula: ClassVar[str] = r"y = \norm{x - z}_p"
    purpose: ClassVar[str] = (
        "Says how far apart two things are by the norm {order} of their difference, as where a network learns to put "
        "pictures of one person close together."
    )
    trap: ClassVar[str] = "A distance is small where things are alike; a similarity is large."
    paper: ClassVar[str] = (
        "Schroff et al. 2015, FaceNet: A unified embedding for face recognition and clustering "
        "https://arxiv.org/abs/1503.03832"
    )
    examples: ClassVar = (*_Comparison.examples, (vector(5), vector(5), {"order": "L1"}))

    def build(self, first: Value, second: Value) -> Expression:
        order = {"L1": {"ord": 1.0}, "L2": {}, "max": {"ord": float("inf")}}[self.order]
        return torch.linalg.vector_norm(first - second, **order, dim=class_axis(first.shape))
