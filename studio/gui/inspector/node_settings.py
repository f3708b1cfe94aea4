"""The settings of nodes of every kind, read and written alike: declared ones, parameters of a placed graph, repeats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from studio.compiler.ports import node_class
from studio.core.declaration import Raw, Setting
from studio.core.expressions import is_expression
from studio.core.graph import Graph, Node
from studio.core.project import Project

BLOCK_FIELDS = (
    Setting("repeat", int, 1, "how many times the block stands one behind the other", (), 1, 10_000),
    Setting("share_weights", bool, False, "whether all repeats use the same weights"),
)
FIELD_NAMES = frozenset(setting.name for setting in BLOCK_FIELDS)


def settings_of(project: Project, node: Node) -> tuple[Setting, ...]:
    """What a person can set on this node; nothing for a type that is not installed."""
    if node.graph:
        inner = project.graphs.get(node.graph)
        parameters = tuple(parameters_of(project, node.graph).values()) if inner else ()
        return parameters + (BLOCK_FIELDS if node.type == "Block" else ())
    cls = node_class(node.type)
    return cls.settings() if cls else ()


def shared_settings(project: Project, nodes: Sequence[Node]) -> tuple[Setting, ...]:
    """The settings that all of these nodes have, in the order of the first."""
    several = [settings_of(project, node) for node in nodes]
    return tuple(setting for setting in several[0] if all(setting in others for others in several[1:]))


def values_of(node: Node) -> dict[str, Any]:
    """The raw values that are written on the node."""
    fields = {"repeat": node.repeat, "share_weights": node.share_weights} if node.type == "Block" else {}
    return {**node.settings, **fields}


def with_value(node: Node, setting: Setting, value: Raw) -> Node:
    """The node with a setting given; what equals the default is left out, so that files stay short."""
    if setting.name in FIELD_NAMES and node.type == "Block":
        return replace(node, **{setting.name: value})  # type: ignore[arg-type]
    kept = {name: old for name, old in node.settings.items() if name != setting.name}
    return replace(node, settings=kept if value == setting.default else {**node.settings, setting.name: value})


def graph_with(graph: Graph, names: Sequence[str], settings: Mapping[str, Setting], name: str, value: Raw) -> Graph:
    """The graph in which all of these nodes have the value."""
    return graph.put({node: with_value(graph.nodes[node], settings[name], value) for node in names})


def parameters_of(project: Project, graph_name: str) -> dict[str, Setting]:
    """The parameters of a graph as settings: each of the kind of the setting inside that it is for, if there is one."""
    graph, found = project.graphs[graph_name], dict[str, Setting]()
    for node in graph.nodes.values():
        read = {raw[1:].strip(): key for key, raw in node.settings.items() if isinstance(raw, str) and raw[:1] == "="}
        if node.repeat in [f"={name}" for name in graph.parameters]:
            read[str(node.repeat)[1:]] = "repeat"
        if wanted := [name for name in read if name in graph.parameters and name not in found]:
            inside = {setting.name: setting for setting in settings_of(project, node)}
            found |= {name: inside[read[name]] for name in wanted if read[name] in inside}
    return {
        name: replace(found[name], name=name, default=default) if name in found else _parameter(name, default)
        for name, default in graph.parameters.items()
    }


def _parameter(name: str, default: Raw) -> Setting:
    """A parameter that several settings are computed from: its type is that of its default."""
    if is_expression(default):
        return Setting(name, float, default, "a parameter of the block")
    low = 1 if isinstance(default, int) and not isinstance(default, bool) and default >= 1 else None
    return Setting(name, type(default), default, "a parameter of the block", (), low)
