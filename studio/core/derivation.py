"""How the numbers of a node come about, as plain data: sizes by a rule, weights and multiply-adds by factors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import prod

from studio.core.shape import AXIS_NAMES, Shape, Size
from studio.core.window import Sliding


@dataclass(frozen=True, slots=True)
class SizeLine:
    """Where the sizes along some axes of an output come from.

    ``working`` is a formula with the numbers filled in that comes to each of ``sizes``; where it is empty, ``words``
    say all there is to say.
    """

    axes: tuple[str, ...]
    sizes: tuple[Size, ...]
    words: str
    working: str = ""
    port: str = ""
    """Name of the output; the first one where it is empty."""

    @property
    def title(self) -> str:
        """The axes as a person calls them: ``height and width``."""
        names = list(dict.fromkeys(AXIS_NAMES.get(axis, axis) for axis in self.axes))
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 2 else names)

    @property
    def formula(self) -> str:
        """The working with what it comes to, as markup; empty where there is nothing to work out."""
        return rf"{self.working} = \bold{{{self.sizes[0]}}}" if self.working else ""


@dataclass(frozen=True, slots=True)
class Factor:
    """Numbers that are multiplied, and what they count together: ``5·5 kernel``."""

    numbers: tuple[int, ...]
    label: str

    def __str__(self) -> str:
        return "·".join(f"{number:,}" for number in self.numbers)

    @property
    def value(self) -> int:
        return prod(self.numbers)


@dataclass(frozen=True, slots=True)
class Term:
    """A product of labelled factors. ``is_matrix`` says that every weight of it is multiplied with inputs."""

    factors: tuple[Factor, ...]
    is_matrix: bool = True

    def __str__(self) -> str:
        return "·".join(map(str, self.factors))

    @property
    def count(self) -> int:
        return prod(factor.value for factor in self.factors)


def written(terms: Iterable[Term]) -> str:
    """The whole sum on one line: ``5·5·1·6 + 6 = 156``."""
    terms = tuple(terms)
    return f"{' + '.join(map(str, terms))} = {sum(term.count for term in terms):,}"


def spelled(terms: Iterable[Term], what: str) -> str:
    """The whole sum in words: ``5·5 kernel times 1 in times 6 filters plus 6 biases equals 156 weights``."""
    terms = tuple(terms)
    products = (" times ".join(f"{factor} {factor.label}" for factor in term.factors) for term in terms)
    return f"{' plus '.join(products)} equals {sum(term.count for term in terms):,} {what}"


def term_of(shape: Sequence[int], labels: Sequence[str]) -> Term:
    """The product of a tensor's sizes; the last label holds for all further axes, equal neighbours share one.

    What a tensor has last stands first, as it is taught: kernel, in, filters.
    """
    named = [(labels[min(at, len(labels) - 1)] if labels else "", size) for at, size in enumerate(shape)]
    groups = [
        Factor(tuple(size for _, size in pairs), label) for label, pairs in groupby(named, key=lambda each: each[0])
    ]
    return Term(tuple(reversed(groups)), is_matrix=len(shape) > 1)


def stays(shape: Shape, words: str = "as it arrives", *, port: str = "") -> tuple[SizeLine, ...]:
    """One line for a value that leaves with the shape it has; none for a single number."""
    return (SizeLine(shape.axes, shape.sizes, words, port=port),) if shape.axes else ()


def worked(axis: str, size: Size, words: str, working: str = "", *, port: str = "") -> SizeLine:
    """The line of one axis."""
    return SizeLine((axis,), (size,), words, working, port)


def window_lines(axes: Iterable[str], slidings: Iterable[Sliding], name: str = "kernel") -> tuple[SizeLine, ...]:
    """How many places windows find, with one line for axes along which the same happens."""
    lines = (
        worked(axis, each.places(), each.rule(name), each.working()) for axis, each in zip(axes, slidings, strict=True)
    )
    return merged(lines)


def merged(lines: Iterable[SizeLine]) -> tuple[SizeLine, ...]:
    """The lines, with one for neighbours that say the same."""
    found: list[SizeLine] = []
    for line in lines:
        last = found[-1] if found else None
        if last and (last.words, last.working, last.sizes[:1]) == (line.words, line.working, line.sizes[:1]):
            found[-1] = replace(last, axes=last.axes + line.axes, sizes=last.sizes + line.sizes)
        else:
            found.append(line)
    return tuple(found)


def repeated_uses(terms: Iterable[Term], total: int, numbers: tuple[int, ...], label: str) -> tuple[Term, ...]:
    """Multiply-adds as factors: each weight of a matrix as often as it is used; none where that is no whole number.

    ``numbers`` are sizes whose product may be the number of uses.
    """
    matrices = [term for term in terms if term.is_matrix]
    weights = sum(term.count for term in matrices)
    if not weights or total % weights:
        return ()
    uses = total // weights
    if uses == 1:
        return tuple(matrices)
    factor = Factor(numbers if prod(numbers) == uses else (uses,), label)
    return tuple(replace(term, factors=(factor, *term.factors)) for term in matrices)


Labels = Mapping[str, tuple[str, ...]]
"""What the axes of each learned tensor count, by the tensor's name; the last label holds for all further axes."""
