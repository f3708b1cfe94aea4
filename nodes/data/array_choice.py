"""Which array of a NumPy file holds the inputs and which the targets, told by their names and shapes."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from pathlib import Path

from nodes.data.array_file import ArrayFile, array_names

INPUTS = ("x", "x_train", "train_x", "images", "inputs", "input", "data", "features", "samples")
TARGETS = ("y", "y_train", "train_y", "labels", "label", "targets", "target", "classes")
BESIDE = {
    "x": "y",
    "x_train": "y_train",
    "train_x": "train_y",
    "images": "labels",
    "inputs": "targets",
    "data": "labels",
    "features": "labels",
    "samples": "labels",
}
"""Name of the file of targets that lies beside one of inputs, without its ending."""


@dataclass(frozen=True, slots=True)
class ChosenArrays:
    """The arrays of a file that go together."""

    file: str
    input: str
    target: str

    @property
    def shape(self) -> tuple[int, ...]:
        return ArrayFile(self.file, self.input).shape

    @property
    def axes(self) -> str:
        """The shape in words: ``an array of 10×28×28``."""
        return f"an array of {'×'.join(map(str, self.shape))}"

    @property
    def holds_images(self) -> bool:
        """Four axes, or three that are bytes or as high as wide."""
        shape = self.shape
        flat = len(shape) == 3 and (ArrayFile(self.file, self.input).letter == "u" or shape[1] == shape[2])
        return len(shape) == 4 or flat

    @property
    def answers_numbers(self) -> bool:
        """Whether the targets are numbers rather than classes."""
        if not self.target:
            return False
        target = ArrayFile(self.file, self.target)
        return target.letter == "f" or prod(target.shape[1:]) > 1

    @property
    def settings(self) -> dict[str, str]:
        return {"file": self.file, "input": self.input or "x", "target": self.target}

    @property
    def check(self) -> str:
        """What a person should look at."""
        name = f"Inputs are {self.input!r}" if self.input else "Inputs are the whole file"
        aim = f"targets {Path(self.target).name!r}" if self.target else "there are no targets"
        return f"{name}, {self.axes}, and {aim}: check that in the settings of the data."


def chosen_arrays(path: Path) -> ChosenArrays | None:
    """The arrays to learn from; None for another kind of file. Raises DataError."""
    if path.suffix not in (".npy", ".npz"):
        return None
    if path.suffix == ".npy":
        beside = path.with_name(f"{BESIDE.get(path.stem.lower(), '')}.npy")
        return ChosenArrays(str(path), "", str(beside) if beside.is_file() else "")
    names = array_names(path)
    sizes = {name: prod(ArrayFile(str(path), name).shape) for name in names}
    first = _called(names, INPUTS) or max(names, key=sizes.__getitem__, default="")
    others = [name for name in names if name != first and _goes_with(path, first, name)]
    return ChosenArrays(str(path), first, _called(others, TARGETS) or next(iter(others), ""))


def _called(names: tuple[str, ...] | list[str], wanted: tuple[str, ...]) -> str:
    """The first of the wanted names that is there, in whatever case."""
    by_name = {name.lower(): name for name in names}
    return next((by_name[name] for name in wanted if name in by_name), "")


def _goes_with(path: Path, first: str, name: str) -> bool:
    shape = ArrayFile(str(path), name).shape
    return len(shape) <= 2 and shape[0] == ArrayFile(str(path), first).shape[0]
