"""LeNet-5, the convolutional network that read the digits on cheques."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from nodes.activation import ReLU, ScaledTanh, Sigmoid, Tanh
from nodes.combine import Flatten
from nodes.convolution import Conv2d, SparseConv2d
from nodes.data.digits import Digits
from nodes.inputs import Input, Output
from nodes.linear import Linear, RBFOutput
from nodes.loss import Accuracy, CrossEntropy
from nodes.pooling import AvgPool2d, MaxPool2d, TrainableSubsampling
from studio.core.builder import GraphBuilder, node_of
from studio.core.graph import Graph
from studio.core.node_class import Layer
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template

SECTION = "Convolution"

ACTIVATIONS: dict[str, type[Layer]] = {"tanh": Tanh, "relu": ReLU, "sigmoid": Sigmoid}
POOLINGS: dict[str, type[Layer]] = {"average": AvgPool2d, "max": MaxPool2d}

PLAIN = Digits(pad=2, normalise="z-score")
VARIED = Digits(pad=2, normalise="z-score", rotate=10.0, shift=1.0, zoom=0.1)


class LeNet5(Template):
    """Reads handwritten digits by two convolutions, each followed by subsampling, and three layers that decide.

    Common is the form that textbooks draw, 61,706 weights. Paper is the one published in 1998: trainable
    subsampling, a C3 whose maps see only some maps of S2, and distances to drawn digits as output, 60,000 weights.
    """

    variant: Annotated[Literal["common", "paper"], "the textbooks' form, or the one that was published"] = "common"
    activation: Annotated[Literal["tanh", "relu", "sigmoid"], "of the common form; the paper's is a scaled tanh"] = (
        "tanh"
    )
    pooling: Annotated[Literal["average", "max"], "of the common form; the paper's is trainable"] = "average"
    training: Annotated[
        Literal["fast", "published"], "seconds with Adam, or 20 passes with one digit a step as in the paper"
    ] = "fast"

    name: ClassVar[str] = "lenet5"
    title: ClassVar[str] = "LeNet-5"
    paper: ClassVar[str] = "LeCun et al. 1998, Gradient-based learning applied to document recognition"
    slide: ClassVar[str] = "LeNet-5"
    goal: ClassVar[Goal] = Goal("accuracy", ">=", 0.985, 60.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"laptop": {}, "paper": {"training": "published"}}

    def build(self) -> Project:
        fast = self.training == "fast"
        return Project(
            name="LeNet-5 digits",
            graphs={"LeNet-5": self._common() if self.variant == "common" else self._published()},
            data=node_of(VARIED if fast else PLAIN),
            training=Training(
                batch=64 if fast else 1,
                loss=node_of(CrossEntropy()),
                metrics=(node_of(Accuracy()),),
                stages=(self._fast() if fast else self._paper(),),
            ),
            goal=self.goal,
            template=self.name,
        )

    def _common(self) -> Graph:
        activation, pool = ACTIVATIONS[self.activation], POOLINGS[self.pooling]
        net = GraphBuilder()
        with net.frame("Feature extractor"):
            image = net.add(Input(kind="image", sizes=(1, 32, 32)), name="Image")
            c1 = net.add(Conv2d(filters=6, kernel=5), image, name="C1")
            s2 = net.add(pool(), net.chain(c1, activation()), name="S2")
            c3 = net.add(Conv2d(filters=16, kernel=5), s2, name="C3")
            s4 = net.add(pool(), net.chain(c3, activation()), name="S4")
            features = net.add(Flatten(), s4)
        with net.frame("Classifier"):
            c5 = net.add(Linear(features=120), features, name="C5")
            f6 = net.add(Linear(features=84), net.chain(c5, activation()), name="F6")
            output = net.add(Linear(features=10), net.chain(f6, activation()), name="Output")
            net.add(Output(), output, name="Scores")
        return net.graph()

    def _published(self) -> Graph:
        net = GraphBuilder()
        with net.frame("Feature extractor"):
            image = net.add(Input(kind="image", sizes=(1, 32, 32)), name="Image")
            c1 = net.add(Conv2d(filters=6, kernel=5), image, name="C1")
            s2 = net.add(TrainableSubsampling(), net.chain(c1, ScaledTanh()), name="S2")
            c3 = net.add(SparseConv2d(), net.chain(s2, ScaledTanh()), name="C3")
            s4 = net.add(TrainableSubsampling(), net.chain(c3, ScaledTanh()), name="S4")
            c5 = net.add(Conv2d(filters=120, kernel=5), net.chain(s4, ScaledTanh()), name="C5")
            features = net.chain(c5, ScaledTanh(), Flatten())
        with net.frame("Classifier"):
            f6 = net.add(Linear(features=84), features, name="F6")
            output = net.add(RBFOutput(), net.chain(f6, ScaledTanh()), name="Output")
            net.add(Output(), output, name="Scores")
        return net.graph()

    def _fast(self) -> Stage:
        return Stage(epochs=20, optimizer="adam", learning_rate=0.006, schedule="one-cycle")

    def _paper(self) -> Stage:
        """20 passes with falling rates. The paper divides them by second derivatives; here plain descent stands in."""
        first = 0.01 if self.variant == "common" else 0.001
        rates = Stage(optimizer="sgd", learning_rate=first, schedule="step", drop_every=4, drop_to=0.4)
        return replace(rates, epochs=20, restore_best=False)
