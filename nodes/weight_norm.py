"""Weights that are learned in another form: as lengths and directions, or divided by their largest gain.

Weight norm: Salimans & Kingma 2016, https://arxiv.org/abs/1602.07868. Spectral norm: Miyato et al. 2018,
https://arxiv.org/abs/1802.05957.
"""

from __future__ import annotations

from typing import Annotated, Literal

from studio.core.derivation import Factor, Labels, Term
from studio.core.node_class import WeightShapes
from studio.core.record import Expression, nn

WeightNorm = Annotated[
    Literal["none", "weight", "spectral"],
    "weight learns the length of each filter apart from its direction, spectral keeps the largest gain at 1",
]
_STORED = "parametrizations.weight.original"


def normed(module: Expression, norm: str) -> Expression:
    """The module with its weight in this form."""
    forms = nn.utils.parametrizations
    return {"weight": forms.weight_norm, "spectral": forms.spectral_norm}[norm](module) if norm != "none" else module


def normed_weights(weights: WeightShapes, norm: str) -> WeightShapes:
    """What is learned instead: ``weight`` under the names that PyTorch gives it, directions before lengths."""
    if norm == "none":
        return weights
    weight = weights["weight"]
    stored = {_STORED: weight}
    if norm == "weight":
        stored = {f"{_STORED}1": weight, f"{_STORED}0": (weight[0], *[1] * (len(weight) - 1))}
    return {**stored, **{name: shape for name, shape in weights.items() if name != "weight"}}


def normed_labels(labels: Labels) -> Labels:
    """What the axes count, in every form."""
    return {**labels, _STORED: labels["weight"], f"{_STORED}1": labels["weight"], f"{_STORED}0": ("lengths",)}


def normed_terms(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """The terms, with lengths as the vector that they are: nothing is multiplied with them."""
    return tuple(_vector(term) if term.factors[0].label == "lengths" else term for term in terms)


def _vector(term: Term) -> Term:
    return Term((Factor((term.count,), "lengths"),), is_matrix=False)
