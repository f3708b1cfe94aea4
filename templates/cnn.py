"""The small convolutional network: convolution, ReLU and pooling twice, then fully connected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from nodes.activation import ReLU
from nodes.combine import Flatten
from nodes.convolution import Conv2d
from nodes.data.digits import Digits
from nodes.data.shapes import Shapes
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import Accuracy, CrossEntropy
from nodes.norm import BatchNorm2d
from nodes.pooling import MaxPool2d
from studio.core.builder import Added, GraphBuilder, node_of
from studio.core.dataset import ImageDataset
from studio.core.declaration import Count
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template

SECTION = "Convolution"

DATA: dict[str, ImageDataset] = {
    "digits": Digits(normalise="z-score", rotate=10.0, shift=1.0, zoom=0.1),
    "shapes": Shapes(samples=10_000, normalise="z-score", flip=True),
}


class Cnn(Template):
    """Finds small patterns, then patterns of patterns, and decides by them which digit or shape it sees.

    The slide gives the order of the layers alone; the sizes are ours, and the paper preset doubles the laptop's.
    """

    data: Annotated[Literal["digits", "shapes"], "handwritten digits, or drawn circles, triangles and more"] = "digits"
    width: Annotated[Count, "filters of the first convolution; the second has twice as many"] = 16
    kernel: Annotated[Count, "side of the window of both convolutions, odd, so that the size stays"] = 3
    batch_norm: Annotated[bool, "whether maps are normalised before each ReLU"] = True

    name: ClassVar[str] = "cnn"
    title: ClassVar[str] = "CNN"
    paper: ClassVar[str] = "LeCun et al. 1989, Backpropagation applied to handwritten zip code recognition"
    slide: ClassVar[str] = "CNN"
    goal: ClassVar[Goal] = Goal("accuracy", ">=", 0.975, 60.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"laptop": {}, "paper": {"width": 32, "kernel": 5}}

    def build(self) -> Project:
        data = DATA[self.data]
        return Project(
            name=f"CNN {self.data}",
            graphs={"CNN": self._network(len(data.known_classes()))},
            variables={"width": self.width},
            data=node_of(data),
            training=Training(
                batch=64,
                loss=node_of(CrossEntropy()),
                metrics=(node_of(Accuracy()),),
                stages=(Stage(epochs=8, optimizer="adam", learning_rate=0.005, schedule="one-cycle"),),
            ),
            goal=self.goal,
            template=self.name,
        )

    def _network(self, classes: int) -> Graph:
        net = GraphBuilder()
        with net.frame("Features"):
            image = net.add(Input(kind="image", sizes=(1, 28, 28)), name="Image")
            first = self._convolution(net, image, "Conv 1", "=width")
            second = self._convolution(net, first, "Conv 2", "=width*2")
        with net.frame("Classifier"):
            scores = net.chain(second, Flatten(), Linear(features=classes))
            net.add(Output(), scores, name="Scores")
        return net.graph()

    def _convolution(self, net: GraphBuilder, image: Added, name: str, filters: str) -> Added:
        """Convolution, ReLU and pooling; the pooling halves the size."""
        maps = net.add(Conv2d(kernel=self.kernel, padding=self.kernel // 2), image, name=name, filters=filters)
        if self.batch_norm:
            maps = net.add(BatchNorm2d(), maps)
        return net.chain(maps, ReLU(), MaxPool2d())
