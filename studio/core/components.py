"""Principal components of the training part in place of the numbers of a sample."""

from __future__ import annotations

from typing import Annotated

from studio.core.declaration import Whole
from studio.core.derivation import SizeLine, worked
from studio.core.problem import Assign, Mismatch
from studio.core.shape import Shape, vector

Components = Annotated[
    Whole, "principal components of the training part that are kept: a sample becomes a vector of them; 0 keeps it"
]


def reduced(shape: Shape, components: int) -> Shape:
    """The shape of a sample of which so many components are kept. Raises Mismatch where there are not so many."""
    if not components:
        return shape
    if components > shape.elements:
        repairs = (Assign("components", shape.elements, f"Set components to {shape.elements}"),)
        raise Mismatch(
            f"A sample {shape} has {shape.elements:,} components at most, not {components:,}.", None, repairs
        )
    return vector(components)


def components_line(components: int) -> SizeLine:
    """Where the size of such a vector comes from."""
    return worked("D", components, "as many principal components as are kept")
