"""Layers in which tokens look at one another."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeVar

from studio.core.declaration import Count, Fraction
from studio.core.derivation import Factor, SizeLine, Term, stays
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Assign, LinkTo, Mismatch
from studio.core.record import Expression, Value, nn
from studio.core.shape import Shape, Size, expect, fixed, largest_divisor, sequence

FAMILY = "Attention"

VASWANI = "Vaswani et al. 2017, Attention is all you need https://arxiv.org/abs/1706.03762"
S = TypeVar("S", Shape, Value)


class MultiHeadAttention(Layer):
    """Each token of the query gathers what it needs from the values, weighted by how well their keys answer it.

    Several heads do so side by side, each on its share of the features. Without key the query looks at itself
    (self-attention); without value the key serves as value too.
    """

    heads: Annotated[Count, "parts into which the features are divided, each with an attention of its own"] = 8
    dropout: Annotated[Fraction, "probability that a token is not seen while training"] = 0.0
    bias: Annotated[bool, "whether the projections add a bias"] = True
    causal: Annotated[bool, "whether a token sees itself and earlier ones only, to tell the next"] = False

    synonyms: ClassVar[tuple[str, ...]] = ("self-attention", "cross-attention", "transformer", "qkv", "query key value")
    formula: ClassVar[str] = r"y = [a_1, \dots, a_h] W_O, \quad a_i = \softmax(\frac{Q_i K_i^\top}{\sqrt{d / h}}) V_i"
    purpose: ClassVar[str] = (
        "Each token asks a question (query), all tokens offer what they are about (key) and what they say (value); "
        "the better a key answers, the more of its value is taken. {heads}."
    )
    trap: ClassVar[str] = (
        "Each head is scaled by its own width d / h, not by d. Without position encoding the order of the tokens is "
        "not seen."
    )
    paper: ClassVar[str] = VASWANI
    slide: ClassVar[str] = "Multi-head"
    examples: ClassVar = (
        (sequence(6, 16), {"heads": 4}),
        (sequence("T", 16), {"heads": 2, "bias": False, "dropout": 0.1}),
        (sequence(6, 16), sequence(4, 16), {"heads": 4}),
        (sequence(6, 16), sequence(4, 12), {"heads": 4, "bias": False}),
        (sequence(6, 16), sequence(4, 12), sequence(4, 10), {"heads": 4}),
        (sequence("T", 16), {"heads": 4, "causal": True}),
    )

    def infer(self, query: Shape, key: Shape | None = None, value: Shape | None = None) -> Shape:
        share_evenly(expect(query, "sequence", "query")[1], self.heads, "query")
        if key is None and value is not None:
            raise Mismatch("Values arrive without keys: link a key too.", "key", (LinkTo(),))
        lengths = [expect(s, "sequence", port)[0] for s, port in ((key, "key"), (value, "value")) if s is not None]
        if len(set(lengths)) > 1:
            raise Mismatch(f"Each key needs one value; {lengths[0]} keys and {lengths[1]} values arrive.", "value")
        if self.causal and lengths and lengths[0] != query.sizes[0]:
            repairs = (Assign("causal", False, "Let every token see all"),)
            message = f"{query.sizes[0]} queries and {lengths[0]} keys: which of them are earlier is not known."
            raise Mismatch(message, "key", repairs)
        return query

    def build(self, query: Value, key: Value | None = None, value: Value | None = None) -> Expression:
        key, value = _filled(query, key, value)
        options = self.options("dropout", "bias")
        if self._differ(query.shape, key.shape, value.shape):
            options |= {"kdim": key.features, "vdim": value.features}
        attention = nn.MultiheadAttention(query.features, self.heads, **options, batch_first=True)
        mask = {"attn_mask": later(query)} if self.causal else {}
        return attention(query, key, value, **mask, need_weights=False)[0]

    def weights(self, query: Shape, key: Shape | None = None, value: Shape | None = None) -> WeightShapes:
        key, value = _filled(query, key, value)
        width = query.features
        found: dict[str, tuple[int, ...]] = {"in_proj_weight": (3 * width, width)}
        if self._differ(query, key, value):
            pairs = (("q", query), ("k", key), ("v", value))
            found = {f"{letter}_proj_weight": (width, shape.features) for letter, shape in pairs}
        found["out_proj.weight"] = (width, width)
        if self.bias:
            found |= {"in_proj_bias": (3 * width,), "out_proj.bias": (width,)}
        return found

    def multiply_adds(self, query: Shape, key: Shape | None = None, value: Shape | None = None) -> int:
        key, value = _filled(query, key, value)
        width, seen = query.features, known_length(key.sizes[0])
        projections = 2 * query.elements + key.elements + value.elements
        return width * (projections + 2 * known_length(query.sizes[0]) * seen)

    def rule(self, query: Shape, key: Shape | None = None, value: Shape | None = None) -> tuple[SizeLine, ...]:
        return stays(query, "as the query: one answer for each of its tokens")

    def terms(self, query: Shape, key: Shape | None = None, value: Shape | None = None) -> tuple[Term, ...]:
        """A matrix each for query, key, value and the joined answers of the heads, and their biases."""
        key, value = _filled(query, key, value)
        width = query.features
        if self._differ(query, key, value):
            named = ((query, "query"), (key, "key"), (value, "value"), (query, "answers"))
            found = tuple(Term((Factor((shape.features,), name), Factor((width,), "out"))) for shape, name in named)
        else:
            found = (Term((Factor((4,), "matrices"), Factor((width,), "in"), Factor((width,), "out"))),)
        return (
            (*found, Term((Factor((4,), "biases"), Factor((width,), "out")), is_matrix=False)) if self.bias else found
        )

    def work(self, query: Shape, key: Shape | None = None, value: Shape | None = None) -> tuple[Term, ...]:
        """The projections of all tokens, and each query against each key, for similarity and for the sum of values."""
        key, value = _filled(query, key, value)
        out = Factor((query.features,), "out")
        tokens = [(query, "queries"), (key, "keys"), (value, "values"), (query, "answers")]
        if query == key == value:
            found = [
                Term((Factor((4,), "matrices"), *token_factor(query, "tokens"), Factor((query.features,), "in"), out))
            ]
        else:
            found = [Term((*token_factor(each, name), Factor((each.features,), "in"), out)) for each, name in tokens]
        met = (*token_factor(query, "queries"), *token_factor(key, "keys"), Factor((query.features,), "features"))
        return (*found, Term((Factor((2,), "similarity, sum"), *met)))

    def said(self) -> dict[str, str]:
        return {**super().said(), "heads": heads_in_words(self.heads)}

    def _differ(self, query: Shape, key: Shape, value: Shape) -> bool:
        """Whether keys or values have other features than queries, so that each needs a projection of its own."""
        return query.features != key.features or query.features != value.features


def heads_in_words(heads: int) -> str:
    return f"{heads} heads do so side by side" if heads > 1 else "One head does so alone"


def share_evenly(size: Size, heads: int, port: str) -> int:
    """The features, as a number. Raises Mismatch where the heads cannot have equally many of them."""
    width = fixed(size)
    if width % heads:
        best = largest_divisor(width, heads)
        message = f"{width} features cannot be shared evenly by {heads} heads."
        raise Mismatch(message, port, (Assign("heads", best, f"Set heads to {best}"),))
    return width


def later(query: Value) -> Expression:
    """For each token, which others come later and must not be seen, (tokens, tokens)."""
    return query.new_ones(query.size(1), query.size(1)).triu(1).bool()


def _filled(query: S, key: S | None, value: S | None) -> tuple[S, S]:
    """Key and value, the query standing in for an empty key and the key for an empty value."""
    key = query if key is None else key
    return key, key if value is None else value


def known_length(length: Size) -> int:
    """The length; one where it varies, as costs are for one token then."""
    return length if isinstance(length, int) else 1


def token_factor(shape: Shape, label: str) -> tuple[Factor, ...]:
    """How many tokens there are; a length that varies is left out, as the cost is for one."""
    return (Factor((known_length(shape.sizes[0]),), label),) if isinstance(shape.sizes[0], int) else ()
