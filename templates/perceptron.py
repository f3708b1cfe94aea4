"""The perceptron: one unit that draws a straight line, and what a hidden layer adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from nodes.class_metric import BinaryAccuracy
from nodes.data.point_sets import PointSets
from nodes.inputs import Input, Output
from nodes.loss import SquaredError
from nodes.perceptron import Perceptron
from studio.core.builder import Added, GraphBuilder, node_of
from studio.core.declaration import Count
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template

SECTION = "Perceptrons and autoencoders"


class PerceptronTemplate(Template):
    """One unit that answers yes or no about a point in the plane: enough for AND and OR, but never for XOR.

    With a hidden layer, --set pattern=xor --set hidden=4, XOR is learned too. The paper preset is the network of two
    hidden units and 9 weights with which back-propagation was shown to learn it.
    """

    pattern: Annotated[
        Literal["or", "and", "xor", "moons", "rings", "spirals", "gaussians"], "how the points of both classes lie"
    ] = "and"
    hidden: Annotated[tuple[Count, ...], "perceptrons of each hidden layer; none means the one unit alone"] = ()
    activation: Annotated[Literal["logistic", "tanh", "linear"], "what each perceptron does with its sum"] = "logistic"
    training: Annotated[Literal["fast", "published"], "seconds with Adam, or gradient descent with momentum"] = "fast"

    name: ClassVar[str] = "perceptron"
    title: ClassVar[str] = "Perceptron"
    paper: ClassVar[str] = (
        "Rosenblatt 1958, The perceptron https://doi.org/10.1037/h0042519; the paper preset: Rumelhart et al. 1986"
    )
    slide: ClassVar[str] = "Perceptron"
    goal: ClassVar[Goal] = Goal("binary_accuracy", ">=", 0.99, 30.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {"pattern": "xor", "hidden": (2,), "training": "published"},
    }

    def build(self) -> Project:
        published = self.training == "published"
        data = PointSets(pattern=self.pattern, task="numbers")
        return Project(
            name=f"Perceptron {self.pattern}",
            graphs={"Perceptron": self._network()},
            data=node_of(replace(data, spread=0.0, samples=400) if published else data),
            training=Training(
                batch=288 if published else 32,
                loss=node_of(SquaredError()),
                metrics=(node_of(BinaryAccuracy()),),
                stages=(self._stage(),),
            ),
            goal=self.goal,
            template=self.name,
        )

    def _network(self) -> Graph:
        net = GraphBuilder()
        last: Added = net.add(Input(kind="vector", sizes=(2,)), name="Point")
        for number, units in enumerate(self.hidden, 1):
            last = net.add(Perceptron(features=units, activation=self.activation), last, name=f"Hidden {number}")
        net.add(Output(), net.add(Perceptron(activation=self.activation), last, name="Unit"), name="Answer")
        return net.graph()

    def _stage(self) -> Stage:
        if self.training == "fast":
            return Stage(epochs=15, optimizer="adam", learning_rate=0.03, schedule="one-cycle", restore_best=False)
        return Stage(epochs=1500, optimizer="momentum", learning_rate=1.0, restore_best=False)
