"""Every node class has a teaching card whose numbers are those of the program; a new class is tested by existing."""

from fractions import Fraction as Ratio
from math import ceil, floor
from string import Formatter
from typing import Any

import pytest

from studio.compiler.results import count
from studio.core.card import Card, card_of, card_of_class
from studio.core.catalog import catalog
from studio.core.dataset import Dataset
from studio.core.declaration import Declaration
from studio.core.derivation import SizeLine, Term
from studio.core.node_class import NodeClass
from studio.core.shape import Size
from studio.gui.formula.parser import parse, parse_lines
from studio.gui.formula.spoken import spoken
from studio.gui.formula.tree import Fence, Fraction, Part, Row, Symbol

from .examples import Example, all_examples, examples_of, numbered

SENTENCE_ENDS = (".", ".”")
LONGEST_PURPOSE, LONGEST_TRAP = 260, 240
"""Letters; a card is read at a glance."""

every_class = pytest.mark.parametrize("cls", catalog().nodes.values(), ids=list(catalog().nodes))
examples = [*all_examples(), *examples_of(catalog().nodes["Input"])]
every_example = pytest.mark.parametrize("example", examples, ids=str)


@every_class
def test_a_card_says_what_the_node_is_for(cls: type[NodeClass]) -> None:
    assert cls.purpose, "purpose is missing"
    card = card_of_class(cls)
    for text, longest in ((card.purpose, LONGEST_PURPOSE), (card.trap, LONGEST_TRAP)):
        assert not text or text.endswith(SENTENCE_ENDS), text
        assert len(text) <= longest, text


@every_class
def test_what_a_purpose_fills_in_is_known(cls: type[NodeClass]) -> None:
    wanted = {name for _, name, _, _ in Formatter().parse(cls.purpose) if name is not None}
    assert wanted <= cls.of({}).said().keys()


@every_class
def test_what_computes_something_shows_its_formula(cls: type[NodeClass]) -> None:
    if cls.inputs() and cls.outputs:
        assert parse_lines(cls.formula)[0].parts, "formula is missing"
        assert spoken(cls.formula)
    else:
        assert not cls.formula, "what has no inputs or outputs computes nothing"


@every_class
def test_a_card_names_its_slide_or_paper_or_says_why_there_is_none(cls: type[NodeClass]) -> None:
    card = card_of_class(cls)
    assert bool(card.slide or card.paper) != bool(card.unsourced)
    assert card.paper is None or card.paper.text


@every_class
def test_a_dataset_tells_its_size_classes_licence_and_origin(cls: type[NodeClass]) -> None:
    if issubclass(cls, Dataset):
        told = "Target" if cls.answer else "Classes"
        assert [name for name, _ in card_of_class(cls).facts] == ["Samples", told, "Licence", "From"]


@every_example
def test_the_size_rule_comes_to_what_is_inferred(example: Example) -> None:
    """Every axis of every output has one line, in order, and the lines have the sizes that ``infer`` answers."""
    card = _card(example)
    assert card.numbers is not None
    first = next(iter(card.numbers.outputs), "")
    told: dict[str, list[tuple[str, Size]]] = {port: [] for port in card.numbers.outputs}
    for line in card.numbers.sizes:
        told[line.port or first] += zip(line.axes, line.sizes, strict=True)
    inferred = {port: [*zip(s.axes, s.sizes, strict=True)] for port, s in card.numbers.outputs.items()}
    assert told == inferred


@every_example
def test_the_working_of_a_size_comes_to_that_size(example: Example) -> None:
    for line in _card(example.with_numbers()).numbers.sizes:  # type: ignore[union-attr]
        _check_line(line)


@every_example
def test_the_derivation_of_the_weights_comes_to_their_count(example: Example) -> None:
    terms = example.node.terms(*example.shapes)
    assert sum(term.count for term in terms) == count(example.node.weights(*example.shapes))
    _check_labels(terms)


@every_example
def test_the_derivation_of_the_multiply_adds_comes_to_their_count(example: Example) -> None:
    for each in (example, example.with_numbers()):
        work = each.node.work(*each.shapes)
        assert sum(term.count for term in work) == each.node.multiply_adds(*each.shapes)
        _check_labels(work)


def test_a_working_that_lies_would_be_noticed() -> None:
    _check_line(SizeLine(("H",), (28,), "rule", r"\floor{\frac{32 + 2·0 - 5}{1}} + 1"))
    with pytest.raises(AssertionError):
        _check_line(SizeLine(("H",), (27,), "rule", r"\floor{\frac{32 + 2·0 - 5}{1}} + 1"))


def _card(example: Example) -> Card:
    return card_of(example.node, example.shapes)


def _check_line(line: SizeLine) -> None:
    assert line.words, "a size needs a reason"
    if not line.working:
        return
    for size in line.sizes:
        assert _value(parse(line.working)) == size, line
    assert parse(line.formula)


def _check_labels(terms: tuple[Term, ...]) -> None:
    for term in terms:
        assert term.factors
        for factor in term.factors:
            assert factor.label, f"{factor} has no label"


def _value(part: Part) -> Ratio:
    """What a working with numbers alone comes to, by the tree that is painted."""
    match part:
        case Symbol(text, "number"):
            return Ratio(text.replace(",", ""))
        case Fraction(upper, lower):
            return _value(upper) / _value(lower)
        case Fence(left, _, inner):
            rounds: dict[str, Any] = {"⌊": floor, "⌈": ceil, "(": Ratio}
            return Ratio(rounds[left](_value(inner)))
        case Row(parts):
            return _sum(parts)
    raise AssertionError(f"{part} stands in no working")


def _sum(parts: tuple[Part, ...]) -> Ratio:
    """Sums of products: the dot binds more closely than plus and minus."""
    total, sign, product = Ratio(0), 1, None
    for part in parts:
        if isinstance(part, Symbol) and part.text in "+−":
            total, product = total + sign * (product or 0), None
            sign = 1 if part.text == "+" else -1
        elif not (isinstance(part, Symbol) and part.text == "·"):
            product = _value(part) if product is None else product * _value(part)
    return total + sign * (product or 0)


def test_declarations_are_shared_by_nothing_but_settings() -> None:
    """What a card shows is no setting: it must not end up in forms and files."""
    names = {"formula", "purpose", "trap", "learned", "uses", "paper", "slide", "unsourced"}
    for cls in catalog().nodes.values():
        assert issubclass(cls, Declaration)
        assert not names & {setting.name for setting in cls.settings()}


def test_numbers_of_an_example_are_marked_as_such() -> None:
    conv = catalog().nodes["Conv2d"]
    assert card_of_class(conv).example
    assert not card_of(conv.of({}), [numbered(example.shapes[0]) for example in list(examples_of(conv))[:1]]).example
