"""CIFAR-10, read from its authors' binary files, which need no pickle."""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from studio.core import download
from studio.core.dataset import DataError, ImageDataset, Progress, Samples
from studio.core.download import RemoteFile

if TYPE_CHECKING:
    import numpy

FAMILY = "Data"
ARCHIVE = "cifar-10-binary.tar.gz"


class CIFAR10(ImageDataset):
    """60,000 colour photos of ten kinds of animals and vehicles, 32×32. 170 MB to download."""

    synonyms = ("photos", "colour", "airplane", "cat")
    purpose = "Real photos in colour, still small: here convolutions, augmentation and skip connections begin to pay."
    trap = "Without augmentation deep networks learn the 50,000 photos by heart."
    paper = (
        "Krizhevsky 2009, Learning multiple layers of features from tiny images "
        "https://www.cs.toronto.edu/~kriz/learning-features-2009-TR.pdf"
    )
    classes = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
    sample = (3, 32, 32)
    licence = "none stated; its authors ask to be cited: Alex Krizhevsky, Vinod Nair, Geoffrey Hinton"
    source = "https://www.cs.toronto.edu/~kriz/cifar.html"
    count = 60_000

    mirrors: ClassVar[tuple[str, ...]] = ("https://www.cs.toronto.edu/~kriz/",)
    files: ClassVar[Mapping[str, RemoteFile]] = {
        ARCHIVE: RemoteFile(170_052_171, "c32a1d4ab5d03f1284b67883e8d87530"),
    }
    members: ClassVar[Mapping[str, int]] = {
        **{f"cifar-10-batches-bin/data_batch_{number}.bin": 10_000 for number in range(1, 6)},
        "cifar-10-batches-bin/test_batch.bin": 10_000,
    }
    """Samples of each file in the archive; the last one is the test part."""

    def download(self, folder: Path, progress: Progress) -> None:
        if self._lacking(folder):
            download.fetch(self.title(), self.files, self.mirrors, folder, progress)
            self._unpack(folder, progress)

    def read(self, folder: Path, progress: Progress) -> Samples:
        import numpy

        if self._lacking(folder):
            download.require(self.title(), self.files, self.mirrors, folder)
            self._unpack(folder, progress)
        records = numpy.concatenate([self._records(folder / name, count) for name, count in self.members.items()])
        images, labels = records[:, 1:].reshape(-1, *self.sample), records[:, 0].astype(numpy.int64)
        tested = list(self.members.values())[-1]
        return Samples({"image": images, "label": labels}, test_rows=range(len(records) - tested, len(records)))

    def _lacking(self, folder: Path) -> list[str]:
        return [name for name in self.members if not (folder / name).is_file()]

    def _record(self) -> int:
        """Bytes of one sample: its label and its pixels."""
        channels, height, width = self.sample
        return 1 + channels * height * width

    def _records(self, path: Path, count: int) -> numpy.ndarray[Any, Any]:
        import numpy

        size = path.stat().st_size
        if size != count * self._record():
            raise DataError(f"{path} should have {count * self._record():,} bytes; it has {size:,}. Delete it.")
        return numpy.fromfile(path, numpy.uint8).reshape(count, self._record())

    def _unpack(self, folder: Path, progress: Progress) -> None:
        """Take the files we read, and no others, out of the archive. Raises DataError."""
        path = folder / ARCHIVE
        download.check(path, self.files[ARCHIVE])
        try:
            with tarfile.open(path, "r|gz") as archive:
                for member in archive:
                    if member.name in self.members:
                        progress(f"Unpacking {self.title()}", 1 - len(self._lacking(folder)) / len(self.members))
                        self._extract(archive, member, folder)
        except (tarfile.TarError, EOFError, zlib.error) as error:
            raise DataError(f"{path} cannot be unpacked ({error}). Delete it and download it again.") from None
        if lacking := self._lacking(folder):
            raise DataError(f"{path} lacks {', '.join(lacking)}. Delete it and download it again.")

    def _extract(self, archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
        content = archive.extractfile(member) if member.isreg() else None
        if content is None or member.size != self.members[member.name] * self._record():
            raise DataError(f"{member.name} in {folder / ARCHIVE} is not what it should be. Download it again.")
        target = folder / member.name
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.part")
        part.write_bytes(content.read())
        part.replace(target)
