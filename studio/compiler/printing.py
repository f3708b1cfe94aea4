"""Prints recorded expressions as PyTorch source; only numbers, text, and names that we wrote can come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from studio.compiler.layers import LAYERS, is_number
from studio.compiler.program import SLOT, Number, Options, Slot
from studio.core.record import Expression, is_module

PRECEDENCE = {"==": 1, ">=": 1, "+": 2, "-": 2, "*": 3, "/": 3, "@": 3, "**": 5}
ATOM = 6
FROM_THE_LEFT = frozenset("+-*/@")
"""What Python takes from the left: comparisons would be chained, and powers are taken from the right."""


class Printer:
    """Prints expressions in which input ports have become variables and modules attributes of ``self``."""

    def __init__(
        self,
        variables: Mapping[tuple[str, int], str],
        own: Callable[[str], str],
        slots: list[Slot] | None = None,
        networks: Mapping[str, str] | None = None,
    ) -> None:
        """``networks`` are the attributes of the networks that an objective is given, by their names."""
        self._variables, self._networks = variables, networks or {}
        self._own = own
        """Given a module's construction as text, answers the expression that stands for it in forward."""
        self._slots = slots
        """Where the numbers of constructions go, in the order of the marks that stand for them; without, they print."""
        self._constructing = False
        self._names: dict[int, str] = {}
        self.carried: set[str] = set()

    def name(self, expression: Expression, variable: str) -> None:
        """From now on print this very expression as a variable that holds its value."""
        self._names[id(expression)] = variable

    def text(self, value: Any, room: int = 0) -> str:
        """The source of a value; parentheses where an operator binds less than ``room`` asks for."""
        if not isinstance(value, Expression):
            return self._literal(value)
        if id(value) in self._names:
            return self._names[id(value)]
        if is_module(value):
            return self._own(self._constructed(value))
        text, binding = self._expression(value)
        return f"({text})" if binding < room else text

    def _constructed(self, value: Expression) -> str:
        """The source that constructs a module."""
        before, self._constructing = self._constructing, self._slots is not None
        text = self._expression(value)[0]
        self._constructing = before
        return text

    def _expression(self, value: Expression) -> tuple[str, int]:
        """The source and how strongly its last operator binds."""
        parts = value._parts
        match value._kind:
            case "name":
                return parts[0], ATOM
            case "input":
                return self._variables[parts[0], parts[1]], ATOM
            case "network":
                return f"self.{self._networks[parts[0]]}", ATOM
            case "attribute":
                return self._attribute(*parts), ATOM
            case "item":
                return f"{self.text(parts[0], ATOM)}[{self._key(parts[1])}]", ATOM
            case "negative":
                return f"-{self.text(parts[0], ATOM)}", 4
            case "operation":
                binding = PRECEDENCE[parts[0]]
                left = self.text(parts[1], binding + (parts[0] not in FROM_THE_LEFT))
                return f"{left} {parts[0]} {self.text(parts[2], binding + 1)}", binding
            case _:
                return self._call(*parts), ATOM

    def _attribute(self, owner: Expression, name: str) -> str:
        if owner._kind == "attribute" and owner._parts[0]._kind == "name" and owner._parts[0]._parts[0] == "modules":
            self.carried.add(owner._parts[1])
            return name
        return f"{self.text(owner, ATOM)}.{name}"

    def _call(self, callee: Expression, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
        if self._constructing:
            return self._marked(callee, args, kwargs)
        given = [self.text(arg) for arg in args] + [f"{key}={self.text(arg)}" for key, arg in kwargs.items()]
        return f"{self.text(callee, ATOM)}({', '.join(given)})"

    def _marked(self, callee: Expression, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
        """The call with a mark for every number; what it leaves to PyTorch has one mark, behind the numbers."""
        layer = LAYERS.get(callee._parts[-1]) if callee._kind == "attribute" else None
        names = layer.names if layer else ()
        given = [self._mark(arg, names[at] if at < len(names) else "size") for at, arg in enumerate(args)]
        left = layer.defaults if layer and given else {}
        options = {key: arg for key, arg in kwargs.items() if key in left and is_number(arg)}
        numbers = {key: arg for key, arg in kwargs.items() if key not in options and is_number(arg)}
        given += [f"{key}={self._mark(arg, key)}" for key, arg in numbers.items()]
        if left and self._slots is not None:
            self._slots.append(Options(options, left))
            given[-1] += SLOT
        given += [f"{key}={self.text(arg)}" for key, arg in kwargs.items() if key not in options and key not in numbers]
        return f"{self.text(callee, ATOM)}({', '.join(given)})"

    def _mark(self, value: Any, role: str) -> str:
        if not is_number(value) or self._slots is None:
            return self.text(value)
        self._slots.append(Number(value, role))
        return SLOT

    def _key(self, key: Any) -> str:
        if isinstance(key, slice):
            parts = (key.start, key.stop) if key.step is None else (key.start, key.stop, key.step)
            return ":".join("" if part is None else self.text(part) for part in parts)
        if isinstance(key, tuple) and key:
            return ", ".join(self._key(part) for part in key)
        return "..." if key is Ellipsis else self.text(key)

    def _literal(self, value: Any) -> str:
        if isinstance(value, tuple):
            return f"({', '.join(map(self.text, value))}{',' if len(value) == 1 else ''})"
        if isinstance(value, list):
            return f"[{', '.join(map(self.text, value))}]"
        if value is None or isinstance(value, bool | int | float):
            return repr(value)
        if isinstance(value, str):
            return '"' + value.encode("unicode_escape").decode().replace('"', '\\"') + '"'
        raise TypeError(f"{type(value).__name__} cannot be printed as source")


def repeated(expressions: tuple[Expression, ...]) -> list[Expression]:
    """Calls that stand in more than one of the expressions, so that they are computed once."""
    seen: dict[int, int] = {}
    calls: dict[int, Expression] = {}
    for expression in expressions:
        for call in {id(found): found for found in _calls(expression)}.values():
            seen[id(call)] = seen.get(id(call), 0) + 1
            calls[id(call)] = call
    shared = [call for key, call in calls.items() if seen[key] > 1 and not is_module(call)]
    inside = {id(inner) for call in shared for inner in _calls(call) if inner is not call}
    return [call for call in shared if id(call) not in inside]


def _calls(value: Any) -> list[Expression]:
    """Every call inside an expression, itself included."""
    if isinstance(value, tuple | list):
        return [call for item in value for call in _calls(item)]
    if isinstance(value, dict):
        return [call for item in value.values() for call in _calls(item)]
    if not isinstance(value, Expression):
        return []
    found = [call for part in value._parts for call in _calls(part)]
    return [*found, value] if value._kind == "call" else found
