"""Images in folders, decoded when they are asked for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from studio.core.dataset import DataError, DataMissing, Guess, ImageDataset, Progress, Samples, pair
from studio.core.image_file import decode, opened
from studio.core.problem import Mismatch
from studio.core.shape import Shape

if TYPE_CHECKING:
    import numpy

FAMILY = "Data"
GREY = ("1", "L", "I", "I;16", "F", "LA")
"""What the reader of images calls those without colours."""
LOOKED_AT, DEEPEST = 5_000, 3
"""Files and levels that are looked at to tell whether a folder holds images."""
SHOWN = 4
NAMED = 3
"""Broken images that are named."""
ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".pbm")
PARTS = {"train": ("train", "training"), "validation": ("val", "valid", "validation"), "test": ("test", "testing")}
TURNED = (5, 6, 7, 8)
"""Values of the orientation tag for which width and height change places."""


class ImageFolder(ImageDataset):
    """Your own images: one folder for each class, or train, val and test with a folder for each class inside."""

    folder: Annotated[str, "folder that holds a folder of images for each class"] = ""
    colour: Annotated[Literal["colour", "grey"], "whether an image has three channels or one"] = "colour"
    labelled: Annotated[bool, "folders name the classes; off takes every image, without classes"] = True

    synonyms = ("pictures", "photos", "own data", "jpg", "png")
    purpose = (
        "Your own photos, the name of a folder being the name of the class. With few of them, begin with a network "
        "that was trained on others."
    )
    trap = "Photos of one series in both training and test part make the figure look too good."
    unsourced = "Your own data: only you know where it comes from."
    licence = "yours"
    source = "a folder on this computer"
    shown = ("folder", "resize", "colour")

    @classmethod
    def guess(cls, path: Path) -> Guess | None:
        first = _first_image(path) if path.is_dir() else None
        if first is None:
            return None
        with opened(first) as image:
            colour = "grey" if image.mode in GREY else "colour"
        names = [name for name in _class_names(path) if _first_image(part_folders(path)["train"] / name)]
        labelled = len(names) > 1
        settings = {"folder": str(path), "colour": colour, "labelled": labelled}
        if not labelled:
            return Guess(settings, "It has no folder for each class, so the images are taken without classes.")
        return Guess(
            settings,
            f"It has {len(names)} classes, one for each folder: {', '.join(names[:SHOWN])}"
            + (" and others." if len(names) > SHOWN else "."),
        )

    def size(self) -> tuple[int, int, int]:
        """The chosen size, or that of the first image. Raises Mismatch."""
        channels = 1 if self.colour == "grey" else 3
        if self.resize:
            return channels, *pair(self.resize)
        try:
            place = self._place()
            return channels, *_first_size(place, place.stat().st_mtime_ns)
        except (DataError, OSError) as error:
            raise Mismatch(str(error)) from None

    def infer(self) -> tuple[Shape, ...]:
        if not self.folder:
            raise Mismatch("Choose the folder that holds your images.")
        return super().infer()

    def class_names(self) -> tuple[str, ...]:
        return _class_names(self._place()) if self.labelled else ()

    def read(self, folder: Path, progress: Progress) -> Samples:
        import numpy

        progress("Looking for images", 0.0)
        place = self._place()
        parts = part_folders(place)
        found = [(part, path, label) for part, inside in parts.items() for path, label in self._images(inside, place)]
        if not found:
            raise DataMissing(f"There is no image in {place}. Images end in {', '.join(ENDINGS)}.")
        pictures = Pictures([path for _, path, _ in found], self.size())
        labels = numpy.array([label for _, _, label in found], numpy.int64)
        rows = {part: [row for row, item in enumerate(found) if item[0] == part] for part in parts}
        return Samples(
            {"image": pictures, "label": labels},
            test_rows=rows.get("test"),
            validation_rows=rows.get("validation"),
        )

    def _place(self) -> Path:
        place = Path(self.folder).expanduser()
        if not self.folder or not place.is_dir():
            raise DataMissing(f"There is no folder {str(place)!r}. Choose the folder that holds your images.")
        return place

    def _images(self, inside: Path, place: Path) -> list[tuple[Path, int]]:
        """The images of one part with their labels. Raises DataError for a class that is empty or unknown."""
        if not self.labelled:
            return [(path, 0) for path in images_in(inside)]
        names = _class_names(place)
        if len(names) < 2:
            raise DataError(
                f"{place} has {'one class' if names else 'no class folders'} only, so there is nothing to tell apart. "
                "Make a folder for each class, or turn Labelled off to train without labels."
            )
        found = {name: images_in(inside / name) for name in _folders(inside)}
        for name, images in found.items():
            if name not in names:
                raise DataError(f"{inside / name} is a class that {place} does not train. Rename or remove it.")
            if not images:
                raise DataError(f"The class folder {inside / name} holds no image. Put some in, or remove it.")
        return [(path, names.index(name)) for name, images in found.items() for path in images]


@dataclass(frozen=True, slots=True)
class Pictures:
    """Image files as a column: asked for rows, it decodes them to bytes (N, C, H, W)."""

    paths: Sequence[Path]
    size: tuple[int, int, int]

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, rows: Any, /) -> numpy.ndarray[Any, Any]:
        return decoded([self.paths[row] for row in rows], self.size)


def decoded(paths: Sequence[Path], size: tuple[int, int, int]) -> numpy.ndarray[Any, Any]:
    """Image files as bytes (N, C, H, W).

    Raises DataError, which names what is broken among them, the first few where it is much.
    """
    import numpy

    images = numpy.empty((len(paths), *size), numpy.uint8)
    broken: list[tuple[Path, DataError]] = []
    for place, path in enumerate(paths):
        try:
            images[place] = decode(path, size)
        except DataError as error:
            broken.append((path, error))
    if len(broken) > 1:
        names = ", ".join(str(path) for path, _ in broken[:NAMED])
        raise DataError(f"{len(broken):,} images cannot be used, such as {names}. The first: {broken[0][1]}")
    if broken:
        raise broken[0][1]
    return images


@lru_cache(maxsize=64)
def _first_size(place: Path, changed: int) -> tuple[int, int]:
    """Height and width of the first image; ``changed`` makes the answer good until the folder changes."""
    for inside in part_folders(place).values():
        for path in images_in(inside):
            return upright_size(path)
    raise DataError(f"There is no image in {place}.")


def upright_size(path: Path) -> tuple[int, int]:
    """Height and width of an image as a person sees it. Raises DataError."""
    with opened(path) as image:
        width, height = image.size
        return (width, height) if image.getexif().get(0x0112) in TURNED else (height, width)


def _class_names(place: Path) -> tuple[str, ...]:
    return tuple(_folders(part_folders(place)["train"]))


def part_folders(place: Path) -> dict[str, Path]:
    """The folder of each part that the folder names; all of it is ``train`` where it names none."""
    inside = {name.lower(): name for name in _folders(place)}
    found = {part: place / inside[name] for part, names in PARTS.items() for name in names if name in inside}
    return found if "train" in found else {"train": place}


def _folders(place: Path) -> list[str]:
    return sorted(entry.name for entry in os.scandir(place) if entry.is_dir() and not entry.name.startswith("."))


def images_in(place: Path) -> list[Path]:
    """Image files in the folder and in those below, in order of their names."""
    return [
        Path(folder, name)
        for folder, _, names in sorted(os.walk(place))
        for name in sorted(names)
        if name.lower().endswith(ENDINGS) and not name.startswith(".")
    ]


def _first_image(place: Path) -> Path | None:
    """An image in a folder or a little below it; a folder that holds much else is not searched to its end."""
    seen = 0
    for folder, inner, names in os.walk(place):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        if len(Path(folder).relative_to(place).parts) >= DEEPEST:
            inner.clear()
        for name in sorted(names):
            if name.lower().endswith(ENDINGS) and not name.startswith("."):
                return Path(folder, name)
        seen += len(names)
        if seen > LOOKED_AT:
            break
    return None
