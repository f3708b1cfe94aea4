"""What is wrong with a project, where, why in the user's words, and what would repair it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Edit = Callable[[Any], Any]
"""Takes a Project and answers with the edited one; Project itself is built on this module and cannot be named."""


@dataclass(frozen=True, slots=True)
class Insert:
    """A repair that a node proposes: put a node of this type on the link that arrives at the port at fault.

    ``index`` says which link, where several arrive at a variadic port; ``then`` stands behind it on the same link.
    """

    node_type: str
    label: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    index: int = 0
    then: Insert | None = None


@dataclass(frozen=True, slots=True)
class Assign:
    """A repair that a node proposes: give one of its settings another value."""

    setting: str
    value: Any
    label: str


@dataclass(frozen=True, slots=True)
class Unset:
    """A repair: leave a setting out, so that its default counts; ``renamed`` is the setting that was meant."""

    setting: str
    label: str
    renamed: str = ""


@dataclass(frozen=True, slots=True)
class Amend:
    """A repair: change what every node has beside its settings: ``repeat``, ``bypassed`` and the like."""

    field: str
    value: Any
    label: str


@dataclass(frozen=True, slots=True)
class Replace:
    """A repair: let a node of another type stand here, with the links of this one."""

    node_type: str
    label: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remove:
    """A repair: take the node away; what fed it feeds what it fed."""

    label: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A repair: let another expression stand wherever the node says ``old``."""

    old: str
    new: str
    label: str


@dataclass(frozen=True, slots=True)
class Define:
    """A repair: give a variable of the project a value; ``value`` None means what suits the setting that asks."""

    variable: str
    value: Any
    label: str


@dataclass(frozen=True, slots=True)
class LinkTo:
    """A repair that needs a look around: link the nearest output that fits to the port at fault."""


@dataclass(frozen=True, slots=True)
class Match:
    """A repair that needs a look around: let the layer that feeds a link make so many channels or features."""

    size: int
    index: int = 0


@dataclass(frozen=True, slots=True)
class AtSource:
    """A repair that needs a look around: give the node that feeds the port a setting, where it has it."""

    setting: str
    value: Any
    says: str
    """The label, with ``{}`` for the name of that node."""


Suggestion = Insert | Assign | Unset | Amend | Replace | Remove | Rewrite | Define | LinkTo | Match | AtSource
"""What a node proposes, as data: it knows what would fit, and nothing of the graph around it."""

Search = LinkTo | Match | AtSource
"""Suggestions that are looked into only when somebody looks at the problem."""


class Mismatch(Exception):
    """Raised by a node whose inputs or settings do not fit; carries the sentence, the port and the repairs."""

    def __init__(self, message: str, port: str | None = None, repairs: tuple[Suggestion, ...] = ()) -> None:
        super().__init__(message)
        self.message, self.port, self.repairs = message, port, repairs


class WrongKind(Mismatch):
    """Raised where a port takes no value of this kind, whatever its sizes are."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One click that mends a problem: a label for the button and the edit it stands for."""

    label: str
    apply: Edit = field(compare=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: in which graph, at which node and port (empty where it concerns the whole), and its repairs."""

    message: str
    graph: str = ""
    node: str = ""
    port: str = ""
    repairs: tuple[Repair, ...] = ()
    searches: tuple[Search, ...] = ()
    """Further repairs, which ``studio.compiler.offers`` finds when they are wanted."""
    inside: tuple[str, ...] = ()
    """Where the cause lies within the node, if that stands for a graph: names from the outside in."""
    stage: int | None = None
    """Number of the stage of the training that is to blame, counted from 0."""

    def __str__(self) -> str:
        """The sentence with its place before it: ``LeNet-5 / C1: …``."""
        place = " / ".join(part for part in (self.graph, self.node) if part)
        return f"{place}: {self.message}" if place else self.message


class ProjectError(Exception):
    """A project that cannot be opened, built or trained; its text is a sentence for the person."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems
