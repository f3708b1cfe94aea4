"""What a person judges a generator by: whether it makes all kinds of things, and whether they can be recognised."""

from __future__ import annotations

from typing import Annotated, ClassVar

from nodes.loss import NO_FIGURE
from studio.core.declaration import Count, Fraction, Positive
from studio.core.node_class import Metric
from studio.core.problem import Mismatch
from studio.core.record import Expression, Value, modules
from studio.core.shape import LOSS, Shape, arriving, expect, fixed, vector

FAMILY = "Loss & metrics"


class ModesCovered(Metric):
    """How many of the clouds on a circle, as Point sets has them, generated points fall into."""

    groups: Annotated[Count, "clouds on the circle"] = 8
    radius: Annotated[Positive, "of the circle"] = 1.0
    reach: Annotated[Positive, "how far from the centre of a cloud a point still belongs to it"] = 0.15
    least: Annotated[Fraction, "share of all points that must lie in a cloud before it counts as covered"] = 0.02

    synonyms: ClassVar[tuple[str, ...]] = ("gan", "mode collapse", "ring", "gaussians", "diversity", "8 gaussians")
    formula: ClassVar[str] = r"\sum_k [\text{share of points with } \norm{p - c_k} \le r \text{ is enough}]"
    purpose: ClassVar[str] = (
        "Shows whether a generator has given up a part of what is real: each of the {groups} clouds is there or is not."
    )
    trap: ClassVar[str] = "It does not see how well a cloud is hit, nor what lies between the clouds."
    paper: ClassVar[str] = "Metz et al. 2017, Unrolled generative adversarial networks https://arxiv.org/abs/1611.02163"
    slide: ClassVar[str] = "GAN"
    shown: ClassVar[tuple[str, ...]] = ("groups", "reach")
    examples: ClassVar = ((vector(2),), (vector(2), {"groups": 3, "radius": 0.5, "reach": 0.4, "least": 0.1}))

    def infer(self, points: Shape) -> Shape:
        if expect(points, "vector", "points") != (2,):
            raise Mismatch(f"This looks at points of a plane; {arriving(points)}.", "points", NO_FIGURE)
        return LOSS

    def build(self, points: Value) -> Expression:
        return modules.sample_figures.ModesCovered(self.groups, self.radius, self.reach, self.least)


class _OfClassifier(Metric):
    """What the scores say that a classifier, trained on real samples, gives for generated ones."""

    paper: ClassVar[str] = (
        "Salimans et al. 2016, Improved techniques for training GANs https://arxiv.org/abs/1606.03498"
    )
    slide: ClassVar[str] = "GAN"

    def infer(self, scores: Shape) -> Shape:
        if fixed(expect(scores, "vector", "scores")[0]) < 2:
            raise Mismatch("There must be scores of several classes; one number arrives.", "scores", NO_FIGURE)
        return LOSS


class InceptionScore(_OfClassifier):
    """How many classes a classifier finds in generated samples, each only as far as it is sure: 1 to all of them."""

    synonyms: ClassVar[tuple[str, ...]] = ("is", "gan", "diversity", "quality", "judge", "generator")
    formula: ClassVar[str] = r"\exp(\frac{1}{n} \sum_i \sum_k p_{i,k} \log \frac{p_{i,k}}{\frac{1}{n} \sum_j p_{j,k}})"
    purpose: ClassVar[str] = (
        "Falls where samples cannot be recognised, and where one is like another. Link to it what a Network node "
        "answers for generated samples that was trained on real ones."
    )
    trap: ClassVar[str] = "Inception is but the paper's classifier: compare only scores of one and the same classifier."
    examples: ClassVar = ((vector(10),), (vector(3),))

    def build(self, scores: Value) -> Expression:
        return modules.sample_figures.InceptionScore(scores.features)


class Recognised(_OfClassifier):
    """Share of the samples of whose class a classifier is sure."""

    confidence: Annotated[Fraction, "probability of the likeliest class from which on it is sure"] = 0.9

    percent = True
    synonyms: ClassVar[tuple[str, ...]] = ("confidence", "judge", "generated", "gan", "quality", "sure")
    formula: ClassVar[str] = r"\frac{1}{n} \sum_i [\max_k p_{i,k} \ge c]"
    purpose: ClassVar[str] = (
        "How many generated samples look like something that a classifier knows: its likeliest class has a probability "
        "of {confidence} or more."
    )
    trap: ClassVar[str] = "Classifiers are often sure of nonsense too, and one good sample again and again gives 100 %."
    examples: ClassVar = ((vector(10),), (vector(3), {"confidence": 0.5}))

    def build(self, scores: Value) -> Expression:
        return scores.softmax(dim=1).amax(dim=1).at_least(self.confidence).float().mean()
