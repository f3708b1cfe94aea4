"""Graphs of nodes and links as immutable values: an edit answers with a new graph that shares what did not change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import takewhile
from typing import Any, ClassVar, Literal

from studio.core.declaration import Raw
from studio.core.problem import ProjectError

Role = Literal["network", "block", "objective"]
Point = tuple[float, float]

FILE_RULES = {"extra": "forbid", "allow_inf_nan": False}
"""How pydantic reads these values from a file: nothing unknown, nothing infinite."""


@dataclass(frozen=True, slots=True)
class Node:
    """One thing on the canvas: a node class by name with its settings as written, or a placed graph.

    ``graph`` names the graph that a node of type "Block" or "Network" stands for; its settings are then values for
    that graph's parameters. ``shares_with`` names the node of the same graph whose weights this one uses.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = FILE_RULES

    type: str
    settings: Mapping[str, Raw] = field(default_factory=dict)
    position: Point = (0.0, 0.0)
    graph: str = ""
    repeat: Raw = 1
    share_weights: bool = False
    shares_with: str = ""
    bypassed: bool = False
    collapsed: bool = False

    def set(self, **settings: Raw) -> Node:
        """The node with these settings changed."""
        return replace(self, settings={**self.settings, **settings})


@dataclass(frozen=True, slots=True)
class Link:
    """The line from an output port to an input port; several links into a variadic port keep their order.

    ``via`` are the points that a person leads it through, from the output to the input.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = FILE_RULES

    source: str
    output: str
    target: str
    input: str
    via: tuple[Point, ...] = ()

    @property
    def ends(self) -> tuple[str, str, str, str]:
        """What it links, whichever way it takes."""
        return self.source, self.output, self.target, self.input


@dataclass(frozen=True, slots=True)
class Frame:
    """A comment drawn behind nodes: a title, a rectangle (x, y, width, height), and the family whose colour it has."""

    __pydantic_config__: ClassVar[dict[str, Any]] = FILE_RULES

    title: str
    rectangle: tuple[float, float, float, float]
    color: str = ""


class Links(tuple[Link, ...]):
    """The links of a graph with the questions asked of them; the indexes are shared by every graph that shares it."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Lets a file be checked: a list of links, then this type."""
        from pydantic_core.core_schema import no_info_after_validator_function

        return no_info_after_validator_function(cls, handler(tuple[Link, ...]))

    @cached_property
    def together(self) -> frozenset[Link]:
        """The links without their order, to be compared with others."""
        return frozenset(self)

    @cached_property
    def into(self) -> Mapping[str, tuple[Link, ...]]:
        """Links by the node where they arrive."""
        return _grouped((link.target, link) for link in self)

    @cached_property
    def out_of(self) -> Mapping[str, tuple[Link, ...]]:
        """Links by the node where they start."""
        return _grouped((link.source, link) for link in self)


@dataclass(frozen=True)
class Graph:
    """Nodes by name and the links between them; like a function it has inputs, outputs and parameters."""

    __pydantic_config__: ClassVar[dict[str, Any]] = FILE_RULES

    nodes: Mapping[str, Node] = field(default_factory=dict)
    links: Links = field(default_factory=Links)
    parameters: Mapping[str, Raw] = field(default_factory=dict)
    role: Role = "network"
    frames: tuple[Frame, ...] = ()

    def inputs(self) -> tuple[str, ...]:
        """Names of its Input nodes: the ports of a node that stands for this graph."""
        return self._ends["Input"]

    def outputs(self) -> tuple[str, ...]:
        return self._ends["Output"]

    @cached_property
    def _ends(self) -> Mapping[str, tuple[str, ...]]:
        ends = [(name, node.type) for name, node in self.nodes.items() if node.type in ("Input", "Output")]
        return {kind: tuple(name for name, each in ends if each == kind) for kind in ("Input", "Output")}

    def answers(self) -> tuple[str, ...]:
        """Those outputs that are answered at all times, not while a network learns alone."""
        return tuple(name for name in self.outputs() if self.nodes[name].settings.get("training_only") is not True)

    def add(self, name: str, node: Node, *links: Link) -> Graph:
        """The graph with a node more, and the links that come with it. Raises ProjectError for a name in use."""
        if name in self.nodes:
            raise ProjectError(f"There is a node called {name!r} already.")
        return replace(self, nodes={**self.nodes, name: node}, links=Links((*self.links, *links)))

    def put(self, nodes: Mapping[str, Node]) -> Graph:
        """The graph with these nodes in place of those of the same names; links stay."""
        return replace(self, nodes={**self.nodes, **nodes})

    def remove(self, names: Iterable[str], *, heal: bool = False) -> Graph:
        """The graph without these nodes and their links; healed, what fed a node feeds what it fed."""
        gone = set(names)
        links: Iterable[Link] = _healed(self, gone) if heal else self.links
        kept = {name: node for name, node in self.nodes.items() if name not in gone}
        left = (k for k in links if k.source not in gone and k.target not in gone)
        # A bridge may lead where a link leads already.
        return replace(self, nodes=kept, links=Links({k.ends: k for k in left}.values()))

    def connect(self, link: Link, *, variadic: bool = False) -> Graph:
        """The graph with this link; it takes the place of a link at the same input unless the port is variadic."""
        kept = self.links if variadic else (k for k in self.links if (k.target, k.input) != (link.target, link.input))
        known = any(k.ends == link.ends for k in self.links.into.get(link.target, ()))
        return self if known else replace(self, links=Links((*kept, link)))

    def disconnect(self, *links: Link) -> Graph:
        return replace(self, links=Links(link for link in self.links if link not in links))

    def rename(self, old: str, new: str) -> Graph:
        """The graph with a node under another name, in the same place. Raises ProjectError for a name in use."""
        if new in self.nodes and new != old:
            raise ProjectError(f"There is a node called {new!r} already.")
        nodes = {new if name == old else name: _renamed_share(node, old, new) for name, node in self.nodes.items()}
        links = Links(
            replace(k, source=new if k.source == old else k.source, target=new if k.target == old else k.target)
            for k in self.links
        )
        return replace(self, nodes=nodes, links=links)

    def move(self, positions: Mapping[str, Point]) -> Graph:
        """The graph with nodes elsewhere; points of links between nodes that move alike go along."""
        moved = {name: replace(self.nodes[name], position=place) for name, place in positions.items()}
        return replace(self, nodes={**self.nodes, **moved}, links=_carried(self, positions))

    def lead(self, link: Link, via: Iterable[Point]) -> Graph:
        """The graph with a link that runs through these points."""
        led = replace(link, via=tuple(via))
        return replace(self, links=Links(led if k == link else k for k in self.links))

    def insert(self, name: str, node: Node, link: Link, *, input: str, output: str) -> Graph:
        """The graph with a node put on a link; points of the link to the left of the node stay before it."""
        before = tuple(takewhile(lambda point: point[0] < node.position[0], link.via))
        halves = {
            link: (
                Link(link.source, link.output, name, input, before),
                Link(name, output, link.target, link.input, link.via[len(before) :]),
            )
        }
        links = Links(half for old in self.links for half in halves.get(old, (old,)))
        return replace(self, nodes={**self.nodes, name: node}, links=links)

    def reaches(self, start: str, goal: str) -> bool:
        """Whether a path of links leads from one node to another (a node reaches itself)."""
        seen, waiting = {start}, [start]
        while waiting:
            name = waiting.pop()
            if name == goal:
                return True
            for link in self.links.out_of.get(name, ()):
                if link.target not in seen:
                    seen.add(link.target)
                    waiting.append(link.target)
        return False

    def free_name(self, wanted: str) -> str:
        """The wanted name, or with the lowest number after it that is free: ``Tanh 2``."""
        if wanted not in self.nodes:
            return wanted
        stem = re.sub(r" \d+$", "", wanted)
        number = 2
        while f"{stem} {number}" in self.nodes:
            number += 1
        return f"{stem} {number}"


def _healed(graph: Graph, gone: set[str]) -> Iterable[Link]:
    """Links in which each removed node is bridged by the first link that fed it, unless that leads in a circle."""
    for link in graph.links:
        source, output, via, seen = link.source, link.output, link.via, {link.target}
        while source in gone and source not in seen and (feeding := graph.links.into.get(source)):
            seen.add(source)
            source, output, via = feeding[0].source, feeding[0].output, feeding[0].via + via
        yield link if source == link.source else Link(source, output, link.target, link.input, via)


def _carried(graph: Graph, positions: Mapping[str, Point]) -> Links:
    """The links, with the points of those whose two nodes make the same step moved by that step."""
    links = graph.links
    bent = [k for k in links if k.via and k.source in positions and k.target in positions]
    steps = {name: _step(graph.nodes[name].position, positions[name]) for k in bent for name in (k.source, k.target)}
    carried = {
        k: replace(k, via=tuple((x + steps[k.source][0], y + steps[k.source][1]) for x, y in k.via))
        for k in bent
        if steps[k.source] == steps[k.target]
    }
    return Links(carried.get(k, k) for k in links) if carried else links


def _step(start: Point, end: Point) -> Point:
    """How far a node moves; sums of fractions differ in their last digits."""
    return round(end[0] - start[0], 6), round(end[1] - start[1], 6)


def _renamed_share(node: Node, old: str, new: str) -> Node:
    return replace(node, shares_with=new) if node.shares_with == old else node


def _grouped(pairs: Iterable[tuple[str, Any]]) -> dict[str, tuple[Any, ...]]:
    groups: dict[str, list[Any]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
