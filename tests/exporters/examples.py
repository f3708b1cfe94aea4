"""Every example of every layer as a network of its own, or many side by side in one."""

from __future__ import annotations

from collections.abc import Sequence

from nodes.inputs import Input, Output
from studio.core.builder import GraphBuilder
from studio.core.catalog import catalog
from studio.core.node_class import Layer
from studio.core.project import Project
from studio.core.shape import KIND_OF_AXES, SCALARS, Shape
from tests.contracts.examples import Example, examples_of

DOORS = frozenset({"Input", "Output"})
BESIDE_ITS_MAKER = frozenset({"MaxUnpool2d"})
"""Takes what only another layer makes: the places where maxima stood."""
DRAWN_ANEW = frozenset({"Noise", "RandomTimes", "AddNoise"})
"""Answer something else each time."""


def layers() -> dict[str, type[Layer]]:
    """Every layer that can stand in a network by itself."""
    found = {name: cls for name, cls in catalog().nodes.items() if issubclass(cls, Layer) and cls.in_networks}
    return {name: cls for name, cls in found.items() if name not in DOORS | BESIDE_ITS_MAKER | DRAWN_ANEW}


def exportable(cls: type[Layer]) -> list[Example]:
    """The examples of a layer whose inputs a network can have."""
    return [each for each in examples_of(cls) if all(map(_can_enter, each.shapes))]


def network_of(examples: Sequence[Example]) -> Project:
    """A project whose one network holds these nodes side by side, with inputs and outputs of their own."""
    net = GraphBuilder()
    for number, each in enumerate(examples, 1):
        ends = [net.add(_input(shape), name=f"In {number} {place}") for place, shape in enumerate(each.shapes, 1)]
        node = net.add(each.node, *ends, name=f"Node {number}")
        for output in each.node.outputs:
            net.add(Output(), node[output], name=f"Out {number} {output}")
    return Project(name="Examples", graphs={"Net": net.graph()})


def varies(example: Example) -> bool:
    """Whether a size of what arrives varies from batch to batch."""
    return any(isinstance(size, str) for shape in example.shapes for size in shape.sizes)


def _can_enter(shape: Shape) -> bool:
    return (shape.axes in KIND_OF_AXES or shape.kind in SCALARS) and shape == _input(shape).infer()


def _input(shape: Shape) -> Input:
    return Input.of({"kind": KIND_OF_AXES.get(shape.axes, shape.kind), "sizes": shape.sizes})
