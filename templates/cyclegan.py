"""CycleGAN: two generators, each the way back of the other, learn to translate without a single pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from nodes.activation import ReLU, Tanh
from nodes.adversarial import ImagePool
from nodes.adversarial_loss import AdversarialLoss
from nodes.borders import Pad2d
from nodes.combine import Add
from nodes.convolution import Conv2d
from nodes.data.day_and_night import DayAndNight
from nodes.data.image_folder import ImageFolder
from nodes.data.shape_pairs import SIDE
from nodes.inputs import Input, Output
from nodes.instance_norm import InstanceNorm2d
from nodes.loss import L1
from nodes.number_metric import MeanAbsoluteError
from nodes.objective import Detach, Preview
from nodes.transposed_convolution import ConvTranspose2d
from nodes.weighted_loss import WeightedLoss
from studio.core.builder import Added, GraphBuilder, Source, node_of
from studio.core.dataset import ImageDataset
from studio.core.declaration import Count, NotNegative
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template
from templates.adversaries import LOOK, beginning
from templates.patchgan import patchgan

SECTION = "Generative networks"

FORTH, BACK = "A to B", "B to A"
CRITICS = ("Critic of A", "Critic of B")
TELLING, FOOLING = "Critics' turn", "Generators' turn"
BLOCK = "Residual block"
POOL = 50
"""Images that each critic is shown again."""
CHANNELS = 3


class CycleGAN(Template):
    """Translates between two heaps of images of which no two belong together: there and back must give the same image.

    On the laptop A are painted shapes by day and B such by night. What each should become is known, though not to the
    networks: the error is that of a pixel between -1 and 1, so 0.02 is 1 % of the range. The paper preset has nine
    blocks for photos of 256×256 pixels, 11,378,179 weights each way, and critics of patches, 2,764,737 each.
    """

    data: Annotated[Literal["shapes", "photos"], "painted shapes by day and by night, or two folders of photos"] = (
        "shapes"
    )
    size: Annotated[Literal[16, 32, 64, 128, 256], "side of an image in pixels"] = 16
    width: Annotated[Count, "filters of the generators' first layer"] = 8
    critic_width: Annotated[Count, "filters of the critics' first layer"] = 8
    blocks: Annotated[Count, "residual blocks of a generator"] = 2
    halvings: Annotated[Count, "layers of a generator that halve the sides before the blocks"] = 1
    layers: Annotated[Count, "layers of the critics that halve the sides; 3 make patches of 70 pixels"] = 1
    cycle: Annotated[NotNegative, "how much it counts that there and back gives the same image"] = 10.0
    identity: Annotated[NotNegative, "how much it counts that what is of B already stays as it is"] = 5.0

    name: ClassVar[str] = "cyclegan"
    title: ClassVar[str] = "CycleGAN"
    paper: ClassVar[str] = (
        "Zhu et al. 2017, Unpaired image-to-image translation using cycle-consistent adversarial networks "
        "https://arxiv.org/abs/1703.10593"
    )
    slide: ClassVar[str] = "CycleGAN video"
    goal: ClassVar[Goal] = Goal("mean_absolute_error", "<=", 0.03, 90.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {
            "data": "photos",
            "size": 256,
            "width": 64,
            "critic_width": 64,
            "blocks": 9,
            "halvings": 2,
            "layers": 3,
        },
    }

    @property
    def is_drawn(self) -> bool:
        return self.data == "shapes"

    def _heap(self, name: str) -> ImageDataset:
        """The images of A or of B; drawn ones have a seed each, so that no day is the day of a night."""
        if self.is_drawn:
            size = 0 if self.size == SIDE else self.size
            shapes = DayAndNight(samples=1_600, alike=True, resize=size, normalise="minus-one-one", flip=True)
            return replace(shapes, seed="AB".index(name))
        return ImageFolder(folder=name, labelled=False, resize=self.size, normalise="minus-one-one", flip=True)

    def build(self) -> Project:
        drawn = {name: self._generator() for name in (FORTH, BACK)}
        drawn |= {name: patchgan(CHANNELS, self.size, layers=self.layers, instance_norm=True) for name in CRITICS}
        objectives = {FOOLING: self._fooling(drawn), TELLING: self._telling(drawn), LOOK: self._look(drawn)}
        return Project(
            name=f"CycleGAN {self.data}",
            graphs={**drawn, BLOCK: _block(), **objectives},
            variables={"width": self.width, "critic_width": self.critic_width},
            data=node_of(self._heap("A")),
            training=Training(
                batch=16 if self.is_drawn else 1,
                stages=(_turns(_fast() if self.is_drawn else _published()),),
                weights=beginning(*drawn),
            ),
            goal=self.goal,
            template=self.name,
        )

    def _generator(self) -> Graph:
        net = GraphBuilder()
        image = net.add(Input(kind="image", sizes=(CHANNELS, self.size, self.size)), name="Image")
        with net.frame("Encoder"):
            maps = net.add(_border(3), image, name="Border 1")
            maps = _normed(net, net.add(Conv2d(kernel=7), maps, name="Conv 1", filters="=width"), "1")
            for number in range(1, self.halvings + 1):
                smaller = Conv2d(kernel=3, stride=2, padding=1)
                maps = net.add(smaller, maps, name=f"Down {number}", filters=f"=width*{2**number}")
                maps = _normed(net, maps, f"down {number}")
        maps = net.add_graph("Blocks", BLOCK, _block(), maps, width=f"=width*{2**self.halvings}", repeat=self.blocks)
        with net.frame("Decoder"):
            for number in range(1, self.halvings + 1):
                larger = ConvTranspose2d(kernel=3, stride=2, padding=1, output_padding=1)
                maps = net.add(larger, maps, name=f"Up {number}", filters=f"=width*{2 ** (self.halvings - number)}")
                maps = _normed(net, maps, f"up {number}")
            maps = net.add(
                Conv2d(kernel=7, filters=CHANNELS), net.add(_border(3), maps, name="Border 2"), name="Pixels"
            )
            net.add(Output(), net.chain(maps, Tanh()), name="Made")
        return net.graph()

    def _images(self, net: GraphBuilder) -> tuple[Source, Source]:
        """Real images of A and of B."""
        first, second = (net.add(self._heap(name), name=f"Data {name}") for name in "AB")
        return (first["day"], second["night"]) if self.is_drawn else (first["image"], second["image"])

    def _fooling(self, drawn: Mapping[str, Graph]) -> Graph:
        net = GraphBuilder("objective")
        images = self._images(net)
        ways = ((FORTH, BACK, CRITICS[1]), (BACK, FORTH, CRITICS[0]))
        for image, other, (way, way_back, critic) in zip(images, images[::-1], ways, strict=True):
            made = net.add_graph(f"{way}: made", way, drawn[way], image)
            again = net.add_graph(f"{way} and back", way_back, drawn[way_back], made)
            same = net.add_graph(f"{way}: kept", way, drawn[way], other)
            scores = net.add_graph(f"Scores of {way}", critic, drawn[critic], made)
            net.add(AdversarialLoss(kind="least-squares", side="fooling"), scores, name=f"Fooling {way}")
            for what, weight, (one, wanted) in (
                ("Cycle", self.cycle, (again, image)),
                ("Identity", self.identity, (same, other)),
            ):
                difference = net.add(L1(), one, wanted, name=f"{what} difference {way}")
                net.add(WeightedLoss(weight=weight), difference, name=f"{what} {way}")
        return net.graph()

    def _telling(self, drawn: Mapping[str, Graph]) -> Graph:
        net = GraphBuilder("objective")
        images = self._images(net)
        for real, given, way, critic in zip(images, images[::-1], (BACK, FORTH), CRITICS, strict=True):
            made = net.add(Detach(), net.add_graph(f"{way}: made", way, drawn[way], given), name=f"Detach {way}")
            shown = net.add(ImagePool(capacity=POOL), made, name=f"Pool {way}")
            for side, image in (("real", real), ("generated", shown)):
                scores = net.add_graph(f"{critic}: {side}", critic, drawn[critic], image)
                judge = AdversarialLoss.of({"kind": "least-squares", "side": side})
                loss = net.add(judge, scores, name=f"{critic}, {side}")
                net.add(WeightedLoss(weight=0.5), loss, name=f"Half of {critic}, {side}")
        return net.graph()

    def _look(self, drawn: Mapping[str, Graph]) -> Graph:
        net = GraphBuilder("objective")
        if self.is_drawn:
            data = net.add(self._heap("A"), name="Data A")
            images: tuple[Source, Source] = (data["day"], data["night"])
        else:
            images = self._images(net)
        made = {
            way: net.add_graph(way, way, drawn[way], image) for way, image in zip((FORTH, BACK), images, strict=True)
        }
        for name, shown in (("A", images[0]), (FORTH, made[FORTH]), ("B", images[1]), (BACK, made[BACK])):
            net.add(Preview(), shown, name=f"Images {name}")
        if self.is_drawn:
            net.add(MeanAbsoluteError(), made[FORTH], images[1], name="Mean absolute error")
            net.add(MeanAbsoluteError(), made[BACK], images[0], name="Error of B to A")
        return net.graph()


def _block() -> Graph:
    """Two convolutions whose answer is added to what came in."""
    net = GraphBuilder("block", width=256)
    start = net.add(Input(kind="image", sizes=(256, 64, 64)), name="maps")
    maps = start
    for number in (1, 2):
        maps = net.add(_border(1), maps, name=f"border{number}")
        maps = net.add(Conv2d(kernel=3), maps, name=f"conv{number}", filters="=width")
        maps = net.add(InstanceNorm2d(), maps, name=f"norm{number}")
        maps = net.add(ReLU(), maps, name="relu") if number == 1 else maps
    net.add(Output(), net.add(Add(), start, maps, name="add"), name="out")
    return net.graph()


def _border(pixels: int) -> Pad2d:
    """Mirrors the image at its sides, so that the frame of a photo leaves no trace."""
    return Pad2d(top=pixels, bottom=pixels, left=pixels, right=pixels, mode="reflect")


def _normed(net: GraphBuilder, maps: Added, name: str) -> Added:
    return net.add(ReLU(), net.add(InstanceNorm2d(), maps, name=f"Norm {name}"), name=f"ReLU {name}")


def _turns(stage: Stage) -> Stage:
    """Both generators in one turn, both critics in the other."""
    learns = tuple(f"{FOOLING}: {name}" for name in (FORTH, BACK)) + tuple(f"{TELLING}: {name}" for name in CRITICS)
    players = Stage(objectives=(FOOLING, TELLING), learns=learns, measures=(LOOK,), restore_best=False)
    return Stage(**{**stage.values(), **players.values()})


def _fast() -> Stage:
    return Stage(epochs=8, learning_rate=2e-3, momentum=0.5, schedule="cosine", measure_every=2)


def _published() -> Stage:
    return Stage(epochs=200, learning_rate=2e-4, momentum=0.5)
