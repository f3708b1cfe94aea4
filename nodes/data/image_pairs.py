"""Pairs of your own images: what a network gets to see, and what it shall make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from nodes.data.image_folder import ENDINGS, SHOWN, Pictures, decoded, images_in, part_folders, upright_size
from studio.core.dataset import Column, DataError, DataMissing, ImageDataset, Progress, Samples, pair
from studio.core.problem import Mismatch
from studio.core.shape import Shape

if TYPE_CHECKING:
    import numpy

FAMILY = "Data"


class ImagePairs(ImageDataset):
    """Your own pairs of images: side by side in each file, or in two folders in files of equal names."""

    folder: Annotated[str, "folder that holds the pairs, perhaps with folders train, val and test"] = ""
    layout: Annotated[
        Literal["side-by-side", "two-folders"],
        "whether a file holds both images, or two folders hold one each, under the same name",
    ] = "side-by-side"
    first: Annotated[str, "folder of the first images, where there are two"] = "A"
    second: Annotated[str, "folder of the second images, where there are two"] = "B"
    swap: Annotated[bool, "take the second image, or the right one, as the input, and the other as the target"] = False
    colour: Annotated[Literal["colour", "grey"], "whether the images have three channels or one"] = "colour"

    synonyms = ("pix2pix", "paired", "a and b", "translation", "own data", "facades", "edges", "maps")
    purpose = (
        "What you have in two forms: a plan and a photo, a drawing and a painting. In files A|B, as those of pix2pix, "
        "the left half is the input."
    )
    trap = "The two images must show the same thing at the same places: both are scaled, and mirrored, alike."
    slide = "GAN applications, pix2pix"
    licence = "yours"
    source = "a folder on this computer"
    answer = "the second image of the pair"
    outputs: ClassVar[tuple[str, ...]] = ("input", "target")
    pictures: ClassVar[int] = 2
    shown = ("folder", "layout", "resize")

    def size(self) -> tuple[int, int, int]:
        """Channels, and the chosen size or that of the first pair. Raises Mismatch."""
        channels = 1 if self.colour == "grey" else 3
        if self.resize:
            return channels, *pair(self.resize)
        try:
            _, path, _ = next(iter(self._pairs()))
            height, width = upright_size(path)
            return channels, height, self._half(path, width) if self._is_joined else width
        except (DataError, OSError) as error:
            raise Mismatch(str(error)) from None

    def infer(self) -> tuple[Shape, ...]:
        if not self.folder:
            raise Mismatch("Choose the folder that holds your pairs of images.")
        image, _ = super().infer()
        return image, image

    def read(self, folder: Path, progress: Progress) -> Samples:
        progress("Looking for pairs of images", 0.0)
        parts, firsts, seconds = zip(*self._pairs(), strict=True)
        size = self.size()
        columns: list[Column] = [Pictures(firsts, size), Pictures(seconds, size)]
        if self._is_joined:
            columns = [Halves(firsts, size), Halves(seconds, size, right=True)]
        rows = {part: [row for row, of in enumerate(parts) if of == part] for part in dict.fromkeys(parts)}
        return Samples(
            dict(zip(self.outputs, reversed(columns) if self.swap else columns, strict=True)),
            test_rows=rows.get("test"),
            validation_rows=rows.get("validation"),
        )

    @property
    def _is_joined(self) -> bool:
        return self.layout == "side-by-side"

    def _pairs(self) -> list[tuple[str, Path, Path]]:
        """Part, first and second file of each pair; both are one file where it holds both. Raises DataError."""
        place = Path(self.folder).expanduser()
        if not self.folder or not place.is_dir():
            raise DataMissing(f"There is no folder {str(place)!r}. Choose the folder that holds your pairs of images.")
        if self._is_joined:
            found = [(part, path, path) for part, inside in part_folders(place).items() for path in images_in(inside)]
        else:
            found = _matched(self._inside(place, self.first), self._inside(place, self.second))
        if not found:
            raise DataMissing(f"There is no image in {place}. Images end in {', '.join(ENDINGS)}.")
        return found

    @staticmethod
    def _inside(place: Path, name: str) -> Path:
        inside = place / name
        if not inside.is_dir():
            raise DataMissing(f"There is no folder {name!r:.80} in {place}. Say which two folders hold the images.")
        return inside

    @staticmethod
    def _half(path: Path, width: int) -> int:
        if width % 2:
            message = f"{path} is {width:,} pixels wide, which are no two images side by side."
            raise DataError(f"{message} Cut it, or choose a size by Resize.")
        return width // 2


@dataclass(frozen=True, slots=True)
class Halves:
    """One half of image files as a column: asked for rows, it decodes them to bytes (N, C, H, W)."""

    paths: Sequence[Path]
    size: tuple[int, int, int]
    right: bool = False

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, rows: Any, /) -> numpy.ndarray[Any, Any]:
        channels, height, width = self.size
        whole = decoded([self.paths[row] for row in rows], (channels, height, 2 * width))
        return whole[..., width:] if self.right else whole[..., :width]


def _matched(first: Path, second: Path) -> list[tuple[str, Path, Path]]:
    """The files of two folders, by names without their endings. Raises DataError where one has no partner."""
    others = {path.relative_to(second).with_suffix(""): path for path in images_in(second)}
    found, alone = [], []
    for part, inside in part_folders(first).items():
        for path in images_in(inside):
            partner = others.pop(path.relative_to(first).with_suffix(""), None)
            found += [(part, path, partner)] if partner is not None else []
            alone += [path] if partner is None else []
    alone += others.values()
    if alone:
        names = ", ".join(str(path.relative_to(first.parent)) for path in alone[:SHOWN])
        many = f"{len(alone):,} images have no partner" if len(alone) > 1 else "One image has no partner"
        more = " and others" if len(alone) > SHOWN else ""
        raise DataError(
            f"{many} of the same name in the other folder: {names}{more}. Pairs have equal names in {first.name} and "
            f"{second.name}; rename or remove what is alone."
        )
    return found
