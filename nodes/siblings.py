"""Which layer of the same name stands for values of another kind: Conv1d for signals, Conv2d for images."""

from __future__ import annotations

from studio.core.node_class import NodeClass
from studio.core.problem import Replace
from studio.core.shape import Shape

AXES = {"vector": 1, "signal": 1, "image": 2, "volume": 3}


def siblings(layer: NodeClass, values: Shape, *, vectors: bool = False) -> tuple[Replace, ...]:
    """The repair that puts it there, with the settings that do not depend on the axes; none for other values.

    ``vectors`` says that the layer for signals takes vectors too.
    """
    axes = AXES.get(values.kind)
    if axes is None or values.dtype != "float" or (values.kind == "vector" and not vectors):
        return ()
    other = f"{type(layer).__name__.removesuffix('d')[:-1]}{axes}d"
    settings = {name: value for name, value in layer.values().items() if not isinstance(value, tuple)}
    return (Replace(other, f"Use {other} instead", settings),)
