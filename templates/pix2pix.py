"""pix2pix: a U-Net that turns one image into another, taught by pairs and by a discriminator of patches."""

from __future__ import annotations

from collections.abc import Mapping
from math import log2
from typing import Annotated, Any, ClassVar, Literal

from nodes.activation import LeakyReLU, ReLU, Tanh
from nodes.adversarial_loss import AdversarialLoss
from nodes.combine import Concatenate
from nodes.convolution import Conv2d
from nodes.data.image_pairs import ImagePairs
from nodes.data.shape_pairs import SIDE, ShapePairs
from nodes.dropout import Dropout
from nodes.inputs import Input, Output
from nodes.loss import L1
from nodes.norm import BatchNorm2d
from nodes.number_metric import MeanAbsoluteError
from nodes.objective import Detach, Preview
from nodes.transposed_convolution import ConvTranspose2d
from nodes.weighted_loss import WeightedLoss
from studio.core.builder import Added, GraphBuilder, Out, node_of
from studio.core.dataset import ImageDataset
from studio.core.declaration import Count, NotNegative
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template
from templates.adversaries import DISCRIMINATOR, FOOLING, GENERATOR, LOOK, TELLING, beginning, turns
from templates.patchgan import patchgan

SECTION = "Generative networks"

DOWN, UP, UP_DROPPED = "Down", "Up", "Up with dropout"
"""Blocks that halve and double the sides of their maps."""
MOST = 8
"""The filters grow to so many times those of the first level."""
UNDROPPED = 5
"""Levels next to the image that drop nothing out: of the paper's eight three do, counted from the innermost."""
CHANNELS = 3


class Pix2pix(Template):
    """Turns an image into another that belongs to it: a U-Net paints, a discriminator sees both and judges patches.

    The laptop preset paints drawn shapes, of 32×32 pixels, in the colour that each has; its error is that of a pixel
    between -1 and 1, so 0.02 is 1 % of the range. The paper preset has the U-Net of 256×256 pixels, 54,413,955
    weights, and patches of 70 pixels, 2,768,705; its pairs lie side by side in each file. The published network also
    drops out when it is used, for want of other noise; here dropout rests then, as it does everywhere.
    """

    data: Annotated[Literal["shapes", "photos"], "drawn shapes and the same painted, or pairs in a folder"] = "shapes"
    size: Annotated[Literal[32, 64, 128, 256], "side of an image in pixels"] = 32
    width: Annotated[Count, "filters of the generator next to the image"] = 8
    critic_width: Annotated[Count, "filters of the discriminator's first layer"] = 8
    layers: Annotated[Count, "layers of the discriminator that halve the sides; 3 make patches of 70 pixels"] = 2
    likeness: Annotated[NotNegative, "how much being like the target counts beside fooling the discriminator"] = 100.0

    name: ClassVar[str] = "pix2pix"
    title: ClassVar[str] = "pix2pix"
    paper: ClassVar[str] = (
        "Isola et al. 2017, Image-to-image translation with conditional adversarial networks "
        "https://arxiv.org/abs/1611.07004"
    )
    slide: ClassVar[str] = "GAN applications, pix2pix"
    goal: ClassVar[Goal] = Goal("mean_absolute_error", "<=", 0.03, 90.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {"data": "photos", "size": 256, "width": 64, "critic_width": 64, "layers": 3},
    }

    @property
    def levels(self) -> int:
        """How often the side halves until one pixel is left."""
        return round(log2(self.size))

    @property
    def dataset(self) -> ImageDataset:
        if self.data == "photos":
            return ImagePairs(folder="pairs", resize=self.size, normalise="minus-one-one", flip=True)
        return ShapePairs(
            samples=2_000, resize=0 if self.size == SIDE else self.size, normalise="minus-one-one", flip=True
        )

    def build(self) -> Project:
        generator = self._generator()
        discriminator = patchgan(CHANNELS, self.size, layers=self.layers, given=CHANNELS)
        objectives = {
            TELLING: self._telling(generator, discriminator),
            FOOLING: self._fooling(generator, discriminator),
            LOOK: self._look(generator),
        }
        blocks = {DOWN: _down(), UP: _up(dropout=False), UP_DROPPED: _up(dropout=True)}
        return Project(
            name=f"pix2pix {self.data}",
            graphs={GENERATOR: generator, DISCRIMINATOR: discriminator, **blocks, **objectives},
            variables={"width": self.width, "critic_width": self.critic_width},
            data=node_of(self.dataset),
            training=Training(
                batch=16 if self.data == "shapes" else 1,
                stages=(_fast() if self.data == "shapes" else _published(),),
                weights=beginning(GENERATOR, DISCRIMINATOR),
            ),
            goal=self.goal,
            template=self.name,
        )

    def _generator(self) -> Graph:
        net = GraphBuilder()
        image = net.add(Input(kind="image", sizes=(CHANNELS, self.size, self.size)), name="Image")
        with net.frame("Encoder"):
            kept = self._encoder(net, image)
        with net.frame("Decoder"):
            maps = kept.pop()
            for level in reversed(range(1, self.levels)):
                dropped = UNDROPPED - 1 <= level < self.levels - 1
                block = UP_DROPPED if dropped else UP
                maps = net.add_graph(f"Up {level}", block, _up(dropout=dropped), maps, filters=_filters(level - 1))
                maps = net.add(Concatenate(), kept.pop(), maps, name=f"Skip {level}")
            maps = net.add(ReLU(), maps, name="ReLU 0")
            pixels = net.add(_painting(filters=CHANNELS, bias=True), maps, name="Pixels")
            net.add(Output(), net.chain(pixels, Tanh()), name="Made")
        return net.graph()

    def _encoder(self, net: GraphBuilder, image: Added) -> list[Added]:
        """The maps of every level, the innermost last."""
        maps = [net.add(_looking(), image, name="Down 0", filters="=width")]
        for level in range(1, self.levels - 1):
            maps.append(net.add_graph(f"Down {level}", DOWN, _down(), maps[-1], filters=_filters(level)))
        seen = net.add(LeakyReLU(negative_slope=0.2), maps[-1], name="Leaky ReLU")
        inner = net.add(_looking(), seen, name="Innermost", filters=_filters(self.levels - 1))
        return [*maps, inner]

    def _made(self, net: GraphBuilder, generator: Graph) -> tuple[Out, Out, Added]:
        """What is given, what should be made of it, and what is."""
        data = net.add(self.dataset, name="Data")
        given, wanted = (data[port] for port in data.outputs)
        return given, wanted, net.add_graph(GENERATOR, GENERATOR, generator, given)

    def _telling(self, generator: Graph, discriminator: Graph) -> Graph:
        net = GraphBuilder("objective")
        given, wanted, made = self._made(net, generator)
        for side, image in (("real", wanted), ("generated", net.add(Detach(), made))):
            scores = net.add_graph(f"Scores of {side}", DISCRIMINATOR, discriminator, given, image)
            loss = net.add(AdversarialLoss.of({"side": side}), scores, name=side.capitalize())
            net.add(WeightedLoss(weight=0.5), loss, name=f"Half of {side}")
        return net.graph()

    def _fooling(self, generator: Graph, discriminator: Graph) -> Graph:
        net = GraphBuilder("objective")
        given, wanted, made = self._made(net, generator)
        scores = net.add_graph("Scores of generated", DISCRIMINATOR, discriminator, given, made)
        net.add(AdversarialLoss(side="fooling"), scores, name="Fooling")
        net.add(WeightedLoss(weight=self.likeness), net.add(L1(), made, wanted), name="Likeness")
        return net.graph()

    def _look(self, generator: Graph) -> Graph:
        net = GraphBuilder("objective")
        given, wanted, made = self._made(net, generator)
        for name, image in (("Given", given), ("Made", made), ("Wanted", wanted)):
            net.add(Preview(), image, name=f"{name} images")
        net.add(MeanAbsoluteError(), made, wanted)
        return net.graph()


def _filters(level: int) -> str:
    """Of the maps of a level, counted from that next to the image."""
    return f"=width*{min(2**level, MOST)}"


def _looking() -> Conv2d:
    """A convolution that halves the side; the norm behind it has the biases."""
    return Conv2d(kernel=4, stride=2, padding=1, bias=False)


def _painting(**settings: Any) -> ConvTranspose2d:
    """A convolution that doubles the side."""
    return ConvTranspose2d(kernel=4, stride=2, padding=1, **settings)


def _down() -> Graph:
    net = GraphBuilder("block", filters=128)
    maps = net.add(Input(kind="image", sizes=(64, 128, 128)), name="maps")
    maps = net.add(LeakyReLU(negative_slope=0.2), maps, name="relu")
    maps = net.add(_looking(), maps, name="conv", filters="=filters")
    net.add(Output(), net.add(BatchNorm2d(), maps, name="norm"), name="out")
    return net.graph()


def _up(*, dropout: bool) -> Graph:
    net = GraphBuilder("block", filters=64)
    maps = net.add(Input(kind="image", sizes=(256, 64, 64)), name="maps")
    maps = net.add(_painting(bias=False), net.add(ReLU(), maps, name="relu"), name="conv", filters="=filters")
    maps = net.add(BatchNorm2d(), maps, name="norm")
    net.add(Output(), net.add(Dropout(), maps, name="dropout") if dropout else maps, name="out")
    return net.graph()


def _fast() -> Stage:
    return turns(Stage(epochs=16, learning_rate=2e-3, momentum=0.5, measure_every=4))


def _published() -> Stage:
    return turns(Stage(epochs=200, learning_rate=2e-4, momentum=0.5))
