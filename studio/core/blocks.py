"""Makes a block of nodes: a graph of its own, placed where they stood, with a port for every value that crosses."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from studio.core.catalog import catalog
from studio.core.declaration import Raw
from studio.core.graph import Frame, Graph, Link, Links, Node, Point
from studio.core.layout import ROOM
from studio.core.paths import with_paths
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.core.rewriting import reading
from studio.core.shape import KINDS, SCALARS, Shape, Size

Outlet = tuple[str, str]
"""A node and one of its outputs: where a value comes from."""
Shapes = Mapping[Outlet, Shape]
"""What leaves the nodes of a graph, where that is known."""

BORDERS = ("Input", "Output")
ASIDE = ROOM[0] + 24.0
"""How far Input and Output nodes stand from what is between them."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """The project with a new block, the name under which it is placed, and what could not go into it."""

    project: Project
    node: str
    stayed: tuple[str, ...] = ()
    """Input and Output nodes that were selected: the graph itself needs them."""


def make_block(project: Project, graph_name: str, names: Iterable[str], shapes: Shapes) -> Grouped:
    """Put these nodes of a graph into a block; its Input nodes get the kinds and sizes that arrive there.

    Raises ProjectError with a sentence where they cannot be one.
    """
    graph = _may_hold_blocks(project, graph_name)
    chosen = set(names)
    stayed = tuple(name for name in graph.nodes if name in chosen and graph.nodes[name].type in BORDERS)
    inside = {name: node for name, node in graph.nodes.items() if name in chosen and name not in stayed}
    _refuse_strangers(inside)
    _refuse_detour(graph, inside)
    _refuse_sharing(graph, inside)
    title = free_graph_name(project, "Block")
    border = _Border(graph, inside, shapes)
    used = {name: value for name, value in graph.parameters.items() if name in _read(inside)}
    settings: dict[str, Raw] = {name: f"={name}" for name in used}
    kept = {name: node for name, node in graph.nodes.items() if name not in inside}
    placed = Graph(kept).free_name(title)
    block = Node("Block", settings, middle(inside), graph=title)
    nodes = _in_place_of(graph, inside, {placed: block})
    mine = frames_of(graph, inside)
    around = replace(
        graph, nodes=nodes, links=border.outer(placed), frames=tuple(f for f in graph.frames if f not in mine)
    )
    drawn = Graph(border.nodes(), border.inner(), used, "block", mine)
    edited = replace(project, graphs={**project.graphs, graph_name: around, title: drawn})
    edited = with_paths(project, edited, graph_name, lambda steps: [(placed, *steps) if steps[0] in inside else steps])
    return Grouped(edited, placed, stayed)


def recursion(project: Project, into: str, placed: str) -> str | None:
    """Why a graph may not be placed in another, in words; None where it may."""
    if into == placed:
        return f"{placed} cannot stand inside itself."
    way = _way(project, placed, into)
    if way is None:
        return None
    return f"{placed} cannot stand inside {into}, because it holds {into} itself: {' → '.join(way)}."


def free_graph_name(project: Project, wanted: str) -> str:
    """The wanted name for a graph, or with the lowest free number after it."""
    return Graph(dict.fromkeys(project.graphs, Node(""))).free_name(wanted)


def uses(project: Project, name: str) -> list[Outlet]:
    """Where a graph is placed: the graphs that hold it, and the nodes that stand for it there."""
    return [
        (owner, node)
        for owner, graph in project.graphs.items()
        for node in graph.nodes
        if graph.nodes[node].graph == name
    ]


def needed(graphs: Mapping[str, Graph], names: Iterable[str]) -> list[str]:
    """These graphs and all that they hold, however deep, each after what it holds."""
    order: list[str] = []
    entered: set[str] = set()

    def visit(name: str) -> None:
        if name in graphs and name not in entered:
            entered.add(name)
            for node in graphs[name].nodes.values():
                visit(node.graph)
            order.append(name)

    for name in names:
        visit(name)
    return order


def middle(nodes: Mapping[str, Node]) -> Point:
    """The middle of where nodes stand: where a block stands in their place, level with them where they are in a row."""
    xs, ys = zip(*(node.position for node in nodes.values()), strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def frames_of(graph: Graph, names: Collection[str]) -> tuple[Frame, ...]:
    """The comment frames in which these nodes stand and no other."""
    standing = {frame: {name for name, node in graph.nodes.items() if _is_in(node, frame)} for frame in graph.frames}
    return tuple(frame for frame in graph.frames if standing[frame] and standing[frame] <= set(names))


class _Border:
    """What crosses the border of some nodes of a graph, and the ports that it gets there."""

    def __init__(self, graph: Graph, inside: Mapping[str, Node], shapes: Shapes) -> None:
        self._graph, self._inside, self._shapes = graph, inside, shapes
        coming = [link for link in graph.links if link.target in inside and link.source not in inside]
        leaving = [link for link in graph.links if link.source in inside and link.target not in inside]
        self._taken = dict(inside)
        self.inputs = self._named(_inputs_by_name(coming), dict.fromkeys((k.source, k.output) for k in coming))
        ends = dict.fromkeys((link.source, link.output) for link in leaving) or dict.fromkeys(self._open_ends())
        self.outputs = self._named(_outputs_by_name(list(ends)), ends)

    def nodes(self) -> dict[str, Node]:
        """The nodes of the block: Input nodes at the left, what was there, Output nodes at the right."""
        left = min(node.position[0] for node in self._inside.values()) - ASIDE
        right = max(node.position[0] for node in self._inside.values()) + ASIDE
        heights = {name: self._height(self._fed_by(outlet)) for outlet, name in self.inputs.items()}
        entries = {
            name: Node("Input", declaring(self._shapes.get(outlet)), (left, y))
            for (outlet, name), y in zip(self.inputs.items(), _apart(list(heights.values())), strict=True)
        }
        ends = _apart([self._height([source]) for source, _ in self.outputs])
        answers = {name: Node("Output", {}, (right, y)) for name, y in zip(self.outputs.values(), ends, strict=True)}
        return {**entries, **self._inside, **answers}

    def inner(self) -> Links:
        """The links of the block."""
        links: list[Link] = []
        for link in self._graph.links:
            if link.target in self._inside:
                entry = self.inputs.get((link.source, link.output))
                links.append(link if entry is None else Link(entry, "out", link.target, link.input))
        answers = (Link(*outlet, name, "value") for outlet, name in self.outputs.items())
        return Links((*links, *answers))

    def outer(self, placed: str) -> Links:
        """The links of the graph around the block; those into a port that takes several keep their order."""
        links: dict[Link, None] = {}
        for link in self._graph.links:
            if link.target in self._inside and link.source in self._inside:
                continue
            if link.target in self._inside:
                link = Link(link.source, link.output, placed, self.inputs[link.source, link.output])
            elif link.source in self._inside:
                link = Link(placed, self.outputs[link.source, link.output], link.target, link.input)
            links[link] = None
        return Links(links)

    def _named(self, wanted: Mapping[Outlet, str], outlets: Iterable[Outlet]) -> dict[Outlet, str]:
        """A free name for each port."""
        names: dict[Outlet, str] = {}
        for outlet in outlets:
            names[outlet] = Graph(self._taken).free_name(wanted[outlet])
            self._taken[names[outlet]] = Node("")
        return names

    def _open_ends(self) -> list[Outlet]:
        """What nodes answer that nobody uses: where nothing else leaves the block, these do."""
        used = {(link.source, link.output) for link in self._graph.links}
        return [outlet for outlet in self._shapes if outlet[0] in self._inside and outlet not in used]

    def _fed_by(self, outlet: Outlet) -> list[str]:
        links = self._graph.links.out_of.get(outlet[0], ())
        return [link.target for link in links if link.output == outlet[1] and link.target in self._inside]

    def _height(self, names: list[str]) -> float:
        return min((self._inside[name].position[1] for name in names), default=0.0)


def declaring(shape: Shape | None) -> dict[str, Raw]:
    """The settings of an Input through which such a value comes; its own defaults where no kind is like that."""
    if shape is not None and shape.kind in SCALARS:
        return {"kind": shape.kind, "sizes": ()}
    kind = next((kind for kind, axes in KINDS.items() if shape is not None and axes == shape.axes), None)
    if shape is None or kind is None:
        return {}
    sizes = tuple(map(_size, shape.sizes))
    return {"sizes": sizes} if kind == "image" else {"kind": kind, "sizes": sizes}


def _size(size: Size) -> Size:
    """A size as an Input may declare it: a computed length such as T+1 gets a name."""
    if isinstance(size, int) or size.isidentifier():
        return size
    word = re.sub(r"\W+", "_", size.replace("+", " plus ")).strip("_")[:20]
    return word if word.isidentifier() else f"L_{word}"[:20]


def _inputs_by_name(coming: list[Link]) -> dict[Outlet, str]:
    """What an Input would be called: as the port that it feeds; where several would be called so, as what feeds it."""
    ports: dict[Outlet, str] = {}
    for link in coming:
        ports.setdefault((link.source, link.output), link.input)
    wanted = list(ports.values())
    return {outlet: port if wanted.count(port) == 1 else _titled(outlet, alone=True) for outlet, port in ports.items()}


def _outputs_by_name(ends: list[Outlet]) -> dict[Outlet, str]:
    """What an Output would be called: as the port that answers it; of several, the node is named as well."""
    wanted = [output for _, output in ends]
    return {end: end[1] if wanted.count(end[1]) == 1 else _titled(end, alone=False) for end in ends}


def _titled(outlet: Outlet, *, alone: bool) -> str:
    node, output = outlet
    return node if alone and output == "out" else f"{node} {output}"


def _may_hold_blocks(project: Project, name: str) -> Graph:
    graph = project.graphs.get(name)
    if graph is None or graph.role == "objective":
        raise ProjectError(
            "Blocks are made in networks and in blocks. An objective says which data, networks and losses meet, "
            "and all of that stays in view."
        )
    return graph


def _refuse_strangers(inside: Mapping[str, Node]) -> None:
    if not inside:
        raise ProjectError("Select the nodes that the block should hold. Input and Output stay outside.")
    for name, node in inside.items():
        cls = catalog().nodes.get(node.type)
        if cls is not None and not cls.in_networks:
            raise ProjectError(f"{name} belongs into an objective: data, losses and metrics cannot stand in a block.")


def _refuse_detour(graph: Graph, inside: Collection[str]) -> None:
    """A path that leaves the block and comes back would make the block depend on itself."""
    after = _reached(inside, lambda name: [link.target for link in graph.links.out_of.get(name, ())])
    before = _reached(inside, lambda name: [link.source for link in graph.links.into.get(name, ())])
    for name in graph.nodes:
        if name in after and name in before and name not in inside:
            raise ProjectError(
                f"{name} would need the block and feed it at once: a path leaves the selection, passes {name} and "
                f"comes back. Select {name} as well."
            )


def _refuse_sharing(graph: Graph, inside: Collection[str]) -> None:
    for name, node in graph.nodes.items():
        if node.shares_with in graph.nodes and (name in inside) != (node.shares_with in inside):
            raise ProjectError(
                f"{name} uses the weights of {node.shares_with}, and nodes share weights only within one graph. "
                "Select both, or let each have its own."
            )


def _reached(start: Collection[str], step: Callable[[str], list[str]]) -> set[str]:
    """Where the steps lead to from these nodes, themselves included where a way comes back."""
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        for name in step(waiting.pop()):
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return seen


def _way(project: Project, start: str, goal: str) -> list[str] | None:
    """The graphs from one that is placed to one that it holds, in order."""
    ways: dict[str, list[str]] = {start: [start]}
    waiting = [start]
    while waiting:
        name = waiting.pop(0)
        for node in project.graphs.get(name, Graph()).nodes.values():
            if node.graph and node.graph not in ways:
                ways[node.graph] = [*ways[name], node.graph]
                waiting.append(node.graph)
    return ways.get(goal)


def _read(nodes: Mapping[str, Node]) -> frozenset[str]:
    return frozenset().union(*map(reading, nodes.values()))


def _in_place_of(graph: Graph, gone: Collection[str], come: Mapping[str, Node]) -> dict[str, Node]:
    """The nodes of a graph with others in place of the first that goes."""
    nodes: dict[str, Node] = {}
    for name, node in graph.nodes.items():
        if name not in gone:
            nodes[name] = node
        elif not come.keys() & nodes.keys():
            nodes.update(come)
    return nodes


def _apart(heights: list[float]) -> list[float]:
    """Heights near the wanted ones, with room for a node between any two."""
    placed = list(heights)
    order = sorted(range(len(heights)), key=heights.__getitem__)
    for upper, lower in pairwise(order):
        placed[lower] = max(placed[lower], placed[upper] + ROOM[1] * 0.75)
    return placed


def _is_in(node: Node, frame: Frame) -> bool:
    x, y, width, height = frame.rectangle
    return x <= node.position[0] <= x + width and y <= node.position[1] <= y + height
