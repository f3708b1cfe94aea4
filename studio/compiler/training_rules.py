"""What must hold where a network answers more while it learns than it does afterwards, and what a figure is for."""

from __future__ import annotations

from collections.abc import Iterator

from studio.compiler.edits import cutting, edit_of
from studio.compiler.objective_program import losses_of
from studio.compiler.ports import node_class
from studio.compiler.results import GraphResult
from studio.compiler.scope import scope_of
from studio.compiler.ways import training_only
from studio.core.expressions import resolve
from studio.core.graph import Graph, Node
from studio.core.node_class import Asking, Metric, NodeClass
from studio.core.problem import Assign, Mismatch, Problem, Remove, Repair
from studio.core.project import Project

ALWAYS = Assign("training_only", False, "Answer it at all times")
NOBODY = "Say which network it asks."
LEFT_OUT = Remove("Leave this figure out")


def answer_problems(result: GraphResult) -> Iterator[Problem]:
    """Outputs for training alone where that makes no sense: in a block, or where a network has no others."""
    graph = result.graph
    extra = [name for name in graph.outputs() if name not in graph.answers()]
    if extra and graph.role == "block":
        message = "A block answers all its outputs at all times: only a network has outputs for training alone."
        yield from (_problem(result, name, message, ALWAYS) for name in extra)
    elif extra and not graph.answers():
        message = "Nothing would be answered after the training: one Output at least must not be for training only."
        yield _problem(result, extra[0], message, ALWAYS)


def figure_problems(result: GraphResult) -> Iterator[Problem]:
    """Figures that no network can learn from, and those that held-out samples cannot be judged by."""
    extra, linked = training_only(result), result.graph.links.out_of
    for name, found in result.nodes.items():
        if not isinstance(found.instance, Metric):
            continue
        if name in extra:
            message = "It judges an answer that is given only while training, so held-out samples have no such figure."
            yield _problem(result, name, message, LEFT_OUT)
        for link in linked.get(name, ()):
            message = "It is a figure to judge by: nothing can be learned from it."
            cut = Repair(f"Cut {link.source} → {link.target}", cutting(result.name, link))
            yield Problem(message, result.name, name, "", (cut,))
    ends = losses_of(result)
    if ends and all(name in extra for name in ends):
        message = "All losses judge answers that are given only while training: held-out samples would have none."
        yield Problem(message, result.name, ends[0])


def asking_problems(project: Project, result: GraphResult) -> Iterator[Problem]:
    """What asks a network that is not there, or stands where none can be asked."""
    for name, found in result.nodes.items():
        if not isinstance(found.instance, Asking):
            continue
        if result.graph.role != "objective":
            message = "It asks a network again and again, which only an objective can do: draw it there."
            yield _problem(result, name, message, Remove(f"Remove {name}"))
        elif found.instance.network not in project.networks:
            wanted = found.instance.network
            message = f"It asks the network {wanted!r:.60}, which is not in this project." if wanted else NOBODY
            choices = tuple(Assign("network", each, f"Ask {each}") for each in project.networks)
            repairs = tuple(Repair(each.label, edit_of(result.name, name, each)) for each in choices)
            yield Problem(message, result.name, name, "network", repairs)


def disagreements(project: Project, result: GraphResult) -> Iterator[Problem]:
    """What asks a network otherwise than it was taught: a sampler with another schedule than its noise was added by."""
    asking = {name: found.instance for name, found in result.nodes.items() if isinstance(found.instance, Asking)}
    for name, each in asking.items():
        for graph, teacher in _teachers(project, each):
            taught = project.graphs[graph].nodes[teacher]
            meant = _resolved(project, project.graphs[graph], taught)
            for setting in each.as_taught if meant else ():
                if getattr(meant, setting) == (own := getattr(each, setting)):
                    continue
                value = taught.settings.get(setting, getattr(meant, setting))
                message = (
                    f"{each.network} learns with {setting} {getattr(meant, setting)} ({teacher} in {graph}), and is "
                    f"asked here with {own}: what it answers would be taken for something else."
                )
                repair = Assign(setting, value, f"Set {setting} to {getattr(meant, setting)}")
                yield _problem(result, name, message, repair)


def _teachers(project: Project, asking: Asking) -> Iterator[tuple[str, str]]:
    """Graph and name of the nodes that make what the asked network learns from."""
    for name, graph in project.of_role("objective").items():
        for link in graph.links:
            at, teacher = graph.nodes.get(link.target), graph.nodes.get(link.source)
            if at and teacher and teacher.type == asking.taught_by and at.graph == asking.network:
                yield name, link.source


def _resolved(project: Project, graph: Graph, node: Node) -> NodeClass | None:
    """The node with its settings as values; None where they cannot be read, which is said elsewhere."""
    cls = node_class(node.type)
    try:
        scope = scope_of(project, graph)
        return cls.of({key: resolve(value, scope) for key, value in node.settings.items()}) if cls else None
    except Mismatch:
        return None


def _problem(result: GraphResult, name: str, message: str, repair: Assign | Remove) -> Problem:
    return Problem(message, result.name, name, "", (Repair(repair.label, edit_of(result.name, name, repair)),))
