"""What lies up- and downstream of nodes, as masks over the rows that are painted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.core.graph import Graph
from studio.gui.canvas import walk
from studio.gui.canvas.places import Places

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Trace:
    """Which rows of nodes and of links stand out; the others are dimmed."""

    nodes: Mask
    links: Mask


def trace_of(graph: Graph, places: Places, names: Collection[str]) -> Trace:
    """The rows on the ways through these nodes; a link that leads past them is not among them."""
    above, below = (_mask(places, found(graph, names)) for found in (walk.upstream, walk.downstream))
    source, target = places.links.nodes.T
    links = (above[source] & above[target]) | (below[source] & below[target])
    return Trace(above | below, links)


def _mask(places: Places, names: Iterable[str]) -> Mask:
    mask = np.zeros(len(places.nodes.place), np.bool_)
    mask[[places.nodes.row[name] for name in names if name in places.nodes.row]] = True
    return mask
