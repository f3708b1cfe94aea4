"""Whole layers of a transformer: attentions, and two linear layers for each token."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from nodes.attention import VASWANI, later, share_evenly, token_factor
from studio.core.declaration import Count, Fraction, Positive
from studio.core.derivation import Factor, Labels, SizeLine, Term, stays
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Insert, Mismatch
from studio.core.record import Expression, Value, nn
from studio.core.shape import Shape, expect, fixed, sequence

FAMILY = "Attention"

MATRICES: Labels = {
    "self_attn.in_proj_weight": ("query, key, value", "in"),
    "self_attn.out_proj.weight": ("out", "heads"),
    "multihead_attn.in_proj_weight": ("query, key, value", "in"),
    "multihead_attn.out_proj.weight": ("out", "heads"),
    "linear1.weight": ("hidden", "in"),
    "linear2.weight": ("out", "hidden"),
    **{
        f"{name}.bias": ("biases",)
        for name in ("self_attn.out_proj", "multihead_attn.out_proj", "linear1", "linear2", "norm1", "norm2", "norm3")
    },
    **{f"{name}.in_proj_bias": ("biases",) for name in ("self_attn", "multihead_attn")},
    **{f"norm{number}.weight": ("gains",) for number in (1, 2, 3)},
}
"""What the axes of the weights count."""


class _TransformerLayer(Layer):
    """What both layers have in common: attentions, two linear layers for each token, and a normalisation after each."""

    attentions: ClassVar[tuple[str, ...]]

    heads: Annotated[Count, "parts into which the features are divided, each with an attention of its own"] = 8
    hidden: Annotated[Count, "units of the two linear layers that each token goes through"] = 2048
    dropout: Annotated[Fraction, "probability that a number becomes zero while training"] = 0.1
    activation: Annotated[Literal["relu", "gelu"], "what bends between the two linear layers"] = "relu"
    norm_first: Annotated[bool, "normalises before each part, as ViT does, not after it as BERT does"] = False
    layer_norm_eps: Annotated[Positive, "keeps the normalisation from dividing by zero"] = 1e-5

    learned: ClassVar[Labels] = MATRICES
    shown: ClassVar[tuple[str, ...]] = ("heads", "hidden", "dropout")

    def _module(self, target: Value) -> tuple[tuple[object, ...], dict[str, object]]:
        hidden = {} if self.hidden == 2048 else {"dim_feedforward": self.hidden}
        options = self.options("dropout", "activation", "norm_first", "layer_norm_eps")
        return (target.features, self.heads), {**hidden, **options, "batch_first": True}

    def _weights(self, width: int) -> WeightShapes:
        found: dict[str, tuple[int, ...]] = {}
        for name in self.attentions:
            found |= {f"{name}.in_proj_weight": (3 * width, width), f"{name}.in_proj_bias": (3 * width,)}
            found |= {f"{name}.out_proj.weight": (width, width), f"{name}.out_proj.bias": (width,)}
        found |= {"linear1.weight": (self.hidden, width), "linear1.bias": (self.hidden,)}
        found |= {"linear2.weight": (width, self.hidden), "linear2.bias": (width,)}
        for number in range(1, len(self.attentions) + 2):
            found |= {f"norm{number}.weight": (width,), f"norm{number}.bias": (width,)}
        return found

    def _forward(self, target: Shape) -> Term:
        """The multiply-adds of the two linear layers."""
        width = Factor((target.features,), "features")
        return Term((*token_factor(target, "tokens"), Factor((2,), "layers"), width, Factor((self.hidden,), "hidden")))


def _projected(shape: Shape, label: str, matrices: int) -> Term:
    width = Factor((shape.features,), "in"), Factor((shape.features,), "out")
    return Term((*token_factor(shape, label), Factor((matrices,), "matrices"), *width))


def _met(queries: Shape, keys: Shape) -> Term:
    both = (*token_factor(queries, "queries"), *token_factor(keys, "keys"))
    return Term((Factor((2,), "similarity, sum"), *both, Factor((queries.features,), "features")))


class TransformerEncoderLayer(_TransformerLayer):
    """Self-attention, then two linear layers for each token, each added to what came in and normalised."""

    attentions = ("self_attn",)

    causal: Annotated[bool, "whether a token sees itself and earlier ones only, as in GPT"] = False

    synonyms: ClassVar[tuple[str, ...]] = ("transformer", "encoder", "bert", "vit", "gpt", "self-attention", "block")
    formula: ClassVar[str] = (
        r"z = \text{norm}(x + \text{attention}(x)) \\ y = \text{norm}(z + W_2 f(W_1 z + b_1) + b_2)"
    )
    purpose: ClassVar[str] = (
        "Lets tokens look at one another with {heads} heads, then thinks about each alone with {hidden} units. BERT "
        "and ViT are stacks of it; put it in a block and repeat that."
    )
    trap: ClassVar[str] = "It sees no order: add a position encoding before the first. ViT normalises first."
    paper: ClassVar[str] = VASWANI
    slide: ClassVar[str] = "Transformer"
    examples: ClassVar = (
        (sequence(6, 16), {"heads": 4, "hidden": 32}),
        (sequence("T", 16), {"heads": 2, "hidden": 8, "norm_first": True, "activation": "gelu"}),
        (sequence("T", 16), {"heads": 4, "hidden": 8, "causal": True, "dropout": 0.0}),
    )

    def infer(self, sequence: Shape) -> Shape:
        share_evenly(expect(sequence, "sequence", "sequence")[1], self.heads, "sequence")
        return sequence

    def build(self, sequence: Value) -> Expression:
        given, options = self._module(sequence)
        layer = nn.TransformerEncoderLayer(*given, **options)
        return layer(sequence, src_mask=later(sequence)) if self.causal else layer(sequence)

    def weights(self, sequence: Shape) -> WeightShapes:
        return self._weights(sequence.features)

    def multiply_adds(self, sequence: Shape) -> int:
        return sum(term.count for term in self.work(sequence))

    def work(self, sequence: Shape) -> tuple[Term, ...]:
        return _projected(sequence, "tokens", 4), _met(sequence, sequence), self._forward(sequence)


class TransformerDecoderLayer(_TransformerLayer):
    """Self-attention, then attention to what an encoder answered, then two linear layers for each token."""

    attentions = ("self_attn", "multihead_attn")

    causal: Annotated[bool, "whether a token sees itself and earlier ones only; DETR's queries see one another"] = True

    synonyms: ClassVar[tuple[str, ...]] = ("transformer", "decoder", "detr", "translation", "cross-attention", "block")
    formula: ClassVar[str] = (
        r"u = \text{norm}(x + \text{attention}(x)) \\ z = \text{norm}(u + \text{attention}(u, m)) \\ "
        r"y = \text{norm}(z + W_2 f(W_1 z + b_1) + b_2)"
    )
    purpose: ClassVar[str] = (
        "What is being written looks at itself and at memory m, which an encoder made of the source, with {heads} "
        "heads; then {hidden} units think about each token."
    )
    trap: ClassVar[str] = "Unless it is causal, training shows each token the one that it should tell."
    paper: ClassVar[str] = VASWANI
    slide: ClassVar[str] = "Transformer"
    examples: ClassVar = (
        (sequence(6, 16), sequence(5, 16), {"heads": 4, "hidden": 32}),
        (sequence("T", 16), sequence(9, 16), {"heads": 2, "hidden": 8, "norm_first": True}),
        (sequence(6, 16), sequence("T", 16), {"heads": 4, "hidden": 8, "causal": False}),
    )

    def infer(self, sequence: Shape, memory: Shape) -> Shape:
        width = share_evenly(expect(sequence, "sequence", "sequence")[1], self.heads, "sequence")
        if (other := fixed(expect(memory, "sequence", "memory")[1])) != width:
            linear = Insert("Linear", f"Insert Linear, {other} → {width}", {"features": width})
            raise Mismatch(f"Tokens of {width} features meet a memory of {other}.", "memory", (linear,))
        return sequence

    def rule(self, sequence: Shape, memory: Shape) -> tuple[SizeLine, ...]:
        return stays(sequence)

    def build(self, sequence: Value, memory: Value) -> Expression:
        given, options = self._module(sequence)
        layer = nn.TransformerDecoderLayer(*given, **options)
        return layer(sequence, memory, tgt_mask=later(sequence)) if self.causal else layer(sequence, memory)

    def weights(self, sequence: Shape, memory: Shape) -> WeightShapes:
        return self._weights(sequence.features)

    def multiply_adds(self, sequence: Shape, memory: Shape) -> int:
        return sum(term.count for term in self.work(sequence, memory))

    def work(self, sequence: Shape, memory: Shape) -> tuple[Term, ...]:
        own = _projected(sequence, "tokens", 4), _met(sequence, sequence)
        across = _projected(sequence, "tokens", 2), _projected(memory, "of the memory", 2), _met(sequence, memory)
        return (*own, *across, self._forward(sequence))
