"""What of a project a stage can teach and let begin elsewhere, and how a choice of that is written down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from studio.compiler.learned import Entry, Learned, Share, networks_in
from studio.compiler.objective import objectives_of_stage
from studio.compiler.parts import sizes_of
from studio.compiler.results import Diagnosis, GraphResult, NodeResult
from studio.core.project import Project, Stage

Copies = Sequence[tuple[GraphResult, int]]
"""A graph as it was inferred, and how many times it stands so: repeats of a block may differ in the first."""


@dataclass(frozen=True, slots=True)
class Part:
    """An objective, a network, or a node in one, and the parts inside that have weights."""

    objective: str
    """Through which it learns; empty where any is meant."""
    network: str
    path: str = ""
    title: str = field(default="", compare=False)
    weights: int = field(default=0, compare=False)
    inside: tuple[Part, ...] = field(default=(), compare=False, repr=False)

    @property
    def name(self) -> str:
        """As stages call it: ``Generator/Head``, or the objective."""
        return "/".join(filter(None, (self.network, self.path))) or self.objective

    def walk(self) -> Iterator[Part]:
        """The part and all that is inside, outer ones first."""
        yield self
        for each in self.inside:
            yield from each.walk()


@dataclass(frozen=True)
class Parts:
    """What a stage can teach: every network of each of its objectives."""

    learned: Learned
    wholes: tuple[Part, ...]

    @classmethod
    def of(cls, project: Project, diagnosis: Diagnosis, stage: Stage) -> Parts:
        asked = (
            (objective, network)
            for objective in objectives_of_stage(stage)
            if objective in diagnosis.objectives
            for network in networks_in(diagnosis.objectives[objective])
        )
        wholes = (
            part_of(network, diagnosis.graphs[network], objective)
            for objective, network in asked
            if network in diagnosis.graphs and diagnosis.graphs[network].weights
        )
        return cls(Learned(stage, project.networks, diagnosis.objectives), tuple(wholes))

    def walk(self) -> Iterator[Part]:
        """All parts, outer ones first."""
        for whole in self.wholes:
            yield from whole.walk()

    def share(self, part: Part) -> Share:
        """How much of a part learns now."""
        return self.learned.share(part.network, part.path, part.objective)

    def learns_of(self, taught: Iterable[Part]) -> tuple[str, ...]:
        """How a stage says that these parts learn and no others.

        Nothing where all of them learn, which is what stages say by nothing.
        """
        chosen = set(taught)
        if all(whole in chosen for whole in self.wholes):
            return ()
        several = len(objectives_of_stage(self.learned.stage)) > 1
        kept = (part for whole in self.wholes for part in _fewest(whole, chosen))
        entries = (Entry(part.objective if several else "", part.network, part.path) for part in kept)
        return tuple(dict.fromkeys(entry.text for entry in entries))


def _fewest(part: Part, chosen: set[Part]) -> Iterator[Part]:
    """The fewest parts that stand for what was chosen of a part."""
    if part in chosen or (part.inside and all(each in chosen for each in part.inside)):
        yield part
    else:
        for each in part.inside:
            yield from _fewest(each, chosen)


def part_of(network: str, result: GraphResult, objective: str = "") -> Part:
    """A network as a part, through one objective or through any."""
    inside = tuple(_inside(Part(objective, network), [(result, 1)]))
    return Part(objective, network, "", network, result.weights, inside)


def _inside(around: Part, copies: Copies) -> Iterator[Part]:
    """The nodes with weights of the graph that a part stands for."""
    for name in copies[0][0].nodes:
        found = [(result.nodes[name], times) for result, times in copies]
        weights = sum(each.weight_count * times for each, times in found)
        if weights:
            path = f"{around.path}/{name}" if around.path else name
            node = Part(around.objective, around.network, path, name, weights)
            inner = [copy for each, times in found for copy in _copies(each, times)]
            yield replace(node, inside=tuple(_inside(node, inner))) if inner else node


def _copies(found: NodeResult, times: int) -> Iterator[tuple[GraphResult, int]]:
    """What a block holds that stands so many times, its repeats with weights of their own included."""
    if found.inner is not None:
        repeats = 1 if found.node.share_weights else found.repeat
        first = repeats if found.later is None else 1
        yield found.inner, first * times
        if found.later is not None:
            yield found.later, (repeats - 1) * times


def sources_for(diagnosis: Diagnosis, part: str) -> list[str]:
    """The parts whose weights another could begin with: networks, and nodes in them, of the very same sizes."""
    wanted = sizes_of(diagnosis.graphs, part)
    names = [each.name for network, result in diagnosis.networks.items() for each in part_of(network, result).walk()]
    return [name for name in names if name != part and wanted and sizes_of(diagnosis.graphs, name) == wanted]
