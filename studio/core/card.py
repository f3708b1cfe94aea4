"""The teaching card of a node: what it computes, for what, and how its numbers come about, as plain data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from studio.core.dataset import Dataset
from studio.core.derivation import SizeLine, Term
from studio.core.node_class import NodeClass, shapes_of
from studio.core.problem import Mismatch
from studio.core.shape import Shape

CHAPTER = "Chapter 12"
_ADDRESS = re.compile(r"\s*(https?://\S+)$")


@dataclass(frozen=True, slots=True)
class Source:
    """Where something is told: the words, and an address where there is one."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a node makes of given inputs: sizes, weights and cost, each with its derivation."""

    inputs: Mapping[str, tuple[Shape, ...]]
    outputs: Mapping[str, Shape]
    sizes: tuple[SizeLine, ...] = ()
    weights: tuple[Term, ...] = ()
    work: tuple[Term, ...] = ()
    multiply_adds: int = 0
    per: str = "sample"
    """For what the multiply-adds are counted: image, token, sample."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a block: its name, its type, and how many weights it has."""

    name: str
    type: str
    weights: int


@dataclass(frozen=True, slots=True)
class Card:
    """What a person is taught about a node."""

    type: str
    title: str
    family: str
    summary: str
    """The tooltip's sentence."""
    purpose: str
    formula: str = ""
    trap: str = ""
    """What students and frameworks get wrong."""
    numbers: Numbers | None = None
    """None while it is not known what arrives."""
    example: bool = False
    """Whether the numbers are those of an example and not of a node in a graph."""
    facts: tuple[tuple[str, str], ...] = ()
    """Names and texts: of a dataset what it holds, of a block what is inside."""
    parts: tuple[Share, ...] = ()
    """Where the weights of a block are."""
    slide: str = ""
    paper: Source | None = None
    unsourced: str = ""
    """Why there is neither slide nor paper."""


def card_of(instance: NodeClass, inputs: Sequence[Any] | None = None, *, example: bool = False) -> Card:
    """The card of a node with its settings; ``inputs`` are shapes in the order of the ports, None for an empty one.

    Raises Mismatch where the node refuses them.
    """
    cls = type(instance)
    return Card(
        type=cls.__name__,
        title=cls.title(),
        family=cls.family(),
        summary=cls.doc(),
        purpose=cls.purpose.format_map(instance.said()) or cls.doc(),
        formula=cls.formula,
        trap=cls.trap,
        numbers=None if inputs is None else numbers_of(instance, inputs),
        example=example,
        facts=dataset_facts(instance) if isinstance(instance, Dataset) else (),
        slide=f"{CHAPTER}, “{cls.slide}”" if cls.slide else "",
        paper=source_of(cls.paper),
        unsourced=cls.unsourced,
    )


def card_of_class(cls: type[NodeClass]) -> Card:
    """The card of a node type, with the numbers of its first example; without them where none can be had."""
    example = cls.examples[0] if cls.examples else ()
    settings = example[-1] if example and isinstance(example[-1], Mapping) else {}
    shapes = [part for part in example if isinstance(part, Shape)]
    instance = cls.of(settings)
    try:
        return card_of(instance, shapes, example=bool(cls.inputs()))
    except Mismatch:  # data that is on nobody's disk yet
        return card_of(instance)


def numbers_of(instance: NodeClass, inputs: Sequence[Any]) -> Numbers:
    """Sizes, weights and cost of a node for these inputs. Raises Mismatch."""
    arriving = [shape for shape in inputs if shape is not None]
    outputs = dict(zip(instance.outputs, shapes_of(instance.infer(*inputs)), strict=True))
    return Numbers(
        inputs=_by_port(instance, inputs),
        outputs=outputs,
        sizes=instance.rule(*inputs),
        weights=instance.terms(*inputs),
        work=instance.work(*inputs),
        multiply_adds=instance.multiply_adds(*inputs),
        per=_counted(arriving),
    )


def source_of(text: str) -> Source | None:
    """A paper's words and the address behind them, where there is one."""
    found = _ADDRESS.search(text)
    if found is None:
        return Source(text) if text else None
    return Source(text[: found.start()], found[1])


def dataset_facts(dataset: Dataset) -> tuple[tuple[str, str], ...]:
    """What is known of a dataset before it is read: samples, classes or target, licence, source."""
    count, classes = dataset.known_count(), dataset.known_classes()
    named = f"{len(classes)}: {', '.join(classes)}" if classes else "as your data has them"
    rows = (
        ("Samples", f"{count:,}" if count else "as many as you have"),
        ("Target", dataset.answer) if dataset.answer else ("Classes", named),
        ("Licence", dataset.licence),
        ("From", dataset.source),
    )
    return tuple((name, text) for name, text in rows if text)


def _by_port(instance: NodeClass, inputs: Sequence[Any]) -> dict[str, tuple[Shape, ...]]:
    ports = type(instance).inputs()
    if ports and ports[-1].variadic:
        return {ports[-1].name: tuple(inputs)}
    pairs = zip(ports, inputs, strict=False)
    return {port.name: (shape,) for port, shape in pairs if shape is not None}


def _counted(arriving: Sequence[Shape]) -> str:
    """For what multiply-adds are counted; a length that varies counts as one."""
    if not arriving:
        return "sample"
    first = arriving[0]
    if any(isinstance(size, str) for size in first.sizes):
        return "token" if first.axes == ("T", "D") else f"place of the {first.kind}"
    return first.kind if first.kind in ("image", "vector", "sequence", "signal", "volume") else "sample"
