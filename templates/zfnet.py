"""ZFNet, AlexNet with smaller first windows, found by looking at what AlexNet's features see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from nodes.activation import ReLU
from nodes.convolution import Conv2d
from nodes.pooling import MaxPool2d
from studio.core.builder import GraphBuilder, node_of
from studio.core.declaration import Count
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage
from studio.core.template import Template
from templates.alexnet import FILTERS, RESPONSE_NORM
from templates.classification import Images, classifier, image_input, images_of, training_of

SECTION = "Convolution"

KERNELS = (
    Conv2d(kernel=7, stride=2, padding=1),
    Conv2d(kernel=5, stride=2),
    Conv2d(kernel=3, padding=1),
    Conv2d(kernel=3, padding=1),
    Conv2d(kernel=3, padding=1),
)
"""Of the five convolutions, which have as many filters as AlexNet's."""


class ZFNet(Template):
    """AlexNet whose first windows are 7×7 and closer together, so that its features miss nothing in between.

    Zeiler and Fergus projected features back to the pixels, saw that the first layers of AlexNet skipped much, and
    mended it: 62,357,608 weights. Contrast is normalised by response norms behind the first two poolings.
    """

    classes: Annotated[Count, "number of classes"] = 10
    size: Annotated[Count, "side of an image in pixels, 64 or more"] = 64
    width: Annotated[Count, "filters of the last convolution; the layers that decide have 16 times as many units"] = 48
    images: Images = "digits"

    name: ClassVar[str] = "zfnet"
    title: ClassVar[str] = "ZFNet"
    paper: ClassVar[str] = (
        "Zeiler & Fergus 2014, Visualizing and understanding convolutional networks https://arxiv.org/abs/1311.2901"
    )
    slide: ClassVar[str] = "Features of layers 2-5 (Zeiler & Fergus)"
    goal: ClassVar[Goal] = Goal("accuracy", ">=", 0.975, 120.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {"classes": 1000, "size": 224, "width": 256, "images": "photos"},
    }

    def build(self) -> Project:
        return Project(
            name=f"ZFNet {self.images}",
            graphs={"ZFNet": self._network()},
            variables={"width": self.width},
            data=node_of(images_of(self.images, self.size)),
            training=training_of(self.images, fast=_fast(), published=_published(), batch=128),
            goal=self.goal,
            template=self.name,
        )

    def _network(self) -> Graph:
        net = GraphBuilder()
        with net.frame("Features"):
            maps = net.add(image_input(self.images, self.size), name="Image")
            for number, (kernel, filters) in enumerate(zip(KERNELS, FILTERS, strict=True), 1):
                maps = net.add(kernel, maps, name=f"Conv {number}", filters=filters)
                maps = net.add(ReLU(), maps, name=f"ReLU {number}")
                if number in (1, 2, 5):
                    maps = net.add(MaxPool2d(window=3, stride=2, ceil_mode=True), maps, name=f"Pool {number}")
                if number < 3:
                    maps = net.add(RESPONSE_NORM, maps, name=f"Norm {number}")
        with net.frame("Classifier"):
            classifier(net, maps, units="=width*16", classes=self.classes)
        return net.graph()


def _fast() -> Stage:
    return Stage(epochs=8, optimizer="adam", learning_rate=0.001, schedule="one-cycle")


def _published() -> Stage:
    """70 passes, as in the paper, which divided the rate by ten by hand when the validation error stayed."""
    rates = Stage(optimizer="momentum", learning_rate=0.01, schedule="plateau", drop_every=5, drop_to=0.1)
    return replace(rates, epochs=70)
