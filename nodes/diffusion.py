"""The way from a sample to noise, as a denoiser is trained on it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from nodes.joining import met
from studio.core.declaration import Count, Fraction
from studio.core.derivation import SizeLine, stays
from studio.core.node_class import Layer
from studio.core.problem import LinkTo, Mismatch, WrongKind
from studio.core.record import Expression, Value, modules
from studio.core.shape import LABEL, NUMBER, Shape, arriving, image, numbers, vector

FAMILY = "Norm & dropout"

HO = "Ho et al. 2020, Denoising diffusion probabilistic models https://arxiv.org/abs/2006.11239"
GUIDANCE = "Ho & Salimans 2022, Classifier-free diffusion guidance https://arxiv.org/abs/2207.12598"

Schedule = Annotated[
    Literal["linear", "cosine", "latent"],
    "how much noise each step adds: linear, 1e-4 to 0.02; cosine, gently at both ends; latent, 0.0015 to 0.0195 evenly "
    "spaced in the root; of linear and latent, fewer than 1000 steps add as much in all",
]
Predicts = Annotated[
    Literal["noise", "sample", "velocity"],
    "what the denoiser tells: the noise ε, the clean sample x₀, or the velocity √ᾱ ε − √(1 − ᾱ) x₀",
]
Steps = Annotated[Count, "steps from a sample to pure noise"]


class AddNoise(Layer):
    """Mixes samples with normal noise, the more the later the time; beside the mixture it answers what to predict."""

    schedule: Schedule = "linear"
    steps: Steps = 1000
    predicts: Predicts = "noise"

    outputs: ClassVar[tuple[str, ...]] = ("noisy", "target")
    synonyms: ClassVar[tuple[str, ...]] = (
        "diffusion", "forward process", "noise schedule", "ddpm", "beta", "q sample", "corrupt",
    )  # fmt: skip
    formula: ClassVar[str] = (
        r"x_t = \sqrt{a_t} x_0 + \sqrt{1 - a_t} \epsilon, \quad \epsilon \sim N(0, 1) \\ "
        r"a_t = \prod_{s \le t} (1 - b_s)"
    )
    purpose: ClassVar[str] = (
        "Jumps to any moment of the way from sample to noise at once, so that a denoiser is trained on random moments. "
        "Its target is the {predicts}."
    )
    trap: ClassVar[str] = (
        "Drawn as predicting the reverse drift, it is mostly the noise that is predicted. Sampler and AddNoise must "
        "agree on schedule, steps and what is predicted. Times count from 0."
    )
    paper: ClassVar[str] = HO
    slide: ClassVar[str] = "Diffusion process"
    shown: ClassVar[tuple[str, ...]] = ("schedule", "steps", "predicts")
    examples: ClassVar = (
        (vector(2), NUMBER),
        (image(1, 8, 8), NUMBER, {"schedule": "cosine", "steps": 100, "predicts": "velocity"}),
        (image(4, 3, 3), NUMBER, image(4, 3, 3), {"schedule": "latent", "predicts": "sample"}),
    )

    def infer(self, values: Shape, time: Shape, noise: Shape | None = None) -> tuple[Shape, ...]:
        if not numbers(values, "values").sizes:
            raise Mismatch(f"Samples have axes; {arriving(values)}.", "values", (LinkTo(),))
        check_time(time)
        if noise is not None:
            met(values, noise, ("values", "noise"), stretch=False)
        return values, values

    def rule(self, values: Shape, time: Shape, noise: Shape | None = None) -> tuple[SizeLine, ...]:
        return *stays(values), *stays(values, "as the values", port="target")

    def build(self, values: Value, time: Value, noise: Value | None = None) -> tuple[Expression, ...]:
        given = {} if noise is None else {"noise": noise}
        mixed = modules.diffusion.AddNoise(**self.options("schedule", "steps", "predicts"))(values, time, **given)
        return mixed[0], mixed[1]


class DropLabel(Layer):
    """While training, hides some labels: they become the number behind the last class, which means none."""

    classes: Annotated[Count, "number of classes; a label is from 0 to classes − 1, and classes means none"] = 10
    p: Annotated[Fraction, "probability that a label is hidden"] = 0.1

    synonyms: ClassVar[tuple[str, ...]] = (
        "classifier-free guidance", "cfg", "unconditional", "condition", "null", "diffusion",
    )  # fmt: skip
    formula: ClassVar[str] = r"y = \cases{n & \text{with probability } p \\ x & \text{else}}"
    purpose: ClassVar[str] = (
        "Lets one denoiser learn both with and without the class. A sampler then goes further in the direction in "
        "which the two answers differ: that is guidance."
    )
    trap: ClassVar[str] = "The embedding behind it needs one entry more than there are classes."
    paper: ClassVar[str] = GUIDANCE
    slide: ClassVar[str] = "Conditional denoising"
    examples: ClassVar = ((LABEL,), (LABEL, {"classes": 3, "p": 0.5}))

    def infer(self, label: Shape) -> Shape:
        if (label.axes, label.dtype, label.batched) != ((), "int", True):
            raise WrongKind(f"This hides labels, which are class numbers; {arriving(label)}.", "label", (LinkTo(),))
        return label

    def build(self, label: Value) -> Expression:
        return modules.drop_label.DropLabel(self.classes, **self.options("p"))


def check_time(time: Shape) -> None:
    """Raises WrongKind where there is not one number for each sample."""
    if (time.axes, time.dtype, time.batched) != ((), "float", True):
        raise WrongKind(f"The time is one number for each sample; {arriving(time)}.", "time", (LinkTo(),))
