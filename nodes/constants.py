"""Values that depend on no input: constants, chance, and what is learned by itself."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from studio.core.declaration import Number, Sizes
from studio.core.derivation import Labels, SizeLine, stays
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Mismatch
from studio.core.record import Expression, Value, modules, torch
from studio.core.shape import Shape, arriving, image, sequence, shape_of_kind, tokens, vector

FAMILY = "Data"


class _Given(Layer):
    """What has a shape of its own; of what arrives it takes the number of samples only."""

    kind: Annotated[Literal["image", "vector", "sequence", "signal", "volume"], "what it is, and so its axes"] = (
        "sequence"
    )
    sizes: Annotated[Sizes, "size along each axis"] = (1, 64)

    examples: ClassVar[tuple[tuple[Any, ...], ...]] = (
        (vector(5),),
        (image(3, "H", "W"), {"kind": "vector", "sizes": (10,)}),
        (sequence("T", 4), {"sizes": (3, 4)}),
        (tokens("T"), {"kind": "image", "sizes": (1, 4, 4)}),
    )

    def infer(self, like: Shape) -> Shape:
        if not like.batched:
            raise Mismatch(f"This takes the number of samples from a value; {arriving(like)}, which has none.", "like")
        return shape_of_kind(self.kind, self.sizes)

    def rule(self, like: Shape) -> tuple[SizeLine, ...]:
        return stays(self.infer(like), "as the setting says")


class LearnedTensor(_Given):
    """Numbers that are learned and the same for every sample: class tokens, object queries, a start value."""

    start: Annotated[Literal["normal", "zeros", "ones"], "what it holds before training; normal: small, at random"] = (
        "normal"
    )

    synonyms: ClassVar[tuple[str, ...]] = (
        "parameter", "class token", "cls", "query", "object queries", "constant", "learned constant", "bias",
    )  # fmt: skip
    formula: ClassVar[str] = r"y = w"
    purpose: ClassVar[str] = (
        "{sizes} numbers that training finds, handed to every sample: the class token of ViT, the object queries of "
        "DETR. The link only says how many samples there are."
    )
    trap: ClassVar[str] = "It does not depend on what arrives: all samples get the very same numbers."
    learned: ClassVar[Labels] = {"weight": ("numbers",)}
    slide: ClassVar[str] = "DETR"

    def weights(self, like: Shape) -> WeightShapes:
        return {"weight": self.sizes}

    def build(self, like: Value) -> Expression:
        return modules.learned.LearnedTensor(self.sizes, **self.options("start"))


class Constant(_Given):
    """The same number everywhere, with a shape of its own; nothing is learned."""

    value: Annotated[Number, "the number"] = 0.0

    synonyms: ClassVar[tuple[str, ...]] = ("zeros", "ones", "number", "fill", "full", "fixed")
    formula: ClassVar[str] = r"y = a"
    purpose: ClassVar[str] = (
        "{sizes} times the number {value}: a first memory of zeros, a target for a discriminator, a mask that lets all "
        "pass. The link only says how many samples there are."
    )
    trap: ClassVar[str] = "No gradient flows into it, nor through it to what is linked."
    unsourced: ClassVar[str] = "A constant computes nothing: there is nothing to cite."

    def build(self, like: Value) -> Expression:
        return torch.full((like.size(0), *self.sizes), self.value, device=like.device)


class Noise(_Given):
    """Random numbers of their own for every sample, drawn anew each time."""

    kind: Annotated[Literal["image", "vector", "sequence", "signal", "volume"], "what it is, and so its axes"] = (
        "vector"
    )
    sizes: Annotated[Sizes, "size along each axis"] = (64,)
    distribution: Annotated[
        Literal["normal", "uniform"], "normal: mean 0, deviation 1; uniform: evenly from -1 to 1"
    ] = "normal"

    synonyms: ClassVar[tuple[str, ...]] = ("random", "z", "latent", "gaussian", "randn", "seed", "code")
    formula: ClassVar[str] = r"z \sim N(0, 1)"
    purpose: ClassVar[str] = (
        "{sizes} random numbers, of which a generator makes a sample: where they lie close together, so do the "
        "samples. The link only says how many samples there are."
    )
    trap: ClassVar[str] = (
        "While training they differ at each step; when the network is measured or shown they are the same each time, "
        "so that what changes is the network."
    )
    slide: ClassVar[str] = "GAN"
    paper: ClassVar[str] = "Goodfellow et al. 2014, Generative adversarial nets https://arxiv.org/abs/1406.2661"
    examples: ClassVar = (
        (vector(5),),
        (image(3, 8, 8), {"kind": "image", "sizes": (1, 4, 4)}),
        (image(1, "H", "W"), {"sizes": (10,), "distribution": "uniform"}),
    )

    def build(self, like: Value) -> Expression:
        sizes = (like.size(0), *self.sizes)
        if self.distribution == "normal":
            return torch.randn(sizes, device=like.device)
        return torch.rand(sizes, device=like.device) * 2 - 1
