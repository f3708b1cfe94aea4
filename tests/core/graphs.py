"""Graphs for the tests of blocks: drawn by hand, and drawn at random."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from studio.compiler.check import check
from studio.core.blocks import Shapes
from studio.core.graph import Graph, Link, Links, Node
from studio.core.project import Project

ONE_INPUT = {"Linear": "values", "ReLU": "values", "Tanh": "values", "LayerNorm": "values"}
SEVERAL = ("Add", "Multiply")
SIDE = 6


def link(source: str, target: str, port: str, output: str = "out") -> Link:
    return Link(source, output, target, port)


def graph_of(nodes: dict[str, Node], links: Iterable[Link], **fields: object) -> Graph:
    return Graph(nodes, Links(links), **fields)  # type: ignore[arg-type]


def chain() -> Project:
    """x → Wide (=width) → ReLU → Narrow → y, on vectors of 6, with a variable."""
    nodes = {
        "x": Node("Input", {"kind": "vector", "sizes": (SIDE,)}),
        "Wide": Node("Linear", {"features": "=width"}, (240.0, 0.0)),
        "ReLU": Node("ReLU", {}, (480.0, 0.0)),
        "Narrow": Node("Linear", {"features": SIDE}, (720.0, 0.0)),
        "y": Node("Output", {}, (960.0, 0.0)),
    }
    links = (
        link("x", "Wide", "values"),
        link("Wide", "ReLU", "values"),
        link("ReLU", "Narrow", "values"),
        link("Narrow", "y", "value"),
    )
    return Project("p", {"N": graph_of(nodes, links)}, {"width": 12})


def shapes(project: Project, name: str = "N") -> Shapes:
    """What leaves every node of a graph, where that is known."""
    found = check(project).graphs[name].nodes
    return {(node, output): shape for node, result in found.items() for output, shape in result.outputs.items()}


@st.composite
def drawings(draw: DrawFn) -> Project:
    """Networks without problems: layers on vectors of 6 in any order that leads forward, some sharing weights."""
    nodes = {"x": Node("Input", {"kind": "vector", "sizes": (SIDE,)})}
    links: list[Link] = []
    for at in range(draw(st.integers(1, 9))):
        kind = draw(st.sampled_from([*ONE_INPUT, *SEVERAL]))
        name, before = f"{kind} {at}", list(nodes)
        settings = {"features": draw(st.sampled_from([SIDE, "=side"]))} if kind == "Linear" else {}
        owners = [each for each, node in nodes.items() if (node.type, node.settings) == ("Linear", settings)]
        owners = [each for each in owners if not nodes[each].shares_with]
        shares = draw(st.sampled_from(["", *owners])) if kind == "Linear" else ""
        place = (float(draw(st.integers(0, 40)) * 8), float(draw(st.integers(-20, 20)) * 8))
        nodes[name] = Node(kind, settings, place, shares_with=shares)
        sources = draw(st.lists(st.sampled_from(before), min_size=1, max_size=3 if kind in SEVERAL else 1, unique=True))
        links += [link(source, name, ONE_INPUT.get(kind, "values")) for source in sources]
    used = {each.source for each in links}
    for number, name in enumerate([each for each in nodes if each not in used]):
        nodes[f"y {number}"] = Node("Output", {}, (800.0, 0.0))
        links.append(link(name, f"y {number}", "value"))
    return Project("p", {"N": graph_of(nodes, links)}, {"side": SIDE})
