"""The edits that the canvas makes: plain functions from a graph to the edited graph and what the edit is called."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from studio.compiler.ports import Ports
from studio.core.graph import Graph, Link, Node
from studio.gui.canvas import wiring
from studio.gui.canvas.geometry import Point, snapped

Edited = tuple[Graph, str]


def move(graph: Graph, positions: Mapping[str, Point]) -> Edited:
    return graph.move(positions), f"Move {named(positions)}"


def connect(graph: Graph, link: Link, *, variadic: bool) -> Edited:
    return graph.connect(link, variadic=variadic), f"Connect {link.source} to {link.target}"


def reroute(graph: Graph, old: Link, new: Link, *, variadic: bool) -> Edited:
    """Take an end of a link to another port."""
    if old == new:
        return graph, ""
    return graph.disconnect(old).connect(new, variadic=variadic), f"Connect {new.source} to {new.target}"


def disconnect(graph: Graph, link: Link) -> Edited:
    return graph.disconnect(link), f"Disconnect {link.source} from {link.target}"


def delete(graph: Graph, names: Collection[str], *, heal: bool) -> Edited:
    """Delete nodes; healed, what fed them feeds what they fed."""
    return graph.remove(names, heal=heal), f"Delete {named(names)}"


def add(graph: Graph, name: str, node: Node) -> Edited:
    return graph.add(name, node), f"Add {name}"


def insert(graph: Graph, name: str, node: Node, link: Link, ports: Ports) -> Edited:
    """Put a new node on a link; the label says so. The node must have an input and an output."""
    added = graph.insert(name, node, link, input=ports.inputs[0].name, output=ports.outputs[0])
    return added, f"Insert {name}"


def slip_in(graph: Graph, name: str, at: Point, link: Link, ports: Ports) -> Edited:
    """Put a node of the graph, which has no links yet, on a link."""
    node = graph.move({name: at}).nodes[name]
    without = graph.remove([name])
    return insert(without, name, node, link, ports)


def detach(graph: Graph, positions: Mapping[str, Point]) -> Edited:
    """Move nodes out of their links; what fed them feeds what they fed."""
    return wiring.detached(graph, positions).move(positions), f"Detach {named(positions)}"


def fits_on_link(ports: Ports) -> bool:
    """Whether a node can stand on a link: something goes in and something comes out."""
    return bool(ports.inputs) and bool(ports.outputs)


def centered(at: Point, width: float) -> Point:
    """Where a new node stands whose header's middle is dropped at a point, on the grid."""
    return snapped((at[0] - width / 2, at[1] - 16.0))


def named(names: Collection[str]) -> str:
    """One node by its name, several by their number."""
    return next(iter(names)) if len(names) == 1 else f"{len(names)} nodes"
