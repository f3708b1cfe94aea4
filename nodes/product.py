"""Matrix products of two values."""

from __future__ import annotations

import re
from collections import Counter
from math import prod
from typing import Annotated, ClassVar

from annotated_types import MaxLen

from studio.core.derivation import Factor, SizeLine, Term, stays, worked
from studio.core.node_class import Layer
from studio.core.problem import Assign, Insert, Mismatch
from studio.core.record import Expression, Value, torch
from studio.core.shape import Shape, Size, arriving, describe, image, numbers, sequence, vector

FAMILY = "Combine & reshape"

SCORES = Shape(("T", "S"), (6, 7))


class MatMul(Layer):
    """The matrix product of two values with rows and columns, sample by sample."""

    transposed: Annotated[bool, "whether rows of the second value meet rows of the first, as keys meet queries"] = False

    synonyms: ClassVar[tuple[str, ...]] = ("matrix product", "bmm", "dot", "batched", "attention", "multiply")
    formula: ClassVar[str] = r"y_{i,k} = \sum_j a_{i,j} b_{j,k}"
    purpose: ClassVar[str] = (
        "Every row of the first meets every column of the second. Attention is two such products: queries with keys, "
        "and their shares with values."
    )
    trap: ClassVar[str] = "Columns of the first must be as many as rows of the second; Multiply is number by number."
    slide: ClassVar[str] = "Attention mechanism"
    examples: ClassVar = (
        (sequence(6, 4), sequence(4, 3)),
        (sequence("T", 4), sequence(9, 4), {"transposed": True}),
        (SCORES, sequence(7, 4)),
        (Shape(("C", "L"), (4, 9)), sequence(9, 5)),
    )

    def infer(self, first: Shape, second: Shape) -> Shape:
        for shape, port in ((first, "first"), (second, "second")):
            if len(numbers(shape, port).sizes) != 2:
                raise Mismatch(f"A matrix has rows and columns; {arriving(shape)}.", port)
        rows, columns = (second.sizes, second.axes) if not self.transposed else (second.sizes[::-1], second.axes[::-1])
        if first.sizes[1] != rows[0]:
            varies = "; one of them varies" if any(isinstance(size, str) for size in (first.sizes[1], rows[0])) else ""
            message = f"{first.sizes[1]} columns meet {rows[0]} {'columns' if self.transposed else 'rows'}{varies}."
            raise Mismatch(message, "second", self._repairs(first, second))
        name = "S" if columns[1] == first.axes[0] else columns[1]
        return Shape((first.axes[0], name), (first.sizes[0], rows[1]))

    def rule(self, first: Shape, second: Shape) -> tuple[SizeLine, ...]:
        (one, two), (rows, columns) = (found := self.infer(first, second)).axes, found.sizes
        other = "rows" if self.transposed else "columns"
        return worked(one, rows, "the rows of the first"), worked(two, columns, f"the {other} of the second")

    def build(self, first: Value, second: Value) -> Expression:
        return first @ (second.transpose(1, 2) if self.transposed else second)

    def multiply_adds(self, first: Shape, second: Shape) -> int:
        return first.elements * self.infer(first, second).resized(1, second.sizes[1 - self._rows]).elements

    def work(self, first: Shape, second: Shape) -> tuple[Term, ...]:
        sizes = (first.sizes[0], "rows"), (first.sizes[1], "columns"), (second.sizes[1 - self._rows], "of the second")
        return (Term(tuple(Factor((size,), label) for size, label in sizes if isinstance(size, int))),)

    @property
    def _rows(self) -> int:
        """Which axis of the second value meets the columns of the first."""
        return int(self.transposed)

    def _repairs(self, first: Shape, second: Shape) -> tuple[Assign | Insert, ...]:
        turned: tuple[Assign, ...] = ()
        if first.sizes[1] == second.sizes[1 - self._rows]:
            word = "columns" if self.transposed else "rows"
            turned = (Assign("transposed", not self.transposed, f"Let the {word} of the second meet them"),)
        fits = isinstance(first.sizes[1], int) and second.axes[-1] == "D" and isinstance(second.sizes[-1], int)
        if not (fits and self.transposed):
            return turned
        label = f"Insert Linear, {second.features} → {first.sizes[1]}"
        return (*turned, Insert("Linear", label, {"features": first.sizes[1]}))


class Einsum(Layer):
    """Sums of products along axes that letters name, by Einstein's convention; the batch goes without saying."""

    equation: Annotated[str, MaxLen(60), "a letter for each axis of each value, an arrow, the letters that stay"] = (
        "td,sd->ts"
    )

    synonyms: ClassVar[tuple[str, ...]] = ("einstein", "tensor product", "contraction", "matrix product", "trace")
    formula: ClassVar[str] = r"y_{t,s} = \sum_d a_{t,d} b_{s,d}"
    purpose: ClassVar[str] = (
        "Says any sum of products in one line: letters that both values have meet, letters that are missing behind the "
        "arrow are summed. Here: {equation}."
    )
    trap: ClassVar[str] = "The batch axis is not written: each sample is computed alone, always."
    unsourced: ClassVar[str] = "A way of writing sums, which Einstein used in 1916: there is nothing to cite."
    examples: ClassVar = (
        (sequence(6, 4), sequence(7, 4)),
        (sequence("T", 4), sequence(9, 4)),
        (vector(5), vector(3), {"equation": "i,j->ij"}),
        (image(3, 8, 9), image(3, 8, 9), {"equation": "chw,dhw->cd"}),
        (image(3, "H", "W"), {"equation": "chw->c"}),
        (sequence(6, 4), sequence(7, 4), {"equation": " td, sd -> "}),
    )

    def infer(self, first: Shape, second: Shape | None = None) -> Shape:
        given = [("first", numbers(first, "first"))]
        given += [("second", numbers(second, "second"))] if second is not None else []
        terms, kept = self._read(len(given))
        sizes: dict[str, tuple[str, Size]] = {}
        for (port, shape), letters in zip(given, terms, strict=True):
            if len(letters) != len(shape.sizes):
                message = f"{letters or 'Nothing'} names {len(letters)} axes; {describe(shape)} has {len(shape.sizes)}."
                raise Mismatch(message[0].upper() + message[1:], port)
            for letter, axis, size in zip(letters, shape.axes, shape.sizes, strict=True):
                _, known = sizes.setdefault(letter, (axis, size))
                if known != size:
                    raise Mismatch(f"The letter {letter} stands for {known} and for {size} places.", port)
        return _called(tuple(sizes[letter] for letter in kept))

    def rule(self, first: Shape, second: Shape | None = None) -> tuple[SizeLine, ...]:
        return stays(self.infer(first, second), "the sizes of the letters behind the arrow")

    def build(self, first: Value, second: Value | None = None) -> Expression:
        given = (first,) if second is None else (first, second)
        terms, kept = self._read(len(given))
        return torch.einsum(f"{','.join(f'...{term}' for term in terms)}->...{kept}", *given)

    def multiply_adds(self, first: Shape, second: Shape | None = None) -> int:
        return prod(factor.value for factor in self._factors(first, second))

    def work(self, first: Shape, second: Shape | None = None) -> tuple[Term, ...]:
        return (Term(tuple(factors)),) if (factors := self._factors(first, second)) != [Factor((0,), "")] else ()

    def _factors(self, first: Shape, second: Shape | None) -> list[Factor]:
        """The size of each letter that takes part in a matrix product; one zero where nothing is multiplied so."""
        none = [Factor((0,), "")]
        if second is None:
            return none
        terms, kept = self._read(2)
        if not set(terms[0]) & set(terms[1]) - set(kept):
            return none
        met = [letter for letter in dict.fromkeys("".join(terms)) if letter in kept or all(letter in t for t in terms)]
        pairs = (*zip(terms[0], first.sizes, strict=True), *zip(terms[1], second.sizes, strict=True))
        sizes = dict(pairs)
        return [Factor((size,), letter) for letter in met if isinstance(size := sizes[letter], int)] or [
            Factor((1,), "all")
        ]

    def _read(self, count: int) -> tuple[list[str], str]:
        """The letters of each value and those behind the arrow. Raises Mismatch where it says something else."""
        text = self.equation.replace(" ", "")
        found = re.fullmatch(r"([a-z]*(?:,[a-z]*)*)->([a-z]*)", text)
        if found is None:
            raise Mismatch(f"An equation reads like td,sd->ts, with small letters; this is {text or 'empty'}.")
        terms, kept = found[1].split(","), found[2]
        doubled = [letter for term in (*terms, kept) for letter, times in Counter(term).items() if times > 1]
        if doubled:
            raise Mismatch(f"The letter {doubled[0]} stands twice for one value.")
        if unknown := set(kept) - set("".join(terms)):
            raise Mismatch(f"Behind the arrow stands {min(unknown)}, which no value has.")
        if len(terms) != count:
            values = "one value arrives" if count == 1 else f"{count} values arrive"
            raise Mismatch(f"The equation has {len(terms)} parts before the arrow; {values}.")
        return terms, kept


def _called(axes: tuple[tuple[str, Size], ...]) -> Shape:
    """The shape of these axes: one alone is called features, and no name stands twice."""
    names = ["D" if len(axes) == 1 and isinstance(size, int) else axis for axis, size in axes]
    free = iter("SUVPQRKMN")
    taken: list[str] = []
    for name in names:
        taken.append(name if name not in taken else next(letter for letter in free if letter not in names))
    return Shape(tuple(taken), tuple(size for _, size in axes))
