"""ResNet, whose skip connections let networks of a hundred layers learn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, Literal

from nodes.activation import ReLU
from nodes.combine import Add
from nodes.convolution import Conv2d
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.norm import BatchNorm2d
from nodes.pooling import MaxPool2d
from nodes.pooling_adaptive import GlobalAvgPool2d
from studio.core.builder import Added, GraphBuilder, node_of
from studio.core.declaration import Count
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage
from studio.core.template import Template
from templates.classification import Images, image_input, images_of, training_of

SECTION = "Convolution"

REPEATS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
"""How many blocks each of the four stages has."""

EXPANSION = 4
"""How many times wider a bottleneck ends than it is inside."""

SMALL = 64
"""Images of fewer pixels a side come in by a 3×3 convolution that keeps their size."""

STAGE = "Stage"


@dataclass(frozen=True)
class Kind:
    """The blocks that a network is made of."""

    plain: str
    """Adds what came in as it is."""
    projected: str
    """Brings what came in to another size or width first."""
    expansion: int


BASIC = Kind("Basic block", "Projected basic block", 1)
BOTTLENECK = Kind("Bottleneck", "Projected bottleneck", EXPANSION)


class ResNet(Template):
    """Each block learns only what to add to its input, so gradients pass through a hundred layers unharmed.

    18 and 34 layers are made of basic blocks, 50, 101 and 152 of bottlenecks, which step on their 3×3 convolution as
    torchvision's do. Paper has the published sizes, 25,557,032 weights with 50 layers. Small images skip the first
    large window and the pooling.
    """

    depth: Annotated[
        Literal[18, 34, 50, 101, 152], "layers with weights, those on the skip connections not counted"
    ] = 18
    classes: Annotated[Count, "number of classes"] = 10
    size: Annotated[Count, "side of an image in pixels"] = 28
    width: Annotated[Count, "filters of the first stage; each further stage has twice as many"] = 8
    images: Images = "digits"

    name: ClassVar[str] = "resnet"
    title: ClassVar[str] = "ResNet"
    paper: ClassVar[str] = (
        "He et al. 2016, Deep residual learning for image recognition https://arxiv.org/abs/1512.03385"
    )
    slide: ClassVar[str] = "ResNet"
    goal: ClassVar[Goal] = Goal("accuracy", ">=", 0.98, 120.0)
    torchvision: ClassVar[Mapping[str, Mapping[str, Any]]] = {f"resnet{depth}": {"depth": depth} for depth in REPEATS}
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {"depth": 50, "classes": 1000, "size": 224, "width": 64, "images": "photos"},
    }

    @property
    def kind(self) -> Kind:
        return BASIC if self.depth < 50 else BOTTLENECK

    def build(self) -> Project:
        return Project(
            name=f"ResNet-{self.depth} {self.images}",
            graphs={f"ResNet-{self.depth}": self._network(), **self._blocks()},
            variables={"width": self.width},
            data=node_of(images_of(self.images, self.size)),
            training=training_of(self.images, fast=_fast(), published=_published(), batch=256),
            goal=self.goal,
            template=self.name,
        )

    def _network(self) -> Graph:
        kind, blocks = self.kind, self._blocks()
        net = GraphBuilder()
        image = net.add(image_input(self.images, self.size), name="Image")
        maps = self._stem(net, image)
        for number, repeat in enumerate(REPEATS[self.depth], 1):
            width = "=width" if number == 1 else f"=width*{2 ** (number - 1)}"
            stride = {} if number == 1 else {"stride": 2}
            if number == 1 and kind is BASIC:  # nothing changes there, so there is nothing to project
                maps = net.add_graph("layer1", kind.plain, blocks[kind.plain], maps, width=width, repeat=repeat)
            else:
                values = {"width": width, "blocks": repeat, **stride}
                maps = net.add_graph(f"layer{number}", STAGE, blocks[STAGE], maps, **values)
        pooled = net.add(GlobalAvgPool2d(), maps, name="avgpool")
        net.add(Output(), net.add(Linear(features=self.classes), pooled, name="fc"), name="Scores")
        return net.graph()

    def _stem(self, net: GraphBuilder, image: Added) -> Added:
        small = self.size < SMALL
        first = _convolution(kernel=3 if small else 7, stride=1 if small else 2)
        maps = net.add(BatchNorm2d(), net.add(first, image, name="conv1", filters="=width"), name="bn1")
        maps = net.add(ReLU(), maps, name="relu")
        return maps if small else net.add(MaxPool2d(window=3, stride=2, padding=1), maps, name="maxpool")

    def _blocks(self) -> dict[str, Graph]:
        """The graphs of the blocks by name, and that of a stage."""
        kind = self.kind
        plain, projected = (_block(kind, projects=projects) for projects in (False, True))
        return {kind.plain: plain, kind.projected: projected, STAGE: _stage(kind, plain, projected)}


def _block(kind: Kind, *, projects: bool) -> Graph:
    """Convolutions, each with a norm, whose answer is added to what came in."""
    stride: dict[str, int] = {"stride": 1} if projects else {}
    net = GraphBuilder("block", width=64, **stride)
    steps = {"stride": "=stride"} if projects else {}
    start = net.add(Input(kind="image", sizes=(64 if projects else 64 * kind.expansion, 56, 56)), name="maps")
    if kind is BASIC:
        maps = _activated(net, start, 1, _convolution(kernel=3), filters="=width", **steps)
        maps = _normed(net, maps, 2, _convolution(kernel=3), filters="=width")
        wide, last = "=width", 2
    else:
        maps = _activated(net, start, 1, _convolution(), filters="=width")
        maps = _activated(net, maps, 2, _convolution(kernel=3), filters="=width", **steps)
        wide, last = f"=width*{EXPANSION}", 3
        maps = _normed(net, maps, 3, _convolution(), filters=wide)
    kept = start
    if projects:
        kept = net.add(_convolution(), start, name="downsample.0", filters=wide, **steps)
        kept = net.add(BatchNorm2d(), kept, name="downsample.1")
    added = net.add(Add(), maps, kept, name="add")
    net.add(Output(), net.add(ReLU(), added, name=f"relu{last}"), name="out")
    return net.graph()


def _stage(kind: Kind, plain: Graph, projected: Graph) -> Graph:
    """A block that changes size and width, and others that keep them."""
    net = GraphBuilder("block", width=128, stride=1, blocks=2)
    start = net.add(Input(kind="image", sizes=(64 * kind.expansion, 56, 56)), name="maps")
    maps = net.add_graph("first", kind.projected, projected, start, width="=width", stride="=stride")
    maps = net.add_graph("rest", kind.plain, plain, maps, width="=width", repeat="=blocks-1")
    net.add(Output(), maps, name="out")
    return net.graph()


def _activated(net: GraphBuilder, maps: Added, number: int, convolution: Conv2d, **expressions: str) -> Added:
    return net.add(ReLU(), _normed(net, maps, number, convolution, **expressions), name=f"relu{number}")


def _normed(net: GraphBuilder, maps: Added, number: int, convolution: Conv2d, **expressions: str) -> Added:
    seen = net.add(convolution, maps, name=f"conv{number}", **expressions)
    return net.add(BatchNorm2d(), seen, name=f"bn{number}")


def _convolution(*, kernel: int = 1, stride: int = 1) -> Conv2d:
    """A convolution that keeps the size but for its stride; the norm behind it has the biases."""
    return Conv2d(kernel=kernel, stride=stride, padding=kernel // 2, bias=False)


def _fast() -> Stage:
    return Stage(epochs=4, optimizer="adam", learning_rate=0.01, schedule="one-cycle")


def _published() -> Stage:
    rates = Stage(optimizer="momentum", learning_rate=0.1, schedule="step", drop_every=30, drop_to=0.1)
    return replace(rates, epochs=90, weight_decay=1e-4, decay_all=True)
