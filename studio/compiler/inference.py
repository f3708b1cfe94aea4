"""Infers shapes, weights and cost of a graph node by node, and after an edit only of what lies downstream of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from typing import Any

from studio.compiler.edits import edit_of
from studio.compiler.meant import made_whole, unknown_type
from studio.compiler.placed import PlacedGraph
from studio.compiler.ports import node_class, passing_refusal, ports_in
from studio.compiler.repairs import lost_outputs, missing_links, problem_at, problem_of, use_again
from studio.compiler.results import Fed, GraphResult, NodeResult, count
from studio.compiler.structure import Structure, structure_of
from studio.core.expressions import Scope, resolve
from studio.core.graph import Graph, Node
from studio.core.node_class import InputPort, NodeClass, shapes_of
from studio.core.problem import Amend, Mismatch, Problem, ProjectError, Repair
from studio.core.project import Project
from studio.core.shape import Shape


@dataclass(frozen=True, slots=True)
class Finding:
    """What a declared class answers to given inputs, wherever it stands."""

    outputs: Mapping[str, Shape]
    weights: Mapping[str, tuple[int, ...]]
    weight_count: int
    multiply_adds: int


@dataclass
class Inference:
    """Infers the graphs of one project; remembers instances and structures from one edit to the next."""

    project: Project = field(default_factory=Project)
    entered: list[str] = field(default_factory=list)
    """Names of the graphs that are being inferred, outermost first."""
    _met: dict[tuple[Any, ...], GraphResult] = field(default_factory=dict)
    """What was inferred since the last ``begin``: a block that stands in many places is looked at once."""
    _structures: dict[str, Structure] = field(default_factory=dict)
    _instances: dict[tuple[Any, ...], NodeClass] = field(default_factory=dict)
    _findings: dict[tuple[Any, ...], Finding] = field(default_factory=dict)

    def begin(self, project: Project) -> None:
        """Turn to a project, or to an edited one."""
        self.project = project
        self._met.clear()

    def graph(
        self, name: str, graph: Graph, scope: Scope, fed: Mapping[str, Shape], before: GraphResult | None = None
    ) -> GraphResult:
        """The graph with these values and inputs; of ``before``, its last result, all that still holds is kept."""
        key = (name, id(graph), *scope.items(), *fed.items())
        if key not in self._met:
            self.entered.append(name)
            try:
                self._met[key] = _Pass(self, name, graph, scope, fed, self._structure(name, graph), before).run()
            finally:
                self.entered.pop()
        return self._met[key]

    def instance(self, cls: type[NodeClass], node: Node, scope: Scope) -> NodeClass:
        """The node class with its settings computed and checked. Raises Mismatch."""
        values = {key: resolve(value, scope) for key, value in node.settings.items()}
        key = (cls, *values.items(), *map(type, values.values()))
        known = self._instances.get(key)
        if known is None:
            try:
                known = self._instances[key] = cls.of(values)
            except Mismatch as error:
                raise made_whole(error, cls, node, values) from None
        return known

    def finding(self, instance: NodeClass, inputs: list[Any]) -> Finding:
        """What such a node answers to such inputs; a large network asks the same again and again. Raises Mismatch."""
        key = (id(instance), *inputs)  # instances are kept, so that no other one gets the same id
        known = self._findings.get(key)
        if known is None:
            outputs = dict(zip(instance.outputs, shapes_of(instance.infer(*inputs)), strict=True))
            weights = instance.weights(*inputs)
            known = Finding(outputs, weights, count(weights), instance.multiply_adds(*inputs))
            self._findings[key] = known
        return known

    def _structure(self, name: str, graph: Graph) -> Structure:
        known = self._structures.get(name)
        if known is None or not known.holds_for(graph):
            known = self._structures[name] = structure_of(name, graph)
        return known


@dataclass
class _Pass:
    """One look at one graph."""

    inference: Inference
    name: str
    graph: Graph
    scope: Scope
    fed: Mapping[str, Shape]
    structure: Structure
    before: GraphResult | None
    results: dict[str, NodeResult] = field(default_factory=dict)

    def run(self) -> GraphResult:
        dirty, before = self._dirty(), self.before
        if before is not None and before.structure is self.structure:
            self.results = dict(before.nodes)
        elif before is not None and dirty is not self.graph.nodes:
            self.results = {at: before.nodes[at] for at in self.graph.nodes if at in before.nodes}
        links = self.graph.links.out_of
        walk = _Walk(self.structure.rank, dirty)
        for at in walk:
            old, new = self.results.get(at), self._node(at)
            if placed := self.structure.by_node.get(at):
                new = replace(new, problems=new.problems + placed)
            self.results[at] = new
            if old is None or old.outputs != new.outputs:
                walk.add(link.target for link in links.get(at, ()) if link.target in self.structure.rank)
        if before is not None and before.structure is not self.structure:
            # As a first look would have them: what is said of nodes comes in this order.
            self.results = {at: self.results[at] for at in self.structure.order}
        return GraphResult(self.name, self.graph, self.scope, self.fed, self.structure, self.results)

    def _dirty(self) -> Iterable[str]:
        """Nodes that need a new look: all where values changed, else those edited, linked anew or fed otherwise."""
        before, graph = self.before, self.graph
        if before is None or before.name != self.name or before.scope != self.scope:
            return graph.nodes
        was = before.graph.nodes
        dirty = {at for at, node in graph.nodes.items() if was.get(at) is not node or node.graph or node.shares_with}
        if before.fed != self.fed:
            dirty.update(graph.inputs())
        if before.structure is not self.structure:
            dirty.update(before.structure.cyclic ^ self.structure.cyclic)
            dirty.update(before.structure.by_node.keys() | self.structure.by_node.keys())
            dirty.update(link.target for link in set(before.graph.links) ^ set(graph.links))
        return dirty

    def _node(self, at: str) -> NodeResult:
        node = self.graph.nodes[at]
        if at in self.structure.cyclic:
            return NodeResult(node)
        arriving, broken = self._arriving(at)
        if broken and (lost := lost_outputs(self.name, self.graph, at, self.results)):
            return NodeResult(node, inputs=arriving, problems=lost)
        try:
            if node.bypassed:
                return self._bypassed(at, node, arriving, broken=broken)
            if node.graph:
                last = self.before.nodes.get(at) if self.before is not None else None
                return PlacedGraph(self.inference, self.name, self.graph, at, self.scope).infer(
                    arriving, last, broken=broken
                )
            return self._plain(at, node, arriving, broken=broken)
        except Mismatch as error:
            return NodeResult(node, inputs=arriving, problems=(problem_of(self.name, self.graph, at, error),))
        except ProjectError as error:
            return NodeResult(node, inputs=arriving, problems=(problem_at(self.name, at, str(error)),))

    def _plain(self, at: str, node: Node, arriving: Fed, *, broken: bool) -> NodeResult:
        """A node of a declared class. Raises Mismatch."""
        cls = node_class(node.type)
        if cls is None:
            raise unknown_type(at, node)
        last = self.before.nodes.get(at) if self.before is not None and self.before.scope == self.scope else None
        kept = last.instance if last is not None and last.node is node else None
        instance = kept or self.inference.instance(cls, node, self.scope)
        if node.type == "Input" and at in self.fed:
            return NodeResult(node, instance, arriving, {"out": self.fed[at]})
        missing = missing_links(self.name, self.graph, at, cls.inputs(), arriving, broken=broken)
        if missing or broken:
            return NodeResult(node, instance, arriving, problems=missing)
        inputs = arranged(cls.inputs(), arriving)
        found = self.inference.finding(instance, inputs)
        total = 0 if node.shares_with else found.weight_count
        return NodeResult(
            node, instance, arriving, found.outputs, found.weights, total, found.multiply_adds, self._sharing(at, node)
        )

    def _bypassed(self, at: str, node: Node, arriving: Fed, *, broken: bool) -> NodeResult:
        """A node that hands on what arrives at it, where that is one value. Raises Mismatch."""
        ports = ports_in(self.inference.project, self.graph, at)
        missing = missing_links(self.name, self.graph, at, ports.inputs, arriving, broken=broken)
        values = [shape for shapes in arriving.values() for shape in shapes]
        reason = passing_refusal(node, ports, len(values))
        cls = node_class(node.type)
        instance = self.inference.instance(cls, node, self.scope) if cls is not None else None
        if missing or broken or reason is not None:
            refused = problem_at(self.name, at, f"{at} cannot be bypassed: {reason}", "", (use_again(self.name, at),))
            return NodeResult(node, instance, arriving, problems=missing or (() if broken else (refused,)))
        if not values:
            raise Mismatch("Nothing arrives that could pass: link an output to it.")
        return NodeResult(node, instance, arriving, {ports.outputs[0]: values[0]})

    def _arriving(self, at: str) -> tuple[Fed, bool]:
        """What arrives at each port of a node, and whether something linked to it is not known yet."""
        arriving: dict[str, tuple[Shape, ...]] = {}
        broken = False
        for link in self.graph.links.into.get(at, ()):
            feeding = self.results.get(link.source)
            shape = feeding.outputs.get(link.output) if feeding is not None else None
            if shape is None:
                broken = True
            else:
                arriving[link.input] = (*arriving.get(link.input, ()), shape)
        return arriving, broken

    def _sharing(self, at: str, node: Node) -> tuple[Problem, ...]:
        """Problems of a node that uses another's weights."""
        if not node.shares_with:
            return ()
        other = self.graph.nodes.get(node.shares_with)
        usable = other is not None and not other.shares_with and not other.bypassed
        if other is not None and usable and other.type == node.type and other.settings == node.settings:
            return ()
        reason = "there is no such node" if other is None else "it must own weights and have the same settings"
        own = Repair("Give it its own weights", edit_of(self.name, at, Amend("shares_with", "", "")))
        return (problem_at(self.name, at, f"It cannot use the weights of {node.shares_with}: {reason}.", "", (own,)),)


class _Walk:
    """Yields nodes in the order of the structure, and takes up more while it goes."""

    def __init__(self, rank: Mapping[str, int], names: Iterable[str]) -> None:
        self._rank = rank
        self._waiting = sorted((rank[name], name) for name in names if name in rank)
        self._known = {name for _, name in self._waiting}

    def add(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self._known:
                self._known.add(name)
                heappush(self._waiting, (self._rank[name], name))

    def __iter__(self) -> _Walk:
        return self

    def __next__(self) -> str:
        if not self._waiting:
            raise StopIteration
        return heappop(self._waiting)[1]


def arranged(ports: tuple[InputPort, ...], arriving: Fed) -> list[Any]:
    """The arriving shapes as arguments of ``infer``: None for an empty optional port, all of a variadic one."""
    arguments: list[Any] = []
    for port in ports:
        shapes = arriving.get(port.name, ())
        if port.variadic:
            arguments += shapes
        else:
            arguments.append(shapes[0] if shapes else None)
    return arguments
