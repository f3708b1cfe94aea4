"""What turns the code of an autoencoder into a distribution that can be drawn from."""

from __future__ import annotations

from typing import ClassVar

from nodes.joining import met
from studio.core.node_class import Layer
from studio.core.record import Expression, Value, modules
from studio.core.shape import Shape, image, sequence, vector

FAMILY = "Norm & dropout"

KINGMA = "Kingma & Welling 2014, Auto-encoding variational Bayes https://arxiv.org/abs/1312.6114"


class NormalSample(Layer):
    """Draws a code from the normal distribution that an encoder answers; when not training it takes the mean."""

    synonyms: ClassVar[tuple[str, ...]] = (
        "reparametrisation", "reparameterization trick", "vae", "variational", "latent", "sample", "posterior",
    )  # fmt: skip
    formula: ClassVar[str] = r"z = \mu + \sigma \epsilon, \quad \epsilon \sim N(0, 1)"
    purpose: ClassVar[str] = (
        "The noise comes from outside, so gradients reach mean and deviation. A decoder that must do with codes drawn "
        "around the mean gives similar pictures for similar codes, and leaves no gaps between them."
    )
    trap: ClassVar[str] = (
        "The second value is log σ², which may be any number, so the deviation is exp of half of it. Measured and "
        "exported, it gives the mean and draws nothing."
    )
    paper: ClassVar[str] = KINGMA
    slide: ClassVar[str] = "Why doesn't this work?"
    examples: ClassVar = (
        (vector(5), vector(5)),
        (image(4, 8, 8), image(4, 8, 8)),
        (sequence("T", 4), sequence("T", 4)),
    )

    def infer(self, mean: Shape, log_variance: Shape) -> Shape:
        return met(mean, log_variance, ("mean", "log_variance"), stretch=False)

    def build(self, mean: Value, log_variance: Value) -> Expression:
        return modules.normal_sample.NormalSample()
