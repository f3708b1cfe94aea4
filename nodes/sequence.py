"""Layers that read one token after the other and carry a memory along."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from studio.core.declaration import Count, Fraction
from studio.core.derivation import Factor, SizeLine, Term, worked
from studio.core.node_class import Layer, WeightShapes
from studio.core.record import Expression, Value, nn, torch
from studio.core.shape import Shape, Size, expect, fixed, sequence, vector

FAMILY = "Sequence"


class TokenMean(Layer):
    """Averages the features of all tokens into one vector, however many there are."""

    synonyms: ClassVar[tuple[str, ...]] = ("mean", "average", "pooling", "sequence", "sentence", "deep sets")
    slide: ClassVar[str] = "Deep sets"
    formula: ClassVar[str] = r"y = \frac{1}{T} \sum_t x_t"
    purpose: ClassVar[str] = (
        "Says what a whole sequence is about in one vector of fixed size, whatever its length, so that a linear layer "
        "can read it."
    )
    trap: ClassVar[str] = "The order of the tokens is lost, and padding counts as a token like any other."
    examples: ClassVar = ((sequence(5, 10),), (sequence("T", 6),))

    def infer(self, sequence: Shape) -> Shape:
        return vector(fixed(expect(sequence, "sequence", "sequence")[1]))

    def build(self, sequence: Value) -> Expression:
        return sequence.mean(dim=1)

    def rule(self, sequence: Shape) -> tuple[SizeLine, ...]:
        return (worked("D", sequence.sizes[1], "the features of a token"),)


class _Recurrent(Layer):
    """What recurrent layers have in common: several gates, each a weighted sum of input and memory."""

    outputs: ClassVar[tuple[str, ...]] = ("sequence", "last")
    gates: ClassVar[int]

    features: Annotated[Count, "size of the memory, and of what leaves for each token"] = 64
    layers: Annotated[Count, "layers, each reading what the one below answers"] = 1
    bidirectional: Annotated[bool, "whether a second memory reads backwards; both answers are joined"] = False
    dropout: Annotated[Fraction, "probability that a number between two layers becomes zero while training"] = 0.0
    bias: Annotated[bool, "two numbers for each unit and gate, as in PyTorch"] = True

    examples: ClassVar[tuple[tuple[Any, ...], ...]] = (
        (sequence(5, 10), {"features": 20}),
        (sequence("T", 6), {"features": 4, "layers": 2, "bidirectional": True, "dropout": 0.5}),
        (sequence(3, 6), {"features": 4, "bias": False}),
    )

    def infer(self, sequence: Shape) -> tuple[Shape, Shape]:
        length, size = expect(sequence, "sequence", "sequence")
        fixed(size)
        features = self.features * (1 + self.bidirectional)
        return sequence.resized(length, features), vector(features)

    def weights(self, sequence: Shape) -> WeightShapes:
        rows = self.gates * self.features
        found: dict[str, tuple[int, ...]] = {}
        for layer, size in enumerate(self._sizes(sequence)):
            for end in ("", "_reverse")[: 1 + self.bidirectional]:
                found[f"weight_ih_l{layer}{end}"] = (rows, size)
                found[f"weight_hh_l{layer}{end}"] = (rows, self.features)
                if self.bias:
                    found[f"bias_ih_l{layer}{end}"] = found[f"bias_hh_l{layer}{end}"] = (rows,)
        return found

    def multiply_adds(self, sequence: Shape) -> int:
        length: Size = sequence.sizes[0]
        per_token = sum(self.gates * self.features * (size + self.features) for size in self._sizes(sequence))
        return per_token * (1 + self.bidirectional) * (length if isinstance(length, int) else 1)

    def rule(self, sequence: Shape) -> tuple[SizeLine, ...]:
        ends = 1 + self.bidirectional
        words, working = (
            ("memory × both directions", f"{self.features}·2") if ends > 1 else ("the size of the memory", "")
        )
        lines = (worked("D", self.features * ends, words, working, port=port) for port in ("", "last"))
        return (worked("T", sequence.sizes[0], "one answer for each token"), *lines)

    def terms(self, sequence: Shape) -> tuple[Term, ...]:
        """Weights of the input, of the memory, and biases, layer by layer."""
        gates, units = Factor((self.gates,), "gates"), Factor((self.features,), "units")
        ends = (Factor((2,), "directions"),) if self.bidirectional else ()
        found: list[Term] = []
        for size in self._sizes(sequence):
            found.append(Term((*ends, gates, Factor((size,), "in"), units)))
            found.append(Term((*ends, gates, Factor((self.features,), "memory"), units)))
            if self.bias:
                found.append(Term((*ends, Factor((2,), "biases"), gates, units), is_matrix=False))
        return tuple(found)

    def _sizes(self, sequence: Shape) -> list[int]:
        """Features that each layer reads."""
        return [sequence.features] + [self.features * (1 + self.bidirectional)] * (self.layers - 1)

    def _record(self, module: Expression, sequence: Value, *more: str) -> Expression:
        layers = {"num_layers": self.layers} if self.layers > 1 else {}
        names = ("bias", "bidirectional", "dropout", *more) if self.layers > 1 else ("bias", "bidirectional", *more)
        return module(sequence.features, self.features, **layers, batch_first=True, **self.options(*names))

    def _last(self, memory: Expression) -> Expression:
        """What the memory of the uppermost layer holds at the end, (batch, features)."""
        return torch.cat((memory[-2], memory[-1]), dim=1) if self.bidirectional else memory[-1]


class RNN(_Recurrent):
    """Plain recurrent network: its memory is a bent weighted sum of the token and of the memory before it."""

    gates = 1

    nonlinearity: Annotated[Literal["tanh", "relu"], "what bends the sum"] = "tanh"

    synonyms: ClassVar[tuple[str, ...]] = ("recurrent", "elman", "vanilla rnn", "memory", "text", "time", "feedback")
    formula: ClassVar[str] = r"h_t = f(W x_t + U h_{t-1} + b)"
    purpose: ClassVar[str] = (
        "Reads one token after the other and keeps {features} numbers in mind. The same weights serve every step, so "
        "any length can be read."
    )
    trap: ClassVar[str] = (
        "Through T steps the gradient is multiplied by U as often: it vanishes or explodes. LSTM and GRU were made "
        "against that. PyTorch keeps two biases."
    )
    uses: ClassVar[str] = "tokens"
    paper: ClassVar[str] = "Elman 1990, Finding structure in time https://doi.org/10.1207/s15516709cog1402_1"
    slide: ClassVar[str] = "Recurrent network"
    examples: ClassVar = (*_Recurrent.examples, (sequence("T", 6), {"features": 4, "nonlinearity": "relu"}))

    def build(self, sequence: Value) -> tuple[Expression, Expression]:
        answer = self._record(nn.RNN, sequence, "nonlinearity")(sequence)
        return answer[0], self._last(answer[1])


class LSTM(_Recurrent):
    """Long short-term memory: gates decide what its memory forgets, takes in and shows for each token."""

    gates = 4

    synonyms: ClassVar[tuple[str, ...]] = ("recurrent", "rnn", "memory", "text", "time")
    formula: ClassVar[str] = (
        r"f_t = \sigma(W_f x_t + U_f h_{t-1} + b_f) \\ i_t = \sigma(W_i x_t + U_i h_{t-1} + b_i) \\ o_t = \sigma(W_o "
        r"x_t + U_o h_{t-1} + b_o) \\ g_t = \tanh(W_g x_t + U_g h_{t-1} + b_g) \\ c_t = f_t \odot c_{t-1} + i_t \odot "
        r"g_t \\ h_t = o_t \odot \tanh(c_t)"
    )
    purpose: ClassVar[str] = (
        "A memory c of {features} numbers runs along the sequence. Gates say what it forgets (f), takes in (i) and "
        "shows (o); because c is only scaled and added to, gradients survive long sequences."
    )
    trap: ClassVar[str] = (
        "Four weighted sums (f, i, o, g), not five perceptrons. The form of 1997 has no forget gate and three sums."
    )
    uses: ClassVar[str] = "tokens"
    paper: ClassVar[str] = (
        "Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 1999 https://doi.org/10.1162/neco.1997.9.8.1735"
    )
    slide: ClassVar[str] = "LSTM"

    def build(self, sequence: Value) -> tuple[Expression, Expression]:
        answer = self._record(nn.LSTM, sequence)(sequence)
        return answer[0], self._last(answer[1][0])


class GRU(_Recurrent):
    """Gated recurrent unit: one gate blends memory and news, another chooses what of the memory the news may see."""

    gates = 3

    synonyms: ClassVar[tuple[str, ...]] = ("recurrent", "rnn", "memory", "text", "time")
    formula: ClassVar[str] = (
        r"r_t = \sigma(W_r x_t + U_r h_{t-1} + b_r) \\ z_t = \sigma(W_z x_t + U_z h_{t-1} + b_z) \\ n_t = \tanh(W_n "
        r"x_t + b_n + r_t \odot (U_n h_{t-1} + b_n^\prime)) \\ h_t = z_t \odot h_{t-1} + (1 - z_t) \odot n_t"
    )
    purpose: ClassVar[str] = (
        "One memory h of {features} numbers: gate z blends what was remembered with the news n, gate r chooses what "
        "of the memory the news may see. Fewer weights than an LSTM."
    )
    trap: ClassVar[str] = "PyTorch applies r after U h + b, Cho et al. before: with biases the two differ."
    uses: ClassVar[str] = "tokens"
    paper: ClassVar[str] = (
        "Cho et al. 2014, Learning phrase representations using RNN encoder-decoder https://arxiv.org/abs/1406.1078"
    )
    slide: ClassVar[str] = "GRU"

    def build(self, sequence: Value) -> tuple[Expression, Expression]:
        answer = self._record(nn.GRU, sequence)(sequence)
        return answer[0], self._last(answer[1])
