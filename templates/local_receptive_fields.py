"""Local receptive fields: units that see a small window each, and the step from there to shared weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from nodes.activation import ReLU, ScaledTanh
from nodes.combine import Add, Flatten
from nodes.constants import LearnedTensor
from nodes.convolution import Conv2d
from nodes.data.digits import Digits
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.locally_connected import LocallyConnected2d
from nodes.loss import Accuracy, CrossEntropy
from studio.core.builder import Added, GraphBuilder, node_of
from studio.core.declaration import Count
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template

SECTION = "Convolution"


class LocalReceptiveFields(Template):
    """Lets each unit see a small window of a digit, with weights of its own; ``shared`` makes all windows use the same.

    One layer is the chapter's example: 4 units at each of 26 × 26 places learn 27,040 weights, or 40 where they are
    shared. The paper preset is Net-3 of LeCun 1989 with 1,226 weights; shared, it is his Net-4 with 1,132.
    """

    shared: Annotated[bool, "whether all places use the same weights, which makes a convolution"] = False
    network: Annotated[Literal["one-layer", "net-3"], "the chapter's example, or LeCun's of 1989 with two layers"] = (
        "one-layer"
    )
    filters: Annotated[Count, "units at each place of the one layer"] = 4
    kernel: Annotated[Count, "side of the window of the one layer"] = 3

    name: ClassVar[str] = "local-receptive-fields"
    title: ClassVar[str] = "Local receptive fields"
    paper: ClassVar[str] = "LeCun 1989, Generalization and network design strategies"
    slide: ClassVar[str] = "Local receptive fields"
    goal: ClassVar[Goal] = Goal("accuracy", ">=", 0.96, 60.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"laptop": {}, "paper": {"network": "net-3"}}

    def build(self) -> Project:
        single = self.network == "one-layer"
        varied = Digits(resize=0 if single else 16, normalise="z-score", rotate=10.0, shift=1.0, zoom=0.1)
        return Project(
            name="Local receptive fields",
            graphs={"Local fields": self._one_layer() if single else self._net_3()},
            data=node_of(varied),
            training=Training(
                batch=64,
                loss=node_of(CrossEntropy()),
                metrics=(node_of(Accuracy()),),
                stages=(Stage(epochs=20, optimizer="adam", learning_rate=0.003, schedule="one-cycle"),),
            ),
            goal=self.goal,
            template=self.name,
        )

    def _one_layer(self) -> Graph:
        net = GraphBuilder()
        image = net.add(Input(kind="image", sizes=(1, 28, 28)), name="Image")
        layer = Conv2d if self.shared else LocallyConnected2d
        fields = net.add(layer(filters=self.filters, kernel=self.kernel), image, name="Fields")
        scores = net.chain(fields, ReLU(), Flatten(), Linear(features=10))
        net.add(Output(), scores, name="Scores")
        return net.graph()

    def _net_3(self) -> Graph:
        """The weights of windows that reach over the edge count, as in the paper."""
        net = GraphBuilder()
        image = net.add(Input(kind="image", sizes=(1, 16, 16)), name="Image")
        h1 = net.chain(self._shared_fields(net, image) if self.shared else self._fields(net, image), ScaledTanh())
        h2 = net.add(LocallyConnected2d(filters=1, kernel=5, stride=2, padding=2), h1, name="H2")
        net.add(Output(), net.chain(h2, ScaledTanh(), Flatten(), Linear(features=10)), name="Scores")
        return net.graph()

    def _fields(self, net: GraphBuilder, image: Added) -> Added:
        return net.add(LocallyConnected2d(filters=1, kernel=3, stride=2, padding=1), image, name="H1")

    def _shared_fields(self, net: GraphBuilder, image: Added) -> Added:
        """Net-4 has two maps, whose kernels all places share while each unit keeps a bias of its own."""
        maps = net.add(Conv2d(filters=2, kernel=3, stride=2, padding=1, bias=False), image, name="H1")
        biases = net.add(LearnedTensor(kind="image", sizes=(2, 8, 8), start="zeros"), maps, name="Biases of H1")
        return net.add(Add(), maps, biases)
