"""The variational autoencoder, beside a plain one that shows why random codes fail."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Annotated, Any, ClassVar

from nodes.activation import ReLU, Sigmoid
from nodes.combine import Flatten, Unflatten
from nodes.constants import Noise
from nodes.data.digits import Digits
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import BinaryCrossEntropy
from nodes.number_metric import RootMeanSquareError
from nodes.objective import Preview
from nodes.variational import KINGMA, NormalSample
from nodes.variational_loss import NormalGap, NormalKL
from nodes.weighted_loss import WeightedLoss
from studio.core.builder import Added, GraphBuilder, node_of
from studio.core.declaration import Count, NotNegative
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template

SECTION = "Generative networks"

IMAGE = (1, 28, 28)
PIXELS = prod(IMAGE)


class VAE(Template):
    """Codes are distributions, drawn towards the standard normal one, so that random codes become digits too.

    A plain autoencoder of the same size is trained beside it. Its codes lie anywhere, so its decoder makes nothing of
    random ones: compare the two previews, and the codes of both. In the paper's size, 784-400-20, the variational one
    has 652,824 weights.
    """

    hidden: Annotated[Count, "units between pixels and code, on either side"] = 400
    code: Annotated[Count, "numbers of a code"] = 20
    weight: Annotated[NotNegative, "how much the distance of codes from normal ones counts; 1 is the paper's"] = 1.0
    epochs: Annotated[Count, "passes over the training part"] = 30

    name: ClassVar[str] = "vae"
    title: ClassVar[str] = "Variational autoencoder"
    paper: ClassVar[str] = KINGMA
    slide: ClassVar[str] = "Why doesn't this work?"
    goal: ClassVar[Goal] = Goal("Codes: gap", "<=", 0.25, 180.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"laptop": {}, "paper": {"epochs": 100}}

    def build(self) -> Project:
        networks = {
            "Encoder": self._encoder(variational=True),
            "Decoder": self._decoder(),
            "Plain encoder": self._encoder(variational=False),
            "Plain decoder": self._decoder(),
        }
        objectives = {
            "Variational": self._variational(networks),
            "Plain": self._plain(networks),
            "Codes": self._codes(networks),
        }
        stage = Stage(
            objectives=("Variational", "Plain"), measures=("Codes",), measure_every=5, epochs=self.epochs,
            optimizer="adam", learning_rate=0.002, schedule="one-cycle",
        )  # fmt: skip
        return Project(
            name="VAE digits",
            graphs={**networks, **objectives},
            variables={"hidden": self.hidden, "code": self.code},
            data=node_of(Digits()),
            training=Training(batch=64, stages=(stage,)),
            goal=self.goal,
            template=self.name,
        )

    def _encoder(self, *, variational: bool) -> Graph:
        net = GraphBuilder()
        pixels = net.add(Flatten(), net.add(Input(kind="image", sizes=IMAGE), name="Image"))
        hidden = net.add(ReLU(), net.add(Linear(), pixels, name="Hidden", features="=hidden"))
        for name in ("Mean", "Log variance") if variational else ("Code",):
            net.add(Output(), net.add(Linear(), hidden, name=f"{name} units", features="=code"), name=name)
        return net.graph()

    def _decoder(self) -> Graph:
        net = GraphBuilder()
        code = net.add(Input(kind="vector", sizes=(self.code,)), name="Code")
        hidden = net.add(ReLU(), net.add(Linear(), code, name="Hidden", features="=hidden"))
        pixels = net.add(Linear(features=PIXELS), hidden, name="Pixels")
        net.add(Output(), net.chain(pixels, Unflatten(sizes=IMAGE)), name="Scores")
        return net.graph()

    def _variational(self, networks: Mapping[str, Graph]) -> Graph:
        """The sum of the error over all pixels, and the distance of the code from a normal one."""
        net = GraphBuilder("objective")
        image = net.add(Digits(), name="Digits")["image"]
        coded = net.add_graph("Encoder", "Encoder", networks["Encoder"], image)
        normal = coded["Mean"], coded["Log variance"]
        drawn = net.add(NormalSample(), *normal, name="Drawn code")
        scores = net.add_graph("Decoder", "Decoder", networks["Decoder"], drawn)
        net.add(WeightedLoss(weight=PIXELS), net.add(BinaryCrossEntropy(), scores, image), name="Reconstruction")
        net.add(WeightedLoss(weight=self.weight), net.add(NormalKL(), *normal), name="Distance from normal")
        return net.graph()

    def _plain(self, networks: Mapping[str, Graph]) -> Graph:
        net = GraphBuilder("objective")
        image = net.add(Digits(), name="Digits")["image"]
        code = net.add_graph("Plain encoder", "Plain encoder", networks["Plain encoder"], image)
        scores = net.add_graph("Plain decoder", "Plain decoder", networks["Plain decoder"], code)
        net.add(WeightedLoss(weight=PIXELS), net.add(BinaryCrossEntropy(), scores, image), name="Reconstruction")
        return net.graph()

    def _codes(self, networks: Mapping[str, Graph]) -> Graph:
        """Where the codes of both lie, and what both decoders make of the same random codes."""
        net = GraphBuilder("objective")
        image = net.add(Digits(), name="Digits")["image"]
        random = net.add(Noise(), image, name="Random codes", sizes=("=code",))
        with net.frame("Variational"):
            coded = net.add_graph("Encoder", "Encoder", networks["Encoder"], image)
            net.add(NormalGap(), coded["Mean"], coded["Log variance"], name="Gap")
            net.add(Preview(), net.add(NormalSample(), coded["Mean"], coded["Log variance"]), name="Codes")
            again = self._decoded(net, networks, "Decoder", coded["Mean"], "Reconstructed")
            net.add(RootMeanSquareError(), again, image, name="Error")
            made = self._decoded(net, networks, "Decoder", random, "Decoding random codes")
            net.add(Preview(), made, name="Made up")
        with net.frame("Plain"):
            code = net.add_graph("Plain encoder", "Plain encoder", networks["Plain encoder"], image)
            net.add(NormalGap(), code, name="Plain gap")
            net.add(Preview(), code, name="Plain codes")
            again = self._decoded(net, networks, "Plain decoder", code, "Plainly reconstructed")
            net.add(RootMeanSquareError(), again, image, name="Plain error")
            made = self._decoded(net, networks, "Plain decoder", random, "Plainly decoding random codes")
            net.add(Preview(), made, name="Plainly made up")
        return net.graph()

    @staticmethod
    def _decoded(net: GraphBuilder, networks: Mapping[str, Graph], network: str, code: Any, name: str) -> Added:
        scores = net.add_graph(name, network, networks[network], code)
        return net.chain(scores, Sigmoid())
