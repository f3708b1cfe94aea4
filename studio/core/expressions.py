"""Settings that are computed from variables, such as ``=width*4``: parsed, bounded and evaluated without ``eval``."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from studio.core.problem import Define, Mismatch, Rewrite, Suggestion

Scope = Mapping[str, Any]
"""Values by variable name, as an expression sees them."""

LONGEST, LARGEST = 200, 10**12

BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
DIVIDES = (ast.Div, ast.FloorDiv, ast.Mod)
COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": min,
    "max": max,
    "round": round,
    "int": int,
    "abs": abs,
    "ceil": math.ceil,
    "floor": math.floor,
    "sqrt": math.sqrt,
    "log2": math.log2,
}


def is_expression(value: object) -> bool:
    """Whether a raw setting is computed: text that begins with an equals sign."""
    return isinstance(value, str) and value.startswith("=")


def evaluate(text: str, scope: Scope) -> Any:
    """The value of ``=…`` in this scope. Raises Mismatch in words, with the nearest name for an unknown one."""
    try:
        value = _value(parse(text), scope)
    except _Unknown as error:
        raise Mismatch(f"There is no variable {error.name!r:.60}.{error.hint()}", None, error.repairs(text)) from None
    except ZeroDivisionError:
        raise Mismatch(f"{text!r:.60} divides by zero.", None, _nonzero(parse(text), scope)) from None
    except (ArithmeticError, TypeError, ValueError, RecursionError) as error:
        raise Mismatch(f"{text!r:.60} cannot be computed: {error}.") from None
    return int(value) if isinstance(value, float) and value.is_integer() else value


def resolve(value: Any, scope: Scope) -> Any:
    """A raw setting with its expressions, also those inside a tuple, replaced by their values."""
    if isinstance(value, tuple):
        return tuple(resolve(item, scope) for item in value)
    return evaluate(value, scope) if is_expression(value) else value


def resolve_variables(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Every variable as a value; a variable may use those above it. Raises Mismatch."""
    scope: dict[str, Any] = {}
    for name, value in variables.items():
        scope[name] = resolve(value, scope)
    return scope


@lru_cache(maxsize=4096)
def parse(text: str) -> ast.expr:
    """The expression that the text of a setting means. Raises Mismatch where it is none."""
    if len(text) > LONGEST:
        raise Mismatch(f"{text[:30]!r}… is longer than an expression may be ({LONGEST} characters).")
    try:
        return ast.parse(text[1:].strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Mismatch(f"{text!r:.60} is not an expression. Write, for example, =width*4.") from None


def _value(node: ast.expr, scope: Scope) -> Any:
    match node:
        case ast.Constant(value=int() | float() | bool() as value):
            return value
        case ast.Name(id=name):
            return _variable(name, scope)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            return _apply(op, _value(left, scope), _value(right, scope))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, scope)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARE:
            return COMPARE[type(op)](_value(left, scope), _value(right, scope))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return _value(body if _value(test, scope) else orelse, scope)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            return FUNCTIONS[name](*(_value(arg, scope) for arg in args))
    raise Mismatch(
        f"{ast.unparse(node)!r:.60} is not allowed in an expression: numbers, variables, + - * / // % ** and "
        f"{', '.join(FUNCTIONS)} are."
    )


def _apply(op: ast.operator, left: Any, right: Any) -> Any:
    if isinstance(op, ast.Pow) and (abs(right) > 64 or abs(left) > LARGEST):
        raise ValueError("the power is too large")
    value = BINARY[type(op)](left, right)
    if isinstance(value, int | float) and abs(value) > LARGEST**2:
        raise ValueError("the number is too large")
    return value


def _variable(name: str, scope: Scope) -> Any:
    if name in scope:
        return scope[name]
    raise _Unknown(name, scope)


class _Unknown(Exception):
    """A name that is no variable here."""

    def __init__(self, name: str, scope: Scope) -> None:
        super().__init__(name)
        self.name, self.scope = name, scope

    def hint(self) -> str:
        near = self._near()
        return f" Did you mean {near[0]}?" if near else f" Variables here: {', '.join(self.scope) or 'none'}."

    def repairs(self, text: str) -> tuple[Suggestion, ...]:
        """The nearest name in its place, or a variable of this name."""
        meant = (
            Rewrite(text, re.sub(rf"\b{re.escape(self.name)}\b", near, text), f"Use {near}") for near in self._near()
        )
        return (*meant, Define(self.name, None, f"Create variable {self.name}"))

    def _near(self) -> list[str]:
        """The most similar name, which may be written in other letters, or none."""
        folded = {name.casefold(): name for name in self.scope}
        return [folded[name] for name in get_close_matches(self.name.casefold(), folded, n=1)]


def _nonzero(expression: ast.expr, scope: Scope) -> tuple[Suggestion, ...]:
    """One in place of a variable that is divided by although it is zero."""
    divided = (node.right for node in ast.walk(expression) if isinstance(node, ast.BinOp) and type(node.op) in DIVIDES)
    names = (divisor.id for divisor in divided if isinstance(divisor, ast.Name))
    return tuple(Define(name, 1, f"Set {name} to 1") for name in dict.fromkeys(names) if scope.get(name) == 0)
