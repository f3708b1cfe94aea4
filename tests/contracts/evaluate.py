"""Runs what ``build`` records with the real torch, without the compiler: the referee of the node contracts."""

import importlib
import operator
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from studio.core.record import Expression, is_module

OPERATIONS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "@": operator.matmul,
    "**": operator.pow,
    "==": operator.eq,
    ">=": operator.ge,
}
ROOTS = {"torch": torch, "nn": nn, "F": nn.functional}


class Evaluation:
    """Evaluates expressions; one that occurs twice is computed once."""

    def __init__(self, inputs: Mapping[tuple[str, int], Tensor]) -> None:
        self.inputs = inputs
        self.modules: list[nn.Module] = []
        self._known: dict[int, tuple[Expression, Any]] = {}

    def again(self, inputs: Mapping[tuple[str, int], Tensor]) -> "Evaluation":
        """The same modules with other inputs."""
        other = Evaluation(inputs)
        other.modules = self.modules
        other._known = {key: found for key, found in self._known.items() if isinstance(found[1], nn.Module)}
        return other

    def output(self, built: Expression) -> Any:
        """The value of what ``build`` answered; a bare module is applied to all inputs."""
        value = self.value(built)
        return value(*self.inputs.values()) if is_module(built) else value

    def value(self, part: Any) -> Any:
        """The value of an expression or of plain data with expressions in it."""
        if isinstance(part, tuple | list):
            return type(part)(map(self.value, part))
        if not isinstance(part, Expression):
            return part
        if id(part) not in self._known:
            self._known[id(part)] = part, self._evaluated(part)
        return self._known[id(part)][1]

    def _evaluated(self, part: Expression) -> Any:
        kind, parts = part._kind, part._parts
        match kind:
            case "name":
                return ROOTS.get(parts[0], importlib.import_module("nodes.modules"))
            case "input":
                return self.inputs[parts]
            case "network":
                return lambda values, *others: values  # stands in for a network that a node asks
            case "attribute":
                return self._attribute(*parts)
            case "item":
                return self.value(parts[0])[self.value(parts[1])]
            case "operation":
                return OPERATIONS[parts[0]](self.value(parts[1]), self.value(parts[2]))
            case "negative":
                return -self.value(parts[0])
            case "call":
                return self._called(*parts)
        raise AssertionError(f"unknown kind of expression: {kind}")

    def _attribute(self, owner: Expression, name: str) -> Any:
        if owner._kind == "name" and owner._parts[0] == "modules":
            return importlib.import_module(f"nodes.modules.{name}")
        return getattr(self.value(owner), name)

    def _called(self, callee: Expression, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        result = self.value(callee)(*self.value(args), **{key: self.value(arg) for key, arg in kwargs.items()})
        if isinstance(result, nn.Module):
            self.modules.append(result)
        return result
