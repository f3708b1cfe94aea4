"""How well keys answer queries, in the four ways of the lecture and the one that additive similarity comes from."""

from __future__ import annotations

from math import sqrt
from typing import Annotated, ClassVar, Literal

from nodes.attention import token_factor
from studio.core.declaration import Count
from studio.core.derivation import Factor, Labels, SizeLine, Term, worked
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Assign, Insert, Mismatch
from studio.core.record import Expression, Value, modules
from studio.core.shape import Shape, expect, fixed, sequence

FAMILY = "Attention"

Form = Literal["dot", "scaled dot", "general", "additive", "Bahdanau"]


class Similarity(Layer):
    """One score for every query and every key: how much they have to do with one another.

    Softmax over the keys makes an attention of it, and a matrix product with the values gathers what they say.
    """

    form: Annotated[Form, "how both are compared; general, additive and Bahdanau learn weights"] = "scaled dot"
    hidden: Annotated[Count, "units in which Bahdanau's form lets them meet"] = 32

    synonyms: ClassVar[tuple[str, ...]] = (
        "attention", "scores", "dot", "scaled dot", "general", "additive", "bahdanau", "luong", "query", "key",
    )  # fmt: skip
    formula: ClassVar[str] = (
        r"\text{dot: } y_{i,j} = x_i^\top z_j \\ \text{scaled: } y_{i,j} = \frac{x_i^\top z_j}{\sqrt{d}} \\ "
        r"\text{general: } y_{i,j} = x_i^\top W z_j \\ \text{additive: } y_{i,j} = w_q^\top x_i + w_k^\top z_j \\ "
        r"\text{Bahdanau: } y_{i,j} = w^\top \tanh(W_q x_i + W_k z_j)"
    )
    purpose: ClassVar[str] = (
        "Compares each query with each key; here by the form {form}. The scores go through softmax and say how much of "
        "each value is taken."
    )
    trap: ClassVar[str] = (
        "In the additive form the query's part is the same for all keys, so softmax cancels it: attention ignores the "
        "query. Bahdanau's tanh keeps it."
    )
    learned: ClassVar[Labels] = {
        "weight": ("out", "in"), "query_weight": ("out", "in"), "key_weight": ("out", "in"),
    }  # fmt: skip
    paper: ClassVar[str] = (
        "Bahdanau et al. 2015, Neural machine translation by jointly learning to align and translate "
        "https://arxiv.org/abs/1409.0473"
    )
    slide: ClassVar[str] = "Four similarities"
    shown: ClassVar[tuple[str, ...]] = ("form",)
    examples: ClassVar = (
        (sequence(6, 4), sequence(7, 4)),
        (sequence("T", 4), sequence(9, 4), {"form": "dot"}),
        (sequence(6, 4), sequence("T", 4), {"form": "dot"}),
        (sequence(6, 4), sequence(7, 5), {"form": "general"}),
        (sequence(6, 4), sequence(7, 5), {"form": "additive"}),
        (sequence(6, 4), sequence("T", 5), {"form": "Bahdanau", "hidden": 3}),
    )

    def infer(self, query: Shape, key: Shape) -> Shape:
        (queries, width), (keys, other) = expect(query, "sequence", "query"), expect(key, "sequence", "key")
        if fixed(width) != fixed(other) and self.form in ("dot", "scaled dot"):
            linear = Insert("Linear", f"Insert Linear, {other} → {width}", {"features": width})
            repairs = (Assign("form", "general", "Learn a matrix between them"), linear)
            raise Mismatch(f"Queries of {width} features meet keys of {other}.", "key", repairs)
        return Shape(("T", "S"), (queries, keys))

    def rule(self, query: Shape, key: Shape) -> tuple[SizeLine, ...]:
        queries = worked("T", query.sizes[0], "a row for each query")
        return queries, worked("S", key.sizes[0], "a score for each key")

    def build(self, query: Value, key: Value) -> Expression:
        match self.form:
            case "general":
                return modules.similarity.GeneralSimilarity(query.features, key.features)
            case "additive":
                return modules.similarity.AdditiveSimilarity(query.features, key.features)
            case "Bahdanau":
                return modules.similarity.BahdanauSimilarity(query.features, key.features, self.hidden)
            case "dot":
                return query @ key.transpose(1, 2)
            case "scaled dot":
                return query @ key.transpose(1, 2) / sqrt(query.features)

    def weights(self, query: Shape, key: Shape) -> WeightShapes:
        match self.form:
            case "general":
                return {"weight": (key.features, query.features)}
            case "additive":
                return {"query_weight": (1, query.features), "key_weight": (1, key.features)}
            case "Bahdanau":
                rows = self.hidden
                pairs = {"query_weight": (rows, query.features), "key_weight": (rows, key.features)}
                return {**pairs, "weight": (1, rows)}
            case _:
                return {}

    def multiply_adds(self, query: Shape, key: Shape) -> int:
        return sum(term.count for term in self.work(query, key))

    def work(self, query: Shape, key: Shape) -> tuple[Term, ...]:
        queries, keys = token_factor(query, "queries"), token_factor(key, "keys")
        wide, other = Factor((query.features,), "features"), Factor((key.features,), "key features")
        hidden = Factor((self.hidden,), "hidden")
        match self.form:
            case "general":
                return Term((*queries, wide, other)), Term((*queries, *keys, other))
            case "additive":
                return Term((*queries, wide)), Term((*keys, other))
            case "Bahdanau":
                met = Term((*queries, *keys, hidden))
                return Term((*queries, wide, hidden)), Term((*keys, other, hidden)), met
            case _:
                return (Term((*queries, *keys, wide)),)
