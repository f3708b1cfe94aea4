"""What makes samples with a denoiser: it is asked again and again, and each time a little noise is taken away."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from nodes.diffusion import HO, Predicts, Schedule, Steps
from nodes.joining import met
from studio.core.declaration import Count, Fraction, NotNegative, Number
from studio.core.derivation import SizeLine, merged, stays, worked
from studio.core.node_class import Asking
from studio.core.problem import Assign, LinkTo, Mismatch
from studio.core.record import Expression, Value, modules, network
from studio.core.shape import LABEL, Shape, arriving, film, image, numbers, sequence, vector

FAMILY = "Data"


class _Sampler(Asking):
    """What goes from noise to samples.

    The network is handed the noisy values, the time and, where one is linked, the condition, in this order.
    """

    schedule: Schedule = "linear"
    steps: Steps = 1000
    predicts: Predicts = "noise"
    guidance: Annotated[
        Number, "how far to go from the answer without condition to that with it, and beyond: 1 is just with it"
    ] = 1.0
    limit: Annotated[NotNegative, "largest value that a sample may have, 1 for images from −1 to 1; 0 is none"] = 0.0
    frames: Annotated[Count, "states that the film shows, from noise to sample"] = 8

    taught_by: ClassVar[str] = "AddNoise"
    as_taught: ClassVar[tuple[str, ...]] = ("schedule", "steps", "predicts")
    outputs: ClassVar[tuple[str, ...]] = ("samples", "film")
    slide: ClassVar[str] = "Denoising"
    shown: ClassVar[tuple[str, ...]] = ("network", "schedule", "guidance")

    def infer(
        self,
        noise: Shape,
        condition: Shape | None = None,
        nothing: Shape | None = None,
        known: Shape | None = None,
        mask: Shape | None = None,
    ) -> tuple[Shape, ...]:
        if not numbers(noise, "noise").sizes:
            raise Mismatch(f"Noise has the axes of a sample; {arriving(noise)}.", "noise", (LinkTo(),))
        self._check_guidance(condition, nothing)
        if (known is None) != (mask is None):
            empty = "mask" if mask is None else "known"
            raise Mismatch("What is known and where it is known belong together: link both.", empty, (LinkTo(),))
        if known is not None and mask is not None:
            met(noise, known, ("noise", "known"), stretch=False)
            if met(noise, mask, ("noise", "mask")) != noise:
                raise Mismatch(f"The mask is larger than the samples; {arriving(mask)}.", "mask", (LinkTo(),))
        return noise, film(self._frames(), noise)

    def rule(self, noise: Shape, *others: Shape | None) -> tuple[SizeLine, ...]:
        frame = (
            worked(axis, size, "as the noise", port="film") for axis, size in zip(noise.axes, noise.sizes, strict=True)
        )
        states = worked("S", self._frames(), "as the setting says, the last one included", port="film")
        return *stays(noise), states, *merged(frame)

    def _frames(self) -> int:
        """States that the film has: no more than there are."""
        return len({round(at * self._taken() / max(self.frames - 1, 1)) for at in range(self.frames)} | {self._taken()})

    def _taken(self) -> int:
        """How often the network is asked on the way."""
        return self.steps

    def _check_guidance(self, condition: Shape | None, nothing: Shape | None) -> None:
        """Raises Mismatch where the answers with and without a condition cannot be compared."""
        if nothing is not None and condition is None:
            raise Mismatch("There is nothing to compare with: link a condition too.", "condition", (LinkTo(),))
        if condition is not None and nothing is not None and condition != nothing:
            message = f"Both must be of one kind: the condition is {condition}, what says nothing is {nothing}."
            raise Mismatch(message, "nothing", (LinkTo(),))
        if self.guidance != 1 and nothing is None:
            repairs = (Assign("guidance", 1.0, "Set guidance to 1"),)
            message = "Guidance compares with an answer without condition: link a condition that says nothing."
            raise Mismatch(message, "nothing", repairs)

    def _recorded(self, sampler: Expression, noise: Value, others: dict[str, Value | None]) -> tuple[Expression, ...]:
        given = {name: value for name, value in others.items() if value is not None}
        made = sampler(network(self.network), noise, **given)
        return made[0], made[1]


class DDPM(_Sampler):
    """Goes from noise to samples through all steps, one by one, with a little new noise at each."""

    variance: Annotated[
        Literal["posterior", "beta"], "of the new noise: what Bayes' rule says for a known sample, or that of the step"
    ] = "posterior"

    synonyms: ClassVar[tuple[str, ...]] = (
        "sampler", "ancestral", "diffusion", "reverse process", "generate", "denoising", "inpainting", "guidance",
    )  # fmt: skip
    formula: ClassVar[str] = (
        r"x_{t-1} = \frac{1}{\sqrt{1 - b_t}} (x_t - \frac{b_t}{\sqrt{1 - a_t}} \epsilon_t) + \sigma_t n"
    )
    purpose: ClassVar[str] = (
        "Turns the way into noise round: asks the network at each of {steps} moments how much of the values is noise, "
        "and takes a little of it away. The film shows the way."
    )
    trap: ClassVar[str] = (
        "The network is asked {steps} times for each sample, so it is slow: DDIM needs a twentieth. Settings must be "
        "those of AddNoise."
    )
    paper: ClassVar[str] = HO
    examples: ClassVar = (
        (vector(2), {"steps": 5}),
        (image(1, 8, 8), LABEL, LABEL, image(1, 8, 8), image(1, 8, 8), {"steps": 4, "guidance": 3.0, "limit": 1.0}),
        (sequence(3, 4), {"steps": 3, "variance": "beta", "predicts": "velocity", "schedule": "cosine", "frames": 2}),
    )

    def build(
        self,
        noise: Value,
        condition: Value | None = None,
        nothing: Value | None = None,
        known: Value | None = None,
        mask: Value | None = None,
    ) -> tuple[Expression, ...]:
        options = self.options("schedule", "steps", "variance", "predicts", "guidance", "limit", "frames")
        others = {"condition": condition, "nothing": nothing, "known": known, "mask": mask}
        return self._recorded(modules.diffusion.DDPM(**options), noise, others)


class DDIM(_Sampler):
    """Goes from noise to samples in a few large steps: the same noise then always gives the same sample."""

    taken: Annotated[Count, "how many of the steps are taken, evenly spread"] = 50
    eta: Annotated[Fraction, "share of new noise: 0 adds none, 1 as much as DDPM"] = 0.0

    synonyms: ClassVar[tuple[str, ...]] = (
        "sampler", "fast", "deterministic", "implicit", "diffusion", "generate", "inpainting", "guidance",
    )  # fmt: skip
    formula: ClassVar[str] = (
        r"x_s = \sqrt{a_s} \hat{x}_0 + \sqrt{1 - a_s - \sigma^2} \hat{\epsilon} + \sigma n \\ "
        r"\hat{x}_0 = \frac{x_t - \sqrt{1 - a_t} \hat{\epsilon}}{\sqrt{a_t}}"
    )
    purpose: ClassVar[str] = (
        "Asks the network {taken} times only: each answer says where the sample should be, and the values go straight "
        "there, to the moment of the next question. The film shows the way."
    )
    trap: ClassVar[str] = (
        "Large guidance makes samples of a class surer and more alike, and drives values out of range: give a limit."
    )
    paper: ClassVar[str] = "Song et al. 2021, Denoising diffusion implicit models https://arxiv.org/abs/2010.02502"
    shown: ClassVar[tuple[str, ...]] = ("network", "taken", "guidance")
    examples: ClassVar = (
        (vector(2), {"taken": 4}),
        (image(1, 8, 8), LABEL, LABEL, {"taken": 3, "guidance": 2.0, "limit": 1.0, "schedule": "cosine"}),
        (image(1, 8, 8), LABEL, {"taken": 20, "steps": 3, "eta": 1.0, "predicts": "sample", "frames": 1}),
    )

    def build(
        self,
        noise: Value,
        condition: Value | None = None,
        nothing: Value | None = None,
        known: Value | None = None,
        mask: Value | None = None,
    ) -> tuple[Expression, ...]:
        options = self.options("schedule", "steps", "taken", "eta", "predicts", "guidance", "limit", "frames")
        others = {"condition": condition, "nothing": nothing, "known": known, "mask": mask}
        return self._recorded(modules.diffusion.DDIM(**options), noise, others)

    def _taken(self) -> int:
        return min(self.taken, self.steps)
