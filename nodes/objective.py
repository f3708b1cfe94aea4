"""What objectives need beside data, networks and losses: a place where learning stops, and something to see."""

from __future__ import annotations

from typing import ClassVar

from studio.core.node_class import Display, Layer
from studio.core.problem import Mismatch
from studio.core.record import Expression, Value
from studio.core.shape import Shape, arriving, image, vector

FAMILY = "Loss & metrics"


class Detach(Layer):
    """Lets values through and no gradient back: what lies before it learns nothing from what lies behind."""

    in_networks: ClassVar[bool] = False
    synonyms: ClassVar[tuple[str, ...]] = ("stop gradient", "constant", "freeze", "no grad")
    formula: ClassVar[str] = r"y = x, \quad \frac{\partial y}{\partial x} = 0"
    purpose: ClassVar[str] = (
        "Cuts learning off: a critic that is shown generated samples must not teach the generator how to be caught. It "
        "also saves the work of the gradient before it."
    )
    trap: ClassVar[str] = "What learns in a stage is chosen there; this only ends one way of the gradient."
    slide: ClassVar[str] = "GAN"
    unsourced: ClassVar[str] = ""
    examples: ClassVar = ((vector(5),), (image(3, "H", "W"),))

    def infer(self, value: Shape) -> Shape:
        if not value.batched:
            raise Mismatch(f"This cuts learning off from samples; {arriving(value)}.", "value")
        return value

    def build(self, value: Value) -> Expression:
        return value.detach()


class Preview(Display):
    """Shows a value whenever the objective is measured: samples that a network generates, codes, scores."""

    synonyms: ClassVar[tuple[str, ...]] = ("show", "display", "look", "monitor", "film strip", "samples")
    purpose: ClassVar[str] = (
        "What arrives here is shown at the end of an epoch and kept in the run's folder: images as images, points of "
        "the plane as points, films as strips, numbers as a histogram."
    )
    trap: ClassVar[str] = "It shows held-out samples, and what is drawn at random is the same each time."
    slide: ClassVar[str] = "GAN"
    examples: ClassVar = ((vector(2),), (image(1, 8, 8),))

    def infer(self, value: Shape) -> tuple[Shape, ...]:
        if not value.batched:
            raise Mismatch(f"This shows samples; {arriving(value)}, which is one for all.", "value")
        return ()
