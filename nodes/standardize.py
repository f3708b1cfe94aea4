"""Z-scores inside a network, from the data that it is trained on."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from studio.core.node_class import Layer
from studio.core.record import Expression, Value, modules
from studio.core.shape import Shape, fixed, image, numbers, sequence, vector

FAMILY = "Norm & dropout"


class Standardize(Layer):
    """Brings values to mean 0 and deviation 1, as measured on the training data: the z-score."""

    each: Annotated[
        Literal["channel", "number"], "what has a mean and a deviation of its own: a channel or feature, or any number"
    ] = "channel"

    synonyms: ClassVar[tuple[str, ...]] = ("z-score", "normalise", "normalization", "standard scaler", "whiten")
    formula: ClassVar[str] = r"y = \frac{x - \mu}{\sigma}"
    purpose: ClassVar[str] = (
        "Behind the input it makes features comparable whatever their units, and goes along into every export. Mean "
        "and deviation of each {each} are gathered while training and stay as they are afterwards."
    )
    trap: ClassVar[str] = (
        "Mean and deviation must come from the training part alone: measured on all data they betray the test. Data "
        "that are prepared as z-scores already need no more."
    )
    paper: ClassVar[str] = "LeCun et al. 1998, Efficient backprop, section 4.3 https://doi.org/10.1007/3-540-49430-8_2"
    slide: ClassVar[str] = "Traditional problems"
    examples: ClassVar = (
        (vector(6),),
        (image(3, "H", "W"),),
        (sequence("T", 4),),
        (image(2, 4, 5), {"each": "number"}),
    )

    def infer(self, values: Shape) -> Shape:
        self._sizes(numbers(values, "values"))
        return values

    def build(self, values: Value) -> Expression:
        return modules.standardize.Standardize(*self._sizes(values.shape))

    def _sizes(self, values: Shape) -> tuple[int, ...]:
        """Sizes of the statistics: 1 along axes that share them. Raises Mismatch where one that counts varies."""
        if self.each == "number":
            return tuple(map(fixed, values.sizes))
        own = next((at for at, axis in enumerate(values.axes) if axis in ("C", "D")), 0)
        return tuple(fixed(size) if at == own else 1 for at, size in enumerate(values.sizes))
