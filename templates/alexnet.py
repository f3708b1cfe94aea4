"""AlexNet, with which deep learning won: a large convolutional network, trained on a million photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from nodes.activation import ReLU
from nodes.convolution import Conv2d
from nodes.norm import LocalResponseNorm
from nodes.pooling import MaxPool2d
from nodes.pooling_adaptive import AdaptiveAvgPool2d
from studio.core.builder import Added, GraphBuilder, node_of
from studio.core.declaration import Count, Whole
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage
from studio.core.template import Template
from templates.classification import Images, classifier, image_input, images_of, training_of

SECTION = "Convolution"

PUBLISHED, TORCHVISION = 227, 224
"""Side of an image. The paper says 224, but its first layer fits into 227 alone."""

FILTERS = ("=width*3//8", "=width", "=width*3//2", "=width*3//2", "=width")
"""Of the five convolutions: 96, 256, 384, 384 and 256."""

TORCHVISION_FILTERS = ("=width//4", "=width*3//4", "=width*3//2", "=width", "=width")
"""64, 192, 384, 256 and 256, as in One weird trick for parallelizing convolutional neural networks."""

RESPONSE_NORM = LocalResponseNorm(alpha=5e-4, k=2.0)
"""The paper's 1e-4, times the five channels by which PyTorch divides."""


class AlexNet(Template):
    """Five convolutions and three layers that decide, with ReLU and dropout: it halved the errors of its time.

    2012 is the network of the paper, 60,965,224 weights: its convolutions 2, 4 and 5 see half of the maps each, as
    they lay on two graphics cards. Ungrouped they see all, 62,378,344 weights. Torchvision's is a later one with
    fewer filters and no response norms, 61,100,840.
    """

    variant: Annotated[
        Literal["2012", "2012-ungrouped", "torchvision"], "as published, without its groups, or as torchvision has it"
    ] = "2012"
    classes: Annotated[Count, "number of classes"] = 10
    size: Annotated[Whole, "side of an image in pixels, 67 or more; 0 means that of the variant, 227 or 224"] = 67
    width: Annotated[Count, "filters of the last convolution; the layers that decide have 16 times as many units"] = 48
    images: Images = "digits"

    name: ClassVar[str] = "alexnet"
    title: ClassVar[str] = "AlexNet"
    paper: ClassVar[str] = (
        "Krizhevsky et al. 2012, ImageNet classification with deep convolutional neural networks "
        "https://doi.org/10.1145/3065386"
    )
    slide: ClassVar[str] = "AlexNet"
    goal: ClassVar[Goal] = Goal("accuracy", ">=", 0.975, 120.0)
    torchvision: ClassVar[Mapping[str, Mapping[str, Any]]] = {"alexnet": {"variant": "torchvision"}}
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {"classes": 1000, "size": 0, "width": 256, "images": "photos"},
    }

    @property
    def is_torchvisions(self) -> bool:
        return self.variant == "torchvision"

    @property
    def side(self) -> int:
        return self.size or (TORCHVISION if self.is_torchvisions else PUBLISHED)

    def build(self) -> Project:
        return Project(
            name=f"AlexNet {self.images}",
            graphs={"AlexNet": self._network()},
            variables={"width": self.width},
            data=node_of(images_of(self.images, self.side)),
            training=training_of(self.images, fast=_fast(), published=_published(), batch=128),
            goal=self.goal,
            template=self.name,
        )

    def _network(self) -> Graph:
        net = GraphBuilder()
        with net.frame("Features"):
            maps = self._features(net, net.add(image_input(self.images, self.side), name="Image"))
        with net.frame("Classifier"):
            classifier(net, maps, units="=width*16", classes=self.classes, drop_first=self.is_torchvisions)
        return net.graph()

    def _features(self, net: GraphBuilder, maps: Added) -> Added:
        """Five convolutions, pooled behind the first, the second and the last."""
        filters = TORCHVISION_FILTERS if self.is_torchvisions else FILTERS
        groups = 2 if self.variant == "2012" else 1
        kernels = (
            Conv2d(kernel=11, stride=4, padding=2 if self.is_torchvisions else 0),
            Conv2d(kernel=5, padding=2, groups=groups),
            Conv2d(kernel=3, padding=1),
            Conv2d(kernel=3, padding=1, groups=groups),
            Conv2d(kernel=3, padding=1, groups=groups),
        )
        for number, (kernel, wide) in enumerate(zip(kernels, filters, strict=True), 1):
            maps = net.add(kernel, maps, name=f"Conv {number}", filters=wide)
            maps = net.add(ReLU(), maps, name=f"ReLU {number}")
            if number < 3 and not self.is_torchvisions:
                maps = net.add(RESPONSE_NORM, maps, name=f"Norm {number}")
            if number in (1, 2, 5):
                maps = net.add(MaxPool2d(window=3, stride=2), maps, name=f"Pool {number}")
        return net.add(AdaptiveAvgPool2d(size=6), maps) if self.is_torchvisions else maps


def _fast() -> Stage:
    return Stage(epochs=10, optimizer="adam", learning_rate=0.001, schedule="one-cycle")


def _published() -> Stage:
    """90 passes, as in the paper, which divided the rate by ten three times, when the validation error stayed."""
    rates = Stage(optimizer="momentum", learning_rate=0.01, schedule="plateau", drop_every=5, drop_to=0.1)
    return replace(rates, epochs=90, weight_decay=5e-4, decay_all=True)
