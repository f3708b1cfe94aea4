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

    ``index`` says which link, where several arrive at a variadic port.
    """

    node_type: str
    label: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    index: int = 0


@dataclass(frozen=True, slots=True)
class Assign:
    """A repair that a node proposes: give one of its settings another value."""

    setting: str
    value: Any
    label: str


Suggestion = Insert | Assign


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

    def __str__(self) -> str:
        """The sentence with its place before it: ``LeNet-5 / C1: …``."""
        place = " / ".join(part for part in (self.graph, self.node) if part)
        return f"{place}: {self.message}" if place else self.message


class ProjectError(Exception):
    """A project that cannot be opened, built or trained; its text is a sentence for the person."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems
