"""What an objective of a denoiser needs for every sample beside data: moments, classes to ask for, known regions."""

from __future__ import annotations

from typing import Annotated, ClassVar

from nodes.diffusion import HO, Steps
from studio.core.declaration import Count, Fraction, Whole
from studio.core.derivation import SizeLine, worked
from studio.core.node_class import Layer
from studio.core.problem import Mismatch
from studio.core.record import Expression, Value, modules, torch
from studio.core.shape import LABEL, NUMBER, Shape, arriving, expect, image, vector

FAMILY = "Data"


class RandomTimes(Layer):
    """A random moment of the way from sample to noise for every sample: a whole number from 0 to steps − 1."""

    steps: Steps = 1000

    synonyms: ClassVar[tuple[str, ...]] = ("timestep", "time", "diffusion", "uniform", "random integer", "ddpm")
    formula: ClassVar[str] = r"t \in \set{0, \dots, T - 1} \text{, all alike}"
    purpose: ClassVar[str] = (
        "A denoiser is asked at all of {steps} moments later, so it is trained on all of them, each sample of a batch "
        "on another. The link only says how many samples there are."
    )
    trap: ClassVar[str] = "Papers count from 1 to T, programs from 0 to T − 1."
    paper: ClassVar[str] = HO
    slide: ClassVar[str] = "Denoising"
    examples: ClassVar = ((vector(2),), (image(1, "H", "W"), {"steps": 50}))

    def infer(self, like: Shape) -> Shape:
        return _each(like, NUMBER)

    def rule(self, like: Shape) -> tuple[SizeLine, ...]:
        return ()

    def build(self, like: Value) -> Expression:
        return torch.randint(self.steps, (like.size(0),), device=like.device).float()


class Labels(Layer):
    """Class numbers in turn, one for every sample: what a conditional generator is asked for."""

    classes: Annotated[Count, "how many classes take turns"] = 10
    first: Annotated[Whole, "class of the first sample; with one class that of all"] = 0

    synonyms: ClassVar[tuple[str, ...]] = ("class", "condition", "wanted", "unconditional", "nothing", "arange")
    formula: ClassVar[str] = r"y_i = f + (i \text{ mod } n)"
    purpose: ClassVar[str] = (
        "Asks for {classes} classes in turn from number {first} on. One class, with the number behind the last as the "
        "first, says nothing: that is what guidance compares with."
    )
    trap: ClassVar[str] = "It makes labels up: real samples need those of the data."
    slide: ClassVar[str] = "Conditional denoising"
    examples: ClassVar = ((vector(2),), (image(1, "H", "W"), {"classes": 1, "first": 10}))

    def infer(self, like: Shape) -> Shape:
        return _each(like, LABEL)

    def rule(self, like: Shape) -> tuple[SizeLine, ...]:
        return ()

    def build(self, like: Value) -> Expression:
        turn = torch.arange(like.size(0), device=like.device).remainder(self.classes)
        return turn + self.first if self.first else turn


class BoxMask(Layer):
    """Says which pixels of a picture are known: all but a box in its middle, which is to be filled in."""

    share: Annotated[Fraction, "sides of the box, as a share of the picture's"] = 0.5

    synonyms: ClassVar[tuple[str, ...]] = ("inpainting", "hole", "region", "known", "removal", "square")
    formula: ClassVar[str] = r"y_{h,w} = \cases{0 & \text{in the box} \\ 1 & \text{else}}"
    purpose: ClassVar[str] = (
        "For inpainting: what is 1 is kept of the known picture, and the sampler makes up the rest so that it fits."
    )
    trap: ClassVar[str] = "1 is what is known, not what is to be painted."
    paper: ClassVar[str] = (
        "Lugmayr et al. 2022, RePaint: Inpainting using denoising diffusion probabilistic models "
        "https://arxiv.org/abs/2201.09865"
    )
    slide: ClassVar[str] = "Examples: domains, text, layout, removal"
    examples: ClassVar = ((image(3, 8, 9),), (image(1, "H", "W"), {"share": 0.3}))

    def infer(self, like: Shape) -> Shape:
        _, *sides = expect(like, "image", "like")
        return image(1, *sides)

    def rule(self, like: Shape) -> tuple[SizeLine, ...]:
        sides = SizeLine(("H", "W"), like.sizes[1:], "as it arrives")
        return worked("C", 1, "the same for all channels"), sides

    def build(self, like: Value) -> Expression:
        return modules.box_mask.BoxMask(**self.options("share"))


def _each(like: Shape, one: Shape) -> Shape:
    """One of this for every sample. Raises Mismatch where what arrives has no samples."""
    if not like.batched:
        raise Mismatch(f"This takes the number of samples from a value; {arriving(like)}, which has none.", "like")
    return one
