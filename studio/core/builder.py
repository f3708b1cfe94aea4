"""Draws a graph from code, the way a template says it: add nodes, chain them, name what matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from studio.core.declaration import Raw
from studio.core.graph import Frame, Graph, Link, Links, Node, Role
from studio.core.layout import Body, arrange, ports_below
from studio.core.node_class import InputPort, NodeClass


@dataclass(frozen=True, slots=True)
class Out:
    """An output port of a node in the graph being built."""

    node: str
    port: str


class Added:
    """A node that was added; stands for its first output, and gives the others by name."""

    def __init__(self, name: str, outputs: tuple[str, ...]) -> None:
        self.name, self.outputs = name, outputs

    def __getitem__(self, port: str) -> Out:
        if port not in self.outputs:
            raise KeyError(f"{self.name} has no output {port!r}; it has {', '.join(self.outputs) or 'none'}")
        return Out(self.name, port)


Source = Added | Out


def node_of(declared: NodeClass) -> Node:
    """The node that stands for a declared class with these settings."""
    return Node(type(declared).__name__, declared.values())


class GraphBuilder:
    """Collects nodes and links; ``graph()`` answers with the graph, laid out."""

    def __init__(self, role: Role = "network", **parameters: Raw) -> None:
        self.role: Role = role
        self.parameters: Mapping[str, Raw] = parameters
        self._graph = Graph(role=role, parameters=parameters)
        self._frames: dict[str, list[str]] = {}
        self._bodies: dict[str, Body] = {}

    def add(self, node: NodeClass, *inputs: Source, name: str = "", **expressions: Raw) -> Added:
        """Add a node fed by these outputs, port by port; ``expressions`` set settings such as ``filters="=width"``."""
        title = name or type(node).title()
        added = self._place(title, node_of(node).set(**expressions), type(node).inputs(), inputs, node.outputs)
        self._bodies[added.name] = body_of(type(node), added.name, added.outputs)
        return added

    def add_graph(self, name: str, graph: str, drawn: Graph, *inputs: Source, **fields: Any) -> Added:
        """Add a node that stands for another graph: a block, or in an objective a network.

        ``fields`` are Node's own (repeat, share_weights, shares_with) or values of the graph's parameters.
        """
        own = {key: fields.pop(key) for key in ("repeat", "share_weights", "shares_with") if key in fields}
        node = Node("Network" if drawn.role == "network" else "Block", fields, graph=graph, **own)
        ports = tuple(InputPort(port) for port in drawn.inputs())
        added = self._place(name, node, ports, inputs, drawn.outputs())
        if max(len(drawn.inputs()), len(drawn.outputs())) > 1:
            self._bodies[added.name] = _body_of_graph(drawn)
        return added

    def chain(self, start: Source, *nodes: NodeClass) -> Added:
        """Add nodes one behind the other."""
        last: Source = start
        for node in nodes:
            last = self.add(node, last)
        if isinstance(last, Out):
            raise ValueError("a chain needs at least one node")
        return last

    @contextmanager
    def frame(self, title: str) -> Iterator[None]:
        """Draw a comment frame around the nodes that are added meanwhile."""
        before = set(self._graph.nodes)
        yield
        self._frames[title] = [name for name in self._graph.nodes if name not in before]

    def graph(self) -> Graph:
        """The graph as built so far, with every node at a place of its own."""
        arranged = arrange(self._graph, self._bodies, list(self._frames.values()))
        frames = (Frame(title, rect) for title, rect in zip(self._frames, arranged.frames, strict=True) if rect)
        return replace(self._graph.move(arranged.places), frames=tuple(frames))

    def _place(
        self, name: str, node: Node, ports: tuple[InputPort, ...], inputs: tuple[Source, ...], outputs: tuple[str, ...]
    ) -> Added:
        name = self._graph.free_name(name)
        links = []
        for index, source in enumerate(inputs):
            port = ports[min(index, len(ports) - 1)]
            start = source if isinstance(source, Out) else Out(source.name, source.outputs[0])
            links.append(Link(start.node, start.port, name, port.name))
        self._graph = replace(
            self._graph, nodes={**self._graph.nodes, name: node}, links=Links((*self._graph.links, *links))
        )
        return Added(name, outputs)


def body_of(cls: type[NodeClass], name: str, outs: tuple[str, ...]) -> Body:
    """About how large the canvas draws a node of this class: what learns from images shows its maps while it trains."""
    kind = "" if name.startswith(cls.title()) else cls.title()
    learns = cls.weights is not NodeClass.weights
    header = 56.0 + 8 * len(name) + 7 * len(kind)
    if all(setting.default is False for setting in cls.settings()):  # a switch that is off is not drawn
        size = max(header, 96.0), 32.0
    elif cls.family() == "Convolution" or (learns and cls.family() == "Norm & dropout"):
        size = 216.0, 152.0
    else:
        size = max(header, 144.0 if learns else 120.0), 112.0
    inputs, outputs = ports_below(port.name for port in cls.inputs()), ports_below(outs)
    return Body(size[0], max(size[1], *inputs.values(), *outputs.values()), inputs, outputs)


def _body_of_graph(drawn: Graph) -> Body:
    """About how large the canvas draws a node that stands for a graph: its ports stand above its values."""
    inputs, outputs, plain = ports_below(drawn.inputs()), ports_below(drawn.outputs()), Body()
    heights = (*inputs.values(), *outputs.values())
    return Body(plain.width, plain.height + max(heights) - min(heights), inputs, outputs)
