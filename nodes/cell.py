"""One step of a recurrent network: a token and the memory go in, the memory after it comes out."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from studio.core.derivation import Labels, SizeLine, stays
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Insert, Mismatch
from studio.core.record import Expression, Value, nn
from studio.core.shape import Shape, expect, fixed, vector

FAMILY = "Sequence"


class _Cell(Layer):
    """What cells have in common: gates, each a weighted sum of the input and of the memory."""

    gates: ClassVar[int]

    bias: Annotated[bool, "two numbers for each unit and gate, as in PyTorch"] = True

    learned: ClassVar[Labels] = {
        "weight_ih": ("gates · units", "in"), "weight_hh": ("gates · units", "memory"),
        "bias_ih": ("biases of the input",), "bias_hh": ("biases of the memory",),
    }  # fmt: skip

    def weights(self, *inputs: Shape) -> WeightShapes:
        values, memory = inputs[:2]
        rows = self.gates * memory.features
        found: dict[str, tuple[int, ...]] = {"weight_ih": (rows, values.features), "weight_hh": (rows, memory.features)}
        return {**found, "bias_ih": (rows,), "bias_hh": (rows,)} if self.bias else found

    def multiply_adds(self, *inputs: Shape) -> int:
        values, memory = inputs[:2]
        return self.gates * memory.features * (values.features + memory.features)


class _OneMemory(_Cell):
    """A cell whose answer is its memory."""

    examples: ClassVar[tuple[tuple[Any, ...], ...]] = (
        (vector(10), vector(20)),
        (vector(3), vector(5), {"bias": False}),
    )

    def infer(self, values: Shape, memory: Shape) -> Shape:
        fixed(expect(values, "vector", "values")[0])
        fixed(expect(memory, "vector", "memory")[0])
        return memory

    def rule(self, values: Shape, memory: Shape) -> tuple[SizeLine, ...]:
        return stays(memory, "as the memory")


class RNNCell(_OneMemory):
    """One step of a plain recurrent network: the memory is a bent weighted sum of the input and the memory before."""

    gates = 1

    nonlinearity: Annotated[Literal["tanh", "relu"], "what bends the sum"] = "tanh"

    synonyms: ClassVar[tuple[str, ...]] = ("recurrent", "elman", "step", "feedback", "unrolled")
    formula: ClassVar[str] = r"h^\prime = f(W x + U h + b)"
    purpose: ClassVar[str] = (
        "The smallest recurrent network, one step of it: put into a recurrent block, its memory comes back with the "
        "next token."
    )
    trap: ClassVar[str] = "Through many steps the gradient is multiplied by U again and again: it fades or explodes."
    slide: ClassVar[str] = "Recurrent network"
    examples: ClassVar = (*_OneMemory.examples, (vector(3), vector(5), {"nonlinearity": "relu"}))

    def build(self, values: Value, memory: Value) -> Expression:
        return nn.RNNCell(values.features, memory.features, **self.options("bias", "nonlinearity"))


class GRUCell(_OneMemory):
    """One step of a gated recurrent unit."""

    gates = 3

    synonyms: ClassVar[tuple[str, ...]] = ("recurrent", "gated", "step", "memory")
    formula: ClassVar[str] = (
        r"r = \sigma(W_r x + U_r h + b_r) \\ z = \sigma(W_z x + U_z h + b_z) \\ n = \tanh(W_n x + b_n + r \odot (U_n "
        r"h + b_n^\prime)) \\ h^\prime = z \odot h + (1 - z) \odot n"
    )
    purpose: ClassVar[str] = "A GRU for one token, where what happens between two tokens shall be drawn."
    trap: ClassVar[str] = "PyTorch applies r after U h + b, Cho et al. before: with biases the two differ."
    paper: ClassVar[str] = (
        "Cho et al. 2014, Learning phrase representations using RNN encoder-decoder https://arxiv.org/abs/1406.1078"
    )
    slide: ClassVar[str] = "GRU"

    def build(self, values: Value, memory: Value) -> Expression:
        return nn.GRUCell(values.features, memory.features, **self.options("bias"))


class LSTMCell(_Cell):
    """One step of a long short-term memory: what it shows and what it carries go in and come out."""

    gates = 4

    outputs: ClassVar[tuple[str, ...]] = ("shown", "carried")
    synonyms: ClassVar[tuple[str, ...]] = ("recurrent", "gated", "step", "memory", "carry")
    formula: ClassVar[str] = (
        r"f, i, o = \sigma(W x + U h + b) \\ g = \tanh(W_g x + U_g h + b_g) \\ c^\prime = f \odot c + i \odot g \\ "
        r"h^\prime = o \odot \tanh(c^\prime)"
    )
    purpose: ClassVar[str] = (
        "An LSTM for one token, where what happens between two tokens shall be drawn. h is what it shows, c the memory "
        "that is only scaled and added to."
    )
    trap: ClassVar[str] = "Both memories must come back with the next token; without c it is no LSTM any more."
    paper: ClassVar[str] = (
        "Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 1999 https://doi.org/10.1162/neco.1997.9.8.1735"
    )
    slide: ClassVar[str] = "LSTM"
    examples: ClassVar = (
        (vector(10), vector(20), vector(20)),
        (vector(3), vector(5), vector(5), {"bias": False}),
    )

    def infer(self, values: Shape, shown: Shape, carried: Shape) -> tuple[Shape, Shape]:
        fixed(expect(values, "vector", "values")[0])
        (size,), (other,) = expect(shown, "vector", "shown"), expect(carried, "vector", "carried")
        if fixed(size) != fixed(other):
            linear = Insert("Linear", f"Insert Linear, {other} → {size}", {"features": size})
            raise Mismatch(f"It shows {size} numbers but carries {other}.", "carried", (linear,))
        return shown, carried

    def rule(self, values: Shape, shown: Shape, carried: Shape) -> tuple[SizeLine, ...]:
        return (*stays(shown, "as the memory"), *stays(carried, "as the memory", port="carried"))

    def build(self, values: Value, shown: Value, carried: Value) -> tuple[Expression, Expression]:
        cell = nn.LSTMCell(values.features, shown.features, **self.options("bias"))
        after = cell(values, (shown, carried))
        return after[0], after[1]
