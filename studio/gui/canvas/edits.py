"""The edits that the canvas makes: plain functions from a graph to the edited graph and what the edit is called."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from studio.compiler.ports import Ports
from studio.core.graph import Frame, Graph, Link, Node
from studio.gui.canvas import wiring
from studio.gui.canvas.frame_geometry import shifted
from studio.gui.canvas.geometry import Point, Rect, snapped

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


def lead(graph: Graph, link: Link, via: Iterable[Point]) -> Edited:
    """Lead a link through these points."""
    points = tuple(via)
    what = "Add a reroute point" if len(points) > len(link.via) else "Move a reroute point"
    return graph.lead(link, points), what if len(points) >= len(link.via) else "Remove a reroute point"


def add_frame(graph: Graph, frame: Frame) -> Edited:
    return replace(graph, frames=(*graph.frames, frame)), f"Frame {frame.title}"


def change_frame(graph: Graph, index: int, frame: Frame, label: str) -> Edited:
    """Put a frame in the place of another."""
    if graph.frames[index] == frame:
        return graph, ""
    return replace(graph, frames=(*graph.frames[:index], frame, *graph.frames[index + 1 :])), label


def move_frame(graph: Graph, index: int, by: Point, names: Collection[str], frames: Collection[int]) -> Edited:
    """Move a frame, and with it these nodes and other frames."""
    if by == (0.0, 0.0):
        return graph, ""
    nodes = {name: graph.nodes[name].position for name in names}
    moved = graph.move({name: (x + by[0], y + by[1]) for name, (x, y) in nodes.items()}) if nodes else graph
    going = {index, *frames}
    shown = tuple(shifted(frame, by) if at in going else frame for at, frame in enumerate(graph.frames))
    return replace(moved, frames=shown), f"Move {graph.frames[index].title}"


def resize_frame(graph: Graph, index: int, rect: Rect) -> Edited:
    frame = replace(graph.frames[index], rectangle=rect)
    return change_frame(graph, index, frame, f"Resize {frame.title}")


def delete_frame(graph: Graph, index: int) -> Edited:
    """Delete a frame; what lies in it stays."""
    frames = graph.frames
    return replace(graph, frames=(*frames[:index], *frames[index + 1 :])), f"Delete {frames[index].title}"


def fits_on_link(ports: Ports) -> bool:
    """Whether a node can stand on a link: something goes in and something comes out."""
    return bool(ports.inputs) and bool(ports.outputs)


def centered(at: Point, width: float) -> Point:
    """Where a new node stands whose header's middle is dropped at a point, on the grid."""
    return snapped((at[0] - width / 2, at[1] - 16.0))


def named(names: Collection[str]) -> str:
    """One node by its name, several by their number."""
    return next(iter(names)) if len(names) == 1 else f"{len(names)} nodes"
