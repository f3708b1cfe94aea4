"""Activations in which one half of the numbers opens and closes the way of the other."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from studio.core.derivation import SizeLine, stays, worked
from studio.core.node_class import Layer
from studio.core.problem import Insert, Mismatch
from studio.core.record import Expression, F, Value, nn
from studio.core.shape import Shape, arriving, class_axis, fixed, image, numbers, sequence, vector

FAMILY = "Activation"


class GLU(Layer):
    """Halves the channels, or the features, and lets the second half open and close the way of the first."""

    gate: Annotated[Literal["sigmoid", "SiLU", "GELU", "ReLU"], "what the second half goes through"] = "sigmoid"

    synonyms: ClassVar[tuple[str, ...]] = ("gated linear unit", "gate", "swiglu", "geglu", "reglu")
    formula: ClassVar[str] = r"y = a \odot g(b), \quad x = [a, b]"
    purpose: ClassVar[str] = (
        "Half of the numbers says what, the other half how much of it: a gate ({gate}) that is learned by the layer "
        "before. Language models use it in their feed-forward part."
    )
    trap: ClassVar[str] = (
        "Half as many numbers leave as arrive, so the layer before must be twice as wide. With SiLU it is called "
        "SwiGLU; Llama writes the gate first, PyTorch second."
    )
    paper: ClassVar[str] = (
        "Dauphin et al. 2016, Language modeling with gated convolutional networks https://arxiv.org/abs/1612.08083"
    )
    examples: ClassVar = (
        (image(4, 5, 6),),
        (vector(8), {"gate": "GELU"}),
        (sequence("T", 6), {"gate": "SiLU"}),
        (image(2, "H", "W"), {"gate": "ReLU"}),
    )

    def infer(self, values: Shape) -> Shape:
        if not numbers(values, "values").sizes:
            raise Mismatch(f"Gates need several numbers; {arriving(values)}.", "values")
        at = self._place(values)
        size = fixed(values.sizes[at])
        if size % 2:
            raise Mismatch(f"{size} {'channels' if at == 0 else 'features'} have no halves.", "values", _wider(values))
        return values.resized(*values.sizes[:at], size // 2, *values.sizes[at + 1 :])

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        at = self._place(values)
        size = fixed(values.sizes[at])
        half = worked(values.axes[at], size // 2, "half of what arrives", rf"\frac{{{size}}}{{2}}")
        before, after = Shape(values.axes[:at], values.sizes[:at]), Shape(values.axes[at + 1 :], values.sizes[at + 1 :])
        return (*stays(before), half, *stays(after))

    def build(self, values: Value) -> Expression:
        axis = class_axis(values.shape)
        if self.gate == "sigmoid":
            return nn.GLU(dim=axis)
        halves = values.chunk(2, dim=axis)
        gates = {"SiLU": F.silu, "GELU": F.gelu, "ReLU": F.relu}
        return halves[0] * gates[self.gate](halves[1])

    def _place(self, values: Shape) -> int:
        """The axis that is halved, without that of the batch."""
        return 0 if class_axis(values) == 1 else len(values.axes) - 1


def _wider(values: Shape) -> tuple[Insert, ...]:
    """A layer that makes the number even."""
    if values.kind == "image":
        filters = values.channels + 1
        label = f"Insert 1×1 convolution, {values.channels} → {filters}"
        return (Insert("Conv2d", label, {"filters": filters, "kernel": 1}),)
    if values.axes[-1:] == ("D",):
        features = values.features + 1
        return (Insert("Linear", f"Insert Linear, {values.features} → {features}", {"features": features}),)
    return ()
