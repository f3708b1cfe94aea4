"""What of a project a stage can teach and let begin elsewhere, and how a choice of that is written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from studio.compiler.learned import Entry, Learned, Share, entries_of, networks_in
from studio.compiler.objective import objectives_of_stage
from studio.compiler.parts import sizes_of
from studio.compiler.results import Diagnosis
from studio.core.project import Project, Stage


@dataclass(frozen=True, slots=True)
class Part:
    """A network, or a node in it, as one objective teaches it."""

    objective: str
    network: str
    path: str = ""
    weights: int = 0

    @property
    def name(self) -> str:
        """As stages call it: ``Generator/Head``."""
        return f"{self.network}/{self.path}" if self.path else self.network


@dataclass(frozen=True)
class Parts:
    """What a stage can teach: by network of an objective, the whole and then the nodes in it that have weights."""

    stage: Stage
    learned: Learned
    rows: Mapping[tuple[str, str], tuple[Part, ...]]

    @classmethod
    def of(cls, project: Project, diagnosis: Diagnosis, stage: Stage) -> Parts:
        rows: dict[tuple[str, str], tuple[Part, ...]] = {}
        for objective in objectives_of_stage(stage):
            graph = diagnosis.objectives.get(objective)
            for network in networks_in(graph) if graph is not None else ():
                result = diagnosis.graphs.get(network)
                if result is not None and result.weights:
                    nodes = ((name, found.weight_count) for name, found in result.nodes.items() if found.weight_count)
                    inside = (Part(objective, network, name, count) for name, count in nodes)
                    rows[objective, network] = (Part(objective, network, "", result.weights), *inside)
        return cls(stage, Learned(stage, project.networks, diagnosis.objectives), rows)

    def share(self, part: Part) -> Share:
        """How much of a part learns now."""
        return self.learned.share(part.network, part.path, part.objective)

    def learns_of(self, taught: Iterable[Part]) -> tuple[str, ...]:
        """How a stage says that these parts learn and no others; nodes deeper inside of what learns in part stay.

        Nothing where all of them learn, which is what stages say by nothing.
        """
        chosen = set(taught)
        if all(rows[0] in chosen for rows in self.rows.values()):
            return ()
        kept = (part for rows in self.rows.values() for part in self._kept(rows, chosen))
        return tuple(dict.fromkeys(self._entry(part).text for part in kept))

    def _kept(self, rows: tuple[Part, ...], chosen: set[Part]) -> Iterable[Part]:
        """The fewest parts that stand for what was chosen of a network."""
        whole, *nodes = rows
        if whole in chosen or (nodes and all(each in chosen for each in nodes)):
            return [whole]
        return [kept for each in nodes for kept in ([each] if each in chosen else self._deeper(each))]

    def _deeper(self, part: Part) -> list[Part]:
        """What the stage teaches inside of a part that it does not teach as a whole."""
        if self.share(part) != "some":
            return []
        entries = entries_of(self.stage, self.learned.networks)
        return [
            Part(part.objective, entry.network, entry.path)
            for entry in entries
            if entry.network == part.network
            and entry.objective in ("", part.objective)
            and entry.path.startswith(f"{part.path}/")
        ]

    def _entry(self, part: Part) -> Entry:
        several = len(objectives_of_stage(self.stage)) > 1
        return Entry(part.objective if several else "", part.network, part.path)


def sources_for(diagnosis: Diagnosis, part: str) -> list[str]:
    """The parts whose weights another could begin with: networks, and nodes in them, of the very same sizes."""
    wanted = sizes_of(diagnosis.graphs, part)
    names = [
        name
        for network, result in diagnosis.networks.items()
        for name in (network, *(f"{network}/{node}" for node, found in result.nodes.items() if found.weight_count))
    ]
    return [name for name in names if name != part and wanted and sizes_of(diagnosis.graphs, name) == wanted]
