"""The blocks of GoogLeNet: inception modules, the convolutions in them, and auxiliary heads."""

from __future__ import annotations

from fractions import Fraction

from nodes.activation import ReLU
from nodes.combine import Concatenate, Flatten
from nodes.convolution import Conv2d
from nodes.dropout import Dropout
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.norm import BatchNorm2d
from nodes.pooling import AvgPool2d, MaxPool2d
from nodes.pooling_adaptive import AdaptiveAvgPool2d
from studio.core.builder import GraphBuilder
from studio.core.graph import Graph
from studio.core.node_class import Layer

CONVOLUTION, INCEPTION, HEAD = "Convolution", "Inception", "Auxiliary head"
"""What the blocks are called."""

MODULES = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}
"""Filters of the convolutions of each module, as table 1 of the paper has them."""

WIDTHS = ("one", "three_before", "three", "five_before", "five", "pooled")
"""Which convolution each of them is; 1×1 convolutions before the larger windows save most of the work."""

FIRST = 64
"""Filters of the first convolution, in which the others are counted."""


def widths_of(module: str) -> dict[str, str]:
    """The filters of a module by convolution, as expressions of the width of the first one."""
    return {each: _of_width(count) for each, count in zip(WIDTHS, MODULES[module], strict=True)}


def _of_width(count: int) -> str:
    times, parts = Fraction(count, FIRST).as_integer_ratio()
    return f"=width*{times}" + (f"//{parts}" if parts > 1 else "")


def convolution(*, batch_norm: bool) -> Graph:
    """A convolution that keeps the size but for its stride, and ReLU."""
    net = GraphBuilder("block", filters=64, kernel=1, stride=1)
    values = {"filters": "=filters", "kernel": "=kernel", "stride": "=stride", "padding": "=kernel//2"}
    maps = net.add(Input(kind="image", sizes=(64, 56, 56)), name="maps")
    maps = net.add(Conv2d(bias=not batch_norm), maps, name="conv", **values)
    maps = net.add(BatchNorm2d(eps=1e-3), maps, name="bn") if batch_norm else maps
    net.add(Output(), net.add(ReLU(), maps, name="relu"), name="out")
    return net.graph()


def inception(block: Graph, largest: int) -> Graph:
    """Four branches over the same maps: three windows, of which this is the largest, and a pooling."""
    net = GraphBuilder("block", **dict(zip(WIDTHS, MODULES["3a"], strict=True)))
    start = net.add(Input(kind="image", sizes=(192, 28, 28)), name="maps")
    one = net.add_graph("branch1", CONVOLUTION, block, start, filters="=one")
    before = net.add_graph("branch2.0", CONVOLUTION, block, start, filters="=three_before")
    three = net.add_graph("branch2.1", CONVOLUTION, block, before, filters="=three", kernel=3)
    before = net.add_graph("branch3.0", CONVOLUTION, block, start, filters="=five_before")
    five = net.add_graph("branch3.1", CONVOLUTION, block, before, filters="=five", kernel=largest)
    pooled = net.add(MaxPool2d(window=3, stride=1, padding=1), start, name="branch4.0")
    pooled = net.add_graph("branch4.1", CONVOLUTION, block, pooled, filters="=pooled")
    net.add(Output(), net.add(Concatenate(), one, three, five, pooled, name="joined"), name="out")
    return net.graph()


def auxiliary_head(block: Graph, classes: int, *, published: bool) -> Graph:
    """A small classifier of the maps halfway. The published pooling takes maps of 5 pixels a side or more."""
    pooling: Layer = AvgPool2d(window=5, stride=3) if published else AdaptiveAvgPool2d(size=4)
    net = GraphBuilder("block", filters=128, units=1024)
    maps = net.add(pooling, net.add(Input(kind="image", sizes=(512, 14, 14)), name="maps"), name="pool")
    maps = net.add_graph("conv", CONVOLUTION, block, maps, filters="=filters")
    seen = net.add(Linear(), net.add(Flatten(), maps, name="flatten"), name="fc1", features="=units")
    seen = net.add(Dropout(p=0.7), net.add(ReLU(), seen, name="relu"), name="dropout")
    net.add(Output(), net.add(Linear(features=classes), seen, name="fc2"), name="out")
    return net.graph()
