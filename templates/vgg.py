"""VGG, which sees with nothing but small windows, one behind the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from nodes.activation import ReLU
from nodes.convolution import Conv2d
from nodes.inputs import Input, Output
from nodes.norm import BatchNorm2d
from nodes.pooling import MaxPool2d
from studio.core.builder import GraphBuilder, node_of
from studio.core.declaration import Count
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage
from studio.core.template import Template
from templates.classification import Images, classifier, image_input, images_of, training_of

SECTION = "Convolution"

REPEATS = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
"""How many convolutions each of the five stages has."""

C_REPEATS = (2, 2, 2, 2, 2)
"""Those of configuration C with windows of 3×3; one of 1×1 follows in each of the last three stages."""

WIDTHS = (1, 2, 4, 8, 8)
"""Filters of each stage, in those of the first."""

CONVOLUTION = "Convolution"


class VGG(Template):
    """Windows of 3×3 alone: two see as far as one of 5×5, with fewer weights and one more ReLU between.

    Nine weights in ten lie in the layers that decide. With 16 layers it is configuration D of the paper, 138,357,544
    weights; C has 16 as well, three of them with windows of 1×1. Batch norms came later and make it easy to train.
    """

    depth: Annotated[Literal[11, 13, 16, 19], "layers with weights"] = 11
    batch_norm: Annotated[bool, "whether maps are normalised before each ReLU"] = True
    variant: Annotated[Literal["depth", "C"], "as the depth says, or the paper's configuration C: 16 layers"] = "depth"
    classes: Annotated[Count, "number of classes"] = 10
    size: Annotated[Count, "side of an image in pixels, 32 or more"] = 32
    width: Annotated[Count, "filters of the first stage; the last have eight times as many"] = 8
    images: Images = "digits"

    name: ClassVar[str] = "vgg"
    title: ClassVar[str] = "VGG"
    paper: ClassVar[str] = (
        "Simonyan & Zisserman 2015, Very deep convolutional networks for large-scale image recognition "
        "https://arxiv.org/abs/1409.1556"
    )
    slide: ClassVar[str] = "VGG"
    goal: ClassVar[Goal] = Goal("accuracy", ">=", 0.98, 120.0)
    torchvision: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        f"vgg{depth}{'_bn' if norm else ''}": {"depth": depth, "batch_norm": norm}
        for depth in REPEATS
        for norm in (False, True)
    }
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {
            "depth": 16, "batch_norm": False, "classes": 1000, "size": 224, "width": 64, "images": "photos",
        },
    }  # fmt: skip

    @property
    def called(self) -> str:
        return "VGG-C" if self.variant == "C" else f"VGG-{self.depth}"

    def build(self) -> Project:
        return Project(
            name=f"{self.called} {self.images}",
            graphs={self.called: self._network(), CONVOLUTION: convolution(batch_norm=self.batch_norm)},
            variables={"width": self.width},
            data=node_of(images_of(self.images, self.size)),
            training=training_of(self.images, fast=_fast(), published=_published(), batch=256),
            goal=self.goal,
            template=self.name,
        )

    def _network(self) -> Graph:
        block = convolution(batch_norm=self.batch_norm)
        net = GraphBuilder()
        with net.frame("Features"):
            maps = net.add(image_input(self.images, self.size), name="Image")
            repeats = C_REPEATS if self.variant == "C" else REPEATS[self.depth]
            for number, (repeat, width) in enumerate(zip(repeats, WIDTHS, strict=True), 1):
                filters = "=width" if width == 1 else f"=width*{width}"
                maps = net.add_graph(f"Stage {number}", CONVOLUTION, block, maps, filters=filters, repeat=repeat)
                if self.variant == "C" and number > 2:
                    values = {"filters": filters, "kernel": 1}
                    maps = net.add_graph(f"Mix {number}", CONVOLUTION, block, maps, **values)
                maps = net.add(MaxPool2d(), maps, name=f"Pool {number}")
        with net.frame("Classifier"):
            classifier(net, maps, units="=width*64", classes=self.classes)
        return net.graph()


def convolution(*, batch_norm: bool) -> Graph:
    """A convolution that keeps the size, and ReLU."""
    net = GraphBuilder("block", filters=64, kernel=3)
    maps = net.add(Input(kind="image", sizes=(64, 56, 56)), name="maps")
    values = {"filters": "=filters", "kernel": "=kernel", "padding": "=kernel//2"}
    maps = net.add(Conv2d(), maps, name="conv", **values)
    maps = net.add(BatchNorm2d(), maps, name="norm") if batch_norm else maps
    net.add(Output(), net.add(ReLU(), maps, name="relu"), name="out")
    return net.graph()


def _fast() -> Stage:
    return Stage(epochs=8, optimizer="adam", learning_rate=0.003, schedule="one-cycle")


def _published() -> Stage:
    """74 passes, as in the paper, which divided the rate by ten whenever the validation error stayed."""
    rates = Stage(optimizer="momentum", learning_rate=0.01, schedule="plateau", drop_every=5, drop_to=0.1)
    return replace(rates, epochs=74, weight_decay=5e-4, decay_all=True)
