"""The setting by which a node uses the weights of another: tied autoencoders, siamese networks, repeated blocks."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from studio.compiler.ports import node_class
from studio.core.declaration import Raw, Setting
from studio.core.graph import Graph, Node
from studio.core.node_class import NodeClass

NAME, OWN = "weights_of", "its own"


def sharing_setting(graph: Graph, name: str) -> tuple[Setting, ...]:
    """The choice among nodes whose weights this one could use; nothing where there is none."""
    node = graph.nodes[name]
    others = [other for other, drawn in graph.nodes.items() if other != name and _is_alike(node, drawn)]
    is_used = any(drawn.shares_with == name for drawn in graph.nodes.values())
    if node.shares_with and node.shares_with not in others:
        others.append(node.shares_with)
    if not others or is_used or not _learns(node):
        return ()
    choices = (OWN, *others)
    return (Setting(NAME, Literal[choices], OWN, "whose weights it uses", choices),)


def sharing_value(node: Node) -> dict[str, Raw]:
    return {NAME: node.shares_with or OWN}


def with_sharing(graph: Graph, name: str, value: Raw) -> Graph:
    """The graph in which a node uses the weights of another, or its own."""
    return graph.put({name: replace(graph.nodes[name], shares_with="" if value == OWN else str(value))})


def _is_alike(node: Node, other: Node) -> bool:
    """Whether the other has weights of its own, of the same sizes where the same arrives."""
    same = (node.type, node.graph, node.settings, node.repeat) == (
        other.type,
        other.graph,
        other.settings,
        other.repeat,
    )
    return same and not other.shares_with


def _learns(node: Node) -> bool:
    cls = node_class(node.type)
    return node.type == "Block" or (cls is not None and cls.weights is not NodeClass.weights)
