"""Small networks that between them hold what exporters find hard."""

from collections.abc import Callable

from nodes.activation import ReLU
from nodes.combine import Add, Concatenate
from nodes.convolution import Conv2d
from nodes.dropout import Dropout
from nodes.inputs import Input, Output
from nodes.linear import Embedding, Linear
from nodes.norm import BatchNorm2d, LayerNorm
from nodes.pooling import MaxPool2d
from nodes.pooling_adaptive import GlobalAvgPool2d
from nodes.sequence import LSTM
from studio.core.builder import GraphBuilder
from studio.core.project import Project


def images() -> Project:
    """Running statistics, which only evaluation mode leaves alone, and dropout, which it switches off."""
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(1, 12, 12)), name="Image")
    normal = net.add(BatchNorm2d(), net.add(Conv2d(filters=4), image, name="Filters"), name="Normal")
    seen = net.chain(normal, ReLU(), MaxPool2d(), GlobalAvgPool2d(), Dropout())
    net.add(Output(), net.add(Linear(features=3), seen, name="Scores"), name="class scores")
    return Project(name="Images", graphs={"Tiny CNN": net.graph()})


def two_of_each() -> Project:
    """Two inputs, two outputs, and names that are no identifiers."""
    net = GraphBuilder()
    left = net.add(Input(kind="vector", sizes=(5,)), name="left side")
    right = net.add(Input(kind="vector", sizes=(3,)), name="right side")
    both = net.add(Linear(features=4), net.add(Concatenate(), left, right))
    net.add(Output(), both, name="sum & more")
    net.add(Output(), net.chain(both, LayerNorm()), name="norm")
    return Project(name="Two", graphs={"two / of each": net.graph()})


def text() -> Project:
    """Whole numbers of a vocabulary as input, as many as there happen to be."""
    net = GraphBuilder()
    words = net.add(Input(kind="tokens", sizes=("T",)), name="words")
    seen = net.chain(words, Embedding(entries=11, features=6), Linear(features=6), ReLU())
    net.add(Output(), net.chain(seen, LayerNorm(), Linear(features=11)), name="next")
    return Project(name="Text", graphs={"Reader": net.graph()})


def recurrent() -> Project:
    """An LSTM over a sequence of any length, and a skip connection."""
    net = GraphBuilder()
    steps = net.add(Input(kind="sequence", sizes=("T", 6)), name="steps")
    seen = net.add(LSTM(features=6), steps)
    net.add(Output(), net.add(Add(), seen["sequence"], steps), name="states")
    return Project(name="Steps", graphs={"Recurrent": net.graph()})


PROJECTS: dict[str, Callable[[], Project]] = {each.__name__: each for each in (images, two_of_each, text, recurrent)}
