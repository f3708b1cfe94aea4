"""Infers nodes that stand for a graph: blocks with their values and repeats, and networks in an objective."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Protocol

from studio.compiler.agreeing import other_size
from studio.compiler.repairs import missing_links
from studio.compiler.results import Fed, GraphResult, NodeResult
from studio.compiler.scope import scope_of
from studio.core.expressions import Scope, resolve
from studio.core.graph import Graph, Node
from studio.core.node_class import InputPort
from studio.core.problem import Amend, Mismatch, Problem, Remove, Suggestion, Unset
from studio.core.project import Project
from studio.core.shape import Shape

MOST_REPEATS, DEEPEST, MOST_NODES = 10_000, 50, 200_000

ONCE = Amend("repeat", 1, "Do not repeat it")


class Infers(Protocol):
    """What a placed graph needs of the inference that meets it."""

    project: Project
    entered: list[str]

    def graph(
        self, name: str, graph: Graph, scope: Scope, fed: Mapping[str, Shape], before: GraphResult | None = None
    ) -> GraphResult: ...


@dataclass(frozen=True)
class PlacedGraph:
    """The inference of one node that stands for a graph."""

    inference: Infers
    name: str
    outer: Graph
    at: str
    scope: Scope

    @property
    def node(self) -> Node:
        return self.outer.nodes[self.at]

    def infer(self, arriving: Fed, last: NodeResult | None, *, broken: bool) -> NodeResult:
        """The node with the inside of its graph. Raises Mismatch."""
        node, graph = self.node, self._graph()
        ports = tuple(map(InputPort, graph.inputs()))
        missing = missing_links(self.name, self.outer, self.at, ports, arriving, broken=broken)
        if missing or broken:
            return NodeResult(node, inputs=arriving, problems=missing)
        fed = {port: shapes[0] for port, shapes in arriving.items()}
        repeat, scope = self._repeat(graph), self._scope(graph)
        if node.type == "Network" and (odd := self._odd_sizes(graph, scope, fed)):
            return NodeResult(node, inputs=arriving, problems=odd)
        inner = self.inference.graph(node.graph, graph, scope, fed, last.inner if last else None)
        if inner.size > MOST_NODES:
            raise Mismatch(f"{node.graph} holds {inner.size:,} nodes; more than {MOST_NODES:,} cannot be handled.")
        later = self._later(graph, scope, fed, inner, repeat)
        further = later or inner
        copies = 0 if node.share_weights else repeat - 1
        weights = 0 if self._shared() else inner.weights + copies * further.weights
        cost = inner.multiply_adds + (repeat - 1) * further.multiply_adds
        problems = self._inside(inner) or self._inside(later)
        return NodeResult(node, None, arriving, further.outputs, {}, weights, cost, problems, inner, repeat, later)

    def _graph(self) -> Graph:
        graph, entered = self.inference.project.graphs.get(self.node.graph), self.inference.entered
        if graph is None:
            raise Mismatch(f"There is no graph {self.node.graph!r:.60} in this project.", None, self._other_graphs())
        if self.node.graph in entered:
            way = " → ".join([*entered[entered.index(self.node.graph) :], self.node.graph])
            raise Mismatch(f"A graph cannot hold itself: {way}.", None, (Remove(f"Remove {self.at}"),))
        if len(entered) > DEEPEST:
            raise Mismatch(f"Blocks can be nested {DEEPEST} deep at most.")
        return graph

    def _odd_sizes(self, graph: Graph, scope: Scope, fed: Mapping[str, Shape]) -> tuple[Problem, ...]:
        """A network, unlike a block, is drawn for the sizes that its Input nodes declare."""
        declared = self.inference.graph(self.node.graph, graph, scope, {}).inputs
        return tuple(
            other_size(self.name, self.outer, self.at, self.node.graph, port, declared[port], shape)
            for port, shape in fed.items()
            if port in declared and declared[port] != shape
        )

    def _repeat(self, graph: Graph) -> int:
        repeat = resolve(self.node.repeat, self.scope)
        if not isinstance(repeat, int) or not 1 <= repeat <= MOST_REPEATS:
            message = f"Repeat should be a whole number from 1 to {MOST_REPEATS:,}; it is {repeat!r:.40}."
            nearest = min(max(int(repeat), 1), MOST_REPEATS) if isinstance(repeat, int | float) else 1
            raise Mismatch(message, None, (Amend("repeat", nearest, f"Set repeat to {nearest}"),))
        if repeat > 1 and (len(graph.inputs()), len(graph.outputs())) != (1, 1):
            raise Mismatch("Only a block with one input and one output can be repeated.", None, (ONCE,))
        return repeat

    def _scope(self, graph: Graph) -> dict[str, Any]:
        unknown = self.node.settings.keys() - graph.parameters.keys()
        if unknown:
            odd, known = min(unknown), ", ".join(graph.parameters) or "none"
            near = get_close_matches(odd, graph.parameters.keys() - self.node.settings.keys(), n=1)
            meant = tuple(Unset(odd, f"Use {name}", renamed=name) for name in near)
            repairs = (*meant, Unset(odd, f"Leave {odd:.40} out"))
            raise Mismatch(f"{self.node.graph} has no parameter {odd!r:.60}; it has: {known}.", None, repairs)
        values = {key: resolve(value, self.scope) for key, value in self.node.settings.items()}
        return scope_of(self.inference.project, graph, values)

    def _later(
        self, graph: Graph, scope: Scope, fed: Mapping[str, Shape], inner: GraphResult, repeat: int
    ) -> GraphResult | None:
        """The second and further repeats, where the first changes the shape. Raises Mismatch if that never ends."""
        if repeat == 1 or not inner.outputs:
            return None
        (port,), (output,) = graph.inputs(), graph.outputs()
        passed = inner.outputs[output]
        if passed == fed[port]:
            return None
        later = self.inference.graph(self.node.graph, graph, scope, {port: passed})
        if later.outputs.get(output) != passed:
            raise Mismatch(
                f"It cannot be repeated: each pass changes the shape, {fed[port]} → {passed} → "
                f"{later.outputs.get(output, 'unknown')}.",
                None,
                (ONCE,),
            )
        if self.node.share_weights:
            own = Amend("share_weights", False, "Give each repeat its own weights")
            message = f"Repeats can share weights only where the shape stays; it goes {fed[port]} → {passed}."
            raise Mismatch(message, None, (own, ONCE))
        return later

    def _shared(self) -> bool:
        """Whether its weights are counted elsewhere: another node's, or the same network earlier in this objective."""
        node = self.node
        if node.type != "Network":
            return node.shares_with != ""
        same = (
            name for name, other in self.outer.nodes.items() if (other.type, other.graph) == (node.type, node.graph)
        )
        return next(same) != self.at

    def _inside(self, inner: GraphResult | None) -> tuple[Problem, ...]:
        """What is wrong inside, said at the block as well, so that a look at the outer graph shows it."""
        if inner is None or not inner.problems or self.node.type == "Network":
            return ()
        first = inner.problems[0]
        message = f"Inside {self.node.graph}, at {first.node or 'the graph'}: {first.message}"
        way = (first.node, *first.inside) if first.node else ()
        return (Problem(message, self.name, self.at, "", first.repairs, (), way),)

    def _other_graphs(self) -> tuple[Suggestion, ...]:
        """The block of the nearest name in place of one that is not there."""
        blocks = self.inference.project.of_role("network" if self.node.type == "Network" else "block")
        near = [name for name in get_close_matches(self.node.graph, blocks, n=1) if name not in self.inference.entered]
        return (*(Amend("graph", name, f"Use {name}") for name in near), Remove(f"Remove {self.at}"))
