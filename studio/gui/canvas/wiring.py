"""Links nodes in order, takes nodes out of their links, and swaps their types: from a graph to the edited one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from studio.compiler.ports import Ports
from studio.core.declaration import Raw
from studio.core.graph import Graph, Link, Links, Node
from studio.core.node_class import InputPort, NodeClass
from studio.gui.canvas.card import Subject

Refusals = tuple[str, ...]
"""Sentences about what could not be done."""


@dataclass(frozen=True, slots=True)
class Swapped:
    """A graph in which a node is of another class, what the node is called now, and how many links found no port."""

    graph: Graph
    name: str
    lost: int


def by_position(graph: Graph, names: Iterable[str]) -> tuple[str, ...]:
    """Nodes from left to right, and from the top where they stand above each other."""
    return tuple(sorted(names, key=lambda name: graph.nodes[name].position))


def linked_in_order(subject: Subject, names: Sequence[str]) -> tuple[Graph, Refusals]:
    """The graph with each node linked to the next, where they are not linked already."""
    refusals = []
    for source, target in pairwise(names):
        graph = subject.graph
        if any(link.source == source for link in graph.links.into.get(target, ())):
            continue
        found = _first_link(subject, source, target)
        if isinstance(found, str):
            refusals.append(f"{source} was not linked to {target}: {found}")
            continue
        edited = graph.connect(found, variadic=True)
        subject = replace(subject, graph=edited, project=subject.project.with_graph(subject.name, edited))
    return subject.graph, tuple(refusals)


def _first_link(subject: Subject, source: str, target: str) -> Link | str:
    """The first link that may be drawn between two nodes, or why there is none."""
    taken = {link.input for link in subject.graph.links.into.get(target, ())}
    outputs = subject.ports(source).outputs
    ports = subject.ports(target).inputs
    free = [port.name for port in ports if port.variadic or port.name not in taken]
    if not outputs:
        return f"nothing comes out of {source}."
    if not free:
        return f"{target} has no free input." if ports else f"nothing goes into {target}."
    reason = ""
    for link in (Link(source, output, target, port) for output in outputs for port in free):
        refusal = subject.refusal(link)
        if refusal is None:
            return link
        reason = reason or refusal
    return reason


def detached(graph: Graph, names: Collection[str]) -> Graph:
    """The graph with nodes out of their links: what fed them feeds what they fed; links among them stay."""
    gone = set(names)
    among = [link for link in graph.links if link.source in gone and link.target in gone]
    healed = graph.remove(gone, heal=True).links
    return replace(graph, links=Links((*healed, *among)))


def swapped(graph: Graph, name: str, ports: Ports, old: type[NodeClass] | None, new: type[NodeClass]) -> Swapped:
    """Another class in place of a node, with the settings, links and name that fit it.

    Settings stay that both classes have with one type. A link stays at the port of its name, else it takes the next
    that is free. ``ports`` are those of the node as it is.
    """
    node = graph.nodes[name]
    order = {port.name: at for at, port in enumerate(ports.inputs)}
    arriving = sorted(graph.links.into.get(name, ()), key=lambda link: order.get(link.input, len(order)))
    kept = {
        **{link: replace(link, input=port) for link, port in _inputs(arriving, new.inputs()).items()},
        **_outputs(graph.links.out_of.get(name, ()), ports.outputs, new.outputs),
    }
    links = Links(kept.get(k, k) for k in graph.links if name not in (k.source, k.target) or k in kept)
    settings = _common_settings(node, old, new)
    made = Node(new.__name__, settings, node.position, bypassed=node.bypassed, collapsed=node.collapsed)
    edited = replace(graph, nodes={**graph.nodes, name: made}, links=links)
    lost = len(graph.links) - len(links)
    title = _title(graph, name, node, old, new)
    return Swapped(edited.rename(name, title), title, lost)


def _inputs(links: Sequence[Link], ports: Sequence[InputPort]) -> Mapping[Link, str]:
    """The port for each link that finds one: of the same name, else the next free one, else one that takes many."""
    free = [port.name for port in ports if not port.variadic]
    many = [port.name for port in ports if port.variadic]
    found: dict[Link, str] = {}
    for link in links:
        if link.input in many or link.input in free:
            found[link] = link.input
            free = [port for port in free if port != link.input]
    for link in links:
        if link not in found and (free or many):
            found[link] = free.pop(0) if free else many[0]
    return found


def _outputs(links: Sequence[Link], old: Sequence[str], new: Sequence[str]) -> Mapping[Link, Link]:
    """Each link at the output of the same name, else at that of the same place."""
    rest = [port for port in new if port not in old]
    names = {port: port for port in old if port in new}
    names |= dict(zip([port for port in old if port not in new], rest, strict=False))
    return {link: replace(link, output=names[link.output]) for link in links if link.output in names}


def _common_settings(node: Node, old: type[NodeClass] | None, new: type[NodeClass]) -> Mapping[str, Raw]:
    types = {setting.name: setting.type for setting in old.settings()} if old is not None else {}
    same = {setting.name for setting in new.settings() if types.get(setting.name) == setting.type}
    return {key: value for key, value in node.settings.items() if key in same}


def _title(graph: Graph, name: str, node: Node, old: type[NodeClass] | None, new: type[NodeClass]) -> str:
    """The name that a person gave, else the title of the new class."""
    given = {node.type, node.graph, old.title() if old is not None else node.type}
    if re.sub(r" \d+$", "", name) not in given:
        return name
    return replace(graph, nodes={other: each for other, each in graph.nodes.items() if other != name}).free_name(
        new.title()
    )
