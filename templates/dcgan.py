"""DCGAN: adversarial networks of convolutions alone, judged by a classifier of what they imitate."""

from __future__ import annotations

from collections.abc import Mapping
from math import log2
from typing import Annotated, Any, ClassVar, Literal

from nodes.activation import LeakyReLU, ReLU, Tanh
from nodes.combine import Flatten
from nodes.constants import Noise
from nodes.convolution import Conv2d
from nodes.data.digits import Digits
from nodes.data.image_folder import ImageFolder
from nodes.inputs import Input, Output
from nodes.norm import BatchNorm2d
from nodes.objective import Preview
from nodes.sample_metric import InceptionScore, Recognised
from nodes.transposed_convolution import ConvTranspose2d
from studio.core.builder import Added, GraphBuilder, node_of
from studio.core.dataset import ImageDataset
from studio.core.declaration import Count
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template
from templates.adversaries import DISCRIMINATOR, FOOLING, GENERATOR, LOOK, TELLING, beginning, fool, tell_apart, turns
from templates.judge import NAME as JUDGE
from templates.judge import judge, judge_stage, judging

SECTION = "Generative networks"

UP, DOWN = "Up", "Down"
"""Blocks that double and halve the sides of their maps."""
JUDGING = "Judging"
"""What the judge of generated digits learns from, which are real ones."""
SMALLEST = 4
"""Side of the maps between which and the noise, or the score, there is one convolution."""
DIGIT = 28
"""Side of the digits as they are."""


class Dcgan(Template):
    """A generator paints images out of noise, level by level, and a discriminator of convolutions judges them.

    First a judge learns to read real digits; what it finds in generated ones says whether they can be recognised, and
    whether all ten are there. The paper preset is the network for photos of 64×64, 3,576,704 and 2,765,568 weights.
    """

    images: Annotated[Literal["digits", "photos"], "grey digits, or colour photos in a folder"] = "digits"
    size: Annotated[Literal[16, 32, 64, 128], "side of an image in pixels"] = 32
    width: Annotated[Count, "filters next to the image; each level away from it has twice as many"] = 16
    noise: Annotated[Count, "random numbers of which an image is made"] = 64

    name: ClassVar[str] = "dcgan"
    title: ClassVar[str] = "DCGAN"
    paper: ClassVar[str] = (
        "Radford et al. 2016, Unsupervised representation learning with deep convolutional generative adversarial "
        "networks https://arxiv.org/abs/1511.06434"
    )
    slide: ClassVar[str] = "GAN"
    goal: ClassVar[Goal] = Goal("inception_score", ">=", 6.0, 180.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {"images": "photos", "size": 64, "width": 64, "noise": 100},
    }

    @property
    def levels(self) -> int:
        """How often the side doubles from the smallest maps to the image."""
        return round(log2(self.size / SMALLEST))

    @property
    def dataset(self) -> ImageDataset:
        if self.images == "photos":
            return ImageFolder(folder="photos", labelled=False, resize=self.size, normalise="minus-one-one")
        if self.size == DIGIT + 4:
            return Digits(pad=2, normalise="minus-one-one")
        return Digits(resize=self.size, normalise="minus-one-one")

    @property
    def channels(self) -> int:
        return 3 if self.images == "photos" else 1

    def build(self) -> Project:
        generator, discriminator = self._generator(), self._discriminator()
        judges = {JUDGE: judge(self.size)} if self.images == "digits" else {}
        objectives = {
            TELLING: self._telling(generator, discriminator),
            FOOLING: self._fooling(generator, discriminator),
            LOOK: self._look(generator, judges),
        }
        if judges:
            objectives = {JUDGING: judging(self.dataset, judges[JUDGE]), **objectives}
        return Project(
            name=f"DCGAN {self.images}",
            graphs={
                GENERATOR: generator,
                DISCRIMINATOR: discriminator,
                **judges,
                UP: _up(),
                DOWN: _down(),
                **objectives,
            },
            variables={"width": self.width},
            data=node_of(self.dataset),
            training=Training(
                batch=64 if judges else 128,
                stages=_fast() if judges else (_published(),),
                weights=beginning(GENERATOR, DISCRIMINATOR),
            ),
            goal=self.goal,
            template=self.name,
        )

    def _generator(self) -> Graph:
        net, up = GraphBuilder(), _up()
        maps = net.add(Input(kind="image", sizes=(self.noise, 1, 1)), name="Noise")
        for level in reversed(range(self.levels)):
            first = {} if level < self.levels - 1 else {"stride": 1, "padding": 0}
            maps = net.add_graph(f"Up {self.levels - level}", UP, up, maps, filters=_filters(level), **first)
        pixels = net.add(_painting(filters=self.channels), maps, name="Pixels")
        net.add(Output(), net.chain(pixels, Tanh()), name="Image")
        return net.graph()

    def _discriminator(self) -> Graph:
        net, down = GraphBuilder(), _down()
        image = net.add(Input(kind="image", sizes=(self.channels, self.size, self.size)), name="Image")
        maps = net.add(_looking(), image, name="Conv 1", filters="=width")
        maps = net.add(LeakyReLU(negative_slope=0.2), maps)
        for level in range(1, self.levels):
            maps = net.add_graph(f"Down {level + 1}", DOWN, down, maps, filters=_filters(level))
        score = net.add(Conv2d(filters=1, kernel=SMALLEST, bias=False), maps, name="Score")
        net.add(Output(), net.chain(score, Flatten()), name="Scores")
        return net.graph()

    def _made(self, net: GraphBuilder, generator: Graph) -> tuple[Added, Added]:
        """Real images, and as many that are generated."""
        data = net.add(self.dataset, name="Data")
        noise = net.add(Noise(kind="image", sizes=(self.noise, 1, 1)), data)
        return data, net.add_graph(GENERATOR, GENERATOR, generator, noise)

    def _telling(self, generator: Graph, discriminator: Graph) -> Graph:
        net = GraphBuilder("objective")
        data, made = self._made(net, generator)
        tell_apart(net, discriminator, "non-saturating", data, made)
        return net.graph()

    def _fooling(self, generator: Graph, discriminator: Graph) -> Graph:
        net = GraphBuilder("objective")
        _, made = self._made(net, generator)
        fool(net, discriminator, "non-saturating", made)
        return net.graph()

    def _look(self, generator: Graph, judges: Mapping[str, Graph]) -> Graph:
        net = GraphBuilder("objective")
        _, made = self._made(net, generator)
        net.add(Preview(), made, name="Generated images")
        if judges:
            scores = net.add_graph(JUDGE, JUDGE, judges[JUDGE], made)
            for metric in (InceptionScore(), Recognised()):
                net.add(metric, scores)
        return net.graph()


def _filters(level: int) -> str:
    """Of the maps so many levels away from the image."""
    return f"=width*{2**level}" if level else "=width"


def _painting(**settings: Any) -> ConvTranspose2d:
    """A convolution that doubles the side; the norm behind it has the biases."""
    return ConvTranspose2d(kernel=4, stride=2, padding=1, bias=False, **settings)


def _looking() -> Conv2d:
    """A convolution that halves the side."""
    return Conv2d(kernel=4, stride=2, padding=1, bias=False)


def _up() -> Graph:
    net = GraphBuilder("block", filters=64, stride=2, padding=1)
    maps = net.add(Input(kind="image", sizes=(128, 16, 16)), name="maps")
    values = {"filters": "=filters", "stride": "=stride", "padding": "=padding"}
    maps = net.add(_painting(), maps, name="conv", **values)
    maps = net.add(ReLU(), net.add(BatchNorm2d(), maps, name="norm"), name="relu")
    net.add(Output(), maps, name="out")
    return net.graph()


def _down() -> Graph:
    net = GraphBuilder("block", filters=128)
    maps = net.add(Input(kind="image", sizes=(64, 32, 32)), name="maps")
    maps = net.add(BatchNorm2d(), net.add(_looking(), maps, name="conv", filters="=filters"), name="norm")
    net.add(Output(), net.add(LeakyReLU(negative_slope=0.2), maps, name="relu"), name="out")
    return net.graph()


def _fast() -> tuple[Stage, ...]:
    return judge_stage(JUDGING), turns(Stage(name="game", epochs=14, learning_rate=1e-3, momentum=0.5, measure_every=2))


def _published() -> Stage:
    return turns(Stage(epochs=25, learning_rate=2e-4, momentum=0.5))
