"""A classifier that learns what digits look like from many without a label, and what they are called from a few."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from nodes.activation import ReLU
from nodes.inputs import Output
from nodes.linear import Linear
from nodes.loss import Accuracy, CrossEntropy
from studio.core.builder import Added, GraphBuilder
from studio.core.declaration import Count, NotNegative, Whole
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template
from templates.stacked_autoencoder import DATA
from templates.stacking import Stacking

SECTION = "Perceptrons and autoencoders"

NETWORK, OBJECTIVE = "Classifier", "Classify"


class StackedAutoencoderClassifier(Template):
    """Learns features from many digits without labels, and then their names from a few, in four steps.

    A stacked autoencoder is grown; its decoders make room for a fully connected classifier; this alone learns, from
    labelled digits, while the encoders stay as they are; and at last all weights do, by small steps. All steps hold the
    same digits out. The paper preset has the sizes 784-500-500-2000-10 and labels for all.
    """

    data: Annotated[Literal["small-digits", "digits"], "digits of 8×8 pixels, or MNIST's of 28×28"] = "digits"
    labelled: Annotated[Whole, "digits with a label to learn from; 0 means all"] = 1000
    codes: Annotated[tuple[Count, ...], "units of each encoder"] = (256, 64, 32)
    head: Annotated[tuple[Count, ...], "units of the classifier's hidden layers"] = (64,)
    activation: Annotated[Literal["logistic", "tanh", "relu"], "what each unit of an encoder does with its sum"] = (
        "relu"
    )
    noise: Annotated[NotNegative, "deviation of the noise on what each layer reads while it is grown"] = 0.5

    name: ClassVar[str] = "stacked-autoencoder-classifier"
    title: ClassVar[str] = "Stacked autoencoder for classification"
    paper: ClassVar[str] = (
        "Vincent et al. 2010, Stacked denoising autoencoders https://jmlr.org/papers/v11/vincent10a.html; sizes of the "
        "paper preset: Hinton & Salakhutdinov 2006, Reducing the dimensionality of data with neural networks"
    )
    slide: ClassVar[str] = "Stacked autoencoder for classification"
    goal: ClassVar[Goal] = Goal("accuracy", ">=", 0.88, 60.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {"labelled": 0, "codes": (500, 500, 2000), "head": (), "activation": "logistic"},
    }

    @property
    def stacking(self) -> Stacking:
        return Stacking(DATA[self.data](), self.codes, self.activation, noise=self.noise)

    def build(self) -> Project:
        network = self._network()
        layers = {"epochs": 12, "learning_rate": 0.003, "schedule": "one-cycle"}
        whole = {"epochs": 12, "learning_rate": 0.001, "schedule": "one-cycle"}
        return Project(
            name=f"Stacked autoencoder classifier {self.data}",
            graphs={**self.stacking.graphs, NETWORK: network, OBJECTIVE: self._objective(network)},
            training=Training(batch=64, stages=(*self.stacking.stages(layers, whole), *self._taught())),
            goal=self.goal,
            template=self.name,
        )

    def _taught(self) -> tuple[Stage, Stage]:
        """The stages with labels: the classifier alone, then a little of everything."""
        head = tuple(f"{NETWORK}/{name}" for name in (*self._hidden(), "Scores"))
        return (
            Stage(
                name="Classifier alone",
                objectives=(OBJECTIVE,),
                takes=self.stacking.encoders_for(NETWORK),
                learns=head,
                epochs=40,
                learning_rate=0.003,
                schedule="one-cycle",
            ),
            Stage(
                name="All weights",
                objectives=(OBJECTIVE,),
                learns=(NETWORK,),
                epochs=20,
                learning_rate=0.001,
                schedule="one-cycle",
            ),
        )

    def _hidden(self) -> dict[str, int]:
        """The classifier's hidden layers, and their units."""
        return {f"Hidden {number}": units for number, units in enumerate(self.head, 1)}

    def _network(self) -> Graph:
        net, stacking = GraphBuilder(), self.stacking
        with net.frame("Encoders"):
            seen: Added = stacking.encoders(net)
        with net.frame("Classifier"):
            for name, units in self._hidden().items():
                seen = net.chain(net.add(Linear(features=units), seen, name=name), ReLU())
            classes = len(stacking.data.known_classes())
            net.add(Output(), net.add(Linear(features=classes), seen, name="Scores"), name="Class")
        return net.graph()

    def _objective(self, network: Graph) -> Graph:
        net = GraphBuilder("objective")
        data = net.add(replace(self.stacking.data, learn_from=self.labelled), name="Labelled digits")
        scores = net.add_graph(NETWORK, NETWORK, network, data["image"])
        net.add(CrossEntropy(), scores, data["label"])
        net.add(Accuracy(), scores, data["label"])
        return net.graph()
