"""GoogLeNet, which looks through windows of several sizes at once and has a tenth of AlexNet's weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from nodes.dropout import Dropout
from nodes.inputs import Output
from nodes.linear import Linear
from nodes.loss import CrossEntropy
from nodes.pooling import MaxPool2d
from nodes.pooling_adaptive import GlobalAvgPool2d
from nodes.weighted_loss import WeightedLoss
from studio.core.builder import Added, GraphBuilder, node_of
from studio.core.declaration import Count
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage
from studio.core.template import Template
from templates.alexnet import RESPONSE_NORM
from templates.classification import Images, image_input, images_of, metrics_of, training_of
from templates.inception import CONVOLUTION, FIRST, HEAD, INCEPTION, auxiliary_head, convolution, inception, widths_of

SECTION = "Convolution"

NETWORK, OBJECTIVE = "GoogLeNet", "Training"

STAGES = {3: ("3a", "3b"), 4: ("4a", "4b", "4c", "4d", "4e"), 5: ("5a", "5b")}
"""The modules between two poolings."""

HEADS = {"4a": 1, "4d": 2}
"""Behind which modules the auxiliary heads stand."""

FITTING = 80
"""Images of fewer pixels a side leave too little for the published pooling of the heads."""


class GoogLeNet(Template):
    """Nine inception modules: each looks through windows of 1×1, 3×3 and 5×5 at once and lays side by side what it saw.

    Paper is the network as published, 6,998,552 weights. Torchvision's has batch norms and 3×3 in place of 5×5,
    6,624,904 weights. Two auxiliary heads can help the lower layers to learn: their losses count 0.3 each, and once
    the network is used they rest.
    """

    variant: Annotated[Literal["paper", "torchvision"], "as published, or with batch norms, as torchvision has it"] = (
        "torchvision"
    )
    aux: Annotated[bool, "whether two auxiliary heads judge the maps halfway while the network learns"] = False
    classes: Annotated[Count, "number of classes"] = 10
    size: Annotated[Count, "side of an image in pixels, 33 or more"] = 48
    width: Annotated[Count, "filters of the first convolution, 8 or more; the others grow with it"] = 16
    images: Images = "digits"

    name: ClassVar[str] = "googlenet"
    title: ClassVar[str] = "GoogLeNet"
    paper: ClassVar[str] = "Szegedy et al. 2015, Going deeper with convolutions https://arxiv.org/abs/1409.4842"
    slide: ClassVar[str] = "GoogLeNet"
    goal: ClassVar[Goal] = Goal("accuracy", ">=", 0.98, 120.0)
    torchvision: ClassVar[Mapping[str, Mapping[str, Any]]] = {"googlenet": {"variant": "torchvision", "aux": True}}
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {"variant": "paper", "classes": 1000, "size": 224, "width": FIRST, "images": "photos"},
    }

    @property
    def is_published(self) -> bool:
        return self.variant == "paper"

    @property
    def convolution(self) -> Graph:
        return convolution(batch_norm=not self.is_published)

    @property
    def inception(self) -> Graph:
        return inception(self.convolution, largest=5 if self.is_published else 3)

    @property
    def head(self) -> Graph:
        published = self.is_published and self.size >= FITTING
        return auxiliary_head(self.convolution, self.classes, published=published)

    def build(self) -> Project:
        network = self._network()
        graphs = {NETWORK: network, CONVOLUTION: self.convolution, INCEPTION: self.inception}
        if self.aux:
            graphs |= {HEAD: self.head, OBJECTIVE: self._objective(network)}
        objectives = (OBJECTIVE,) if self.aux else ()
        return Project(
            name=f"{NETWORK} {self.images}",
            graphs=graphs,
            variables={"width": self.width},
            data=node_of(images_of(self.images, self.size)),
            training=training_of(self.images, fast=_fast(objectives), published=_published(objectives), batch=256),
            goal=self.goal,
            template=self.name,
        )

    def _network(self) -> Graph:
        net = GraphBuilder()
        judged: dict[str, Added] = {}
        maps = net.add(image_input(self.images, self.size), name="Image")
        with net.frame("Stem"):
            maps = self._stem(net, maps)
        for stage, modules in STAGES.items():
            with net.frame(f"Stage {stage}"):
                for name in modules:
                    judged[name] = maps = net.add_graph(
                        f"inception{name}", INCEPTION, self.inception, maps, **widths_of(name)
                    )
                maps = net.add(self._pooling(stage), maps, name=f"maxpool{stage}") if stage < 5 else maps
        with net.frame("Classifier"):
            seen = net.add(GlobalAvgPool2d(), maps, name="avgpool")
            seen = net.add(Dropout(p=0.4 if self.is_published else 0.2), seen, name="dropout")
            net.add(Output(), net.add(Linear(features=self.classes), seen, name="fc"), name="Scores")
        for name, number in HEADS.items() if self.aux else ():
            head = net.add_graph(f"aux{number}", HEAD, self.head, judged[name], filters="=width*2", units="=width*16")
            net.add(Output(training_only=True), head, name=f"Scores {number}")
        return net.graph()

    def _stem(self, net: GraphBuilder, maps: Added) -> Added:
        """Convolutions and poolings that leave an eighth of each side."""
        block = self.convolution
        maps = net.add_graph("conv1", CONVOLUTION, block, maps, filters="=width", kernel=7, stride=2)
        maps = net.add(self._pooling(1), maps, name="maxpool1")
        maps = net.add(RESPONSE_NORM, maps, name="norm1") if self.is_published else maps
        maps = net.add_graph("conv2", CONVOLUTION, block, maps, filters="=width")
        maps = net.add_graph("conv3", CONVOLUTION, block, maps, filters="=width*3", kernel=3)
        maps = net.add(RESPONSE_NORM, maps, name="norm2") if self.is_published else maps
        return net.add(self._pooling(2), maps, name="maxpool2")

    def _pooling(self, number: int) -> MaxPool2d:
        """Windows of 3×3 that overlap, but for torchvision's last."""
        return MaxPool2d(window=2 if number == 4 and not self.is_published else 3, stride=2, ceil_mode=True)

    def _objective(self, network: Graph) -> Graph:
        """The loss of the scores, and 0.3 of that of each head."""
        net = GraphBuilder("objective")
        data = net.add(images_of(self.images, self.size), name="Data")
        answers = net.add_graph(NETWORK, NETWORK, network, data["image"])
        net.add(CrossEntropy(), answers["Scores"], data["label"], name="Scores loss")
        for number in HEADS.values():
            loss = net.add(CrossEntropy(), answers[f"Scores {number}"], data["label"], name=f"Scores {number} loss")
            net.add(WeightedLoss(weight=0.3), loss, name=f"Weighted loss {number}")
        for metric in metrics_of(self.images):
            net.add(metric, answers["Scores"], data["label"])
        return net.graph()


def _fast(objectives: tuple[str, ...]) -> Stage:
    return Stage(objectives=objectives, epochs=4, optimizer="adam", learning_rate=0.005, schedule="one-cycle")


def _published(objectives: tuple[str, ...]) -> Stage:
    """The rate falls by 4 % every 8 passes, as in the paper, which says neither where it starts nor how many passes."""
    rates = Stage(optimizer="momentum", learning_rate=0.01, schedule="step", drop_every=8, drop_to=0.96)
    return replace(rates, objectives=objectives, epochs=80)
