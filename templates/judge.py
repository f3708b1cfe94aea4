"""A small classifier of real digits that judges generated ones, which it is never shown."""

from __future__ import annotations

from nodes.activation import ReLU
from nodes.combine import Flatten
from nodes.convolution import Conv2d
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import Accuracy, CrossEntropy
from studio.core.builder import GraphBuilder
from studio.core.dataset import ImageDataset
from studio.core.graph import Graph
from studio.core.project import Stage

NAME = "Judge"


def judge(side: int, classes: int = 10) -> Graph:
    """Two convolutions that halve the image, and a score for each class."""
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(1, side, side)), name="Image")
    maps = net.chain(image, *_halving(16), *_halving(32))
    net.add(Output(), net.chain(maps, Flatten(), Linear(features=classes)), name="Scores")
    return net.graph()


def judging(data: ImageDataset, network: Graph) -> Graph:
    """The objective from which the judge learns real digits."""
    net = GraphBuilder("objective")
    digits = net.add(data, name="Digits")
    scores = net.add_graph(NAME, NAME, network, digits["image"])
    net.add(CrossEntropy(), scores, digits["label"])
    net.add(Accuracy(), scores, digits["label"])
    return net.graph()


def judge_stage(objective: str) -> Stage:
    return Stage(
        name="judge", objectives=(objective,), epochs=3, optimizer="adam", learning_rate=0.01, schedule="one-cycle"
    )


def _halving(filters: int) -> tuple[Conv2d, ReLU]:
    return Conv2d(filters=filters, kernel=3, stride=2, padding=1), ReLU()
