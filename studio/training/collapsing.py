"""The weights of linear layers that became one: their product, from what a run has learned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.core.collapsing import Chain
from studio.core.graph import Graph
from studio.core.names import identifiers
from studio.core.problem import ProjectError

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

NAME = "collapsed"


def write_collapsed(weights: Path, before: Graph, after: Graph, chains: Iterable[Chain]) -> Path:
    """Write the weights of a network whose chains have become one layer each into a new file beside these.

    ``weights`` is the safetensors file of the network as it was drawn ``before``. Raises ProjectError where it cannot
    be read, or the new one not be written.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file, save_file

    path = next(
        free for number in range(1, 10_000) if not (free := weights.with_name(f"{NAME}-{number}.safetensors")).exists()
    )
    try:
        save_file(collapsed_weights(load_file(weights), before, after, chains), path)
    except (OSError, SafetensorError) as error:
        raise ProjectError(f"The weights of the layers could not be multiplied: {error}") from None
    return path


def collapsed_weights(
    tensors: Mapping[str, Array], before: Graph, after: Graph, chains: Iterable[Chain]
) -> dict[str, Array]:
    """Tensors by the names of the drawing ``after``, given those of ``before``.

    Of a chain the weight is W_L … W_2 W_1, and the bias W_L … (W_2 b_1 + b_2) … + b_L, both computed in float64.
    """
    old, new = identifiers(before.nodes), identifiers(after.nodes)
    found = {}
    for key, tensor in tensors.items():
        owner = next((name for name in after.nodes if key.startswith(f"{old[name]}.")), "")
        if owner:
            found[new[owner] + key.removeprefix(old[owner])] = tensor
    for chain in chains:
        found |= {
            f"{new[chain[-1]]}.{name}": tensor for name, tensor in _product(tensors, [old[n] for n in chain]).items()
        }
    return found


def _product(tensors: Mapping[str, Array], layers: Iterable[str]) -> dict[str, Array]:
    """Weight (units, in), and bias (units) where one of the layers has one, of one layer for all."""
    import numpy as np

    weight, bias = np.eye(1), None
    for at, layer in enumerate(layers):
        factor = tensors[f"{layer}.weight"].astype(np.float64)
        own = tensors.get(f"{layer}.bias")
        weight = factor @ weight if at else factor
        bias = None if bias is None else factor @ bias
        if own is not None:
            bias = own.astype(np.float64) if bias is None else bias + own
    return {"weight": weight.astype(np.float32), **({} if bias is None else {"bias": bias.astype(np.float32)})}
