"""Multi-task learning: one trunk looks, and three heads answer three questions about each pixel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from nodes.class_metric import MeanIoU, Recall
from nodes.combine import Add
from nodes.convolution import Conv2d
from nodes.data.scenes import CLASSES, DIRECTIONS, Scenes
from nodes.dropout import Dropout
from nodes.inputs import Input, Output
from nodes.loss import CrossEntropy, SquaredError
from nodes.number_metric import MeanAbsoluteError
from nodes.pooling import MaxPool2d
from nodes.transposed_convolution import ConvTranspose2d
from nodes.weighted_loss import WeightedLoss
from studio.core.builder import Added, GraphBuilder
from studio.core.declaration import Count, NotNegative
from studio.core.graph import Graph
from studio.core.node_class import Loss, Metric
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template
from templates.vgg import CONVOLUTION, REPEATS, WIDTHS, convolution

SECTION = "Techniques"

NETWORK, OBJECTIVE, HEAD = "Multi-task FCN", "Training", "Head"

TASKS: dict[str, tuple[int, Loss, Metric]] = {
    "Scene": (len(CLASSES), CrossEntropy(), MeanIoU()),
    "Instance": (DIRECTIONS, CrossEntropy(), Recall()),
    "Depth": (1, SquaredError(), MeanAbsoluteError()),
}
"""Maps that answer each question, how they are taught and how they are judged."""


class MultiTask(Template):
    """Learns three things at once: what each pixel shows, to which thing it belongs, and how near it is.

    What helps one question helps the others, so a common trunk learns features from all three losses: its gradient is
    their weighted sum. Each head scores the maps of some stages and adds them up from coarse to fine, as FCN does. The
    paper preset has FCN-8s on VGG-16, as Uhrig et al., with 4,867 + 288·c weights for each of the c maps of a head.
    """

    scene_weight: Annotated[NotNegative, "how much the loss of the scene label counts"] = 1.0
    instance_weight: Annotated[NotNegative, "how much the loss of the instance label counts"] = 0.5
    depth_weight: Annotated[NotNegative, "how much the loss of the depth counts"] = 10.0
    width: Annotated[Count, "filters of the first stage; the last have eight times as many"] = 12
    layers: Annotated[Literal[11, 13, 16, 19], "layers with weights of the VGG that is the trunk"] = 13
    finest: Annotated[Literal[1, 2, 3, 4], "first stage whose maps are scored: 4 is FCN-16s, 3 FCN-8s"] = 1
    window: Annotated[Count, "side of the window behind the last stage, odd"] = 1
    side: Annotated[Count, "side of an image in pixels, a multiple of 32"] = 32
    samples: Annotated[Count, "scenes that are made"] = 3000
    batch_norm: Annotated[bool, "whether maps are normalised before each ReLU"] = True

    name: ClassVar[str] = "multi-task"
    title: ClassVar[str] = "Multi-task learning"
    paper: ClassVar[str] = (
        "Uhrig et al. 2016, Pixel-level encoding and depth layering for instance-level semantic labeling "
        "https://arxiv.org/abs/1604.05096; head: Long et al. 2015, Fully convolutional networks for semantic "
        "segmentation https://arxiv.org/abs/1411.4038"
    )
    slide: ClassVar[str] = "Multi-task learning"
    goal: ClassVar[Goal] = Goal("scene_mean_iou", ">=", 0.78, 120.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {
            "width": 64, "layers": 16, "finest": 3, "window": 7, "side": 224, "samples": 400,
            "batch_norm": False,
        },
    }  # fmt: skip

    @property
    def scored(self) -> tuple[int, ...]:
        """The stages whose maps are scored beside the last answers of the trunk, the coarsest first."""
        return tuple(range(len(WIDTHS) - 1, self.finest - 1, -1))

    def build(self) -> Project:
        network = self._network()
        return Project(
            name="Multi-task scenes",
            graphs={
                NETWORK: network,
                CONVOLUTION: convolution(batch_norm=self.batch_norm),
                HEAD: self._head(),
                OBJECTIVE: self._objective(network),
            },
            variables={"width": self.width},
            training=Training(
                batch=32,
                stages=(
                    Stage(
                        objectives=(OBJECTIVE,),
                        epochs=8,
                        optimizer="adam",
                        learning_rate=0.005,
                        schedule="one-cycle",
                    ),
                ),
            ),
            goal=self.goal,
            template=self.name,
        )

    @property
    def data(self) -> Scenes:
        return Scenes(samples=self.samples, side=self.side, normalise="z-score")

    def _network(self) -> Graph:
        net = GraphBuilder()
        with net.frame("Trunk"):
            seen = self._trunk(net)
        with net.frame("Heads"):
            for task, (maps, _, _) in TASKS.items():
                head = net.add_graph(f"{task} head", HEAD, self._head(), *seen, maps=maps)
                net.add(Output(), head, name=task)
        return net.graph()

    def _trunk(self, net: GraphBuilder) -> list[Added]:
        """VGG with its fully connected layers as convolutions: their answer, and the maps of the stages scored."""
        block = convolution(batch_norm=self.batch_norm)
        maps: Added = net.add(Input(kind="image", sizes=(3, self.side, self.side)), name="Image")
        pooled = []
        for number, (repeat, width) in enumerate(zip(REPEATS[self.layers], WIDTHS, strict=True), 1):
            maps = net.add_graph(f"Stage {number}", CONVOLUTION, block, maps, filters=f"=width*{width}", repeat=repeat)
            maps = net.add(MaxPool2d(), maps, name=f"Pool {number}")
            pooled.append(maps)
        for number, window in ((6, self.window), (7, 1)):
            maps = net.add_graph(f"FC {number}", CONVOLUTION, block, maps, filters="=width*64", kernel=window)
            maps = maps if self.batch_norm else net.add(Dropout(), maps, name=f"Dropout {number}")
        return [maps, *(pooled[stage - 1] for stage in self.scored)]

    def _head(self) -> Graph:
        """Scores of each scale, brought to the next finer one and added to its own, and at last to the image's size."""
        net = GraphBuilder("block", maps=1)
        coarse = net.add(Input(kind="image", sizes=(8, 1, 1)), name="answers")
        scores = net.add(Conv2d(kernel=1), coarse, name="score", filters="=maps")
        for stage in self.scored:
            side = (2 ** (len(WIDTHS) - stage),) * 2
            finer = net.add(Input(kind="image", sizes=(8, *side)), name=f"pool{stage}")
            own = net.add(Conv2d(kernel=1), finer, name=f"score{stage}", filters="=maps")
            twice = ConvTranspose2d(kernel=4, stride=2, padding=1, bias=False)
            scores = net.add(Add(), net.add(twice, scores, name=f"up{stage}", filters="=maps"), own, name=f"sum{stage}")
        times = 2**self.finest
        last = ConvTranspose2d(kernel=2 * times, stride=times, padding=times // 2, bias=False)
        net.add(Output(), net.add(last, scores, name="up", filters="=maps"), name="out")
        return net.graph()

    def _objective(self, network: Graph) -> Graph:
        """Three losses, weighted; the objective adds them up."""
        net = GraphBuilder("objective")
        data = net.add(self.data, name="Data")
        answers = net.add_graph(NETWORK, NETWORK, network, data["image"])
        weights = (self.scene_weight, self.instance_weight, self.depth_weight)
        for (task, (_, loss, metric)), weight in zip(TASKS.items(), weights, strict=True):
            pair = answers[task], data[task.lower()]
            net.add(
                WeightedLoss(weight=weight), net.add(loss, *pair, name=f"{task} loss"), name=f"Weighted {task} loss"
            )
            net.add(metric, *pair, name=f"{task} {type(metric).title()}")
        return net.graph()
