"""The multi-layer perceptron: layers of perceptrons that turn grey values into a category."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from nodes.activation import GELU, LeakyReLU, ReLU, Sigmoid, Tanh
from nodes.combine import Flatten
from nodes.data.digits import Digits
from nodes.data.small_digits import SmallDigits
from nodes.data.smileys import Smileys
from nodes.dropout import Dropout
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import Accuracy, CrossEntropy
from studio.core.builder import Added, GraphBuilder, node_of
from studio.core.dataset import ImageDataset
from studio.core.declaration import Count, Fraction
from studio.core.graph import Graph
from studio.core.node_class import Layer
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template

SECTION = "Perceptrons and autoencoders"

ACTIVATIONS: dict[str, type[Layer]] = {
    "relu": ReLU,
    "leaky-relu": LeakyReLU,
    "tanh": Tanh,
    "logistic": Sigmoid,
    "gelu": GELU,
}
DATA: dict[str, type[ImageDataset]] = {"smileys": Smileys, "small-digits": SmallDigits, "digits": Digits}


class Mlp(Template):
    """Turns all grey values of an image into a category, a smiley's mood or a digit, by fully connected layers alone.

    The paper preset has the sizes 784-300-100-10, 266,610 weights, with which LeNet-5 was compared.
    """

    data: Annotated[
        Literal["smileys", "small-digits", "digits"], "drawn faces, digits of 8×8 pixels, or MNIST's of 28×28"
    ] = "smileys"
    hidden: Annotated[tuple[Count, ...], "units of each hidden layer; more than five layers count as deep"] = (64, 32)
    activation: Annotated[
        Literal["relu", "leaky-relu", "tanh", "logistic", "gelu"], "what each hidden unit does with its sum"
    ] = "relu"
    dropout: Annotated[Fraction, "share of the hidden units that are switched off while training"] = 0.0
    training: Annotated[Literal["fast", "published"], "seconds with Adam, or plain gradient descent"] = "fast"

    name: ClassVar[str] = "mlp"
    title: ClassVar[str] = "MLP classifier"
    paper: ClassVar[str] = "Rumelhart et al. 1986; sizes of the paper preset: LeCun et al. 1998, section III.C.4"
    slide: ClassVar[str] = "MLP as function"
    goal: ClassVar[Goal] = Goal("accuracy", ">=", 0.95, 30.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {"data": "digits", "hidden": (300, 100), "activation": "tanh", "training": "published"},
    }

    def build(self) -> Project:
        data = DATA[self.data](normalise="z-score")
        return Project(
            name="MLP smileys" if self.data == "smileys" else "MLP digits",
            graphs={"MLP": self._network(data.infer()[0].sizes, len(data.known_classes()))},
            data=node_of(data),
            training=Training(
                batch=32, loss=node_of(CrossEntropy()), metrics=(node_of(Accuracy()),), stages=(self._stage(),)
            ),
            goal=self.goal,
            template=self.name,
        )

    def _network(self, sizes: tuple[Any, ...], classes: int) -> Graph:
        net = GraphBuilder()
        image = net.add(Input(kind="image", sizes=sizes), name="Image")
        last: Added = net.add(Flatten(), image)
        for number, units in enumerate(self.hidden, 1):
            hidden = net.add(Linear(features=units), last, name=f"Hidden {number}")
            last = net.chain(hidden, ACTIVATIONS[self.activation]())
            if self.dropout:
                last = net.add(Dropout(p=self.dropout), last)
        net.add(Output(), net.add(Linear(features=classes), last, name="Output"), name="Scores")
        return net.graph()

    def _stage(self) -> Stage:
        if self.training == "fast":
            # A hundred or two are too few to tell the best epoch by; with a rate that falls to zero it is the last.
            return Stage(epochs=20, optimizer="adam", learning_rate=0.005, schedule="one-cycle", restore_best=False)
        return Stage(epochs=20, optimizer="sgd", learning_rate=0.05, restore_best=False)
