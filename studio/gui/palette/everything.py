"""What "Search everything" finds: actions, nodes of the graph, node classes to add, templates, recent projects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from studio.compiler.ports import node_class
from studio.core.catalog import catalog
from studio.core.graph import Graph, Role
from studio.core.node_class import NodeClass
from studio.core.project import Project
from studio.gui.canvas.card import BLOCK_ICON
from studio.gui.canvas.drops import BLOCK, SAVED
from studio.gui.palette.entry import Entry, words_of
from studio.gui.palette.matching import Words
from studio.gui.style.tokens import FAMILIES


def icon_of(cls: type[NodeClass] | None) -> tuple[str, str]:
    """The icon of a node class and the family that tints it."""
    family = cls.family() if cls else ""
    known = FAMILIES.get(family)
    return (known.icon if known else "layers", family)


def class_entries(choose: Callable[[str], object], *, fits: Callable[[type[NodeClass]], bool]) -> Iterator[Entry]:
    """Node classes to add."""
    for name, cls in catalog().nodes.items():
        if fits(cls):
            icon, family = icon_of(cls)
            yield Entry(words_of(cls), partial(choose, name), icon, family, cls.family(), tip=cls.doc(), type_name=name)


def node_entries(graph: Graph, go_to: Callable[[str], object]) -> Iterator[Entry]:
    """Nodes that are in the graph."""
    for name, node in graph.nodes.items():
        icon, family = icon_of(node_class(node.type))
        hint = f"{node.graph or node.type}, in this graph"
        yield Entry(Words(name, (), node.type), partial(go_to, name), icon, family, hint=hint)


def block_entries(
    choose: Callable[[str], object], project: Project, saved: Iterable[str], role: Role
) -> Iterator[Entry]:
    """Graphs to place in a graph of this role: the project's own, and in a network those of the library."""
    placed: Role = "network" if role == "objective" else "block"
    for name in project.of_role(placed):
        yield Entry(Words(name, (placed,)), partial(choose, BLOCK + name), BLOCK_ICON, hint=placed.capitalize())
    for name in saved if placed == "block" else ():
        yield Entry(Words(name, ("block", "library")), partial(choose, SAVED + name), BLOCK_ICON, hint="Library")


def template_entries(choose: Callable[[str], object]) -> Iterator[Entry]:
    for name, cls in catalog().templates.items():
        words = Words(cls.title, (name,), cls.doc())
        yield Entry(words, partial(choose, name), "book", hint="Template", tip=cls.doc())
