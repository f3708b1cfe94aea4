"""What brings data and a network together whose sizes differ: the network, the data, or a node between them."""

from __future__ import annotations

from collections.abc import Iterator

from studio.compiler.edits import edit_of, inserting, on_node
from studio.compiler.ports import node_class
from studio.core.dataset import ImageDataset
from studio.core.graph import Graph, Link
from studio.core.node_class import shapes_of
from studio.core.problem import Assign, Insert, Mismatch, Problem, Repair
from studio.core.shape import Shape, describe, reshaping


def other_size(name: str, graph: Graph, at: str, network: str, port: str, expected: Shape, arriving: Shape) -> Problem:
    """The problem of a network that is given values of another size than its Input declares."""
    links = [link for link in graph.links.into.get(at, ()) if link.input == port]
    repairs = [
        *(_declared(network, port, arriving) if expected.axes == arriving.axes else ()),
        *(repair for link in links for repair in _resized(name, graph, link, expected, arriving)),
        *(repair for link in links for repair in _between(name, link, expected, arriving)),
        *(_declared(network, port, arriving) if expected.axes != arriving.axes else ()),
    ]
    message = f"{network} expects {describe(expected)} at {port}; {describe(arriving)} arrives."
    return Problem(message, name, at, port, tuple(repairs))


def _declared(network: str, port: str, shape: Shape) -> Iterator[Repair]:
    """Let the network expect what arrives."""
    if not shape.batched or not shape.sizes or shape.kind in ("tensor", "label", "number"):
        return
    label = f"Set {port} to {shape}" if shape.kind == "image" else f"Set {port} to {describe(shape).split(' ', 1)[1]}"
    yield Repair(label, on_node(network, port, lambda node: node.set(kind=shape.kind, sizes=shape.sizes)))


def _resized(name: str, graph: Graph, link: Link, expected: Shape, arriving: Shape) -> Iterator[Repair]:
    """Let the data bring images to the size that is expected."""
    node = graph.nodes[link.source]
    cls = None if node.graph else node_class(node.type)
    if cls is None or not issubclass(cls, ImageDataset) or expected.kind != "image" or expected.axes != arriving.axes:
        return
    pad = node.settings.get("pad", 0)
    sides = [side - 2 * pad for side in expected.sizes[1:] if isinstance(side, int) and isinstance(pad, int)]
    if expected.channels == arriving.channels and len(sides) == 2 and min(sides) > 0:
        size = sides[0] if sides[0] == sides[1] else tuple(sides)
        label = f"Resize {link.source} to {'×'.join(map(str, expected.sizes[1:]))}"
        yield Repair(label, edit_of(name, link.source, Assign("resize", size, label)))


def _between(name: str, link: Link, expected: Shape, arriving: Shape) -> Iterator[Repair]:
    """A node that gives the data the shape that is expected."""
    for suggestion in reshaping(arriving, expected.kind):
        if made_by(suggestion, arriving) == expected:
            yield Repair(suggestion.label, inserting(name, link, suggestion))


def made_by(suggestion: Insert, shape: Shape) -> Shape | None:
    """What leaves the node that is suggested; None where it refuses."""
    cls = node_class(suggestion.node_type)
    try:
        found = shapes_of(cls.of(suggestion.settings).infer(shape))[0] if cls is not None else None
    except Mismatch:
        return None
    return found if suggestion.then is None or found is None else made_by(suggestion.then, found)
