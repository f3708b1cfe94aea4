"""A recorder that looks like PyTorch: ``nn.Conv2d(3, 6, 5)`` becomes plain data that the compiler prints as source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from studio.core.shape import Shape

Kind = Literal["name", "call", "attribute", "item", "operation", "negative", "input", "network"]


class Expression:
    """One recorded expression; calling, indexing, computing with it or asking for an attribute records more."""

    __slots__ = ("_kind", "_parts")
    _kind: Kind
    _parts: tuple[Any, ...]

    def __init__(self, kind: Kind, *parts: Any) -> None:
        self._kind, self._parts = kind, parts

    def __call__(self, *args: Any, **kwargs: Any) -> Expression:
        return Expression("call", self, args, kwargs)

    def __getattr__(self, name: str) -> Expression:
        if name.startswith("_"):
            raise AttributeError(name)
        return Expression("attribute", self, name)

    def __getitem__(self, key: Any) -> Expression:
        return Expression("item", self, key)

    def __iter__(self) -> Iterator[Expression]:
        raise TypeError("a recorded value has no known length: index it")

    def __add__(self, other: Any) -> Expression:
        return Expression("operation", "+", self, other)

    def __radd__(self, other: Any) -> Expression:
        return Expression("operation", "+", other, self)

    def __sub__(self, other: Any) -> Expression:
        return Expression("operation", "-", self, other)

    def __rsub__(self, other: Any) -> Expression:
        return Expression("operation", "-", other, self)

    def __mul__(self, other: Any) -> Expression:
        return Expression("operation", "*", self, other)

    def __rmul__(self, other: Any) -> Expression:
        return Expression("operation", "*", other, self)

    def __truediv__(self, other: Any) -> Expression:
        return Expression("operation", "/", self, other)

    def __rtruediv__(self, other: Any) -> Expression:
        return Expression("operation", "/", other, self)

    def __matmul__(self, other: Any) -> Expression:
        return Expression("operation", "@", self, other)

    def __pow__(self, other: Any) -> Expression:
        return Expression("operation", "**", self, other)

    def __neg__(self) -> Expression:
        return Expression("negative", self)

    def equals(self, other: Any) -> Expression:
        """Records ``self == other``; the operator itself stays Python's, so that expressions can be compared."""
        return Expression("operation", "==", self, other)

    def at_least(self, other: Any) -> Expression:
        """Records ``self >= other``."""
        return Expression("operation", ">=", self, other)


class Value(Expression):
    """What arrives at an input port while ``build`` records: usable in expressions, and it knows its shape."""

    __slots__ = ("shape",)

    def __init__(self, port: str, shape: Shape, index: int = 0) -> None:
        super().__init__("input", port, index)
        self.shape = shape

    @property
    def channels(self) -> int:
        return self.shape.channels

    @property
    def height(self) -> int:
        return self.shape.height

    @property
    def width(self) -> int:
        return self.shape.width

    @property
    def features(self) -> int:
        return self.shape.features


torch = Expression("name", "torch")
nn = Expression("name", "nn")
F = Expression("name", "F")
modules = Expression("name", "modules")
"""``modules.rbf.RBFOutput(84, 10)`` is the class RBFOutput of nodes/modules/rbf.py, which an export carries along."""


def network(name: str) -> Expression:
    """A network of the project, which an objective is given: what asks it again and again takes it as an argument."""
    return Expression("network", name)


def is_module(expression: Expression) -> bool:
    """Whether this constructs something that owns state: ``nn.Conv2d(…)``, ``modules.rbf.RBFOutput(…)``."""
    if expression._kind != "call":
        return False
    callee = expression._parts[0]
    while callee._kind == "attribute":
        callee = callee._parts[0]
    return callee._kind == "name" and callee._parts[0] in ("nn", "modules")
