"""Dissolves a block: what is in it comes back to where the block stands, with its values put in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from studio.core.blocks import BORDERS, Outlet, middle, uses
from studio.core.catalog import catalog
from studio.core.declaration import Raw
from studio.core.expressions import resolve, resolve_variables
from studio.core.graph import Frame, Graph, Link, Links, Node, Point
from studio.core.layout import ROOM
from studio.core.node_class import NodeClass
from studio.core.paths import Steps, with_paths
from studio.core.problem import Mismatch, ProjectError
from studio.core.project import Project
from studio.core.rewriting import substituted, with_settings

MOST_NODES = 500
"""So many nodes may come out of one block with its repeats; a chain of more is no drawing any more."""

Names = Mapping[str, str]
"""What each node of the block is called outside."""


@dataclass(frozen=True, slots=True)
class Dissolved:
    """The project without a block, and the names of the nodes that came out of it."""

    project: Project
    nodes: frozenset[str]


def dissolve(project: Project, graph_name: str, name: str) -> Dissolved:
    """Put what a block holds in its place. Raises ProjectError with a sentence where that cannot be drawn."""
    graph = project.graphs.get(graph_name, Graph())
    node = graph.nodes.get(name)
    if node is None or node.type != "Block":
        raise ProjectError(f"{name} is no block." if node is None or not node.graph else _network(name))
    inner = project.graphs.get(node.graph)
    if inner is None:
        raise ProjectError(f"{name} stands for the graph {node.graph}, which is not in this project.")
    _refuse_ties(graph, name)
    repeat = _repeat(project, graph, name)
    held = _with_values(project, graph, inner, name)
    if repeat * max(len(held), 1) > MOST_NODES:
        raise ProjectError(f"{name} stands {repeat} times: that would be more than {MOST_NODES} nodes in a row.")
    opened = _Opened(graph, name, inner, held, repeat)
    return _settled(project, graph_name, name, opened)


def _settled(project: Project, graph_name: str, name: str, opened: _Opened) -> Dissolved:
    """The project with the edited graph, without a graph that nobody uses any more, and with its paths kept."""
    title = project.graphs[graph_name].nodes[name].graph
    edited = project.with_graph(graph_name, opened.graph())
    if not uses(edited, title) and project.graphs[title].role == "block":
        edited = replace(edited, graphs={key: graph for key, graph in edited.graphs.items() if key != title})
    edited = with_paths(project, edited, graph_name, lambda steps: opened.ways(steps))
    return Dissolved(edited, frozenset(new for names in opened.copies for new in names.values()))


class _Opened:
    """One block of a graph, opened: the names that its nodes get, one set for each repeat, and what feeds what."""

    def __init__(self, graph: Graph, name: str, inner: Graph, held: Mapping[str, Node], repeat: int) -> None:
        self._graph, self._name, self._inner, self._held = graph, name, inner, held
        taken = {other: node for other, node in graph.nodes.items() if other != name}
        self.copies: list[Names] = []
        for _ in range(repeat):
            names = {}
            for each in held:
                names[each] = Graph(taken).free_name(each)
                taken[names[each]] = held[each]
            self.copies.append(names)

    def graph(self) -> Graph:
        """The graph with the nodes of the block in its place."""
        arriving: dict[str, Outlet | None] = dict.fromkeys(self._inner.inputs())
        for link in self._graph.links.into.get(self._name, ()):
            arriving[link.input] = (link.source, link.output)
        inside: list[Link] = []
        leaving: dict[str, Outlet | None] = {}
        for at, names in enumerate(self.copies):
            inside += self._links(names, arriving, self._shift(at))
            leaving = {port: self._answer(names, arriving, port) for port in self._inner.outputs()}
            if len(self.copies) > 1:
                arriving = dict(zip(arriving, leaving.values(), strict=True))
        links = [*self._around(leaving), *inside]
        _refuse_doubles(links)
        frames = (*self._graph.frames, *(_moved(frame, self._shift()) for frame in self._inner.frames))
        return replace(self._graph, nodes=self._nodes(), links=Links(links), frames=frames)

    def ways(self, steps: Steps) -> list[Steps]:
        """Where a path into the block leads now, in every repeat."""
        if steps[0] != self._name:
            return [steps]
        if len(steps) == 1:
            return [(new,) for names in self.copies for old, new in names.items() if _learns(self._held[old])]
        return [(names[steps[1]], *steps[2:]) for names in self.copies if steps[1] in names]

    def _links(self, names: Names, arriving: Mapping[str, Outlet | None], shift: Point) -> list[Link]:
        """The links of one repeat, given what arrives at its inputs and how far its nodes move."""
        found = []
        for link in self._inner.links:
            if link.target in names:
                outlet = self._outlet(names, arriving, (link.source, link.output))
                via = tuple((x + shift[0], y + shift[1]) for x, y in link.via) if link.source in names else ()
                found += [] if outlet is None else [Link(*outlet, names[link.target], link.input, via)]
        return found

    def _outlet(self, names: Names, arriving: Mapping[str, Outlet | None], at: Outlet) -> Outlet | None:
        """What a place inside the block is called outside; None where nothing is linked to the input it is."""
        return arriving[at[0]] if at[0] in arriving else (names[at[0]], at[1]) if at[0] in names else None

    def _answer(self, names: Names, arriving: Mapping[str, Outlet | None], port: str) -> Outlet | None:
        feeding = self._inner.links.into.get(port, ())
        return self._outlet(names, arriving, (feeding[0].source, feeding[0].output)) if feeding else None

    def _around(self, leaving: Mapping[str, Outlet | None]) -> list[Link]:
        """The links of the graph; what the block answered now comes from inside it."""
        found = []
        for link in self._graph.links:
            if self._name not in (link.source, link.target):
                found.append(link)
            elif link.source == self._name and (outlet := leaving.get(link.output)) is not None:
                found.append(Link(*outlet, link.target, link.input))
        return found

    def _nodes(self) -> dict[str, Node]:
        nodes: dict[str, Node] = {}
        pushed, by = self._in_the_way()
        for name, node in self._graph.nodes.items():
            if name != self._name:
                x, y = node.position
                nodes[name] = replace(node, position=(x + by, y)) if name in pushed else node
                continue
            for at, names in enumerate(self.copies):
                nodes.update({new: self._brought(old, names, self._shift(at)) for old, new in names.items()})
        return nodes

    def _in_the_way(self) -> tuple[set[str], float]:
        """What stands right of the block in its row, and how far it moves to make room for the further repeats."""
        xs = [node.position[0] + self._shift(len(self.copies) - 1)[0] for node in self._held.values()]
        ys = [node.position[1] + self._shift()[1] for node in self._held.values()]
        here = self._graph.nodes[self._name].position[0]
        row = {
            name: node.position[0]
            for name, node in self._graph.nodes.items()
            if ys
            and node.position[0] > here
            and abs(2 * node.position[1] - min(ys) - max(ys)) < max(ys) - min(ys) + ROOM[1]
        }
        if len(self.copies) == 1 or not row:
            return set(), 0.0
        return set(row), max(max(xs) + ROOM[0] - min(row.values()), 0.0)

    def _brought(self, old: str, names: Names, shift: Point) -> Node:
        """A node of the block as it stands outside."""
        node, shares = self._held[old], self._held[old].shares_with
        owners = self.copies[0] if self._graph.nodes[self._name].share_weights else names
        owner = owners.get(shares, "") if shares else owners[old] if owners is not names and _learns(node) else ""
        x, y = node.position
        return replace(node, position=(x + shift[0], y + shift[1]), shares_with=owner)

    def _shift(self, at: int = 0) -> Point:
        """How far the nodes of a repeat move, so that the first stand around the place of the block."""
        if not self._held:
            return 0.0, 0.0
        here, there = self._graph.nodes[self._name].position, middle(self._held)
        xs = [node.position[0] for node in self._held.values()]
        return here[0] - there[0] + at * (max(xs) - min(xs) + ROOM[0]), here[1] - there[1]


def _with_values(project: Project, graph: Graph, inner: Graph, name: str) -> dict[str, Node]:
    """The nodes of the block but for its Input and Output nodes, with its values in place of its parameters."""
    try:
        variables = resolve_variables(project.variables)
        own = {key: graph.nodes[name].settings.get(key, default) for key, default in inner.parameters.items()}
        # A parameter of the graph around would hide the variable of that name which the block means.
        hidden: dict[str, Raw] = {key: variables[key] for key in variables if key in graph.parameters}
        defaults = {key: substituted(value, hidden) for key, value in inner.parameters.items()}
        values = {**hidden, **{key: graph.nodes[name].settings.get(key, defaults[key]) for key in own}}
        held = {key: node for key, node in inner.nodes.items() if node.type not in BORDERS}
        return {key: with_settings(node, lambda raw: substituted(raw, values)) for key, node in held.items()}
    except Mismatch as error:
        raise ProjectError(f"The values of {name} cannot be put in place: {error.message}") from None


def _repeat(project: Project, graph: Graph, name: str) -> int:
    node = graph.nodes[name]
    try:
        variables = resolve_variables(project.variables)
        repeat = resolve(node.repeat, {key: value for key, value in variables.items() if key not in graph.parameters})
    except Mismatch:
        raise ProjectError(
            f"{name} is repeated {node.repeat} times, which differs from place to place. Write a number first."
        ) from None
    if not isinstance(repeat, int) or isinstance(repeat, bool) or repeat < 1:
        raise ProjectError(f"{name} is repeated {repeat!r:.40} times. Write a whole number from 1 on first.")
    inner = project.graphs[node.graph]
    if repeat > 1 and (len(inner.inputs()), len(inner.outputs())) != (1, 1):
        raise ProjectError(f"{name} stands {repeat} times, but only one input and one output can be chained.")
    return repeat


def _refuse_ties(graph: Graph, name: str) -> None:
    """What holds for the block as a whole, and could not be said of its nodes."""
    shares = graph.nodes[name].shares_with
    if shares:
        raise ProjectError(f"{name} uses the weights of {shares}. Let it have its own weights before you dissolve it.")
    user = next((other for other, node in graph.nodes.items() if node.shares_with == name), None)
    if user is not None:
        raise ProjectError(f"{user} uses the weights of {name}. Let {user} have its own before you dissolve {name}.")
    if any(link.source == link.target == name for link in graph.links):
        raise ProjectError(f"{name} feeds itself. Cut that link first.")
    if graph.nodes[name].bypassed:
        raise ProjectError(f"Values pass {name} by. Let them through it again before you dissolve it.")


def _refuse_doubles(links: list[Link]) -> None:
    """One value twice at one port is a drawing that would show a single link."""
    seen: set[tuple[str, ...]] = set()
    for link in links:
        if link.ends in seen:
            raise ProjectError(
                f"{link.target} would get the same value of {link.source} twice, which no link can show."
            )
        seen.add(link.ends)


def _network(name: str) -> str:
    return f"{name} is a network: it is trained as a whole and cannot be dissolved."


def _learns(node: Node) -> bool:
    """Whether a node has weights that another may use."""
    cls = catalog().nodes.get(node.type)
    return bool(node.graph) or (cls is not None and cls.weights is not NodeClass.weights)


def _moved(frame: Frame, shift: Point) -> Frame:
    x, y, width, height = frame.rectangle
    return replace(frame, rectangle=(x + shift[0], y + shift[1], width, height))
