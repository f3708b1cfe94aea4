"""What a stage teaches: how much of a network, a block or a node learns, and through which objective."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from studio.compiler.objective import objectives_of_stage
from studio.compiler.ports import node_class
from studio.core.graph import Graph, Node
from studio.core.node_class import Asking
from studio.core.project import Stage

Share = Literal["all", "some", "none"]
"""How much of a part learns."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One of a stage's ``learns``, read: a network, or a node in it by its path; any objective where none is named."""

    objective: str
    network: str
    path: str = ""

    @property
    def text(self) -> str:
        """As the stage says it: ``Fool the critic: Generator/Head``."""
        part = "/".join(filter(None, (self.network, self.path)))
        return f"{self.objective}: {part}" if self.objective else part


def networks_in(objective: Graph) -> tuple[str, ...]:
    """The networks that an objective asks, each once."""
    return tuple(dict.fromkeys(name for node in objective.nodes.values() if (name := network_of(node))))


def network_of(node: Node) -> str:
    """The network that a node of an objective stands for, or asks again and again; empty where it is none."""
    if node.graph:
        return node.graph
    cls = node_class(node.type)
    return str(node.settings.get("network", "")) if cls is not None and issubclass(cls, Asking) else ""


def entries_of(stage: Stage, networks: Mapping[str, Graph]) -> Iterator[Entry]:
    """What a stage teaches, read; an entry that names no network of the project has it whole in ``path``."""
    for text in stage.learns:
        objective = next((name for name in stage.objectives if text.startswith(f"{name}: ")), "")
        bare = text.removeprefix(f"{objective}: ") if objective else text
        yield Entry(objective, *within(bare, networks))


def within(part: str, networks: Iterable[str]) -> tuple[str, str]:
    """The network that a part, ``Net`` or ``Net/Block/Conv``, lies in, and its path there; all is path for none."""
    network = next((name for name in networks if part == name or part.startswith(f"{name}/")), "")
    return network, part[len(network) + 1 :] if network else part


def looks_at(stage: Stage, objective: str) -> bool:
    """Whether a stage runs an objective, or measures it."""
    return objective in (*objectives_of_stage(stage), *stage.measures)


@dataclass(frozen=True)
class Learned:
    """A stage with the networks of its project and all objectives there are, drawn or made."""

    stage: Stage
    networks: Mapping[str, Graph]
    objectives: Mapping[str, Graph]

    def holding(self, network: str) -> tuple[str, ...]:
        """The objectives of the stage that ask a network."""
        there = ((name, self.objectives.get(name)) for name in objectives_of_stage(self.stage))
        return tuple(name for name, graph in there if graph is not None and network in networks_in(graph))

    def teaching(self, network: str, path: str = "") -> tuple[str, ...]:
        """The objectives through which at least some of a part learns."""
        return tuple(name for name in self.holding(network) if self.share(network, path, name) != "none")

    def share(self, network: str, path: str = "", objective: str = "") -> Share:
        """How much of a part learns, through one objective or through any of the stage."""
        if objective not in (held := self.holding(network)) and (objective or not held):
            return "none"
        if not self.stage.learns:
            return "all"
        taught = [
            entry.path
            for entry in entries_of(self.stage, self.networks)
            if entry.network == network and (not objective or entry.objective in ("", objective))
        ]
        if any(not each or path == each or path.startswith(f"{each}/") for each in taught):
            return "all"
        return "some" if any(not path or each.startswith(f"{path}/") for each in taught) else "none"
