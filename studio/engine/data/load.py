"""Reads a dataset and gives its parts as tensors, in memory where they fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from studio.core.dataset import Column, DataError, DataMissing, Dataset, ImageDataset, Progress, Samples, unreduced
from studio.core.node_class import shapes_of
from studio.core.problem import Mismatch
from studio.core.shape import LABEL, Shape
from studio.engine.data.ahead import ahead
from studio.engine.data.augment import Augmentation, augmentation_of
from studio.engine.data.batches import Batch, Deferred, Part
from studio.engine.data.parts import Rows, Split, split
from studio.engine.data.prepare import Array, Preparation, Scaling, preparation_of, projection_of, scaling_of

Tell = Callable[[float], None]
PartName = Literal["train", "validation", "test"]

MEMORY = 2 << 30
"""Bytes of prepared values of one column that are kept; a larger column is read batch by batch."""

SLAB_BYTES = 16 << 20
"""Prepared values that are made at once, so that little memory is needed beyond the result."""

ITEM_BYTES = 4
MEASURED = 2048
"""Samples of the training part that tell mean and range where the column does not fit into memory."""


@dataclass(frozen=True)
class Loaded:
    """A dataset ready to train: three parts, the names of the classes and how images vary while training."""

    dataset: Dataset
    samples: Samples
    shapes: tuple[Shape, ...]
    class_names: tuple[str, ...]
    train: Part
    validation: Part
    test: Part
    augmentation: Augmentation | None
    preparation: Preparation
    """How samples of the first column are brought to what a network reads, its scaling measured."""

    def part(self, name: PartName) -> Part:
        return {"train": self.train, "validation": self.validation, "test": self.test}[name]

    def sample(self, name: PartName, place: int) -> tuple[Array, Batch]:
        """One sample of a part: its first column as read, an image as bytes (H, W) or (H, W, 3), and as prepared."""
        part = self.part(name)
        column = self.samples.columns[self.dataset.outputs[0]]
        raw = column[part.rows[place : place + 1]][0]
        prepared = part.take(torch.tensor([place], device=part.device))
        return _shown(raw) if self.preparation.size is not None else raw, tuple(column[0] for column in prepared)


def load(
    dataset: Dataset,
    folder: Path,
    device: torch.device,
    progress: Progress,
    *,
    download: bool = False,
    memory: int = MEMORY,
) -> Loaded:
    """The dataset with its parts on the device; ``download`` fetches what is missing. Raises DataError."""
    try:
        samples = _read(dataset, folder, progress, download=download)
        shapes, class_names = shapes_of(dataset.infer()), dataset.class_names()
        whole = shapes_of(unreduced(dataset).infer())
    except Mismatch as error:
        raise DataError(error.message) from None
    except OSError as error:
        raise DataError(f"{dataset.title()} cannot be read: {error}.") from None
    for shape, column in zip(shapes, samples.columns.values(), strict=True):
        if shape == LABEL and class_names:
            _check_labels(dataset, column[np.arange(len(column))], class_names)
    parts = split(dataset, samples)
    columns, preparations = [], []
    for place, (shape, column) in enumerate(zip(whole, samples.columns.values(), strict=True)):
        preparation = preparation_of(dataset, place, shape, device)
        how = getattr(dataset, "normalise", "none") if place < getattr(dataset, "pictures", 1) else "none"
        components = getattr(dataset, "components", 0) if place == 0 else 0
        tell = partial(progress, f"Preparing {dataset.title()}")
        by_part, preparation = _prepared(column, parts, preparation, how, components, tell, memory)
        columns.append(by_part)
        preparations.append(preparation)
    train, validation, test = (
        Part(of_part, rows, device) for of_part, rows in zip(zip(*columns, strict=True), parts, strict=True)
    )
    first = preparations[0]
    augmentation = _augmentation(dataset, first.scaling, device)
    return Loaded(dataset, samples, shapes, class_names, train, validation, test, augmentation, first)


def _read(dataset: Dataset, folder: Path, progress: Progress, *, download: bool) -> Samples:
    try:
        return dataset.read(folder, progress)
    except DataMissing as error:
        if not (download and error.downloadable):
            raise
    dataset.download(folder, progress)
    return dataset.read(folder, progress)


def _check_labels(dataset: Dataset, labels: Array, class_names: tuple[str, ...]) -> None:
    """Raises DataError where a label names no class."""
    wrong = np.flatnonzero((labels < 0) | (labels >= len(class_names)))
    if len(wrong):
        raise DataError(
            f"Sample {wrong[0]:,} of {dataset.title()} has the label {labels[wrong[0]]}, "
            f"but there are {len(class_names)} classes, counted from 0."
        )


def _prepared(
    column: Column, parts: Split, preparation: Preparation, how: str, components: int, tell: Tell, memory: int
) -> tuple[list[Tensor | Deferred], Preparation]:
    """The column of each part, scaled and reduced as the training part asks for, and how a sample comes to be so."""
    shape = preparation.shape
    if shape.elements * ITEM_BYTES * sum(map(len, parts)) <= memory:
        tensors = [_gathered(column, rows, preparation, tell) for rows in parts]
        measured = _measured(preparation, how, components, tensors[0])
        scaling, projection = measured.scaling, measured.projection
        tensors = [tensors[0], *(scaling.apply_(tensor) if scaling else tensor for tensor in tensors[1:])]
        return [projection.of(tensor) if projection else tensor for tensor in tensors], measured
    needed = MEASURED if shape.kind != "image" or how == "z-score" or components else 1
    some = parts.train[: max(1, min(needed, memory // (ITEM_BYTES * shape.elements)))]
    measured = _measured(preparation, how, components, _gathered(column, some, preparation, tell))
    return [Deferred(column, rows, measured) for rows in parts], measured


def _measured(preparation: Preparation, how: str, components: int, training: Tensor) -> Preparation:
    """The preparation with what training samples tell; these are scaled in their own memory. Raises DataError."""
    scaling = scaling_of(how, preparation.shape, training)
    training = scaling.apply_(training) if scaling else training
    return replace(preparation, scaling=scaling, projection=projection_of(components, training) if components else None)


def _gathered(column: Column, rows: Rows, preparation: Preparation, tell: Tell) -> Tensor:
    """The prepared samples of these rows, made a slab at a time; files are decoded in threads."""
    count = max(1, SLAB_BYTES // (ITEM_BYTES * preparation.shape.elements))
    starts = range(0, max(1, len(rows)), count)
    jobs = (partial(lambda start: preparation(column[rows[start : start + count]]), start) for start in starts)
    slabs = (job() for job in jobs) if isinstance(column, np.ndarray) else ahead(jobs)
    whole: Tensor | None = None
    for start, slab in zip(starts, slabs, strict=True):
        whole = slab.new_empty((len(rows), *slab.shape[1:])) if whole is None else whole
        whole[start : start + len(slab)] = slab
        tell(min(1.0, (start + count) / max(1, len(rows))))
    assert whole is not None
    return whole


def _augmentation(dataset: Dataset, scaling: Scaling | None, device: torch.device) -> Augmentation | None:
    if not isinstance(dataset, ImageDataset):
        return None
    low, high = (torch.tensor(bound, device=device) for bound in (0.0, 1.0))
    return augmentation_of(dataset, scaling.of(low) if scaling else low, scaling.of(high) if scaling else high)


def _shown(image: Array) -> Array:
    """An image (H, W) or (C, H, W) as bytes, channels last where they are colours."""
    image = image if image.dtype == np.uint8 else np.rint(image * 255).astype(np.uint8)
    if image.ndim == 2:
        return image
    return image[:3].transpose(1, 2, 0) if len(image) >= 3 else image[0]
