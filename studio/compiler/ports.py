"""Which ports a node has, and whether a link may be drawn, for nodes of every kind."""

from __future__ import annotations

from dataclasses import dataclass

from studio.core.catalog import catalog
from studio.core.graph import Graph, Link, Node
from studio.core.node_class import InputPort, NodeClass
from studio.core.project import Project


@dataclass(frozen=True, slots=True)
class Ports:
    """The inputs and outputs of one node, in the order they are drawn."""

    inputs: tuple[InputPort, ...] = ()
    outputs: tuple[str, ...] = ()

    def input(self, name: str) -> InputPort | None:
        return next((port for port in self.inputs if port.name == name), None)


def node_class(type_name: str) -> type[NodeClass] | None:
    """The declared class of this name, or of a class that formerly had it."""
    found = catalog()
    return found.nodes.get(found.renamed.get(type_name, type_name))


def ports_of(project: Project, node: Node) -> Ports:
    """The ports of a node; a placed graph has those of the graph, an unknown type has none."""
    if node.graph:
        inner = project.graphs.get(node.graph)
        return Ports(tuple(map(InputPort, inner.inputs())), inner.outputs()) if inner else Ports()
    cls = node_class(node.type)
    return Ports(cls.inputs(), cls.outputs) if cls else Ports()


def ports_in(project: Project, graph: Graph, name: str) -> Ports:
    """The ports of a node in its graph; an unknown type shows those that its links name, so that none is lost."""
    node = graph.nodes[name]
    ports = ports_of(project, node)
    if ports.inputs or ports.outputs or node_class(node.type):
        return ports
    inputs = dict.fromkeys(link.input for link in graph.links.into.get(name, ()))
    outputs = dict.fromkeys(link.output for link in graph.links.out_of.get(name, ()))
    return Ports(tuple(map(InputPort, inputs)), tuple(outputs))


def refusal(project: Project, graph_name: str, link: Link) -> str | None:
    """Why this link may not be drawn, in words; None where it may."""
    graph = project.graphs[graph_name]
    for name in (link.source, link.target):
        if name not in graph.nodes:
            return f"There is no node {name}."
    if link.output not in ports_in(project, graph, link.source).outputs:
        return f"{link.source} has no output {link.output}."
    if ports_in(project, graph, link.target).input(link.input) is None:
        return f"{link.target} has no input {link.input}."
    if any(known.ends == link.ends for known in graph.links.into.get(link.target, ())):
        return "These ports are linked already."
    if graph.reaches(link.target, link.source):
        return f"This would close a cycle: {link.source} already depends on {link.target}."
    return None


def passing_refusal(node: Node, ports: Ports, arriving: int) -> str | None:
    """Why a node cannot hand on what arrives at it, which is so many values; None where it can."""
    if node.type == "Network":
        return "a network is always computed whole."
    if not ports.inputs:
        return "nothing goes into it that could pass."
    if not ports.outputs:
        return "nothing comes out of it."
    if arriving > 1:
        return f"{arriving} values arrive, and only one could pass."
    return None
