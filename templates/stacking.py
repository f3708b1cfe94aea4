"""Autoencoders of one layer each, of which a deep network is grown, and the stages that grow it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod

from nodes.activation import ReLU, Sigmoid, Tanh
from nodes.combine import Flatten, Unflatten
from nodes.dropout import GaussianNoise
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import SquaredError
from studio.core.builder import Added, GraphBuilder, Source
from studio.core.dataset import ImageDataset
from studio.core.graph import Graph
from studio.core.node_class import Layer
from studio.core.project import Stage

ACTIVATIONS: dict[str, type[Layer]] = {"logistic": Sigmoid, "tanh": Tanh, "relu": ReLU}

ENCODER, DECODER, CODE, RECONSTRUCTION = "Encoder", "Decoder", "Code", "Reconstruction"


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
        """Each autoencoder as a network, and the objective that teaches it."""
        networks = {autoencoder(number): self._autoencoder(number) for number in self.numbers}
        return networks | {objective(number): self._objective(number, networks) for number in self.numbers}

    def stages(self, **settings: object) -> tuple[Stage, ...]:
        """One for each autoencoder, in which it alone learns."""
        return tuple(
            Stage.of({"name": f"Layer {n}", "objectives": (objective(n),), "learns": (autoencoder(n),), **settings})
            for n in self.numbers
        )

    def encoders(self, net: GraphBuilder, image: Added) -> Iterator[Added]:
        """The codes of an image one after the other, as layers of one network."""
        last: Added = net.add(Flatten(), image)
        for number in self.numbers:
            last = self._encoder(net, last, number, f"{ENCODER} {number}")
            yield last

    def decoders(self, net: GraphBuilder, code: Added) -> Added:
        """The image that a code stands for."""
        for number in reversed(self.numbers):
            code = self._decoder(net, code, number, f"{DECODER} {number}")
        return code

    def encoders_of(self, network: str) -> dict[str, str]:
        """What the layers of a network take from the autoencoders: its encoders."""
        return {f"{network}/{ENCODER} {number}": f"{autoencoder(number)}/{ENCODER}" for number in self.numbers}

    def decoders_of(self, network: str) -> dict[str, str]:
        """What the layers of a network take from the autoencoders: its decoders."""
        return {f"{network}/{DECODER} {number}": f"{autoencoder(number)}/{DECODER}" for number in self.numbers}

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
