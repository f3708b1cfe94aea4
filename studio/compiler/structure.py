"""The questions to a graph as a whole: order, cycles, branches that lead nowhere."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from studio.compiler.edits import answering, cutting, in_graph, linking
from studio.compiler.ports import node_class
from studio.core.graph import Graph, Link
from studio.core.problem import Problem, Repair


@dataclass(frozen=True)
class Structure:
    """What follows from nodes and links alone: an order in which every node comes after what feeds it."""

    graph: Graph
    order: tuple[str, ...]
    rank: Mapping[str, int]
    cyclic: frozenset[str]
    problems: tuple[Problem, ...]

    @cached_property
    def by_node(self) -> Mapping[str, tuple[Problem, ...]]:
        """The problems that are shown at a node; under an empty name those of the graph as a whole."""
        nodes = dict.fromkeys(problem.node for problem in self.problems)
        return {node: tuple(problem for problem in self.problems if problem.node == node) for node in nodes}

    def holds_for(self, graph: Graph) -> bool:
        """Whether it needs no new look: the same links between nodes of the same names and types, in the same order."""
        mine, nodes = self.graph.nodes, graph.nodes
        if self.graph.links is not graph.links or [*mine] != [*nodes]:
            return False
        pairs = zip(mine.values(), nodes.values(), strict=True)
        return all(old.type == new.type for old, new in pairs if old is not new)


def structure_of(name: str, graph: Graph) -> Structure:
    """Order the nodes; those on a cycle come last and are named."""
    waiting = dict.fromkeys(graph.nodes, 0)
    for link in graph.links:
        if link.target in waiting and link.source in waiting:
            waiting[link.target] += 1
    order = [node for node, missing in waiting.items() if missing == 0]
    for node in order:
        for link in graph.links.out_of.get(node, ()):
            if link.target in waiting:
                waiting[link.target] -= 1
                if waiting[link.target] == 0:
                    order.append(link.target)
    placed = set(order)
    cyclic = tuple(node for node in graph.nodes if node not in placed)
    problems = _cycles(name, graph, frozenset(cyclic)) + _dangling(name, graph) + _dead(name, graph)
    full = (*order, *cyclic)
    return Structure(graph, full, {node: at for at, node in enumerate(full)}, frozenset(cyclic), problems)


def _cycles(name: str, graph: Graph, cyclic: frozenset[str]) -> tuple[Problem, ...]:
    """One problem for each knot of nodes that depend on themselves, naming the link that would open it."""
    if not cyclic:
        return ()
    import networkx  # late: a fifth of a second that only a graph with a cycle has to pay

    drawn = networkx.DiGraph((k.source, k.target) for k in graph.links if k.source in cyclic and k.target in cyclic)
    problems = []
    for knot in networkx.strongly_connected_components(drawn):
        loop = list(networkx.find_cycle(drawn.subgraph(knot))) if len(knot) > 1 or drawn.has_edge(*[*knot] * 2) else []
        if loop:
            source, target = loop[-1]
            link = next(k for k in graph.links if (k.source, k.target) == (source, target))
            way = " → ".join([*(edge[0] for edge in loop[:6]), loop[0][0]])
            repair = Repair(f"Cut {source} → {target}", cutting(name, link))
            problems.append(Problem(f"These nodes feed each other in a circle: {way}.", name, target, "", (repair,)))
    return tuple(problems)


def _dangling(name: str, graph: Graph) -> tuple[Problem, ...]:
    """Links that name a node which is not there, as a damaged file may hold."""
    lost = [k for k in graph.links if k.source not in graph.nodes or k.target not in graph.nodes]
    return tuple(
        Problem(
            f"A link leads from {k.source} to {k.target}, but one of them is missing.",
            name,
            "",
            "",
            (Repair("Remove the link", cutting(name, k)),),
        )
        for k in lost[:20]
    )


def _dead(name: str, graph: Graph) -> tuple[Problem, ...]:
    """Nodes of a network or block from which no way leads to an output."""
    outputs = graph.outputs()
    if graph.role == "objective":
        return ()
    if not outputs:
        ends = tuple(_answers(name, graph, last) for last in _last(graph))
        message = "The graph has no Output: add one and link to it what the network answers."
        return (Problem(message, name, repairs=ends),)
    reached, waiting = set(outputs), list(outputs)
    while waiting:
        for link in graph.links.into.get(waiting.pop(), ()):
            if link.source not in reached and link.source in graph.nodes:
                reached.add(link.source)
                waiting.append(link.source)
    dead = {node: None for node in graph.nodes if node not in reached}
    return tuple(
        Problem("Nothing uses what this computes.", name, node, "", _ways_out(name, graph, node, dead))
        for node in dead
        if not any(link.target in dead for link in graph.links.out_of.get(node, ()))
    )


def _ways_out(name: str, graph: Graph, node: str, dead: Container[str]) -> tuple[Repair, ...]:
    """Remove what leads nowhere, or let a network answer it."""
    branch = tuple(_branch(graph, node, dead))
    label = "Remove" if len(branch) == 1 else f"Remove these {len(branch)} nodes"
    removing = Repair(label, in_graph(name, lambda graph: graph.remove(branch)))
    empty = [end for end in graph.outputs() if end not in graph.links.into]
    if output := _output(graph, node):
        linking_ends = (Repair(f"Link to {end}", linking(name, Link(node, output, end, "value"))) for end in empty[:1])
        return (*linking_ends, removing, *(() if empty else (_answers(name, graph, node),)))
    return (removing,)


def _branch(graph: Graph, node: str, dead: Container[str]) -> Iterator[str]:
    """The node and all before it that serve nothing else."""
    gone, waiting = {node}, [node]
    while waiting:
        at = waiting.pop()
        yield at
        for link in graph.links.into.get(at, ()):
            served = {other.target for other in graph.links.out_of.get(link.source, ())}
            if link.source in dead and link.source not in gone and served <= gone:
                gone.add(link.source)
                waiting.append(link.source)


def _last(graph: Graph) -> list[str]:
    """Of the nodes at which a way ends and from which something can be linked, the one that was added last.

    Where nodes stand is nothing to go by here: a structure is kept while they are moved.
    """
    ends = [node for node in graph.nodes if node not in graph.links.out_of and _output(graph, node)]
    return sorted(ends, key=lambda node: node in graph.links.into)[-1:]


def _output(graph: Graph, node: str) -> str:
    """The first output of a node; empty where it has none or is not known."""
    cls = node_class(graph.nodes[node].type)
    return cls.outputs[0] if cls is not None and cls.outputs else ""


def _answers(name: str, graph: Graph, node: str) -> Repair:
    return Repair(f"Add an Output after {node}", answering(name, node, _output(graph, node)))
