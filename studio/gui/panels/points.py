"""Points of the plane with their classes: those that a training tells of, or those of the data before any training."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.compiler.results import Diagnosis
from studio.core.generated import Generated
from studio.core.shape import vector
from studio.gui.training.predictions import MOST, Predictions

MOST_MADE = 20_000
"""Samples that are made within the window at most: those take some milliseconds."""


@dataclass(frozen=True, eq=False)
class Points:
    """Places (N, 2), class numbers (N,), the names of all classes, and which held-out samples they are, if any."""

    places: NDArray[np.float64]
    classes: NDArray[np.int64]
    names: tuple[str, ...]
    samples: tuple[int, ...] = ()


def points_told(predictions: Predictions) -> Points | None:
    """The held-out samples of a training, where they are points of classes."""
    newest, samples, numbers = predictions.newest, predictions.samples, predictions.again
    if newest is None or samples is None or not newest.classes or samples.array.shape[1:] != (2,):
        return None
    if newest.numbers and numbers is not None:
        classes = _class_numbers(numbers.array[1])
    elif newest.labels:
        classes = np.array(newest.labels, np.int64)
    else:
        return None
    count = min(len(samples.array), len(classes), len(newest.samples))
    return Points(samples.array[:count].astype(float), classes[:count], newest.classes, newest.samples[:count])


def points_drawn(diagnosis: Diagnosis) -> Points | None:
    """The first points of the project's data, where these are points of classes that the studio makes itself."""
    data = next((data for data in _points_of_plane(diagnosis) if data.known_classes()), None)
    return _made(data) if data is not None and data.samples <= MOST_MADE else None


def places_drawn(diagnosis: Diagnosis) -> NDArray[np.float64] | None:
    """All points (N, 2) of the project's data, where the studio makes them itself."""
    data = next(_points_of_plane(diagnosis), None)
    return _places(data) if data is not None and data.samples <= MOST_MADE else None


def _points_of_plane(diagnosis: Diagnosis) -> Iterator[Generated]:
    """The datasets of objectives that make points of the plane."""
    graphs = (result for result in diagnosis.graphs.values() if result.graph.role == "objective")
    for node in (node for graph in graphs for node in graph.nodes.values()):
        data, shapes = node.instance, tuple(node.outputs.values())
        if isinstance(data, Generated) and shapes and shapes[0] == vector(2):
            yield data


@lru_cache(maxsize=1)
def _places(data: Generated) -> NDArray[np.float64]:
    first, *_ = data.read(Path(), lambda *_: None).columns.values()
    return np.asarray(first, np.float64)


@lru_cache(maxsize=1)
def _made(data: Generated) -> Points:
    places, labels, *_ = (column[:MOST] for column in data.read(Path(), lambda *_: None).columns.values())
    classes = labels.astype(np.int64) if labels.ndim == 1 else _class_numbers(labels)
    return Points(places.astype(float), classes, data.known_classes())


def _class_numbers(targets: NDArray[Any]) -> NDArray[np.int64]:
    """Class numbers (N,) of targets: 0 or 1 in one column, or 1-of-n."""
    return np.asarray(targets[:, 0] >= 0.5 if targets.shape[1] == 1 else targets.argmax(1), np.int64)
