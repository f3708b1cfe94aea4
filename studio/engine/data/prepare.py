"""Brings samples to the tensors that a network reads: size, background and range of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.dataset import DataError, Dataset, ImageDataset, pair
from studio.core.shape import Shape

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Scaling:
    """``values * scale + offset``; both tensors broadcast over a batch."""

    scale: Tensor
    offset: Tensor

    def apply_(self, values: Tensor) -> Tensor:
        """The values scaled, in their own memory."""
        return values.mul_(self.scale).add_(self.offset)

    def of(self, value: Tensor) -> Tensor:
        """Where this value comes to lie."""
        return value * self.scale + self.offset


@dataclass(frozen=True, slots=True)
class Projection:
    """``(values - mean) @ axes``, samples as vectors: what is left of them along some directions."""

    mean: Tensor
    axes: Tensor
    """(numbers of a sample, directions)."""

    def of(self, values: Tensor) -> Tensor:
        return (values.flatten(1) - self.mean) @ self.axes


@dataclass(frozen=True, slots=True)
class Preparation:
    """Turns samples of one column (N, …) into a tensor (N, …) on the device; ``scaling`` may still be missing."""

    shape: Shape
    device: torch.device
    size: tuple[int, int] | None = None
    """Height and width of an image before the frame; None where the column holds something else."""
    pad: int = 0
    scaling: Scaling | None = None
    projection: Projection | None = None

    def __call__(self, array: Array) -> Tensor:
        # Apple's GPU lacks the antialiased resize
        at = torch.device("cpu") if self.device.type == "mps" else self.device
        values = torch.from_numpy(np.ascontiguousarray(array)).to(at)
        if self.shape.dtype == "int":
            return values.to(self.device, torch.int64)
        values = values.float() if self.size is None else self._image(values, self.size)
        values = values.to(self.device)
        values = values if self.scaling is None else self.scaling.apply_(values)
        return values if self.projection is None else self.projection.of(values)

    def _image(self, values: Tensor, size: tuple[int, int]) -> Tensor:
        """Grey values from 0 to 1 (N, C, H, W), resized, with a black frame."""
        unit = values.float().div_(255) if values.dtype == torch.uint8 else values.float()
        unit = unit.unsqueeze(1) if unit.ndim == 3 else unit
        if unit.shape[2:] != size:
            unit = F.interpolate(unit, size, mode="bilinear", antialias=True).clamp_(0, 1)
        return F.pad(unit, (self.pad,) * 4) if self.pad else unit


def preparation_of(dataset: Dataset, place: int, shape: Shape, device: torch.device) -> Preparation:
    """How the dataset's column at this place is prepared, before its scaling is known."""
    if not (isinstance(dataset, ImageDataset) and shape.kind == "image"):
        return Preparation(shape, device)
    size = pair(dataset.resize) if dataset.resize else dataset.size()[1:]
    return Preparation(shape, device, size, dataset.pad)


def scaling_of(how: str, shape: Shape, training: Tensor) -> Scaling | None:
    """The scaling that a dataset's ``normalise`` asks for, measured on prepared samples of its training part.

    Images have the range 0 to 1 already and are measured by channel; other values by feature or channel.
    """
    if shape.dtype == "int" or how == "none" or (how == "zero-one" and shape.kind == "image"):
        return None
    if how == "minus-one-one":
        return Scaling(training.new_tensor(2.0), training.new_tensor(-1.0))
    own = 1 + next((place for place, axis in enumerate(shape.axes) if axis in ("C", "D")), 0)
    others = [axis for axis in range(training.ndim) if axis != own]
    if how == "z-score":
        spread, start = torch.std_mean(training, others, correction=0, keepdim=True)
    else:
        start = training.amin(others, keepdim=True)
        spread = training.amax(others, keepdim=True) - start
    scale = 1 / torch.where(spread > 0, spread, 1.0)
    return Scaling(scale, -start * scale)


def projection_of(components: int, training: Tensor) -> Projection:
    """The first principal components of samples (N, …), each in the direction in which its largest number is positive.

    Raises DataError where there are too few samples to tell so many directions.
    """
    if components > len(training):
        raise DataError(f"{len(training):,} training samples have no {components:,} components. Keep fewer.")
    values = training.flatten(1).cpu().double()
    mean = values.mean(0)
    values -= mean
    if values.shape[1] <= len(values):
        directions = torch.linalg.eigh(values.T @ values)[1].flip(1)[:, :components]
    else:  # as many directions as samples, found without a matrix of all pairs of pixels
        shares = torch.linalg.eigh(values @ values.T)[1].flip(1)[:, :components]
        directions = torch.nn.functional.normalize(values.T @ shares, dim=0)
    signs = directions.gather(0, directions.abs().argmax(0, keepdim=True)).sign()
    return Projection(mean.to(training), (directions * signs).to(training))
