"""The weights of a node as pictures: kernels of a convolution, and what units look for in an image they see whole."""

from __future__ import annotations

from math import prod

import numpy as np

from studio.compiler.results import GraphResult
from studio.gui.panels.sample_view import maps_of
from studio.gui.pictures import Array

PASSING = ("Dropout", "Identity")
"""Nodes that leave every pixel at its place."""


def weight_maps(weights: Array, seen: tuple[int, ...] = ()) -> Array:
    """Kernels (filters, channels, height, width) as maps; of several channels each is a map of its own.

    The weights of units (units, features) are a picture for each unit where the features are the pixels of an image
    of the sizes ``seen``, else one picture of all.
    """
    data = np.asarray(weights, float)
    if data.ndim == 2 and len(seen) == 3 and data.shape[1] == prod(seen):
        data = data.reshape(-1, *seen)
    return data.reshape(-1, *data.shape[-2:]) if data.ndim == 4 else maps_of(data)


def image_before(result: GraphResult | None, node: str) -> tuple[int, ...]:
    """Sizes of the image that arrives at a node flattened; empty where none does."""
    while result is not None and len(links := result.graph.links.into.get(node, ())) == 1:
        node = links[0].source
        found = result.nodes.get(node)
        if found is None or found.node.type not in (*PASSING, "Flatten"):
            break
        arriving = [shape for shapes in found.inputs.values() for shape in shapes]
        if found.node.type == "Flatten" and arriving and not found.node.bypassed:
            sizes = arriving[0].sizes
            return tuple(size for size in sizes if isinstance(size, int)) if arriving[0].kind == "image" else ()
    return ()
