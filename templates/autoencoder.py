"""The autoencoder: a network that says again what it hears, through a layer too narrow to repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from nodes.activation import ReLU, Sigmoid, Tanh
from nodes.combine import Flatten, Unflatten
from nodes.data.digits import Digits
from nodes.data.small_digits import SmallDigits
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import SquaredError
from studio.core.builder import Added, GraphBuilder, node_of
from studio.core.dataset import ImageDataset
from studio.core.declaration import Count
from studio.core.graph import Graph
from studio.core.node_class import Layer
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template

SECTION = "Perceptrons and autoencoders"

ACTIVATIONS: dict[str, type[Layer]] = {"relu": ReLU, "tanh": Tanh, "logistic": Sigmoid}
DATA: dict[str, type[ImageDataset]] = {"small-digits": SmallDigits, "digits": Digits}
EPOCHS = {"small-digits": 60, "digits": 20}


class Autoencoder(Template):
    """Learns features without labels: it shall answer its own input, through a layer with only a few units, the code.

    ``linear`` leaves the activations out: its code then spans the principal components, and its error is theirs. The
    paper preset is the deep one of 2006, 784-1000-500-250-30 and back, 2,837,314 weights.
    """

    data: Annotated[Literal["small-digits", "digits"], "digits of 8×8 pixels, or MNIST's of 28×28"] = "digits"
    hidden: Annotated[tuple[Count, ...], "units of each layer before the code; those behind it are its mirror"] = (128,)
    code: Annotated[Count, "units of the narrowest layer"] = 24
    activation: Annotated[Literal["relu", "tanh", "logistic"], "what each hidden unit does with its sum"] = "relu"
    linear: Annotated[bool, "no activations, so that the code spans the principal components"] = False

    name: ClassVar[str] = "autoencoder"
    title: ClassVar[str] = "Autoencoder"
    paper: ClassVar[str] = "Hinton & Salakhutdinov 2006, Reducing the dimensionality of data with neural networks"
    slide: ClassVar[str] = "Autoencoder"
    goal: ClassVar[Goal] = Goal("loss", "<=", 0.012, 60.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {"hidden": (1000, 500, 250), "code": 30, "activation": "logistic"},
    }

    def build(self) -> Project:
        data = DATA[self.data]()
        return Project(
            name="Autoencoder digits",
            graphs={"Autoencoder": self._network(data.infer()[0].sizes)},
            data=node_of(data),
            training=Training(
                batch=64,
                loss=node_of(SquaredError()),
                target="input",
                stages=(Stage(epochs=EPOCHS[self.data], optimizer="adam", learning_rate=0.006, schedule="one-cycle"),),
            ),
            goal=self.goal,
            template=self.name,
        )

    def _network(self, sizes: tuple[Any, ...]) -> Graph:
        net = GraphBuilder()
        channels, height, width = sizes
        with net.frame("Encoder"):
            image = net.add(Input(kind="image", sizes=sizes), name="Image")
            last: Added = net.add(Flatten(), image)
            for number, units in enumerate(self.hidden, 1):
                last = self._layer(net, last, units, f"Encoder {number}")
            code = net.add(Linear(features=self.code), last, name="Code")
        with net.frame("Decoder"):
            last = code
            for number, units in enumerate(reversed(self.hidden), 1):
                last = self._layer(net, last, units, f"Decoder {number}")
            pixels = net.add(Linear(features=channels * height * width), last, name="Pixels")
            pixels = pixels if self.linear else net.chain(pixels, Sigmoid())
            net.add(Output(), net.chain(pixels, Unflatten(sizes=sizes)), name="Reconstruction")
        return net.graph()

    def _layer(self, net: GraphBuilder, values: Added, units: int, name: str) -> Added:
        hidden = net.add(Linear(features=units), values, name=name)
        return hidden if self.linear else net.chain(hidden, ACTIVATIONS[self.activation]())
