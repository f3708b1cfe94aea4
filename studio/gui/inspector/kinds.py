"""Which field a setting gets, by its declared type."""

from __future__ import annotations

import re
import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from studio.core.declaration import Setting
from studio.core.expressions import is_expression
from studio.gui.inspector.field import Field
from studio.gui.inspector.fields import AxesField, ChoiceField, NumberField, SwitchField, TextField

AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
NEAR = 1.0
"""Bounds no further apart than this get a slider."""


def field_for(setting: Setting) -> Field:
    """The field that fits the setting's type; text where nothing better is known."""
    name, members = setting.title, _members(setting.type)
    if setting.choices:
        return ChoiceField(name, setting.choices)
    if members == [bool]:
        return SwitchField(name)
    length = next((_fixed_length(member) for member in members if get_origin(member) is tuple), None)
    if length in AXES:
        low = 0.0 if any(get_origin(member) is Literal for member in members) else setting.low
        return AxesField(name, AXES[length], low=low, high=setting.high, joined=len(members) > 1)
    if any(get_origin(member) is tuple for member in members):
        words = any(str in get_args(member) for member in members)
        return TextField(name, parse=parse_words if words else parse_sizes, show=show_words if words else show_sizes)
    if members[0] in (int, float):
        near = None not in (setting.low, setting.high) and (setting.high or 0) - (setting.low or 0) <= NEAR
        whole = members[0] is int
        return NumberField(name, whole=whole, low=setting.low, high=setting.high, slider=near and not whole)
    return TextField(name)


def parse_sizes(text: str) -> tuple[int | float | str, ...] | None:
    """``1 × 28 × 28`` as a tuple; None where something else is written.

    A size may also be an expression, a fraction such as 0.5, or a name such as T for a length that varies.
    """
    parts = [part.strip() for part in re.split(r"×|,|(?<=[\d\s])x(?=[\d\s])", text) if part.strip()]
    sizes = [_size(part) for part in parts]
    return None if None in sizes else tuple(size for size in sizes if size is not None)


def _size(part: str) -> int | float | str | None:
    if part.isdecimal():
        return int(part)
    if re.fullmatch(r"\d+\.\d*|\.\d+", part):
        return float(part)
    return part if is_expression(part) or part.isidentifier() else None


def show_sizes(value: Any) -> str:
    """Sizes as a person reads them."""
    return " × ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def parse_words(text: str) -> tuple[str, ...]:
    """Words between commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def show_words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _members(hint: Any) -> list[Any]:
    """The types a setting may have, without annotations, None and nesting of unions."""
    while get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if get_origin(hint) in (Union, types.UnionType):
        return [inner for member in get_args(hint) for inner in _members(member)]
    return [] if hint is type(None) else [hint]


def _fixed_length(hint: Any) -> int | None:
    sizes = get_args(hint)
    return None if Ellipsis in sizes else len(sizes)
