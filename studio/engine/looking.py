"""Reads a dataset and gives some samples of each part for a person to look at.

As a process, ``python -m studio.engine.looking PROJECT --out FILE.npz``, it does so for the data of a project, and says
in lines of JSON what is in the file.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any, get_args

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from studio.compiler.objective import data_of
from studio.core.dataset import Dataset, Progress
from studio.core.opening import open_project
from studio.core.problem import Mismatch, ProjectError
from studio.core.shape import LABEL
from studio.engine.data.load import Loaded, PartName, load
from studio.training.answers import DataShown
from studio.training.messages import DataProgress, Failed
from studio.training.run import data_folder
from studio.training.wire import tell

Arrays = dict[str, np.ndarray[Any, Any]]

MOST_IMAGES, MOST_OTHERS = 96, 1_000
"""Samples of a part that are given."""
LARGEST_SIDE = 128
"""Pixels; larger images are given smaller."""
MEMORY = 64 << 20
"""Bytes of a column that are prepared at once; of a larger one only the samples that are given are."""


def look(
    dataset: Dataset, folder: Path, progress: Progress, *, seed: int = 0, download: bool = False
) -> tuple[DataShown, Arrays]:
    """Samples of each part, others for another seed, as DataShown says. Raises DataError."""
    loaded = load(dataset, folder, torch.device("cpu"), progress, download=download, memory=MEMORY)
    arrays: Arrays = {}
    samples: dict[str, int] = {}
    counts: dict[str, tuple[int, ...]] = {}
    classes = loaded.class_names or dataset.known_classes()
    for name in get_args(PartName):
        rows = loaded.part(name).rows
        samples[name] = len(rows)
        arrays |= _part(loaded, name, seed)
        labels, _ = _answers(loaded, rows, len(classes))
        if labels is not None:
            counts[name] = tuple(np.bincount(labels, minlength=len(classes)).tolist())
    shape = loaded.shapes[0]
    sizes = tuple(size for size in shape.sizes if isinstance(size, int))
    return DataShown(shape.kind, sizes, samples, classes, counts, dataset.number_names()), arrays


def _part(loaded: Loaded, name: PartName, seed: int) -> Arrays:
    """Samples of a part, chosen at random."""
    part, dataset = loaded.part(name), loaded.dataset
    is_image = loaded.shapes[0].kind == "image"
    most = MOST_IMAGES if is_image else MOST_OTHERS
    places = np.random.default_rng(seed).permutation(len(part))[:most]
    rows = part.rows[places]
    arrays: Arrays = {f"{name} rows": rows}
    if is_image:
        images = part.take(torch.from_numpy(places))[0]
        arrays[name] = _shown(loaded, images)
        if name == "train" and loaded.augmentation is not None and len(images):
            arrays["varied"] = _shown(loaded, loaded.augmentation(images.clone(), (seed,)))
    else:
        arrays[name] = np.asarray(loaded.samples.columns[dataset.outputs[0]][rows])
    labels, targets = _answers(loaded, rows, len(loaded.class_names or dataset.known_classes()))
    found = {f"{name} labels": labels, f"{name} targets": targets}
    return arrays | {key: value for key, value in found.items() if value is not None}


def _answers(
    loaded: Loaded, rows: np.ndarray[Any, Any], classes: int
) -> tuple[np.ndarray[Any, Any] | None, np.ndarray[Any, Any] | None]:
    """Class numbers (N,) and targets (N, D) of rows, None where they have none; numbers may stand for a class."""
    *_, last = loaded.dataset.outputs
    answers = np.asarray(loaded.samples.columns[last][rows])
    if loaded.shapes[-1] == LABEL:
        return answers.astype(np.int64), None
    targets = answers.reshape(len(answers), -1) if len(answers) else answers.reshape(0, 1)
    if not classes:
        return None, targets
    chosen = targets.argmax(1) if targets.shape[1] > 1 else targets[:, 0] > 0.5
    return chosen.astype(np.int64), targets


def _shown(loaded: Loaded, images: Tensor) -> np.ndarray[Any, Any]:
    """Prepared images as bytes, before their scaling and at most LARGEST_SIDE high and wide."""
    scaling = loaded.preparation.scaling
    unit = images if scaling is None else (images - scaling.offset) / scaling.scale
    height, width = unit.shape[2:]
    share = LARGEST_SIDE / max(height, width)
    if share < 1 and len(unit):
        unit = F.interpolate(unit, (max(1, round(height * share)), max(1, round(width * share))), mode="area")
    return unit.clamp(0, 1).mul(255).round().to(torch.uint8).numpy()


def main() -> int:
    """Write samples of the project's data into a file; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m studio.engine.looking")
    parser.add_argument("project", type=Path)
    parser.add_argument("--out", type=Path, metavar="FILE", required=True)
    parser.add_argument("--data", type=int, default=0, help="which of the project's datasets, counted from 0")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--download", action="store_true")
    options = parser.parse_args()
    try:
        dataset = data_of(open_project(options.project))[options.data]
        dataset.infer()  # says best what is not chosen yet
        shown, arrays = look(dataset, data_folder(), _tell_progress, seed=options.seed, download=options.download)
    except (ProjectError, Mismatch) as error:
        tell(Failed(str(error)))
        return 1
    np.savez(options.out, **arrays)  # type: ignore[arg-type]  # no name of ours is an option
    tell(shown)
    return 0


def _tell_progress(what: str, share: float) -> None:
    tell(DataProgress(what, share))


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    sys.exit(main())
