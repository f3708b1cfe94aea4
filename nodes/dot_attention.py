"""The attention at the heart of a transformer, without weights."""

from __future__ import annotations

from typing import Annotated, ClassVar

from nodes.attention import VASWANI, heads_in_words, known_length, share_evenly, token_factor
from studio.core.declaration import Count
from studio.core.derivation import Factor, SizeLine, Term, worked
from studio.core.node_class import Layer
from studio.core.problem import Assign, Insert, Mismatch
from studio.core.record import Expression, F, Value
from studio.core.shape import Shape, expect, fixed, sequence

FAMILY = "Attention"


class ScaledDotProductAttention(Layer):
    """Each query gathers the values, weighted by how well their keys answer it; nothing is learned here."""

    heads: Annotated[Count, "parts into which the features are divided, each with an attention of its own"] = 1
    causal: Annotated[bool, "whether query i sees the first i keys only"] = False

    synonyms: ClassVar[tuple[str, ...]] = ("attention", "sdpa", "qkv", "query key value", "flash", "softmax")
    formula: ClassVar[str] = r"y = \softmax(\frac{Q K^\top}{\sqrt{d}}) V"
    purpose: ClassVar[str] = (
        "The attention itself, between projections that you draw: compares all queries with all keys, makes shares of "
        "it, and takes so much of each value. {heads}."
    )
    trap: ClassVar[str] = (
        "It learns nothing: weights are what comes before it. With several heads d is the width of one of them."
    )
    paper: ClassVar[str] = VASWANI
    slide: ClassVar[str] = "Attention mechanism"
    examples: ClassVar = (
        (sequence(6, 8), sequence(4, 8), sequence(4, 5)),
        (sequence("T", 8), sequence("T", 8), sequence("T", 8), {"causal": True}),
        (sequence(6, 8), sequence("T", 8), sequence("T", 12), {"heads": 4}),
    )

    def infer(self, query: Shape, key: Shape, value: Shape) -> Shape:
        queries, width = expect(query, "sequence", "query")
        keys, other = expect(key, "sequence", "key")
        values, features = expect(value, "sequence", "value")
        if fixed(width) != fixed(other):
            linear = Insert("Linear", f"Insert Linear, {other} → {width}", {"features": width})
            raise Mismatch(f"Queries of {width} features meet keys of {other}.", "key", (linear,))
        for size, port in ((width, "query"), (features, "value")):
            share_evenly(size, self.heads, port)
        if keys != values:
            varies = " (one of them varies)" if isinstance(keys, str) or isinstance(values, str) else ""
            raise Mismatch(f"Each key needs one value; {keys} keys and {values} values arrive{varies}.", "value")
        if self.causal and queries != keys:
            repairs = (Assign("causal", False, "Let every query see all keys"),)
            varies = " (one of them varies)" if isinstance(keys, str) or isinstance(queries, str) else ""
            raise Mismatch(
                f"{queries} queries and {keys} keys: which are earlier is not known{varies}.", "key", repairs
            )
        return sequence(queries, fixed(features))

    def rule(self, query: Shape, key: Shape, value: Shape) -> tuple[SizeLine, ...]:
        answers = worked("T", query.sizes[0], "one answer for each query")
        return answers, worked("D", value.sizes[1], "the features of the values")

    def build(self, query: Value, key: Value, value: Value) -> Expression:
        causal = {"is_causal": True} if self.causal else {}
        if self.heads == 1:
            return F.scaled_dot_product_attention(query, key, value, **causal)
        parts = (each.unflatten(2, (self.heads, -1)).transpose(1, 2) for each in (query, key, value))
        return F.scaled_dot_product_attention(*parts, **causal).transpose(1, 2).flatten(2)

    def said(self) -> dict[str, str]:
        return {**super().said(), "heads": heads_in_words(self.heads)}

    def multiply_adds(self, query: Shape, key: Shape, value: Shape) -> int:
        return known_length(query.sizes[0]) * known_length(key.sizes[0]) * (query.features + value.features)

    def work(self, query: Shape, key: Shape, value: Shape) -> tuple[Term, ...]:
        met = (*token_factor(query, "queries"), *token_factor(key, "keys"))
        similarity = Term((*met, Factor((query.features,), "features")))
        return similarity, Term((*met, Factor((value.features,), "features of the values")))
