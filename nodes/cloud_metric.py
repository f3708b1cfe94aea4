"""What a person judges generated samples by as a whole: whether they lie where real ones do."""

from __future__ import annotations

from typing import Annotated, ClassVar

from nodes.joining import met
from nodes.loss import NO_FIGURE
from studio.core.declaration import Count, Positive
from studio.core.derivation import Factor, Term
from studio.core.node_class import Metric
from studio.core.problem import Mismatch
from studio.core.record import Expression, Value, modules
from studio.core.shape import LOSS, Shape, arriving, fixed, image, vector

FAMILY = "Loss & metrics"


class MeanDiscrepancy(Metric):
    """How far generated samples are, as a whole, from real ones: near 0 where both are of one distribution."""

    width: Annotated[Positive, "distance within which samples count as close: that of the details that matter"] = 0.5

    waves: Annotated[Count, "random waves over the samples, whose means are compared"] = 256

    higher_is_better = False

    synonyms: ClassVar[tuple[str, ...]] = ("mmd", "samples", "generator", "two samples", "kernel", "quality", "energy")
    formula: ClassVar[str] = r"\sqrt{E k(x, x^\prime) + E k(y, y^\prime) - 2 E k(x, y)}"
    purpose: ClassVar[str] = (
        "Compares how close generated samples x are to each other, real ones y to each other, and both to one another: "
        "samples that are off, missing or too much alike all make it larger, up to 1.4."
    )
    trap: ClassVar[str] = (
        "Two draws of n samples from one distribution are still about 1.4 / √n apart. For pictures, whose distances "
        "mean little, compare features."
    )
    paper: ClassVar[str] = (
        "Gretton et al. 2012, A kernel two-sample test, with the waves of Rahimi & Recht 2007 "
        "https://jmlr.org/papers/v13/gretton12a.html"
    )
    slide: ClassVar[str] = "Denoising"
    examples: ClassVar = ((vector(2), vector(2)), (image(1, 4, 4), image(1, 4, 4), {"width": 4.0}))

    def infer(self, made: Shape, real: Shape) -> Shape:
        met(made, real, ("made", "real"), stretch=False)
        if not made.sizes:
            raise Mismatch(f"Samples have axes; {arriving(made)}.", "made", NO_FIGURE)
        for size in made.sizes:
            fixed(size)
        return LOSS

    def build(self, made: Value, real: Value) -> Expression:
        return modules.mean_discrepancy.MeanDiscrepancy(made.shape.elements, self.width, **self.options("waves"))

    def multiply_adds(self, made: Shape, real: Shape) -> int:
        return 2 * made.elements * self.waves

    def work(self, made: Shape, real: Shape) -> tuple[Term, ...]:
        """Each number of a sample of either cloud, along each wave."""
        return (Term((Factor((2,), "clouds"), Factor((made.elements,), "numbers"), Factor((self.waves,), "waves"))),)
