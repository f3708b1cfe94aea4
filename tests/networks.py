"""Real architectures drawn node by node, for tests and pictures of large graphs."""

from __future__ import annotations

from dataclasses import replace

from nodes.activation import ReLU
from nodes.combine import Add, Flatten
from nodes.convolution import Conv2d
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.norm import BatchNorm2d
from nodes.pooling import MaxPool2d
from nodes.pooling_adaptive import GlobalAvgPool2d
from studio.core.builder import Added, GraphBuilder
from studio.core.catalog import catalog
from studio.core.graph import Graph
from studio.core.project import Project

BOTTLENECKS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
EXPANSION = 4


def on_digits(name: str, **graphs: Graph) -> Project:
    """A project around graphs that has data and a loss."""
    return replace(catalog().make_project("cnn"), name=name, graphs=graphs, variables={}, goal=None, template="")


def resnet(depth: int) -> Graph:
    """ResNet-50, 101 or 152 with every layer a node of its own (He et al. 2016)."""
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(3, 224, 224)), name="Image")
    stem = _normed(net, image, "conv1", filters=64, kernel=7, stride=2)
    maps = net.add(MaxPool2d(window=3, stride=2, padding=1), net.add(ReLU(), stem, name="relu"), name="maxpool")
    for stage, count in enumerate(BOTTLENECKS[depth]):
        with net.frame(f"Stage {stage + 1}"):
            for index in range(count):
                stride = 2 if index == 0 and stage > 0 else 1
                maps = _bottleneck(net, maps, f"layer{stage + 1}.{index}", 64 << stage, stride, projects=index == 0)
    scores = net.chain(maps, GlobalAvgPool2d(), Flatten(), Linear(features=1000))
    net.add(Output(), scores, name="Scores")
    return net.graph()


def _bottleneck(net: GraphBuilder, maps: Added, name: str, width: int, stride: int, *, projects: bool) -> Added:
    """1×1, 3×3 and 1×1 convolution, added to what came in."""
    inner = net.add(ReLU(), _normed(net, maps, f"{name} conv1", filters=width), name=f"{name} relu1")
    inner = _normed(net, inner, f"{name} conv2", filters=width, kernel=3, stride=stride)
    inner = net.add(ReLU(), inner, name=f"{name} relu2")
    inner = _normed(net, inner, f"{name} conv3", filters=EXPANSION * width)
    kept = _normed(net, maps, f"{name} projection", filters=EXPANSION * width, stride=stride) if projects else maps
    return net.add(ReLU(), net.add(Add(), inner, kept, name=f"{name} add"), name=f"{name} relu3")


def _normed(net: GraphBuilder, maps: Added, name: str, *, filters: int, kernel: int = 1, stride: int = 1) -> Added:
    """A convolution without biases that keeps the size but for its stride, and a norm."""
    conv = Conv2d(filters=filters, kernel=kernel, stride=stride, padding=kernel // 2, bias=False)
    return net.add(BatchNorm2d(), net.add(conv, maps, name=name), name=f"{name} norm")
