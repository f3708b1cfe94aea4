"""Which module stands for which node: paths of nodes, ``layer 1/Conv``, against the modules inside a network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torch import nn

from studio.core.graph import Graph
from studio.core.names import identifiers
from studio.core.project import Project
from studio.engine.build import Built


@dataclass(frozen=True)
class Place:
    """A module that was made of a graph: the graph, and the path of the nodes that led to it, ending in a slash."""

    module: nn.Module
    graph: Graph
    prefix: str = ""


def places(project: Project, graph: Graph, module: nn.Module, prefix: str = "") -> Iterator[Place]:
    """The module of a graph and those of the blocks in it, outer ones first.

    The second and further copies of a repeated block have their number in the path: ``layer 1 (2)/Conv``.
    """
    yield Place(module, graph, prefix)
    names = identifiers(graph.nodes)
    for name, node in graph.nodes.items():
        if node.type != "Block" or node.shares_with:
            continue
        for number, block in enumerate(_copies(module.get_submodule(names[name])), 1):
            inside = f"{prefix}{name}/" if number == 1 else f"{prefix}{name} ({number})/"
            yield from places(project, project.graphs[node.graph], block, inside)


def weights_of(project: Project, graph: Graph, module: nn.Module, path: str) -> list[nn.Module]:
    """The modules that a node's weights lie in, one for each repeat; none where it has no module or does not exist."""
    first, _, rest = path.partition("/")
    if first not in graph.nodes:
        # Names may hold slashes themselves.
        first = next((name for name in graph.nodes if path == name or path.startswith(f"{name}/")), "")
        rest = path[len(first) + 1 :]
    node = graph.nodes.get(first)
    if node is None:
        return []
    found = getattr(module, identifiers(graph.nodes)[node.shares_with or first], None)
    if not isinstance(found, nn.Module):
        return []
    if not rest:
        return [found]
    inner = project.graphs[node.graph] if node.graph else Graph()
    return [each for block in _copies(found) for each in weights_of(project, inner, block, rest)]


def all_places(built: Built) -> Iterator[tuple[str, Place]]:
    """Every module that was made of a graph, with the network or objective in which its path begins."""
    project = built.project
    for name, network in built.networks.items():
        yield from ((name, place) for place in places(project, project.graphs[name], network))
    for name, objective in built.objectives.items():
        yield name, Place(objective, built.diagnosis.objectives[name])


def node_of_weight(built: Built, weight: nn.Parameter) -> tuple[str, str]:
    """Graph and path of the node that a weight belongs to; empty where that cannot be told."""
    for graph, place in all_places(built):
        names = identifiers(place.graph.nodes)
        for name, node in place.graph.nodes.items():
            inside = getattr(place.module, names[name], None) if node.type not in ("Block", "Network") else None
            mine = inside.parameters() if isinstance(inside, nn.Module) else [inside]
            if any(each is weight for each in mine):
                return graph, place.prefix + name
    return "", ""


def _copies(module: nn.Module) -> list[nn.Module]:
    """A repeated block stands in an ``nn.Sequential``; no block's own class is one."""
    return list(module) if type(module) is nn.Sequential else [module]
