"""What a dataset declares: the arrays it reads, how they are split, prepared and augmented."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Protocol

from studio.core.components import Components, components_line, reduced
from studio.core.declaration import Count, Fraction, NotNegative, Pair, Setting, Whole
from studio.core.derivation import SizeLine, merged, stays, worked
from studio.core.node_class import NodeClass, shapes_of
from studio.core.problem import Assign, Mismatch, ProjectError
from studio.core.shape import LABEL, Shape, image

if TYPE_CHECKING:
    import numpy

Progress = Callable[[str, float], None]
"""Told what is being done and the share that is done, 0 to 1; what it raises ends the work and loses nothing."""

VARIED = ("rotate", "shift", "zoom", "flip", "brightness", "noise")
"""Settings that vary images while training."""

LONGEST_SIDE = 16_384
"""Pixels of an image, after padding, on its longer side."""


class Column(Protocol):
    """One array of a dataset, in memory or read when asked: an array of row numbers gives those samples."""

    def __len__(self) -> int: ...

    def __getitem__(self, rows: Any, /) -> numpy.ndarray[Any, Any]: ...


@dataclass(frozen=True, slots=True)
class Samples:
    """What a dataset read: columns by output name, all of one length, and which rows its authors held out.

    Images are uint8, or float32 from 0 to 1, of shape (N, H, W) or (N, C, H, W); labels are int64 (N,).
    """

    columns: Mapping[str, Column]
    test_rows: Sequence[int] | None = None
    validation_rows: Sequence[int] | None = None

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


class DataError(ProjectError):
    """Data that cannot be used: the sentence says what is wrong, where, and what to do."""


class DataMissing(DataError):
    """The data is not there: the sentence says what to do; ``downloadable`` where the studio can fetch it."""

    def __init__(self, message: str, *, downloadable: bool = False) -> None:
        super().__init__(message)
        self.downloadable = downloadable


@dataclass(frozen=True, slots=True)
class Guess:
    """Settings with which a dataset reads what a person brought, and a sentence that says what to check."""

    settings: Mapping[str, Any]
    check: str = ""


@cache
def _own_first(cls: type[Any], settings: tuple[Setting, ...]) -> tuple[Setting, ...]:
    order = [name for base in cls.__mro__ for name in inspect.get_annotations(base)]
    return tuple(sorted(settings, key=lambda setting: order.index(setting.name)))


class Dataset(NodeClass):
    """Base of every dataset. It has no inputs; its outputs are the columns of a batch."""

    test: Annotated[Fraction, "share held out for the last figure, where the data names no test part of its own"] = 0.2
    validation: Annotated[Fraction, "share of the others that measures progress but never teaches"] = 0.1
    split_seed: Annotated[Whole, "which random split"] = 0
    folds: Annotated[Whole, "cut into so many equal folds, each the test part of one training; 0 makes none"] = 0
    fold: Annotated[Count, "which of the folds is the test part"] = 1
    limit: Annotated[Whole, "use only so many samples of each part; 0 means all"] = 0
    learn_from: Annotated[Whole, "learn from only so many samples, measured by all that are held out; 0 means all"] = 0

    in_networks: ClassVar[bool] = False
    classes: ClassVar[tuple[str, ...]] = ()
    licence: ClassVar[str] = ""
    source: ClassVar[str] = ""
    count: ClassVar[int] = 0
    """Samples in all, where that is known without reading."""
    answer: ClassVar[str] = ""
    """What the target says, where it names no class."""

    @classmethod
    def settings(cls) -> tuple[Setting, ...]:
        """What a dataset declares itself stands before what all datasets share."""
        return _own_first(cls, super().settings())  # type: ignore[arg-type]  # mypy takes the hash of instances for it

    def infer(self) -> Shape | tuple[Shape, ...]:
        raise NotImplementedError

    def rule(self) -> tuple[SizeLine, ...]:
        pairs = zip(self.outputs, shapes_of(self.infer()), strict=True)
        return tuple(line for port, shape in pairs for line in stays(shape, "as the data has it", port=port))

    @classmethod
    def guess(cls, path: Path) -> Guess | None:
        """Settings to read this file or folder with; None where it is not for this class. Raises DataError."""
        return None

    def known_count(self) -> int:
        """Samples in all with these settings; 0 where that is not known without reading."""
        return self.count

    def known_classes(self) -> tuple[str, ...]:
        """Names of the classes with these settings, where they are known without reading."""
        return self.classes

    def class_names(self) -> tuple[str, ...]:
        """Names of the classes, where a label means one; may read files. Raises DataError."""
        return self.known_classes()

    def number_names(self) -> tuple[str, ...]:
        """Names of the numbers of a sample, where they have some; may read files. Raises DataError."""
        return ()

    def read(self, folder: Path, progress: Progress) -> Samples:
        """All samples as numbers, before preparation; ``folder`` holds what was downloaded. Raises DataError."""
        raise NotImplementedError

    def download(self, folder: Path, progress: Progress) -> None:
        """Fetch what is missing into ``folder``. Raises DataMissing where that is not possible."""
        raise DataMissing(f"{type(self).title()} has nothing to download.")


class ImageDataset(Dataset):
    """Images with a label each; how they are brought to size and varied while training."""

    outputs: ClassVar[tuple[str, ...]] = ("image", "label")
    sample: ClassVar[tuple[int, int, int]] = (1, 28, 28)
    """Channels, height and width as the data has them."""
    pictures: ClassVar[int] = 1
    """How many of the first columns are images of one scene, which are prepared and varied alike."""

    resize: Annotated[Pair | Literal[0], "side or height × width in pixels after scaling; 0 keeps the size"] = 0
    pad: Annotated[Whole, "pixels of background added on every side"] = 0
    normalise: Annotated[
        Literal["zero-one", "minus-one-one", "z-score"], "range of the values; z-score uses the training part's mean"
    ] = "zero-one"
    components: Components = 0
    rotate: Annotated[NotNegative, "largest random turn while training, in degrees"] = 0.0
    shift: Annotated[NotNegative, "largest random shift while training, in pixels"] = 0.0
    zoom: Annotated[Fraction, "largest random change of size while training: 0.1 is ±10 %"] = 0.0
    flip: Annotated[bool, "mirror left and right at random while training"] = False
    brightness: Annotated[Fraction, "largest random change of brightness while training"] = 0.0
    noise: Annotated[NotNegative, "standard deviation of random noise added while training"] = 0.0

    shown: ClassVar[tuple[str, ...]] = ("resize", "normalise")

    def size(self) -> tuple[int, int, int]:
        """Channels, height and width of one sample as read; folders override it."""
        return self.sample

    def infer(self) -> tuple[Shape, ...]:
        channels, height, width = self.size()
        if self.resize:
            height, width = pair(self.resize)
        if max(height, width) + 2 * self.pad > LONGEST_SIDE:
            raise Mismatch(f"An image may be {LONGEST_SIDE:,} pixels wide and high at most.")
        if self.components and (varied := next((name for name in VARIED if getattr(self, name)), "")):
            repairs = (Assign("components", 0, "Set components to 0"),)
            raise Mismatch(f"{varied.capitalize()} varies pixels, and components leave none.", None, repairs)
        return reduced(image(channels, height + 2 * self.pad, width + 2 * self.pad), self.components), LABEL

    def rule(self) -> tuple[SizeLine, ...]:
        if self.components:
            return (components_line(self.components),)
        channels, height, width = self.size()
        sides = pair(self.resize) if self.resize else (height, width)
        words = ("as scaled" if self.resize else "as the data has it") + (" + 2·pad" if self.pad else "")
        lines = (
            worked(axis, side + 2 * self.pad, words, f"{side} + 2·{self.pad}" if self.pad else "")
            for axis, side in zip("HW", sides, strict=True)
        )
        return (worked("C", channels, "as the data has it"), *merged(lines))


def unreduced(dataset: Dataset) -> Dataset:
    """The dataset with whole samples, where it keeps principal components of them alone."""
    return replace(dataset, components=0) if getattr(dataset, "components", 0) else dataset  # type: ignore[call-arg]


def pair(size: int | tuple[int, int]) -> tuple[int, int]:
    """Height and width; one number stands for both."""
    return size if isinstance(size, tuple) else (size, size)
