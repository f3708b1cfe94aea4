"""The first adversarial networks: a generator of points in the plane, or of digits, made of fully connected layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from nodes.activation import LeakyReLU, ReLU, Sigmoid
from nodes.adversarial import PointsBetween
from nodes.adversarial_loss import GradientPenalty, Kind
from nodes.combine import Flatten, Unflatten
from nodes.constants import Noise
from nodes.data.digits import Digits
from nodes.data.point_sets import PointSets
from nodes.dropout import Dropout
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.norm import BatchNorm1d
from nodes.objective import Preview
from nodes.reduction import MaxOver
from nodes.sample_metric import ModesCovered
from nodes.weighted_loss import WeightedLoss
from studio.core.builder import Added, GraphBuilder, node_of
from studio.core.dataset import Dataset
from studio.core.declaration import Count
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template
from templates.adversaries import DISCRIMINATOR, FOOLING, GENERATOR, LOOK, TELLING, fool, tell_apart, turns

SECTION = "Generative networks"

CLOUDS, SPREAD = 8, 0.05
"""Of points round a circle."""
REACH = 3 * SPREAD
PIECES = 5
"""Sums of which a maxout unit answers the largest."""
DIGIT = (1, 28, 28)
PENALTY, ADVANCE = 0.1, 3
"""Weight of the gradient penalty, in the plane, and turns of a Wasserstein critic for each of its generator."""


class Gan(Template):
    """A generator makes points of noise, a discriminator tells them from real ones, and each learns from the other.

    The points lie in eight clouds round a circle: a generator that has collapsed hits only some of them. With
    ``loss=wasserstein`` the discriminator is a critic with a gradient penalty. The paper preset is the network for
    digits of 2014, its discriminator made of maxout units.
    """

    data: Annotated[Literal["points", "digits"], "eight clouds of points, or MNIST's digits as in the paper"] = "points"
    loss: Annotated[Kind, "what the scores should come to"] = "non-saturating"
    width: Annotated[Count, "units of both hidden layers of the generator"] = 128
    noise: Annotated[Count, "random numbers of which a sample is made"] = 8

    name: ClassVar[str] = "gan"
    title: ClassVar[str] = "GAN"
    paper: ClassVar[str] = "Goodfellow et al. 2014, Generative adversarial nets https://arxiv.org/abs/1406.2661"
    slide: ClassVar[str] = "GAN"
    goal: ClassVar[Goal] = Goal("modes_covered", ">=", 8.0, 90.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {"data": "digits", "loss": "minimax", "width": 1200, "noise": 100},
    }

    @property
    def is_wasserstein(self) -> bool:
        return self.loss == "wasserstein"

    @property
    def dataset(self) -> Dataset:
        if self.data == "digits":
            return Digits()
        return PointSets(pattern="gaussians", groups=CLOUDS, spread=SPREAD, samples=10_000)

    def build(self) -> Project:
        generator, discriminator = self._generator(), self._discriminator()
        objectives = {
            TELLING: self._telling(generator, discriminator),
            FOOLING: self._fooling(generator, discriminator),
            LOOK: self._look(generator),
        }
        return Project(
            name=f"GAN {self.data}",
            graphs={GENERATOR: generator, DISCRIMINATOR: discriminator, **objectives},
            variables={"width": self.width},
            data=node_of(self.dataset),
            training=Training(batch=256 if self.data == "points" else 100, stages=(self._stage(),)),
            goal=self.goal,
            template=self.name,
        )

    def _stage(self) -> Stage:
        every = {"every": (1, ADVANCE), "second_momentum": 0.9} if self.is_wasserstein else {}
        if self.data == "digits":
            rates = Stage(optimizer="momentum", learning_rate=0.1, momentum=0.5, schedule="step", drop_every=50)
            return turns(replace(rates, epochs=200, drop_to=0.5, measure_every=5), **every)
        game = Stage(epochs=120, learning_rate=1e-3, momentum=0.5, schedule="cosine", measure_every=10)
        return turns(game, **every)

    def _generator(self) -> Graph:
        net = GraphBuilder()
        values = net.add(Input(kind="vector", sizes=(self.noise,)), name="Noise")
        for number in (1, 2):
            values = net.add(Linear(), values, name=f"Hidden {number}", features="=width")
            if self.data == "points":  # which keeps the first points from all running after each other
                values = net.add(BatchNorm1d(), values, name=f"Norm {number}")
            values = net.add(ReLU(), values, name=f"ReLU {number}")
        if self.data == "points":
            net.add(Output(), net.add(Linear(features=2), values, name="Coordinates"), name="Point")
        else:
            pixels = net.add(Linear(features=28 * 28), values, name="Pixels")
            net.add(Output(), net.chain(pixels, Sigmoid(), Unflatten(sizes=DIGIT)), name="Digit")
        return net.graph()

    def _discriminator(self) -> Graph:
        net = GraphBuilder()
        if self.data == "points":
            values = net.add(Input(kind="vector", sizes=(2,)), name="Point")
            for number in (1, 2):
                values = net.add(Linear(), values, name=f"Hidden {number}", features="=width")
                values = net.add(LeakyReLU(negative_slope=0.2), values, name=f"Leaky ReLU {number}")
        else:
            digit = net.add(Input(kind="image", sizes=DIGIT), name="Digit")
            values = net.chain(digit, Flatten(), Dropout(p=0.2))
            for number in (1, 2):
                values = net.chain(_maxout(net, values, number, self.width // PIECES), Dropout())
        net.add(Output(), net.add(Linear(features=1), values, name="Score"), name="Scores")
        return net.graph()

    def _made(self, net: GraphBuilder, generator: Graph) -> tuple[Added, Added]:
        """Real samples, and as many that are generated."""
        data = net.add(self.dataset, name="Data")
        spread = {} if self.data == "points" else {"distribution": "uniform"}
        noise = net.add(Noise.of({"sizes": (self.noise,), **spread}), data)
        return data, net.add_graph(GENERATOR, GENERATOR, generator, noise)

    def _telling(self, generator: Graph, discriminator: Graph) -> Graph:
        net = GraphBuilder("objective")
        data, made = self._made(net, generator)
        tell_apart(net, discriminator, self.loss, data, made)
        if self.is_wasserstein:
            between = net.add(PointsBetween(), data, made)
            scores = net.add_graph("Scores between", DISCRIMINATOR, discriminator, between)
            net.add(WeightedLoss(weight=PENALTY), net.add(GradientPenalty(), scores, between))
        return net.graph()

    def _fooling(self, generator: Graph, discriminator: Graph) -> Graph:
        net = GraphBuilder("objective")
        _, made = self._made(net, generator)
        fool(net, discriminator, self.loss, made)
        return net.graph()

    def _look(self, generator: Graph) -> Graph:
        net = GraphBuilder("objective")
        _, made = self._made(net, generator)
        net.add(Preview(), made, name="Generated samples")
        if self.data == "points":
            net.add(ModesCovered(groups=CLOUDS, reach=REACH), made)
        return net.graph()


def _maxout(net: GraphBuilder, values: Added, number: int, units: int) -> Added:
    """So many units that answer the largest of a few sums each."""
    sums = net.add(Linear(features=units * PIECES), values, name=f"Sums {number}")
    pieces = net.chain(sums, Unflatten(kind="sequence", sizes=(PIECES, units)))
    return net.add(MaxOver(over="length"), pieces, name=f"Maxout {number}")
