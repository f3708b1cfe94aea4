"""NumPy arrays as data: images, vectors, signals, sequences, volumes or tokens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from nodes.data.array_choice import chosen_arrays
from nodes.data.array_file import ArrayFile
from studio.core.components import Components, reduced
from studio.core.dataset import DataError, Dataset, Guess, ImageDataset, Progress, Samples
from studio.core.problem import Assign, Mismatch
from studio.core.shape import KINDS, LABEL, Shape, shape_of_kind, vector

if TYPE_CHECKING:
    import numpy

FAMILY = "Data"
KINDS_BY_AXES = {2: "vector", 3: "sequence", 5: "volume"}
"""What samples are by the number of axes, where nothing else is known."""

File = Annotated[str, "an .npz file, or the .npy file of the inputs"]
Inputs = Annotated[str, "name of the array of inputs in the .npz file"]
Targets = Annotated[str, "name of the array of targets, or its .npy file; empty trains without targets"]


class ImageArrays(ImageDataset):
    """Images in a NumPy file, N×H×W, N×C×H×W or N×H×W×C, with an array of classes."""

    file: File = ""
    input: Inputs = "x"
    target: Targets = "y"

    synonyms = ("npy", "npz", "own data")
    purpose = "Images that a program of yours has made or collected, as one NumPy array."
    trap = "Colour images may have their channels first or last; both are read."
    unsourced = "Your own data: only you know where it comes from."
    licence = "yours"
    source = "a file on this computer"
    shown = ("file", "resize", "normalise")

    @classmethod
    def guess(cls, path: Path) -> Guess | None:
        found = chosen_arrays(path)
        if found is None or not found.holds_images:
            return None
        return Guess(found.settings, found.check)

    def size(self) -> tuple[int, int, int]:
        """As the array's header says. Raises Mismatch."""
        try:
            return _image_sizes(ArrayFile(self.file, self.input).shape)
        except DataError as error:
            raise Mismatch(str(error)) from None

    def class_names(self) -> tuple[str, ...]:
        target = _target(self)
        return target.class_names() if target else ()

    def read(self, folder: Path, progress: Progress) -> Samples:
        progress("Reading the arrays", 0.0)
        images = ArrayFile(self.file, self.input).numbers()
        _image_sizes(images.shape)
        if _channels_last(images.shape):
            images = images.transpose(0, 3, 1, 2)
        target = _target(self)
        return _samples(self, _unit(images), target.labels() if target else None)


class Arrays(Dataset):
    """Samples of any kind in a NumPy file, along the first axis, with an array of classes or numbers to predict."""

    file: File = ""
    input: Inputs = "x"
    target: Targets = "y"
    kind: Annotated[
        Literal["vector", "sequence", "tokens", "signal", "volume"], "what one sample is, which names its axes"
    ] = "vector"
    task: Annotated[Literal["classes", "numbers"], "whether a target names a class or is made of numbers"] = "classes"
    normalise: Annotated[
        Literal["z-score", "zero-one", "none"], "range of each feature or channel, as measured on the training part"
    ] = "none"
    components: Components = 0

    outputs = ("input", "target")
    synonyms = ("npy", "npz", "own data", "time series", "regression")
    purpose = "Vectors, signals, sequences, volumes or tokens that a program of yours has made, as NumPy arrays."
    trap = "Order matters: row number i of the targets belongs to row i of the inputs."
    unsourced = "Your own data: only you know where it comes from."
    licence = "yours"
    source = "a file on this computer"
    shown = ("file", "kind", "task")

    @classmethod
    def guess(cls, path: Path) -> Guess | None:
        found = chosen_arrays(path)
        kind = KINDS_BY_AXES.get(len(found.shape)) if found else None
        if found is None or found.holds_images:
            return None
        if kind is None:
            raise DataError(f"{path.name} holds {found.axes}; samples lie along the first axis, with one to four more.")
        task = "numbers" if found.answers_numbers else "classes"
        check = f"{found.check} Each sample is taken for a {kind}, and what is predicted for {task}."
        return Guess({**found.settings, "kind": kind, "task": task}, check)

    def infer(self) -> tuple[Shape, ...]:
        try:
            sizes = ArrayFile(self.file, self.input).shape[1:]
            target = _target(self)
            answer = vector(_answers(target.shape)) if target and self.task == "numbers" else LABEL
        except DataError as error:
            raise Mismatch(str(error)) from None
        if len(sizes) != len(KINDS[self.kind]):
            axes = "×".join(("N", *KINDS[self.kind]))
            raise Mismatch(f"An array of {self.kind} samples is {axes}; this one has {len(sizes) + 1} axes.")
        if self.components and self.kind != "vector":
            repairs = (Assign("components", 0, "Set components to 0"),)
            raise Mismatch(f"Components are found of vectors; these samples are {self.kind}.", None, repairs)
        return reduced(shape_of_kind(self.kind, sizes), self.components), answer

    def class_names(self) -> tuple[str, ...]:
        target = _target(self)
        return target.class_names() if target and self.task == "classes" else ()

    def read(self, folder: Path, progress: Progress) -> Samples:
        import numpy

        progress("Reading the arrays", 0.0)
        stored = ArrayFile(self.file, self.input)
        inputs = stored.whole_numbers() if self.kind == "tokens" else stored.numbers().astype(numpy.float32)
        target = _target(self)
        if not target or self.task == "classes":
            return _samples(self, inputs, target.labels() if target else None)
        answers = target.numbers().astype(numpy.float32)
        return _samples(self, inputs, answers.reshape(len(answers), _answers(answers.shape)))


def _target(dataset: ImageArrays | Arrays) -> ArrayFile | None:
    """The array of targets, if there is one. Raises DataError."""
    if dataset.target and dataset.file.endswith(".npy") and not dataset.target.endswith(".npy"):
        raise DataError(f"{dataset.file} holds one array. Let target name the .npy file of the targets, or empty it.")
    return ArrayFile(dataset.file, dataset.target) if dataset.target else None


def _samples(
    dataset: ImageArrays | Arrays, inputs: numpy.ndarray[Any, Any], targets: numpy.ndarray[Any, Any] | None
) -> Samples:
    """The two columns; without targets every label is 0. Raises DataError."""
    import numpy

    if targets is None:
        targets = numpy.zeros(len(inputs), numpy.int64)
    if len(inputs) != len(targets):
        raise DataError(f"There are {len(inputs):,} inputs but {len(targets):,} targets; they should go together.")
    if not inputs.size:
        raise DataError(f"{ArrayFile(dataset.file, dataset.input)} is empty.")
    return Samples(dict(zip(dataset.outputs, (inputs, targets), strict=True)))


def _answers(shape: tuple[int, ...]) -> int:
    """How many numbers a target is. Raises DataError."""
    if len(shape) > 2:
        raise DataError(f"Targets are numbers (N) or vectors (N×D); this array has {len(shape)} axes.")
    return shape[1] if len(shape) == 2 else 1


def _image_sizes(shape: tuple[int, ...]) -> tuple[int, int, int]:
    """Channels, height and width of an array of images. Raises DataError."""
    match shape:
        case (_, height, width):
            return 1, height, width
        case (_, height, width, channels) if _channels_last(shape):
            return channels, height, width
        case (_, channels, height, width):
            return channels, height, width
    raise DataError(f"Images are N×H×W, N×C×H×W or N×H×W×C; this array has {len(shape)} axes.")


def _channels_last(shape: tuple[int, ...]) -> bool:
    return len(shape) == 4 and shape[3] in (1, 3, 4) and shape[1] not in (1, 3, 4)


def _unit(images: numpy.ndarray[Any, Any]) -> numpy.ndarray[Any, Any]:
    """Bytes as they are; other numbers as float32 from 0 to 1, stretched only where they lie outside."""
    import numpy

    if images.dtype == numpy.uint8:
        return images
    images = images.astype(numpy.float32)
    low, high = float(images.min(initial=0.0)), float(images.max(initial=0.0))
    return images if low >= 0 and high <= 1 else (images - low) / (high - low)
