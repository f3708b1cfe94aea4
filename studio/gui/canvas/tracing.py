"""What lies up- and downstream of nodes: by name in the graph, and as masks over the rows that are painted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.core.graph import Graph, Link
from studio.gui.canvas.places import Places

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Trace:
    """Which rows of nodes and of links stand out; the others are dimmed."""

    nodes: Mask
    links: Mask


def upstream(graph: Graph, names: Collection[str]) -> frozenset[str]:
    """These nodes, and all that something flows from into them."""
    return _reached(names, graph.links.into, lambda link: link.source)


def downstream(graph: Graph, names: Collection[str]) -> frozenset[str]:
    """These nodes, and all that something flows into from them."""
    return _reached(names, graph.links.out_of, lambda link: link.target)


def trace_of(graph: Graph, places: Places, names: Collection[str]) -> Trace:
    """The rows on the ways through these nodes; a link that leads past them is not among them."""
    above, below = (_mask(places, found(graph, names)) for found in (upstream, downstream))
    source, target = places.links.nodes.T
    links = (above[source] & above[target]) | (below[source] & below[target])
    return Trace(above | below, links)


def _reached(
    names: Collection[str], links: Mapping[str, tuple[Link, ...]], end: Callable[[Link], str]
) -> frozenset[str]:
    seen, waiting = set(names), list(names)
    while waiting:
        for link in links.get(waiting.pop(), ()):
            name = end(link)
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return frozenset(seen)


def _mask(places: Places, names: Iterable[str]) -> Mask:
    mask = np.zeros(len(places.nodes.place), np.bool_)
    mask[[places.nodes.row[name] for name in names if name in places.nodes.row]] = True
    return mask
