"""Autoencoders of one layer each, of which a deep network is grown, and the stages that grow it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from nodes.activation import ReLU, Sigmoid, Tanh
from nodes.combine import Flatten, Unflatten
from nodes.dropout import GaussianNoise
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import SquaredError
from nodes.objective import Preview
from studio.core.builder import Added, GraphBuilder, Source
from studio.core.dataset import ImageDataset
from studio.core.graph import Graph
from studio.core.node_class import Layer
from studio.core.project import Stage

ACTIVATIONS: dict[str, type[Layer]] = {"logistic": Sigmoid, "tanh": Tanh, "relu": ReLU}

ENCODER, DECODER, CODE, RECONSTRUCTION = "Encoder", "Decoder", "Code", "Reconstruction"

STACKED, WHOLE = "Stacked", "Whole"
"""The network of all layers, and the objective that teaches it."""


@dataclass(frozen=True)
class Stacking:
    """A stack of autoencoders: the first reads images, each further one the code of the one before.

    Codes have the activation, but for the last one where ``linear_code``; pixels are answered by logistic units.
    """

    data: ImageDataset
    units: tuple[int, ...]
    """Of each code."""
    activation: str
    linear_code: bool = False
    noise: float = 0.0
    """Deviation of what is added to what an autoencoder reads while it learns."""

    @property
    def sizes(self) -> tuple[int, ...]:
        return self.data.infer()[0].sizes  # type: ignore[return-value]  # an image dataset has no symbols

    @property
    def numbers(self) -> range:
        """Of the autoencoders, from 1 on."""
        return range(1, len(self.units) + 1)

    @property
    def graphs(self) -> dict[str, Graph]:
        """Each autoencoder as a network, the stack of them, and the objectives that teach them."""
        networks = {autoencoder(number): self._autoencoder(number) for number in self.numbers}
        teaching = {objective(number): self._objective(number, networks) for number in self.numbers}
        stacked = self._stacked()
        return {**networks, **teaching, STACKED: stacked, WHOLE: self._whole(stacked)}

    def stages(self, layers: Mapping[str, Any], whole: Mapping[str, Any]) -> tuple[Stage, ...]:
        """One for each autoencoder, in which it alone learns, and one for all of it; with settings of both kinds."""
        grown = (
            Stage(name=f"Layer {n}", objectives=(objective(n),), learns=(autoencoder(n),), **layers)
            for n in self.numbers
        )
        pairs = {
            f"{kind} {number}": f"{autoencoder(number)}/{kind}"
            for kind in (ENCODER, DECODER)
            for number in self.numbers
        }
        takes = {f"{STACKED}/{part}": source for part, source in pairs.items()}
        return (*grown, Stage(name=WHOLE, objectives=(WHOLE,), takes=takes, **whole))

    def encoders(self, net: GraphBuilder) -> Added:
        """The code of an image, by layers of one network; from the image on."""
        code: Added = net.add(Flatten(), net.add(Input(kind="image", sizes=self.sizes), name="Image"))
        for number in self.numbers:
            code = self._encoder(net, code, number, f"{ENCODER} {number}")
        return code

    def encoders_for(self, network: str) -> dict[str, str]:
        """What the encoders of another network take from the stack."""
        names = [f"{ENCODER} {number}" for number in self.numbers]
        return {f"{network}/{name}": f"{STACKED}/{name}" for name in names}

    def _stacked(self) -> Graph:
        net = GraphBuilder()
        with net.frame("Encoders"):
            code = self.encoders(net)
            net.add(Output(), code, name=CODE)
        with net.frame("Decoders"):
            for number in reversed(self.numbers):
                code = self._decoder(net, code, number, f"{DECODER} {number}")
            net.add(Output(), code, name=RECONSTRUCTION)
        return net.graph()

    def _whole(self, stacked: Graph) -> Graph:
        """The image, through all layers and back."""
        net = GraphBuilder("objective")
        data = net.add(self.data, name="Data")
        answer = net.add_graph(STACKED, STACKED, stacked, data["image"])
        net.add(SquaredError(), answer[RECONSTRUCTION], data["image"])
        net.add(Preview(), answer[RECONSTRUCTION], name="Reconstructions")
        return net.graph()

    def _autoencoder(self, number: int) -> Graph:
        net = GraphBuilder()
        if number == 1:
            values = net.add(Flatten(), net.add(Input(kind="image", sizes=self.sizes), name="Image"))
        else:
            values = net.add(Input(kind="vector", sizes=(self.units[number - 2],)), name=f"Code {number - 1}")
        if self.noise:
            values = net.add(GaussianNoise(deviation=self.noise), values, name="Noise")
        code = self._encoder(net, values, number, ENCODER)
        net.add(Output(), code, name=CODE)
        net.add(Output(), self._decoder(net, code, number, DECODER), name=RECONSTRUCTION)
        return net.graph()

    def _encoder(self, net: GraphBuilder, values: Added, number: int, name: str) -> Added:
        code = net.add(Linear(features=self.units[number - 1]), values, name=name)
        is_last = number == len(self.units)
        return code if is_last and self.linear_code else net.chain(code, ACTIVATIONS[self.activation]())

    def _decoder(self, net: GraphBuilder, code: Added, number: int, name: str) -> Added:
        if number > 1:
            values = net.add(Linear(features=self.units[number - 2]), code, name=name)
            return net.chain(values, ACTIVATIONS[self.activation]())
        pixels = net.add(Linear(features=prod(self.sizes)), code, name=name)
        return net.chain(pixels, Sigmoid(), Unflatten(sizes=self.sizes))

    def _objective(self, number: int, networks: Mapping[str, Graph]) -> Graph:
        """The autoencoder of this number answers what it reads: the code of those before it, or the image."""
        net = GraphBuilder("objective")
        read: Source = net.add(self.data, name="Data")["image"]
        for each in range(1, number):
            read = net.add_graph(autoencoder(each), autoencoder(each), networks[autoencoder(each)], read)[CODE]
        answer = net.add_graph(autoencoder(number), autoencoder(number), networks[autoencoder(number)], read)
        net.add(SquaredError(), answer[RECONSTRUCTION], read)
        return net.graph()


def autoencoder(number: int) -> str:
    """The network that is layer number so many."""
    return f"Autoencoder {number}"


def objective(number: int) -> str:
    """What teaches it."""
    return f"Grow layer {number}"
