"""Operations of PyTorch that its ONNX exporter lacks or writes wrongly, in terms of those that ONNX has."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from onnxscript import opset20
from torch.nn import functional as F

from studio.core.problem import ProjectError

op: Any = opset20
"""Its operations are typed for graphs that are written by hand, not for such as are made of numbers."""
Value = Any
"""A tensor of the ONNX graph that is being written."""
Sizes = Sequence[int]

BOOL = 9
"""ONNX's number for values that are true or false."""

aten = torch.ops.aten


def translations() -> dict[Callable[..., Any], Callable[..., Any]]:
    """What is written for an operation, by the operation."""
    table: dict[Callable[..., Any], Callable[..., Any]] = {
        aten.scaled_dot_product_attention.default: _attention,
        aten.rrelu.default: _rrelu,
    }
    for axes in (1, 2, 3):
        table[getattr(aten, f"max_pool{axes}d").default] = _max_pool
        table[getattr(aten, f"upsample_nearest{axes}d").vec] = _nearest
        table[getattr(aten, f"adaptive_avg_pool{axes}d").default] = _adaptive_mean
        table[getattr(aten, f"adaptive_max_pool{axes}d").default] = _adaptive_max
    return table


def _attention(
    query: Value,
    key: Value,
    value: Value,
    attn_mask: Value = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,  # noqa: FBT001, FBT002  # as the operation has them
    scale: float | None = None,
    enable_gqa: bool = False,  # noqa: FBT001, FBT002
) -> Value:
    """With or without heads; the exporter knows it with heads alone."""
    rank = len(query.shape)
    turned = op.Transpose(key, perm=[*range(rank - 2), rank - 1, rank - 2])
    scores = op.MatMul(query, turned) * (scale or 1 / math.sqrt(query.shape[-1]))
    never = op.Constant(value_float=-math.inf)
    if is_causal:
        length, other = (op.Shape(each, start=-2, end=-1) for each in (query, key))
        ones = op.Expand(op.Constant(value_float=1.0), op.Concat(length, other, axis=0))
        scores = op.Where(op.Cast(op.Trilu(ones, upper=0), to=BOOL), scores, never)
    if attn_mask is not None:
        is_bool = int(attn_mask.dtype) == BOOL
        scores = op.Where(attn_mask, scores, never) if is_bool else scores + attn_mask
    return op.MatMul(op.Softmax(scores, axis=-1), value)


def _rrelu(values: Value, lower: float = 1 / 8, upper: float = 1 / 3, *_: Any) -> Value:
    """After training the slope is the mean of its bounds."""
    return op.LeakyRelu(values, alpha=(lower + upper) / 2)


def _max_pool(
    values: Value,
    kernel_size: Sizes,
    stride: Sizes = (),
    padding: Sizes = (0,),
    dilation: Sizes = (1,),
    ceil_mode: bool = False,  # noqa: FBT001, FBT002
) -> Value:
    """PyTorch leaves a last window out that would begin in the border; ONNX counts it, but pads each end by itself."""
    axes = len(values.shape) - 2
    kernel, border, gap = (_each(numbers, axes) for numbers in (kernel_size, padding, dilation))
    step = _each(stride or kernel_size, axes)
    behind = list(border)
    if ceil_mode and _is_fixed(values):
        probe = torch.zeros(1, 1, *values.shape[2:], device="meta")
        pool = getattr(F, f"max_pool{axes}d")
        found = pool(probe, kernel, step, border, gap, ceil_mode=True).shape[2:]
        reach = [(n - 1) * s + g * (k - 1) + 1 for n, s, g, k in zip(found, step, gap, kernel, strict=True)]
        behind = [max(0, r - n - b) for r, n, b in zip(reach, values.shape[2:], border, strict=True)]
        ceil_mode = False
    sizes = {"kernel_shape": kernel, "strides": step, "pads": [*border, *behind], "dilations": gap}
    return op.MaxPool(values, ceil_mode=int(ceil_mode), **sizes)[0]


def _nearest(values: Value, output_size: Sizes | None, scale_factors: Sequence[float] | None) -> Value:
    """PyTorch says which pixel is taken for each: rounding differs from ONNX's where the sizes do not divide."""
    lengths = list(values.shape[2:])
    if not _is_fixed(values):
        scales = op.Constant(value_floats=[1.0, 1.0, *(scale_factors or ())])
        how = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        return op.Resize(values, None, scales, None, **how)
    for axis, length in enumerate(lengths):
        places = torch.arange(float(length)).reshape(1, 1, -1)
        size = {"size": output_size[axis]} if output_size else {"scale_factor": (scale_factors or ())[axis]}
        taken = F.interpolate(places, **size).flatten().long().tolist()
        values = op.Gather(values, op.Constant(value_ints=taken), axis=2 + axis)
    return values


def _adaptive_mean(values: Value, output_size: Sizes) -> Value:
    return _adaptive(values, output_size, op.ReduceMean, op.AveragePool)


def _adaptive_max(values: Value, output_size: Sizes) -> tuple[Value, Value]:
    """The second answer are the places, which no layer asks for."""
    pooled = _adaptive(values, output_size, op.ReduceMax, lambda *args, **sizes: op.MaxPool(*args, **sizes)[0])
    return pooled, op.Shape(pooled)


def _adaptive(values: Value, output_size: Sizes, reduce: Callable[..., Value], pool: Callable[..., Value]) -> Value:
    """Windows of equal size where the sizes divide; else each is cut out, one axis after the other."""
    lengths = list(values.shape[2:])
    counts = _each(output_size, len(lengths))
    if _is_fixed(values) and all(length % count == 0 for length, count in zip(lengths, counts, strict=True)):
        windows = [length // count for length, count in zip(lengths, counts, strict=True)]
        return pool(values, kernel_shape=windows, strides=windows)
    for axis, (length, count) in enumerate(zip(lengths, counts, strict=True), 2):
        parts = [_reduced(values, reduce, axis, count, at, length) for at in range(count)]
        values = op.Concat(*parts, axis=axis) if count > 1 else parts[0]
    return values


def _reduced(values: Value, reduce: Callable[..., Value], axis: int, count: int, at: int, length: Any) -> Value:
    """One of so many windows along an axis, made one number. Raises ProjectError where its length varies."""
    if count > 1:
        if not isinstance(length, int):
            raise ProjectError(
                "An ONNX file cannot hold adaptive pooling to several places over sizes that vary. "
                "Give the Input fixed sizes, or export as python."
            )
        bounds = (at * length // count, -(-(at + 1) * length // count), axis)
        values = op.Slice(values, *(op.Constant(value_ints=[each]) for each in bounds))
    return reduce(values, op.Constant(value_ints=[axis]), keepdims=1)


def _each(numbers: Sizes, axes: int) -> list[int]:
    """The number of each axis; one stands for all."""
    return [*numbers] if len(numbers) == axes else [numbers[0]] * axes


def _is_fixed(values: Value) -> bool:
    return all(isinstance(size, int) for size in values.shape[2:])
