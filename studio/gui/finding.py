"""Finds nodes by what a person sees of them: name, type, settings, shapes, problems; inside blocks too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass

from studio.compiler.ports import node_class
from studio.compiler.results import Diagnosis, GraphResult, NodeResult
from studio.core.graph import Graph, Node
from studio.core.node_class import NodeClass
from studio.core.project import Project
from studio.gui.canvas.card import value_text

DEEPEST = 16
"""Blocks inside blocks that are looked into."""


@dataclass(frozen=True, slots=True)
class Findable:
    """A node, the blocks one enters to get to it, and what it can be found by: texts by what they are."""

    path: tuple[str, ...]
    node: str
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A node that was found, and by what: ``shape 6×28×28``."""

    path: tuple[str, ...]
    node: str
    why: str


def findables(project: Project, diagnosis: Diagnosis, root: str) -> list[Findable]:
    """Everything that can be found in a graph: its nodes, each block's inside after it."""
    graph = project.graphs.get(root) or diagnosis.objectives.get(root) or Graph()
    return list(_walk(project.graphs, graph, diagnosis.at(root), ()))


def find(query: str, there: list[Findable]) -> list[Hit]:
    """The nodes that have every word of the query, in their order; an x between figures stands for ×.

    A number is found as a whole number: 8 is not in 28.
    """
    words = query.lower().split()
    if not words:
        return []
    found = ((each, _why(words, each)) for each in there)
    return [Hit(each.path, each.node, why) for each, why in found if why is not None]


def _why(words: list[str], there: Findable) -> str | None:
    """The text with the first word that is not in the name; "" where the name has all, None where one is missing."""
    because = ""
    for word in words:
        text = next((f"{kind} {text}".strip() for kind, text in there.texts if _has(text, word)), None)
        if text is None:
            return None
        because = because or ("" if text.startswith("name ") else text)
    return because


def _has(text: str, word: str) -> bool:
    lower = text.lower()
    if word.isdecimal():
        return re.search(rf"(?<!\d){word}(?!\d)", lower) is not None
    return word in lower or ("x" in word and word.replace("x", "×") in lower.replace(" × ", "×"))


def _walk(
    graphs: Mapping[str, Graph], graph: Graph, result: GraphResult | None, path: tuple[str, ...]
) -> Iterator[Findable]:
    for name, node in graph.nodes.items():
        found = result.nodes.get(name) if result else None
        yield Findable(path, name, tuple(_texts(name, node, found)))
        inside = graphs.get(node.graph)
        if inside is not None and node.type != "Network" and len(path) < DEEPEST:
            yield from _walk(graphs, inside, found.inner if found else None, (*path, name))


def _texts(name: str, node: Node, found: NodeResult | None) -> Iterator[tuple[str, str]]:
    cls = None if node.graph else node_class(node.type)
    yield "name", name
    yield "type", cls.title() if cls else node.graph or node.type
    if cls is not None and cls.title() != node.type:
        yield "type", node.type
    if cls is not None and cls.family():
        yield "family", cls.family()
    yield from _settings(node, cls, found)
    if found is not None:
        yield from (("shape", str(shape)) for shape in found.outputs.values())
        yield from (("", f"problem: {problem.message}") for problem in found.problems)


def _settings(node: Node, cls: type[NodeClass] | None, found: NodeResult | None) -> Iterator[tuple[str, str]]:
    """Settings with their values as they count, and as they are written where that is an expression."""
    if cls is None:
        yield from (("setting", f"{key} {value}") for key, value in node.settings.items())
        return
    for setting in cls.settings():
        raw = node.settings.get(setting.name, setting.default)
        value = getattr(found.instance, setting.name) if found and found.instance else raw
        if value is not MISSING and value is not None:
            yield "setting", f"{setting.title} {value_text(value, setting.type)}"
        if isinstance(raw, str) and raw.startswith("="):
            yield "setting", f"{setting.title} {raw}"
