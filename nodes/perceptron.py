"""Perceptrons with sum and activation in one, and how a row of them is read."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from nodes.linear import _Units
from studio.core.declaration import Count, Positive
from studio.core.derivation import Labels, SizeLine
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Assign, Insert, Mismatch
from studio.core.record import Expression, F, Value, modules, nn, torch
from studio.core.shape import NUMBER, Shape, expect, fixed, sequence, vector

FAMILY = "Linear & embedding"

Activation = Literal["linear", "logistic", "tanh", "relu", "leaky-relu", "gelu", "step", "softmax"]
ENDS = {"logistic": "Sigmoid", "softmax": "Softmax"}
"""The activation node that does the same, where a loss may do it again."""


class Perceptron(_Units):
    """One unit, or several side by side: a weighted sum with w0 as its bias, and an activation of that sum."""

    features: Annotated[Count, "number of perceptrons, and so of numbers that leave"] = 1
    activation: Annotated[Activation, "what each does with its sum"] = "logistic"

    synonyms: ClassVar[tuple[str, ...]] = ("unit", "neuron", "bias", "w0", "dense", "fully connected", "logistic")
    formula: ClassVar[str] = r"y = f(w_0 + \sum_i w_i x_i)"
    purpose: ClassVar[str] = (
        "{units} f of a weighted sum: {function}. w0 is the weight of a constant 1 and moves the boundary away from "
        "the origin; where the sum is 0, the decision turns."
    )
    trap: ClassVar[str] = (
        "Its boundary is a straight line, so it can learn OR and AND, but never XOR. With a step it learns nothing by "
        "gradient, because a step has no slope."
    )
    learned: ClassVar[Labels] = {"weight": ("units", "in"), "bias": ("w0",)}
    uses: ClassVar[str] = "tokens"
    paper: ClassVar[str] = "Rosenblatt 1958, The perceptron https://doi.org/10.1037/h0042519"
    slide: ClassVar[str] = "Perceptron"
    shown: ClassVar[tuple[str, ...]] = ("features", "activation")
    examples: ClassVar = (
        (vector(2),),
        *((vector(5), {"features": 3, "activation": each}) for each in Activation.__args__),  # type: ignore[attr-defined]
        (sequence("T", 6), {"features": 4, "activation": "tanh"}),
    )

    def infer(self, values: Shape) -> Shape:
        if self.activation == "softmax" and self.features == 1:
            repairs = (Assign("activation", "logistic", "Use the logistic function"),)
            raise Mismatch("A softmax shares 1 out among several units; one alone always answers 1.", None, repairs)
        return super().infer(values)

    def build(self, values: Value) -> Expression:
        module = nn.Linear(values.features, self.features)
        if self.activation == "linear":
            return module
        total = module(values)
        match self.activation:
            case "logistic":
                return torch.sigmoid(total)
            case "tanh":
                return torch.tanh(total)
            case "relu":
                return F.relu(total)
            case "leaky-relu":
                return F.leaky_relu(total)
            case "gelu":
                return F.gelu(total)
            case "step":
                return total.at_least(0).float()
        return F.softmax(total, dim=-1)

    def weights(self, values: Shape) -> WeightShapes:
        return {"weight": (self.features, values.features), "bias": (self.features,)}

    def ends_with(self) -> str:
        return ENDS.get(self.activation, super().ends_with())

    def said(self) -> dict[str, str]:
        named = {"linear": "the sum itself", "logistic": "the logistic function", "relu": "ReLU", "gelu": "GELU"}
        return {**super().said(), "function": named.get(self.activation, self.activation)}


class GaussianPeak(Layer):
    """Reads where the hill lies that a row of units answers: the peak of a Gaussian fitted to them, counted from 0."""

    width: Annotated[Positive, "the hill round d is exp(-(i - d)² / width)"] = 10.0

    synonyms: ClassVar[tuple[str, ...]] = ("alvinn", "steering", "population code", "read-out", "soft argmax")
    formula: ClassVar[str] = r"y_i \approx a \exp(-\frac{(i - d)^2}{w})"
    purpose: ClassVar[str] = (
        "Turns the answers of a row of units into one number between them: the place d of the hill that fits best, "
        "w = {width}. ALVINN steers by it."
    )
    trap: ClassVar[str] = (
        "It finds one hill. Of two, as where a road forks, it may answer the place between them, which is none of both."
    )
    slide: ClassVar[str] = "ALVINN"
    examples: ClassVar = ((vector(30),), (vector(5), {"width": 2.0}))

    def infer(self, values: Shape) -> Shape:
        (units,) = expect(values, "vector", "values")
        if fixed(units) < 2:
            repairs = (Insert("Linear", "Insert Linear with 30 units", {"features": 30}),)
            raise Mismatch("A hill needs several units to lie over; one number arrives.", "values", repairs)
        return NUMBER

    def build(self, values: Value) -> Expression:
        return modules.gaussian_peak.GaussianPeak(values.features, self.width)

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        return ()
