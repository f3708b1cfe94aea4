"""Finds the arguments of a class whose objects differ in numbers, and says every number by them: ``width * 4``."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from studio.compiler.layers import WIDTHS, Value
from studio.compiler.program import REPEAT
from studio.core.names import identifier

MULTIPLES = range(2, 9)
"""Factors by which one width may be told from another; larger ones are likely to be chance."""

Values = tuple[Value, ...]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Column:
    """One number of a class in all its objects, and what it does there."""

    values: Values
    role: str
    node: str
    default: Value | None = None
    """What stands where it is left out."""
    optional: bool = False
    wide: bool = False

    @property
    def counts_channels(self) -> bool:
        return self.wide or self.role in WIDTHS


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a constructor, with the value that each object gives for it."""

    name: str
    values: Values
    default: Value | None = None
    wide: bool = False

    @property
    def declared(self) -> str:
        """As it stands in the signature: ``stride: int = 1``."""
        kinds = {type(value) for value in self.values}
        single = "float" if float in kinds else "int"
        kind = " | ".join(
            text for text, there in ((single, kinds - {tuple}), ("tuple[int, ...]", tuple in kinds)) if there
        )
        return f"{self.name}: {kind}" + (f" = {self.default!r}" if self.default is not None else "")

    def passed(self, node: str, value: Value) -> Column:
        """The argument as a number of the class that makes such an object at a node."""
        return Column((value,), self.name, node, self.default, self.default is not None, self.wide)


def expressed(
    columns: Mapping[Key, Column], parameters: Mapping[str, Values]
) -> tuple[tuple[Argument, ...], dict[Key, str]]:
    """The arguments, and each number as source; empty where it can be left out.

    ``parameters`` are those of the graph: an argument that is one of them has its name.
    """
    groups: dict[Hashable, list[Column]] = {}
    for column in columns.values():
        if _varies(column.values):
            groups.setdefault(_exact(column.values), []).append(column)
    told = _Telling(list(groups.values()), parameters)
    texts = {
        key: told.texts[_exact(column.values)] if _varies(column.values) else _literal(column)
        for key, column in columns.items()
    }
    return told.arguments(), texts


def _literal(column: Column) -> str:
    value = column.values[0]
    return "" if column.optional and value == column.default else repr(value)


@dataclass
class _Base:
    """Numbers that become an argument, with the columns that are these very numbers, and the name that they get."""

    values: Values
    columns: Sequence[Column] = ()
    name: str = ""
    place: int = 0
    """Of its first use, in the order of the lines."""


@dataclass
class _Telling:
    """Says groups of columns, each of the same numbers, by as few arguments as can be."""

    groups: Sequence[Sequence[Column]]
    parameters: Mapping[str, Values]
    texts: dict[Hashable, str] = field(default_factory=dict)
    bases: list[_Base] = field(default_factory=list)

    def __post_init__(self) -> None:
        by_values = {_exact(values): identifier(name) for name, values in self.parameters.items() if _varies(values)}
        left: list[tuple[int, Sequence[Column]]] = []
        told: dict[Hashable, tuple[_Base, str]] = {}
        for place, group in enumerate(self.groups):
            key = _exact(group[0].values)
            if key in by_values:
                self.bases.append(_Base(group[0].values, group, by_values.pop(key), place))
            else:
                left.append((place, group))
        unused = [_Base(values, (), identifier(name)) for name, values in self._unused(by_values)]
        for place, group in sorted(left, key=lambda each: _difficulty(each[1])):
            found = next(self._ways(group, unused), None)
            if found is None:
                self.bases.append(_Base(group[0].values, group, place=place))
                continue
            told[_exact(group[0].values)] = found
            base = found[0]
            if base in unused:
                unused.remove(base)
                self.bases.append(base)
                base.place = place
            base.place = min(base.place, place)
        self.bases.sort(key=lambda base: base.place)
        self._name()
        self.texts.update({_exact(base.values): base.name for base in self.bases if base.columns})
        self.texts.update({key: way.format(base.name) for key, (base, way) in told.items()})

    def arguments(self) -> tuple[Argument, ...]:
        """Those that must be given first."""
        found = [
            Argument(base.name, base.values, _default(base.columns), _is_wide(base.columns)) for base in self.bases
        ]
        return (*(a for a in found if a.default is None), *(a for a in found if a.default is not None))

    def _unused(self, left: Mapping[Hashable, str]) -> Iterator[tuple[str, Values]]:
        """The parameters that are no number of their own, but from which numbers may follow."""
        return ((name, values) for name, values in self.parameters.items() if _exact(values) in left)

    def _ways(self, group: Sequence[Column], unused: Sequence[_Base]) -> Iterator[tuple[_Base, str]]:
        """From which argument the numbers of a group follow, and how."""
        for base in (*self.bases, *unused):
            if (way := _way(group, base)) is not None:
                yield base, way

    def _name(self) -> None:
        """Names by role; what would be called alike has the name of its node before it."""
        taken = {base.name for base in self.bases}
        for base in self.bases:
            if not base.name:
                first = base.columns[0]
                wanted = [first.role, identifier(f"{first.node} {first.role}")]
                wanted += [f"{wanted[1]}_{number}" for number in range(2, len(self.bases) + 2)]
                base.name = next(name for name in wanted if name not in taken)
                taken.add(base.name)


def _way(group: Sequence[Column], base: _Base) -> str | None:
    """How the numbers of a group follow from those of an argument; None where they do not, or only by chance."""
    whole = all(isinstance(value, int) and value > 0 for value in base.values)
    values = group[0].values
    if not whole or not all(isinstance(value, int) for value in values):
        return None
    pairs = [(one, other) for one, other in zip(values, base.values, strict=True) if isinstance(other, int)]
    roles = {column.role for column in group}
    if roles == {REPEAT}:
        return "{} - 1" if all(one == other - 1 for one, other in pairs) else None
    if roles == {"padding"}:
        side = any(column.role == "kernel_size" for column in base.columns)
        return "{} // 2" if side and all(one == other // 2 for one, other in pairs) else None
    if not _is_wide(group) or (base.columns and not _is_wide(base.columns)):
        return None
    for factor in MULTIPLES:
        if all(one == factor * other for one, other in pairs):
            return f"{{}} * {factor}"
    return None


def _difficulty(group: Sequence[Column]) -> tuple[bool, Value]:
    """Smaller numbers first, since larger ones may be their multiples; what follows from others last."""
    first = group[0].values[0]
    return group[0].role == "padding", min(first) if isinstance(first, tuple) else first


def _is_wide(columns: Sequence[Column]) -> bool:
    return any(column.counts_channels for column in columns)


def _default(columns: Sequence[Column]) -> Value | None:
    """What an argument is by itself: where every number that it gives may be left out, and is then the same."""
    defaults = {column.default for column in columns if column.optional}
    return defaults.pop() if len(defaults) == 1 and columns and all(column.optional for column in columns) else None


def _varies(values: Values) -> bool:
    return any(value != values[0] or type(value) is not type(values[0]) for value in values)


def _exact(values: Values) -> Hashable:
    """Tells 1 from 1.0, which compare equal but do not print alike."""
    return tuple((type(value), value) for value in values)
