"""Frozen dataclasses whose annotated fields are the settings that file, form and command line share."""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Union, dataclass_transform, get_args, get_origin

from annotated_types import Ge, Gt, Le

from studio.core.problem import Assign, Mismatch, Suggestion, Unset

Raw = bool | int | float | str | tuple[Any, ...] | None
"""A setting's value as a file holds it: plain data, or an expression over variables such as ``=width*4``."""

Count = Annotated[int, Ge(1), Le(1_000_000)]
Whole = Annotated[int, Ge(0), Le(1_000_000)]
Number = float
Positive = Annotated[float, Gt(0)]
NotNegative = Annotated[float, Ge(0)]
Fraction = Annotated[float, Ge(0), Le(1)]
Pair = Count | tuple[Count, Count]
WholePair = Whole | tuple[Whole, Whole]
Triple = Count | tuple[Count, Count, Count]
WholeTriple = Whole | tuple[Whole, Whole, Whole]
Sizes = tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of a declaration as a form shows it: type without annotations, choices and bounds, meaning, unit."""

    name: str
    type: Any
    default: Any
    meaning: str
    choices: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def title(self) -> str:
        return _words(self.name)


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Declaration:
    """Base of everything that is declared once as a class: nodes, datasets, templates, stages.

    The docstring is the tooltip; each annotated field is a setting, its last string annotation the meaning.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "allow_inf_nan": False}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        dataclass(frozen=True, kw_only=True)(cls)

    @classmethod
    def settings(cls) -> tuple[Setting, ...]:
        """The settings in the order of the form."""
        return _settings(cls)  # type: ignore[arg-type]  # mypy takes the hash of instances for that of the class

    @classmethod
    def doc(cls) -> str:
        """The docstring's first paragraph as one line."""
        return " ".join((cls.__doc__ or "").strip().split("\n\n")[0].split())

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> typing.Self:
        """The instance with these values, checked. Raises Mismatch naming the setting and what it may be."""
        checks = _checks(cls)  # type: ignore[arg-type]
        missing = [s.name for s in cls.settings() if s.default is MISSING and s.name not in values]
        if missing:
            raise Mismatch(f"{_words(missing[0])} of {cls.__name__} must be given.")
        return cls(**{name: _checked(cls, name, value, checks) for name, value in values.items()})

    def values(self) -> dict[str, Any]:
        """The settings that differ from their defaults."""
        pairs = ((field.name, getattr(self, field.name), field) for field in dataclasses.fields(self))  # type: ignore[arg-type]
        return {name: value for name, value, field in pairs if value != _default(field)}


@cache
def _settings(cls: type[Any]) -> tuple[Setting, ...]:
    hints = typing.get_type_hints(cls, include_extras=True)
    fields = dataclasses.fields(cls)
    return tuple(_setting(field.name, hints[field.name], _default(field)) for field in fields)


def _setting(name: str, hint: Any, default: Any) -> Setting:
    notes: list[Any] = []
    while get_origin(hint) is Annotated:
        hint, *more = get_args(hint)
        notes += more
    meaning = next((note for note in reversed(notes) if isinstance(note, str)), "")
    choices = get_args(hint) if get_origin(hint) is Literal else ()
    low, high = _bounds(notes or _first_member_notes(hint))
    return Setting(name, hint, default, meaning, choices, low, high)


def _first_member_notes(hint: Any) -> list[Any]:
    """The bounds of a union or tuple are those of its first member."""
    if get_origin(hint) not in (Union, types.UnionType, tuple):
        return []
    first = get_args(hint)[0]
    return list(get_args(first)[1:]) if get_origin(first) is Annotated else []


def _bounds(notes: list[Any]) -> tuple[float | None, float | None]:
    low = next((note.ge for note in notes if isinstance(note, Ge)), None)
    above = next((note.gt for note in notes if isinstance(note, Gt)), None)
    high = next((note.le for note in notes if isinstance(note, Le)), None)
    return typing.cast("float | None", low if low is not None else above), typing.cast("float | None", high)


def _default(field: dataclasses.Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


@cache
def _checks(cls: type[Any]) -> Mapping[str, Callable[[Any], Any]]:
    from pydantic import ConfigDict, TypeAdapter  # late: time that the first painted window does not have

    strict = ConfigDict(strict=True, allow_inf_nan=False)
    hints = typing.get_type_hints(cls, include_extras=True)
    names = [setting.name for setting in cls.settings()]
    return {name: TypeAdapter(hints[name], config=strict).validate_python for name in names}


def _checked(cls: type[Declaration], name: str, value: Any, checks: Mapping[str, Callable[[Any], Any]]) -> Any:
    """The value if its type admits it. Raises Mismatch with pydantic's first complaint as a sentence."""
    if name not in checks:
        near = get_close_matches(name, checks, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"It has: {', '.join(checks) or 'none'}."
        meant = (Unset(name, f"Use {known}", renamed=known) for known in near)
        unknown = (*meant, Unset(name, f"Leave {name:.40} out"))
        raise Mismatch(f"{cls.__name__} has no setting {name!r:.80}. {hint}", None, unknown)
    try:
        return checks[name](value)
    except ValueError as error:
        message = error.errors()[0]["msg"].removeprefix("Input should be ")  # type: ignore[attr-defined]
        repairs = tuple(_admitted(cls, name, value, checks[name]))
        raise Mismatch(f"{_words(name)} should be {message}; it is {value!r:.60}.", name, repairs) from None


def _admitted(cls: type[Declaration], name: str, value: Any, check: Callable[[Any], Any]) -> Iterator[Suggestion]:
    """The nearest values that the setting may have, and its default."""
    setting = next(setting for setting in cls.settings() if setting.name == name)
    nearest: list[Any] = []
    if isinstance(value, int | float) and not isinstance(value, bool):
        low = value if setting.low is None else max(value, setting.low)
        bounded = low if setting.high is None else min(low, setting.high)
        nearest = [int(bounded), bounded] if math.isfinite(bounded) else []
    elif isinstance(value, str):
        nearest = list(get_close_matches(value, [choice for choice in setting.choices if isinstance(choice, str)], n=1))
    known: list[Any] = []
    for candidate in (*nearest, setting.default):
        if candidate not in known and _admits(check, candidate):
            known.append(candidate)
            yield Assign(name, candidate, f"Set {_words(name).lower()} to {_written(candidate)}")


def _admits(check: Callable[[Any], Any], value: Any) -> bool:
    try:
        check(value)
    except ValueError:
        return False
    return True


def _written(value: Any) -> str:
    """A value as a person reads it: ``3×5`` for a pair."""
    if isinstance(value, tuple):
        return "×".join(map(str, value)) or "none"
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
