"""What torch.nn calls the numbers of its layers, and those that they have by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

Value = int | float | tuple[int | float, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """What torch.nn calls the first arguments of a layer, and the numbers that its keywords have by themselves."""

    names: tuple[str, ...]
    defaults: Mapping[str, Value] = field(default_factory=dict)


_SLIDING: Mapping[str, Value] = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
_CONVOLUTION = Layer(("in_channels", "out_channels", "kernel_size"), _SLIDING)
_TRANSPOSED = Layer(("in_channels", "out_channels", "kernel_size"), {**_SLIDING, "output_padding": 0})
_NORM = Layer(("num_features",), {"eps": 1e-5, "momentum": 0.1})
_MAXIMUM = Layer(("kernel_size",), {"padding": 0, "dilation": 1})
_AVERAGE = Layer(("kernel_size",), {"padding": 0})
_RECURRENT = Layer(("input_size", "hidden_size"), {"num_layers": 1, "dropout": 0.0})
_SHARE = Layer(("p",))

LAYERS: Mapping[str, Layer] = {
    **dict.fromkeys(("Conv1d", "Conv2d", "Conv3d"), _CONVOLUTION),
    **dict.fromkeys(("ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"), _TRANSPOSED),
    **dict.fromkeys(("BatchNorm1d", "BatchNorm2d", "BatchNorm3d"), _NORM),
    **dict.fromkeys(("InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"), _NORM),
    **dict.fromkeys(("MaxPool1d", "MaxPool2d", "MaxPool3d"), _MAXIMUM),
    **dict.fromkeys(("AvgPool1d", "AvgPool2d", "AvgPool3d"), _AVERAGE),
    **dict.fromkeys(("RNN", "LSTM", "GRU"), _RECURRENT),
    **dict.fromkeys(("Dropout", "Dropout1d", "Dropout2d", "Dropout3d"), _SHARE),
    "Linear": Layer(("in_features", "out_features")),
    "LayerNorm": Layer(("normalized_shape",), {"eps": 1e-5}),
    "GroupNorm": Layer(("num_groups", "num_channels"), {"eps": 1e-5}),
    "Embedding": Layer(("num_embeddings", "embedding_dim")),
    "MultiheadAttention": Layer(("embed_dim", "num_heads"), {"dropout": 0.0}),
    "LocalResponseNorm": Layer(("size",), {"alpha": 1e-4, "beta": 0.75, "k": 1.0}),
}

WIDTHS = frozenset(
    {"in_channels", "out_channels", "num_features", "in_features", "out_features", "normalized_shape", "num_channels"}
    | {"embed_dim", "embedding_dim", "input_size", "hidden_size"}
)
"""Roles that count channels or features: one may be a multiple of another."""


def is_number(value: object) -> TypeGuard[Value]:
    """Whether this may fill a slot."""
    if isinstance(value, tuple):
        return bool(value) and all(is_number(part) and not isinstance(part, tuple) for part in value)
    return isinstance(value, int | float) and not isinstance(value, bool)
