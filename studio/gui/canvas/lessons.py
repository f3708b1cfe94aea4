"""What the nodes of a graph learn in a stage, and the sentence that says so: what is frozen shall look frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from studio.compiler.learned import Learned, Share, network_of
from studio.compiler.objective import objectives_of_stage
from studio.compiler.results import GraphResult


@dataclass(frozen=True, slots=True)
class Lesson:
    """How much of a node learns, in words too; ``is_marked`` where the canvas says it at the node."""

    share: Share
    sentence: str
    is_marked: bool = True


Lessons = Mapping[str, Lesson]
"""By node, of those about which there is something to say."""
NO_LESSONS: Lessons = MappingProxyType({})


def lessons(learned: Learned, root: str, path: Sequence[str], result: GraphResult | None) -> Lessons:
    """Those of a graph, or of the inside of a block that ``path`` leads to from there."""
    known = all(name in learned.objectives for name in objectives_of_stage(learned.stage))
    if result is None or not known:
        return NO_LESSONS
    if root in learned.objectives:
        return _of_objective(learned, root, result)
    if root not in learned.networks or learned.share(root, "/".join(path)) == "all":
        return NO_LESSONS
    return _of_network(learned, root, path, result)


def _of_objective(learned: Learned, name: str, result: GraphResult) -> Lessons:
    """Every network of an objective says whether the objective teaches it."""
    stage = learned.stage.name
    measures = name not in objectives_of_stage(learned.stage)
    found = {}
    for node, placed in result.graph.nodes.items():
        if network := network_of(placed):
            share = learned.share(network, "", name)
            sentence = {
                "all": f"Learns through this objective in the stage {stage}.",
                "some": f"Learns in part through this objective in the stage {stage}: the rest is frozen.",
                "none": f"Frozen here: in the stage {stage} this objective "
                + ("is only measured." if measures else "does not teach it."),
            }[share]
            found[node] = Lesson(share, sentence)
    return found


def _of_network(learned: Learned, root: str, path: Sequence[str], result: GraphResult) -> Lessons:
    found = {}
    for name, node in result.graph.nodes.items():
        at = result.nodes.get(name)
        if not node.shares_with and (at is None or not at.weight_count):
            continue
        way = "/".join((*path, node.shares_with or name))
        share = learned.share(root, way)
        found[name] = Lesson(share, _sentence(learned, root, way, share), is_marked=share != "all")
    return found


def _sentence(learned: Learned, network: str, way: str, share: Share) -> str:
    stage = learned.stage.name
    if share == "none":
        rests = "" if learned.holding(network) else f", whose objectives do without {network}"
        return f"Frozen in the stage {stage}{rests}."
    through = " and ".join(learned.teaching(network, way))
    part = "in part " if share == "some" else ""
    return f"Learns {part}in the stage {stage}, through {through}."
