"""The compiled form of a graph: what one ``nn.Module`` class owns and the ordered lines of its forward pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from studio.compiler.layers import Value

SLOT = "«»"
"""Stands in the text of a line where a slot is; no text that is printed can hold these characters."""

REPEAT = "repeat"
"""The role of how often a block is repeated."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number, or one for each axis, that is always given."""

    value: Value
    role: str


@dataclass(frozen=True, slots=True)
class Options:
    """Keywords with numbers of which a call gives only those that differ from PyTorch's defaults."""

    given: Mapping[str, Value]
    defaults: Mapping[str, Value]


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """An object of another program's class."""

    program: ClassProgram


Slot = Number | Options | Made


@dataclass(frozen=True, slots=True)
class Line:
    """One line of source with the node it comes from; the note is the shape that stands behind it as a comment."""

    text: str
    node: str = ""
    note: str = ""
    slots: tuple[Slot, ...] = ()
    """What stands at the marks of the text, in their order."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What an objective computes only while some of its networks learn, since they answer it at no other time."""

    networks: tuple[str, ...]
    """Attributes of the networks."""
    lines: tuple[Line, ...]
    losses: tuple[tuple[str, str], ...]
    """Variable and node of each."""


@dataclass(frozen=True)
class ClassProgram:
    """One class: its attributes, the lines of forward, what they need and what is returned."""

    graph: str
    arguments: tuple[str, ...] = ()
    owns: tuple[Line, ...] = ()
    lines: tuple[Line, ...] = ()
    results: tuple[str, ...] = ()
    parameters: tuple[tuple[str, Value], ...] = ()
    """Those of the graph that are numbers, with their values."""
    carried: frozenset[str] = frozenset()
    measured: tuple[Line, ...] = ()
    """In an objective: lines that only metrics need."""
    training: tuple[Line, ...] = ()
    training_results: tuple[str, ...] = ()
    """In a network that answers more while it learns: the lines for that, and all that it answers then."""
    asides: tuple[Aside, ...] = ()
    networks: tuple[tuple[str, str], ...] = ()
    """In an objective: attribute and name of each network it is given."""
    losses: tuple[tuple[str, str], ...] = ()
    metrics: tuple[tuple[str, str], ...] = ()
    """In an objective: variable and node of each."""
    previews: tuple[tuple[str, str], ...] = ()
    """In an objective: under which key each is answered, and the variable."""
    shown: tuple[Line, ...] = ()
    """In an objective: lines that only previews need."""
    is_objective: bool = False

    @property
    def inner(self) -> Iterator[ClassProgram]:
        """The programs of the graphs that are placed here, each as often as it is made."""
        return (slot.program for line in self.owns for slot in line.slots if isinstance(slot, Made))
