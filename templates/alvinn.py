"""ALVINN, a network of three layers that steered a car along roads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from nodes.activation import Sigmoid
from nodes.combine import Flatten
from nodes.data.roads import HEIGHT, UNITS, WIDTH, Roads
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import SquaredError
from nodes.number_metric import SteeringError
from nodes.perceptron import GaussianPeak
from studio.core.builder import GraphBuilder, node_of
from studio.core.declaration import Count
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template

SECTION = "Perceptrons and autoencoders"


class Alvinn(Template):
    """Looks at the road on 30×32 pixels and answers how to steer, as a hill over 30 units: 960-4-30, 3,994 weights.

    The direction is the peak of a Gaussian fitted to the answers. What each hidden unit looks for is a picture of its
    960 weights.
    """

    hidden: Annotated[Count, "hidden units; ALVINN was also built with 5"] = 4
    training: Annotated[Literal["fast", "published"], "6,000 roads and Adam, or 1,200 and gradient descent"] = "fast"

    name: ClassVar[str] = "alvinn"
    title: ClassVar[str] = "ALVINN"
    paper: ClassVar[str] = (
        "Pomerleau 1991, Efficient training of artificial neural networks for autonomous navigation "
        "https://doi.org/10.1162/neco.1991.3.1.88"
    )
    slide: ClassVar[str] = "ALVINN"
    goal: ClassVar[Goal] = Goal("steering_error", "<=", 0.5, 120.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"laptop": {}, "paper": {"training": "published"}}

    def build(self) -> Project:
        return Project(
            name="ALVINN",
            graphs={"ALVINN": self._network()},
            data=node_of(Roads(samples=6000 if self.training == "fast" else 1200, normalise="z-score")),
            training=Training(
                batch=32, loss=node_of(SquaredError()), metrics=(node_of(SteeringError()),), stages=(self._stage(),)
            ),
            goal=self.goal,
            template=self.name,
        )

    def _network(self) -> Graph:
        net = GraphBuilder()
        road = net.add(Input(kind="image", sizes=(1, HEIGHT, WIDTH)), name="Road")
        hidden = net.add(Linear(features=self.hidden), net.add(Flatten(), road), name="Hidden")
        units = net.add(Linear(features=UNITS), net.add(Sigmoid(), hidden), name="Units")
        hill = net.add(Sigmoid(), units, name="Steering units")
        net.add(Output(), hill, name="Hill")
        net.add(Output(), net.add(GaussianPeak(), hill, name="Peak"), name="Direction")
        return net.graph()

    def _stage(self) -> Stage:
        if self.training == "fast":
            return Stage(epochs=100, optimizer="adam", learning_rate=0.003, schedule="one-cycle", restore_best=False)
        return Stage(epochs=400, optimizer="momentum", learning_rate=0.5, restore_best=False)
