"""Every node class with its examples, as numbers, as symbols and as tensors."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from studio.core.catalog import catalog
from studio.core.dataset import Dataset
from studio.core.node_class import NodeClass, shapes_of, values_for
from studio.core.problem import Mismatch
from studio.core.record import Expression
from studio.core.shape import LABEL, LOSS, NUMBER, Shape, Size, image, sequence, tokens, vector

from .evaluate import Evaluation

NUMBERS = {"T": 7, "L": 26, "H": 18, "W": 22, "Z": 10}
"""What a symbol stands for when torch is asked; divisible by nothing that a window divides by."""

ODD_SHAPES = (
    image(3, 8, 9),
    image(1, 1, 1),
    vector(12),
    vector(1),
    sequence(5, 12),
    tokens(5),
    Shape(("C", "L"), (4, 9)),
    Shape(("C", "Z", "H", "W"), (2, 5, 6, 7)),
    Shape(("H", "W"), (8, 9), "int"),
    Shape(("H", "W", "C"), (8, 9, 3)),
    LABEL,
    NUMBER,
    LOSS,
)


@dataclass(frozen=True)
class Example:
    """A node with what arrives at it."""

    node: NodeClass
    shapes: tuple[Shape, ...]

    def __str__(self) -> str:
        settings = ", ".join(f"{name}={value}" for name, value in self.node.values().items())
        return f"{type(self.node).__name__}({settings}) of {', '.join(map(str, self.shapes))}"

    def with_numbers(self) -> "Example":
        """The example with every symbol replaced by a number."""
        return replace(self, shapes=tuple(numbered(shape) for shape in self.shapes))

    def with_symbols(self) -> "Example":
        """The example with a symbol in place of every length, height and width."""
        return replace(self, shapes=tuple(_symbolic(shape) for shape in self.shapes))

    def outputs(self) -> tuple[Shape, ...]:
        return shapes_of(self.node.infer(*self.shapes))

    def refusal(self) -> str | None:
        """What the node says against these values; None where it accepts them."""
        try:
            self.node.infer(*self.shapes)
        except Mismatch as error:
            return error.message
        return None

    def arriving(self) -> dict[str, tuple[Shape, ...]]:
        """The shapes by input port."""
        ports = type(self.node).inputs()
        if ports and ports[-1].variadic:
            return {ports[-1].name: self.shapes}
        return {port.name: (shape,) for port, shape in zip(ports, self.shapes, strict=False)}

    def build(self) -> tuple[Expression, ...]:
        values = values_for(type(self.node).inputs(), self.arriving())
        built = self.node.build(*values)
        return built if isinstance(built, tuple) else (built,)

    def run(self, batch: int = 2) -> tuple[list[Tensor], Evaluation]:
        """What torch answers, and the modules that it made on the way."""
        inputs = {
            (port, index): tensor_of(shape, batch)
            for port, shapes in self.arriving().items()
            for index, shape in enumerate(shapes)
        }
        evaluation = Evaluation(inputs)
        return [evaluation.output(each) for each in self.build()], evaluation


def classes() -> list[type[NodeClass]]:
    """Every node class that is part of a graph's computation."""
    return [cls for cls in catalog().nodes.values() if not issubclass(cls, Dataset)]


def examples_of(cls: type[NodeClass]) -> Iterator[Example]:
    for example in cls.examples:
        settings = example[-1] if example and isinstance(example[-1], dict) else {}
        shapes = tuple(part for part in example if isinstance(part, Shape))
        yield Example(cls.of(settings), shapes)


def all_examples() -> list[Any]:
    """Every example of every class that has inputs."""
    return [example for cls in classes() if cls.inputs() for example in examples_of(cls)]


def numbered(shape: Shape) -> Shape:
    return shape.resized(*(size_of(size) for size in shape.sizes))


def size_of(size: Size) -> int:
    """The number that a size stands for, such as 9 for ``⌊H/2⌋`` where H is 18."""
    if isinstance(size, int):
        return size
    text = re.sub(r"⌈(.*)/(\d+)⌉", r"-((-(\1))//\2)", size)
    text = text.replace("⌊", "(").replace("⌋", ")").replace("//", "/").replace("/", "//").replace("·", "*")
    return int(eval(text, {"__builtins__": {}}, dict(NUMBERS)))


def tensor_of(shape: Shape, batch: int) -> Tensor:
    """A tensor as it arrives at a node of this shape."""
    sizes = (batch, *map(size_of, shape.sizes)) if shape.batched else ()
    return torch.zeros(sizes, dtype=torch.int64) if shape.dtype == "int" else torch.rand(sizes)


def shape_given(tensor: Tensor, shape: Shape) -> tuple[int, ...]:
    """The sizes of a tensor without its batch axis, where the shape says that it has one."""
    return tuple(tensor.shape[1:] if shape.batched else tensor.shape)


def _symbolic(shape: Shape) -> Shape:
    pairs = zip(shape.axes, shape.sizes, strict=True)
    return shape.resized(*(axis if axis in NUMBERS else size for axis, size in pairs))
