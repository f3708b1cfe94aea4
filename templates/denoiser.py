"""U-Nets that tell how much noise there is in an image: residual blocks that know the time, and attention."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from nodes.activation import SiLU
from nodes.attention import MultiHeadAttention
from nodes.channel_shift import AddToChannels
from nodes.combine import Add, Concatenate, Permute, Reshape
from nodes.convolution import Conv2d
from nodes.dot_attention import ScaledDotProductAttention
from nodes.dropout import Dropout
from nodes.gated_activation import GLU
from nodes.inputs import Input, Output
from nodes.linear import Embedding, Linear
from nodes.norm import GroupNorm, LayerNorm
from nodes.resize import PixelShuffle, PixelUnshuffle, Upsample
from nodes.time_embedding import TimeEmbedding
from studio.core.builder import Added, GraphBuilder, Source
from studio.core.graph import Graph

PLAIN, PROJECTED = "Residual block", "Projected residual block"
ATTENTION, CROSS = "Attention block", "Transformer block"

Condition = Literal["none", "label", "tokens"]


@dataclass(frozen=True)
class UNet:
    """A denoiser of images: each level has half the side of the one before, and what it saw goes across the U."""

    channels: int
    side: int
    width: int
    multiples: tuple[int, ...]
    """Of the width, for each level."""
    blocks: int = 2
    """Of each level on the way down; on the way up there is one more."""
    attended: tuple[int, ...] = ()
    """Levels whose blocks are followed by attention; the one between the ways always is."""
    groups: int = 32
    heads: str = "=1"
    """Of attention, from the width of a level."""
    dropout: float = 0.0
    condition: Condition = "none"
    """A label is added to the time; tokens are looked at by attention."""
    classes: int = 10
    tokens: tuple[int, int] = (1, 512)
    """How many tokens a condition has, and of how many features."""
    patch: int = 1
    """Pixels of a side that are one place of the U-Net, with channels for each of them."""

    def graphs(self, name: str) -> dict[str, Graph]:
        """The network under this name, and the blocks that it is made of."""
        attention = CROSS if self.condition == "tokens" else ATTENTION
        blocks = {
            PLAIN: residual_block(self.groups, dropout=self.dropout),
            PROJECTED: residual_block(self.groups, projects=True, dropout=self.dropout),
            attention: transformer_block(self.groups) if attention == CROSS else attention_block(self.groups),
        }
        drawn = _Drawing(self, blocks, attention).graph()
        used = {node.graph for node in drawn.nodes.values()}
        return {name: drawn, **{key: block for key, block in blocks.items() if key in used}}


@dataclass
class _Drawing:
    """Draws a U-Net from its image to its answer."""

    unet: UNet
    blocks: dict[str, Graph]
    attention: str
    net: GraphBuilder = field(default_factory=GraphBuilder)
    time: Any = None
    context: tuple[Source, ...] = ()
    maps: Any = None
    wide: int = 0
    """Multiple of the width that the maps have."""

    def graph(self) -> Graph:
        unet, net = self.unet, self.net
        image = net.add(Input(kind="image", sizes=(unet.channels, unet.side, unet.side)), name="Noisy")
        self._told(net.add(Input(kind="number", sizes=()), name="Time"))
        seen = net.add(PixelUnshuffle(factor=unet.patch), image) if unet.patch > 1 else image
        self.maps, self.wide = net.add(_convolution(), seen, name="First", filters="=width"), 1
        skips = self._down()
        with net.frame("Middle"):
            self._residual("Middle 1", self.wide)
            self._attended("Middle attention", len(unet.multiples) - 1)
            self._residual("Middle 2", self.wide)
        self._up(skips)
        last = net.chain(self.maps, GroupNorm(groups=unet.groups), SiLU())
        told = net.add(_convolution(filters=unet.channels * unet.patch**2), last, name="Last")
        net.add(Output(), net.add(PixelShuffle(factor=unet.patch), told) if unet.patch > 1 else told, name="Answer")
        return net.graph()

    def _told(self, time: Added) -> None:
        """What each block is told: the time, and a label with it; tokens go to attention."""
        unet, net = self.unet, self.net
        waves = net.add(TimeEmbedding(), time, name="Waves", features="=width")
        hidden = net.add(SiLU(), net.add(Linear(), waves, name="Time 1", features="=width*4"))
        self.time = net.add(Linear(), hidden, name="Time 2", features="=width*4")
        if unet.condition == "label":
            label = net.add(Input(kind="label", sizes=()), name="Label")
            known = net.add(Embedding(entries=unet.classes + 1), label, name="Class", features="=width*4")
            self.time = net.add(Add(), self.time, known, name="Time and class")
        elif unet.condition == "tokens":
            self.context = (net.add(Input(kind="sequence", sizes=unet.tokens), name="Condition"),)

    def _down(self) -> list[tuple[Any, int]]:
        """The way down; answers what goes across, with its multiple of the width."""
        skips = [(self.maps, 1)]
        for level, multiple in enumerate(self.unet.multiples):
            with self.net.frame(f"Down {level + 1}"):
                for number in range(1, self.unet.blocks + 1):
                    self._level(f"Down {level + 1}.{number}", level, multiple)
                    skips.append((self.maps, multiple))
                if level + 1 < len(self.unet.multiples):
                    half = _convolution(stride=2)
                    self.maps = self.net.add(half, self.maps, name=f"Half {level + 1}", filters=_times(multiple))
                    skips.append((self.maps, multiple))
        return skips

    def _up(self, skips: list[tuple[Any, int]]) -> None:
        for level, multiple in reversed(list(enumerate(self.unet.multiples))):
            with self.net.frame(f"Up {level + 1}"):
                for number in range(1, self.unet.blocks + 2):
                    across, wide = skips.pop()
                    self.maps = self.net.add(Concatenate(), self.maps, across, name=f"Across {level + 1}.{number}")
                    self.wide += wide
                    self._level(f"Up {level + 1}.{number}", level, multiple)
                if level:
                    larger = self.net.add(Upsample(), self.maps, name=f"Double {level + 1}")
                    self.maps = self.net.add(
                        _convolution(), larger, name=f"Smooth {level + 1}", filters=_times(multiple)
                    )

    def _level(self, name: str, level: int, multiple: int) -> None:
        """A residual block, with attention behind it where its level has some."""
        self._residual(name, multiple)
        if level in self.unet.attended:
            self._attended(f"{name} attention", level)

    def _residual(self, name: str, multiple: int) -> None:
        kind = PLAIN if multiple == self.wide else PROJECTED
        self.maps = self.net.add_graph(name, kind, self.blocks[kind], self.maps, self.time, width=_times(multiple))
        self.wide = multiple

    def _attended(self, name: str, level: int) -> None:
        side = self.unet.side // self.unet.patch // 2**level
        heads = self.unet.heads.replace("width", f"(width*{self.wide})")
        values: dict[str, Any] = {"width": _times(self.wide), "side": side, "heads": heads}
        self.maps = self.net.add_graph(
            name, self.attention, self.blocks[self.attention], self.maps, *self.context, **values
        )


def residual_block(groups: int, *, projects: bool = False, timed: bool = True, dropout: float = 0.0) -> Graph:
    """Two convolutions, each behind a norm, whose answer is added to what came in; the time is a bias between them."""
    net = GraphBuilder("block", width=64)
    start = net.add(Input(kind="image", sizes=(64, 16, 16)), name="maps")
    time = net.add(Input(kind="vector", sizes=(256,)), name="time") if timed else None
    maps: Added = net.chain(start, GroupNorm(groups=groups), SiLU())
    maps = net.add(_convolution(), maps, name="conv1", filters="=width")
    if time is not None:
        bias = net.add(Linear(), net.add(SiLU(), time), name="time bias", features="=width")
        maps = net.add(AddToChannels(), maps, bias, name="told the time")
    maps = net.chain(maps, GroupNorm(groups=groups), SiLU(), *((Dropout(p=dropout),) if dropout else ()))
    maps = net.add(_convolution(), maps, name="conv2", filters="=width")
    kept = net.add(Conv2d(kernel=1), start, name="projection", filters="=width") if projects else start
    net.add(Output(), net.add(Add(), maps, kept, name="sum"), name="out")
    return net.graph()


def attention_block(groups: int) -> Graph:
    """Every place looks at all others; what it gathers is added to what it holds."""
    net = GraphBuilder("block", width=64, side=16, heads=1)
    start = net.add(Input(kind="image", sizes=(64, 16, 16)), name="maps")
    seen = net.add(MultiHeadAttention(), _tokens(net, net.chain(start, GroupNorm(groups=groups))), heads="=heads")
    net.add(Output(), net.add(Add(), _places(net, seen), start, name="sum"), name="out")
    return net.graph()


def transformer_block(groups: int) -> Graph:
    """Every place looks at all others, then at the tokens of a condition, and thinks it over."""
    net = GraphBuilder("block", width=64, side=16, heads=1)
    start = net.add(Input(kind="image", sizes=(64, 16, 16)), name="maps")
    condition = net.add(Input(kind="sequence", sizes=(1, 512)), name="condition")
    normed = net.add(GroupNorm(groups=groups, eps=1e-6), start)
    tokens: Added = _tokens(net, net.add(Conv2d(kernel=1), normed, name="in", filters="=width"))
    tokens = _looks(net, "self", tokens)
    tokens = _looks(net, "cross", tokens, condition)
    wide = net.add(Linear(), net.add(LayerNorm(), tokens), name="wide", features="=width*8")
    thought = net.add(Linear(), net.add(GLU(gate="GELU"), wide), name="narrow", features="=width")
    tokens = net.add(Add(), thought, tokens)
    maps = net.add(Conv2d(kernel=1), _places(net, tokens), name="out projection", filters="=width")
    net.add(Output(), net.add(Add(), maps, start, name="sum"), name="out")
    return net.graph()


def _looks(net: GraphBuilder, name: str, tokens: Added, condition: Added | None = None) -> Added:
    """Attention of the tokens to themselves or to a condition, added to them."""
    normed = net.add(LayerNorm(), tokens)
    other = condition or normed
    parts = (("query", normed), ("key", other), ("value", other))
    asked = [net.add(Linear(bias=False), each, name=f"{name} {part}", features="=width") for part, each in parts]
    found = net.add(ScaledDotProductAttention(), *asked, name=f"{name} attention", heads="=heads")
    return net.add(Add(), net.add(Linear(), found, name=f"{name} projection", features="=width"), tokens)


def _tokens(net: GraphBuilder, maps: Added) -> Added:
    """The places of maps as tokens, one behind the other."""
    rows = net.add(Reshape(kind="signal", sizes=(64, 256)), maps, name="rows", sizes=("=width", "=side*side"))
    return net.add(Permute(), rows, name="tokens")


def _places(net: GraphBuilder, tokens: Added) -> Added:
    """Tokens as the places of maps again."""
    rows = net.add(Permute(), tokens, name="channels first")
    return net.add(Reshape(sizes=(64, 16, 16)), rows, name="places", sizes=("=width", "=side", "=side"))


def _convolution(filters: int = 64, stride: int = 1) -> Conv2d:
    return Conv2d(filters=filters, kernel=3, padding=1, stride=stride)


def _times(multiple: int) -> str:
    return "=width" if multiple == 1 else f"=width*{multiple}"
