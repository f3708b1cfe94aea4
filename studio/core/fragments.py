"""Parts of graphs that travel: taken out of one project, written as text, and brought into another."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from studio.core import loom
from studio.core.adopting import adopt, alone
from studio.core.blocks import frames_of, free_graph_name, recursion
from studio.core.catalog import catalog
from studio.core.graph import Frame, Graph, Link, Links, Node, Point
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.core.rewriting import reading

COPIED = "Copied"
NOTHING = "The clipboard holds no nodes: copy some here or in another window first."
FENCE = re.compile(r"^\s*```[^\n]*\n(.*?)^\s*```", re.DOTALL | re.MULTILINE)
QUOTED = re.compile(r"^[>|\s]*[>|]\s?", re.MULTILINE)
"""What mail programs put before the lines of a text that is answered."""


@dataclass(frozen=True, slots=True)
class Brought:
    """The project with the nodes of a fragment in one of its graphs, and the names they got there."""

    project: Project
    names: frozenset[str]
    renamed: Mapping[str, str]
    """Graphs that came under another name, because theirs stands for another graph here."""
    differing: tuple[str, ...] = ()
    """Variables that have another value here than where the nodes come from."""


def fragment(project: Project, graph: Graph, names: Collection[str]) -> Project:
    """These nodes of a graph as a small project: the first graph holds them, the others are what they need."""
    part = replace(part_of(graph, names), frames=frames_of(graph, names))
    used = frozenset().union(*map(reading, part.nodes.values()))
    part = replace(part, parameters={name: value for name, value in graph.parameters.items() if name in used})
    title = free_graph_name(project, COPIED)
    return alone(project.with_graph(title, part), title)


def read(text: str) -> Project:
    """The fragment in a text as it comes out of a mail: quoted, wrapped, fenced, with words around it.

    Raises ProjectError where there is none.
    """
    complaint: ProjectError | None = None
    for candidate in _candidates(text):
        try:
            found = loom.loads(candidate)
        except ProjectError as error:
            complaint = complaint or error
            continue
        if any(graph.nodes for graph in found.graphs.values()):
            return found
    if complaint is not None and f'"{loom.FORMAT}"' in text:
        raise ProjectError(f"The nodes in the clipboard cannot be read. {complaint}")
    raise ProjectError(NOTHING)


def bring(project: Project, into: str, graph: Graph, found: Project, places: Mapping[str, Point]) -> Brought:
    """Add the nodes of a fragment's first graph to a graph of the project, at these places.

    Graphs that they need come along. Raises ProjectError where they cannot stand there.
    """
    part = next(iter(found.graphs.values()))
    _refuse_strangers(graph, part)
    placed = [node.graph for node in part.nodes.values() if node.graph in found.graphs]
    adopted = adopt(project, found, placed)
    for node in part.nodes.values():
        if node.graph and (reason := recursion(adopted.project, into, adopted.names.get(node.graph, node.graph))):
            raise ProjectError(f"These nodes cannot be pasted here: {reason}")
    nodes = {name: replace(node, graph=adopted.names.get(node.graph, node.graph)) for name, node in part.nodes.items()}
    edited, names = joined(graph, replace(part, nodes=nodes), places)
    values = {**found.variables, **part.parameters}
    known = {**adopted.project.variables, **graph.parameters}
    used = frozenset().union(*map(reading, part.nodes.values())) & values.keys()
    lacking = {name: value for name, value in values.items() if name in used - known.keys()}
    differing = {name for name in used & known.keys() if known[name] != values[name]}
    carried = replace(adopted.project, variables={**adopted.project.variables, **lacking})
    renamed = {old: new for old, new in adopted.names.items() if old != new and new not in project.graphs}
    return Brought(carried.with_graph(into, edited), names, renamed, tuple(sorted({*differing, *adopted.differing})))


def part_of(graph: Graph, names: Collection[str]) -> Graph:
    """The nodes of these names, and the links among them."""
    links = Links(link for link in graph.links if link.source in names and link.target in names)
    return Graph({name: node for name, node in graph.nodes.items() if name in names}, links, role=graph.role)


def moved_to(part: Graph, corner: Point) -> dict[str, Point]:
    """Places for the nodes, with their upper left corner here."""
    left = min((node.position[0] for node in part.nodes.values()), default=0.0)
    top = min((node.position[1] for node in part.nodes.values()), default=0.0)
    return {
        name: (corner[0] + node.position[0] - left, corner[1] + node.position[1] - top)
        for name, node in part.nodes.items()
    }


def joined(graph: Graph, part: Graph, places: Mapping[str, Point]) -> tuple[Graph, frozenset[str]]:
    """The graph with the nodes of a part at these places, and the names they got.

    A link from outside the part still starts there. Nodes of the part share weights among each other as they did.
    """
    names: dict[str, str] = {}
    taken = Graph(dict(graph.nodes))
    for name in part.nodes:
        names[name] = taken.free_name(name)
        taken = taken.add(names[name], Node(""))
    nodes = {
        names[name]: replace(node, position=places[name], shares_with=names.get(node.shares_with, ""))
        for name, node in part.nodes.items()
    }
    links = (_moved(link, names, part, places) for link in part.links)
    frames = (_frame_moved(frame, part, places) for frame in part.frames)
    whole = replace(
        graph,
        nodes={**graph.nodes, **nodes},
        links=Links((*graph.links, *links)),
        frames=(*graph.frames, *frames),
    )
    return whole, frozenset(names.values())


def _candidates(text: str) -> Iterator[str]:
    """What of a text may be the nodes: all of it, what a fence or quoting holds, what stands between braces."""
    plain = text.replace("\u00a0", " ").replace("\ufeff", "").replace("\r\n", "\n")[: loom.LARGEST_FILE]
    for whole in dict.fromkeys((plain, QUOTED.sub("", plain))):
        yield whole.strip()
        yield from (fenced.strip() for fenced in FENCE.findall(whole))
        start, end = whole.find("{"), whole.rfind("}")
        if 0 <= start < end:
            yield whole[start : end + 1]
            # A mail program may have broken lines inside of names; elsewhere a space is as good as a new line.
            yield whole[start : end + 1].replace("\n", " ")


def _refuse_strangers(graph: Graph, part: Graph) -> None:
    if graph.role == "objective":
        return
    for name, node in part.nodes.items():
        cls = catalog().nodes.get(node.type)
        if cls is not None and not cls.in_networks:
            raise ProjectError(
                f"{name} belongs into an objective: data, losses and metrics cannot stand in a {graph.role}. "
                "Nothing was pasted."
            )


def _moved(link: Link, names: Mapping[str, str], part: Graph, places: Mapping[str, Point]) -> Link:
    """A link of a part between the nodes that came of it; one from outside still starts there."""
    start, end = part.nodes[link.target].position, places[link.target]
    via = tuple((x + end[0] - start[0], y + end[1] - start[1]) for x, y in link.via)
    return replace(link, source=names.get(link.source, link.source), target=names[link.target], via=via)


def _frame_moved(frame: Frame, part: Graph, places: Mapping[str, Point]) -> Frame:
    """A frame of a part, as far from where it stood as the part's first node."""
    name = next(iter(places))
    start, end = part.nodes[name].position, places[name]
    x, y, width, height = frame.rectangle
    return replace(frame, rectangle=(x + end[0] - start[0], y + end[1] - start[1], width, height))
