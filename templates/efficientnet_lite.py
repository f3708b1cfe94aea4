"""EfficientNet-Lite0: separable convolutions in bottlenecks that are narrow outside and wide inside.

Without squeeze and excitation, and with ReLU6, as it was published for small devices: 4,652,008 weights for 1,000
classes. Tan & Le 2019, EfficientNet https://arxiv.org/abs/1905.11946
"""

from __future__ import annotations

from typing import NamedTuple

from nodes.borders import Pad2d
from nodes.combine import Add
from nodes.convolution import Conv2d
from nodes.depthwise_convolution import DepthwiseConv2d
from nodes.inputs import Input, Output
from nodes.norm import BatchNorm2d
from nodes.pointwise import AddConstant, Scale
from nodes.pooling_adaptive import GlobalAvgPool2d
from nodes.rectifier import ReLU6
from studio.core.builder import Added, GraphBuilder
from studio.core.graph import Graph
from studio.core.node_class import Layer

FEATURES = "EfficientNet features"
"""The block that turns an image into 1,280 numbers."""

FIRST, BOTTLENECK, RESIDUAL = "Separable convolution", "Bottleneck", "Residual bottleneck"
STEM, LAST = 32, 1280
WIDER = 6
"""Times as many maps as outside a bottleneck has inside."""


class Stage(NamedTuple):
    """Bottlenecks of one kind; the first has the stride, the others add what came in to what they answer."""

    repeat: int
    kernel: int
    stride: int
    filters: int


STAGES = (
    Stage(2, 3, 2, 24),
    Stage(2, 5, 2, 40),
    Stage(3, 3, 2, 80),
    Stage(3, 5, 1, 112),
    Stage(4, 5, 2, 192),
    Stage(1, 3, 1, 320),
)
ONCE = 16
"""Filters of the stage before them, a single separable convolution."""


def graphs(side: int) -> dict[str, Graph]:
    """The block of features for images of this side, a multiple of 32, and the blocks it is made of."""
    bottleneck = _bottleneck()
    residual = _residual(bottleneck)
    blocks = {FIRST: _separable(), BOTTLENECK: bottleneck, RESIDUAL: residual}
    return {FEATURES: _features(side, blocks), **blocks}


def _features(side: int, blocks: dict[str, Graph]) -> Graph:
    net = GraphBuilder("block")
    image = net.add(Input(kind="image", sizes=(3, side, side)), name="image")
    # bytes less 127, divided by 128, of grey values from 0 to 1
    maps = net.add(AddConstant(amount=-127 / 128), net.add(Scale(factor=255 / 128), image, name="scale"), name="shift")
    maps = net.add(_same(3, 2), maps, name="pad")
    maps = _normed(net, maps, Conv2d(filters=STEM, kernel=3, stride=2, bias=False), "stem", ReLU6())
    maps = net.add_graph("stage1", FIRST, blocks[FIRST], maps, filters=ONCE)
    before = ONCE
    for number, (repeat, kernel, stride, filters) in enumerate(STAGES, 2):
        values = {"filters": filters, "kernel": kernel}
        wide = before * WIDER
        maps = net.add_graph(f"stage{number}", BOTTLENECK, blocks[BOTTLENECK], maps, **values, wide=wide, stride=stride)
        if repeat > 1:
            values |= {"wide": filters * WIDER, "repeat": repeat - 1}
            maps = net.add_graph(f"stage{number}.rest", RESIDUAL, blocks[RESIDUAL], maps, **values)
        before = filters
    maps = _normed(net, maps, Conv2d(filters=LAST, kernel=1, bias=False), "head", ReLU6())
    net.add(Output(), net.add(GlobalAvgPool2d(), maps, name="avgpool"), name="features")
    return net.graph()


def _separable() -> Graph:
    """A filter for each map, then a mixture of the maps."""
    net = GraphBuilder("block", filters=ONCE)
    maps = net.add(Input(kind="image", sizes=(STEM, 112, 112)), name="maps")
    maps = _normed(net, maps, DepthwiseConv2d(kernel=3, padding=1, bias=False), "depthwise", ReLU6())
    net.add(Output(), _normed(net, maps, Conv2d(kernel=1, bias=False), "project", filters="=filters"), name="out")
    return net.graph()


def _bottleneck() -> Graph:
    """Widens, filters each map, and mixes them to fewer; padded at the far side more than at the near one."""
    net = GraphBuilder("block", wide=96, filters=24, kernel=3, stride=1)
    maps = net.add(Input(kind="image", sizes=(16, 112, 112)), name="maps")
    maps = _normed(net, maps, Conv2d(kernel=1, bias=False), "expand", ReLU6(), filters="=wide")
    near, far = "=(kernel-stride)//2", "=kernel-stride-(kernel-stride)//2"
    maps = net.add(Pad2d(), maps, name="pad", top=near, left=near, bottom=far, right=far)
    sizes = {"kernel": "=kernel", "stride": "=stride"}
    maps = _normed(net, maps, DepthwiseConv2d(bias=False), "depthwise", ReLU6(), **sizes)
    net.add(Output(), _normed(net, maps, Conv2d(kernel=1, bias=False), "project", filters="=filters"), name="out")
    return net.graph()


def _residual(bottleneck: Graph) -> Graph:
    net = GraphBuilder("block", wide=144, filters=24, kernel=3)
    maps = net.add(Input(kind="image", sizes=(24, 56, 56)), name="maps")
    values = {"wide": "=wide", "filters": "=filters", "kernel": "=kernel"}
    change = net.add_graph("change", BOTTLENECK, bottleneck, maps, **values)
    net.add(Output(), net.add(Add(), change, maps, name="add"), name="out")
    return net.graph()


def _normed(net: GraphBuilder, maps: Added, layer: Layer, name: str, then: Layer | None = None, **sizes: str) -> Added:
    """A convolution and its norm, and perhaps an activation."""
    maps = net.add(BatchNorm2d(eps=1e-3), net.add(layer, maps, name=name, **sizes), name=f"{name} norm")
    return maps if then is None else net.add(then, maps, name=f"{name} relu")


def _same(kernel: int, stride: int) -> Pad2d:
    near = (kernel - stride) // 2
    far = kernel - stride - near
    return Pad2d(top=near, left=near, bottom=far, right=far)
