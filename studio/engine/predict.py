"""What a trained network makes of files: images and arrays, prepared as the samples were from which it learned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from studio.core.dataset import DataError, ImageDataset
from studio.core.image_file import decode
from studio.core.problem import ProjectError
from studio.engine.build import build
from studio.engine.data.load import Loaded, load
from studio.engine.feed import datasets_of
from studio.engine.predicting import probabilities
from studio.engine.train import trained_network
from studio.training.run import Run, data_folder


@dataclass(frozen=True)
class Answer:
    """What the network answers to one file."""

    classes: Mapping[str, float]
    """Probability of each class, most probable first; empty where the answer is none of classes."""
    outputs: Mapping[str, Any]
    """The numbers themselves by the name of the output, without the batch axis, as lists."""


@dataclass(frozen=True)
class Predictor:
    """A trained network with what it needs to read files."""

    network: nn.Module
    outputs: tuple[str, ...]
    data: Loaded

    @classmethod
    def of(
        cls,
        run: Run,
        name: str | None = None,
        data: Path | None = None,
        tell: Callable[[str, float], None] | None = None,
    ) -> Predictor:
        """The network of a run with its newest weights. Raises ProjectError, DataError."""
        project = run.project()
        name = project.network_called(name)
        network = trained_network(run, name)
        built = build(project)
        dataset = datasets_of(built, list(built.objectives))[0]
        loaded = load(dataset, data or data_folder(), torch.device("cpu"), tell or (lambda _what, _share: None))
        inputs = built.diagnosis.networks[name].inputs
        if list(inputs.values()) != [loaded.shapes[0]]:
            raise ProjectError(f"{name} does not read what {dataset.title()} gives, so it cannot be asked about files.")
        return cls(network, project.graphs[name].answers(), loaded)

    def answer(self, path: Path) -> Answer:
        """What the network makes of a file. Raises DataError where it cannot be read."""
        sample = self.data.preparation(np.array(self._read(path)[None]))
        with torch.no_grad():
            answered = self.network(sample)
        values: tuple[Tensor, ...] = answered if isinstance(answered, tuple) else (answered,)
        outputs = {name: value[0].tolist() for name, value in zip(self.outputs, values, strict=True)}
        return Answer(self._classes(values[0]), outputs)

    def _classes(self, scores: Tensor) -> dict[str, float]:
        names = self.data.class_names
        if scores.shape != (1, len(names)):
            return {}
        found = probabilities(scores)[0]
        return {names[place]: float(found[place]) for place in found.argsort(descending=True)}

    def _read(self, path: Path) -> np.ndarray[Any, Any]:
        """A file as one sample of the first column, before preparation."""
        dataset = self.data.dataset
        if path.suffix == ".npy":
            return self._fitting(_array(path), path)
        if isinstance(dataset, ImageDataset):
            return decode(path, dataset.size())
        raise DataError(f"{path} should be a .npy file: {dataset.title()} does not hold images.")

    def _fitting(self, array: np.ndarray[Any, Any], path: Path) -> np.ndarray[Any, Any]:
        """The array if it is one sample. Raises DataError."""
        column = self.data.samples.columns[self.data.dataset.outputs[0]]
        sample = column[np.arange(1)][0]
        if array.shape != sample.shape:
            wanted, found = ("×".join(map(str, shape)) or "one number" for shape in (sample.shape, array.shape))
            raise DataError(f"{path} holds {found}; a sample of {self.data.dataset.title()} is {wanted}.")
        if array.dtype.kind == "f":
            return array.astype(np.float32)
        if not isinstance(self.data.dataset, ImageDataset):
            return array.astype(sample.dtype)
        if array.min() < 0 or array.max() > 255:
            raise DataError(f"{path} holds whole numbers beyond 0 to 255, which are no grey values.")
        return array.astype(np.uint8)


def _array(path: Path) -> np.ndarray[Any, Any]:
    try:
        # Mapped, so that a header that promises more than the file holds costs no memory.
        array: np.ndarray[Any, Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise DataError(f"{path} cannot be read as an array: {error}") from None
    if array.dtype.kind not in "biuf":
        raise DataError(f"{path} does not hold numbers.")
    return array
