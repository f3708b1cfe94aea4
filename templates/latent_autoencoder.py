"""Autoencoders whose codes are small images of a few channels, in which diffusion is cheap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nodes.activation import SiLU
from nodes.convolution import Conv2d
from nodes.inputs import Input, Output
from nodes.loss import SquaredError
from nodes.norm import GroupNorm
from nodes.objective import Detach
from nodes.pieces import Split
from nodes.quantizer import VectorQuantizer
from nodes.resize import Upsample
from nodes.variational import NormalSample
from nodes.variational_loss import NormalKL
from nodes.weighted_loss import WeightedLoss
from studio.core.builder import Added, GraphBuilder, Out
from studio.core.dataset import ImageDataset
from studio.core.graph import Graph
from templates.denoiser import attention_block, residual_block

PLAIN, PROJECTED, ATTENTION = "Untimed block", "Projected untimed block", "Attention"

ENCODER, DECODER, TABLE = "Encoder", "Decoder", "Codebook"
MEAN, LOG_VARIANCE = "Mean", "Log variance"
CODE, ENTRY = "Code", "Entry"

COMMITMENT = 0.25
"""How much it counts that codes come close to their entries, against entries to codes."""

Factor = Literal[4, 8]


@dataclass(frozen=True)
class SmallAutoencoder:
    """Convolutions that halve the side as often as the factor says, and others that double it again."""

    channels: int
    side: int
    width: int
    latent: int
    """Channels of a code."""
    factor: Factor = 4
    entries: int = 0
    """Of the table to which codes are rounded; with 0 they are normal distributions instead."""

    @property
    def code(self) -> tuple[int, int, int]:
        return self.latent, self.side // self.factor, self.side // self.factor

    @property
    def _filters(self) -> list[int]:
        """Of each level, from the largest to the smallest."""
        return [self.width, *[2 * self.width] * (self.factor.bit_length() - 2)]

    def graphs(self) -> dict[str, Graph]:
        return {ENCODER: self._encoder(), DECODER: self._decoder(), **_table(self.entries, self.code)}

    def _encoder(self) -> Graph:
        net = GraphBuilder()
        maps = net.add(Input(kind="image", sizes=(self.channels, self.side, self.side)), name="Image")
        for number, filters in enumerate(self._filters, 1):
            maps = net.chain(net.add(_convolution(filters, stride=2), maps, name=f"Half {number}"), SiLU())
        maps = net.chain(net.add(_convolution(self._filters[-1]), maps, name="Last"), SiLU())
        _code(net, maps, self.latent, variational=not self.entries)
        return net.graph()

    def _decoder(self) -> Graph:
        net = GraphBuilder()
        code = net.add(Input(kind="image", sizes=self.code), name="Code")
        maps = net.chain(net.add(_convolution(self._filters[-1]), code, name="First"), SiLU())
        for number, filters in reversed(list(enumerate(self._filters, 1))):
            larger = net.add(Upsample(), maps, name=f"Double {number}")
            maps = net.chain(net.add(_convolution(filters), larger, name=f"Smooth {number}"), SiLU())
        net.add(Output(), net.add(_convolution(self.channels), maps, name="Pixels"), name="Image")
        return net.graph()


@dataclass(frozen=True)
class PhotoAutoencoder:
    """That of Rombach et al. 2022: residual blocks at each level, and attention at the smallest."""

    channels: int = 3
    side: int = 256
    width: int = 128
    multiples: tuple[int, ...] = (1, 2, 4, 4)
    blocks: int = 2
    """Of each level of the encoder; in the decoder there is one more."""
    latent: int = 4
    groups: int = 32
    entries: int = 0
    """Of the table to which codes are rounded; with 0 they are normal distributions instead."""

    @property
    def code(self) -> tuple[int, int, int]:
        return self.latent, self._smallest, self._smallest

    @property
    def _smallest(self) -> int:
        return self.side >> len(self.multiples) - 1

    def graphs(self) -> dict[str, Graph]:
        """Encoder and decoder, and the blocks that they are made of."""
        blocks = {
            PLAIN: residual_block(self.groups, timed=False),
            PROJECTED: residual_block(self.groups, projects=True, timed=False),
            ATTENTION: attention_block(self.groups),
        }
        networks = {ENCODER: self._encoder(blocks), DECODER: self._decoder(blocks)}
        return {**networks, **_table(self.entries, self.code), **blocks}

    def _encoder(self, blocks: dict[str, Graph]) -> Graph:
        net = GraphBuilder()
        image = net.add(Input(kind="image", sizes=(self.channels, self.side, self.side)), name="Image")
        maps, before = net.add(_convolution(self.width), image, name="First"), 1
        for level, multiple in enumerate(self.multiples, 1):
            with net.frame(f"Level {level}"):
                for number in range(1, self.blocks + 1):
                    maps = self._block(net, blocks, f"Down {level}.{number}", maps, before, multiple)
                    before = multiple
                if level < len(self.multiples):
                    maps = net.add(_convolution(self.width * multiple, stride=2), maps, name=f"Half {level}")
        maps = net.chain(self._middle(net, blocks, maps), GroupNorm(groups=self.groups), SiLU())
        numbers = self.latent if self.entries else 2 * self.latent
        last = net.add(_convolution(numbers), maps, name="Last")
        _code(net, last, self.latent, variational=not self.entries)
        return net.graph()

    def _decoder(self, blocks: dict[str, Graph]) -> Graph:
        net = GraphBuilder()
        code = net.add(Input(kind="image", sizes=self.code), name="Code")
        before = self.multiples[-1]
        spread = net.add(Conv2d(filters=self.latent, kernel=1), code, name="Spread")
        maps = net.add(_convolution(self.width * before), spread, name="First")
        maps = self._middle(net, blocks, maps)
        for level, multiple in reversed(list(enumerate(self.multiples, 1))):
            with net.frame(f"Level {level}"):
                for number in range(1, self.blocks + 2):
                    maps = self._block(net, blocks, f"Up {level}.{number}", maps, before, multiple)
                    before = multiple
                if level > 1:
                    larger = net.add(Upsample(), maps, name=f"Double {level}")
                    maps = net.add(_convolution(self.width * multiple), larger, name=f"Smooth {level}")
        maps = net.chain(maps, GroupNorm(groups=self.groups), SiLU())
        net.add(Output(), net.add(_convolution(self.channels), maps, name="Pixels"), name="Image")
        return net.graph()

    def _block(
        self, net: GraphBuilder, blocks: dict[str, Graph], name: str, maps: Added, before: int, multiple: int
    ) -> Added:
        kind = PLAIN if before == multiple else PROJECTED
        return net.add_graph(name, kind, blocks[kind], maps, width=self.width * multiple)

    def _middle(self, net: GraphBuilder, blocks: dict[str, Graph], maps: Added) -> Added:
        """Two blocks of the last level with attention between them."""
        last = self.multiples[-1]
        values: dict[str, Any] = {"width": self.width * last, "side": self._smallest}
        with net.frame("Middle"):
            maps = self._block(net, blocks, "Middle 1", maps, last, last)
            maps = net.add_graph("Middle attention", ATTENTION, blocks[ATTENTION], maps, **values)
            return self._block(net, blocks, "Middle 2", maps, last, last)


def autoencoder_of_photos(factor: Factor, entries: int = 0) -> PhotoAutoencoder:
    """That which makes sides so many times smaller."""
    if factor == 8:
        return PhotoAutoencoder(entries=entries)
    return PhotoAutoencoder(multiples=(1, 2, 4), latent=3, entries=entries)


def autoencoding(data: ImageDataset, graphs: Mapping[str, Graph], weight: float) -> Graph:
    """The objective of an autoencoder: squared error, summed over an image, and what keeps codes in order."""
    net = GraphBuilder("objective")
    image = net.add(data, name="Images")["image"]
    coded = net.add_graph(ENCODER, ENCODER, graphs[ENCODER], image)
    code = _rounded(net, graphs, coded) if TABLE in graphs else _drawn(net, coded, weight)
    again = net.add_graph(DECODER, DECODER, graphs[DECODER], code)
    pixels = data.infer()[0].elements
    net.add(WeightedLoss(weight=pixels), net.add(SquaredError(), again, image), name="Reconstruction")
    return net.graph()


def _drawn(net: GraphBuilder, coded: Added, weight: float) -> Added:
    """A code drawn from its distribution, which is kept near the standard normal one."""
    normal = coded[MEAN], coded[LOG_VARIANCE]
    net.add(WeightedLoss(weight=weight), net.add(NormalKL(), *normal), name="Distance from normal")
    return net.add(NormalSample(), *normal, name="Drawn code")


def _rounded(net: GraphBuilder, graphs: Mapping[str, Graph], coded: Added) -> Out:
    """The nearest entry of the table, which comes closer to the code, and the code to it."""
    rounded = net.add_graph(TABLE, TABLE, graphs[TABLE], coded)
    net.add(SquaredError(), rounded[ENTRY], net.add(Detach(), coded), name="Entries to codes")
    closer = net.add(SquaredError(), coded, net.add(Detach(), rounded[ENTRY]), name="Codes to entries")
    net.add(WeightedLoss(weight=COMMITMENT), closer, name="Commitment")
    return rounded[CODE]


def _table(entries: int, code: tuple[int, int, int]) -> dict[str, Graph]:
    """The network that rounds codes, where there is one."""
    if not entries:
        return {}
    net = GraphBuilder()
    rounded = net.add(VectorQuantizer(entries=entries), net.add(Input(kind="image", sizes=code), name="Number code"))
    net.add(Output(), rounded["code"], name=CODE)
    net.add(Output(), rounded["entry"], name=ENTRY)
    return {TABLE: net.graph()}


def _code(net: GraphBuilder, maps: Added, latent: int, *, variational: bool) -> None:
    """The code itself, or as a distribution: its mean and the logarithm of its variance."""
    if not variational:
        net.add(Output(), net.add(Conv2d(filters=latent, kernel=1), maps, name="Numbers"), name=CODE)
        return
    both = net.add(Conv2d(filters=2 * latent, kernel=1), maps, name="Both")
    halves = net.add(Split(at=latent), both, name="Halves")
    net.add(Output(), halves["first"], name=MEAN)
    net.add(Output(), halves["rest"], name=LOG_VARIANCE)


def _convolution(filters: int, stride: int = 1) -> Conv2d:
    return Conv2d(filters=filters, kernel=3, padding=1, stride=stride)
