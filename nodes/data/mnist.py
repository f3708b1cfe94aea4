"""MNIST, read from the files that its authors published."""

from __future__ import annotations

import gzip
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
MOST = 1_000_000
"""Samples that a file may announce; more is no file of this kind."""


class MNIST(ImageDataset):
    """70,000 handwritten digits, 28×28: the measure of digit recognition since 1998. 12 MB to download."""

    synonyms: ClassVar[tuple[str, ...]] = ("handwriting", "numbers", "digits")
    purpose = (
        "Sixty thousand digits to learn from and ten thousand to be judged by, the same for everybody since 1998: "
        "figures can be compared."
    )
    trap = "Choosing settings by the test part makes its figure worthless: use the validation part."
    paper = (
        "LeCun et al. 1998, Gradient-based learning applied to document recognition https://doi.org/10.1109/5.726791"
    )
    slide = "LeNet-5"
    classes = tuple("0123456789")
    licence = "CC BY-SA 3.0; Yann LeCun, Corinna Cortes, Christopher J. C. Burges"
    source = "http://yann.lecun.com/exdb/mnist/"
    count = 70_000

    place: ClassVar[str] = "MNIST/raw"
    """Folder of the files inside the data folder; torchvision has them there as well."""
    mirrors: ClassVar[tuple[str, ...]] = (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "http://yann.lecun.com/exdb/mnist/",
    )
    files: ClassVar[Mapping[str, RemoteFile]] = {
        "train-images-idx3-ubyte.gz": RemoteFile(9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        "train-labels-idx1-ubyte.gz": RemoteFile(28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
        "t10k-images-idx3-ubyte.gz": RemoteFile(1_648_877, "9fb629c4189551a2d022fa330f9573f3"),
        "t10k-labels-idx1-ubyte.gz": RemoteFile(4_542, "ec29112dd5afa0611ce80d1b7f02629c"),
    }

    def download(self, folder: Path, progress: Progress) -> None:
        download.fetch(self.title(), self.files, self.mirrors, folder / self.place, progress)

    def read(self, folder: Path, progress: Progress) -> Samples:
        import numpy

        place = folder / self.place
        download.require(self.title(), self.files, self.mirrors, place)
        images, labels, test_images, test_labels = (
            read_idx(place / name, (28, 28) if "images" in name else ()) for name in self.files
        )
        if len(images) != len(labels) or len(test_images) != len(test_labels):
            raise DataError(f"The files in {place} do not belong together: there are not as many labels as images.")
        columns = {
            "image": numpy.concatenate([images, test_images]),
            "label": numpy.concatenate([labels, test_labels]).astype(numpy.int64),
        }
        return Samples(columns, test_rows=range(len(images), len(images) + len(test_images)))


def read_idx(path: Path, size: tuple[int, ...]) -> numpy.ndarray[Any, Any]:
    """The bytes of an IDX file as (N, *size). Raises DataError before more is unpacked than the header allows."""
    import numpy

    try:
        with gzip.open(path) as file:
            header = numpy.frombuffer(file.read(4 * (2 + len(size))), ">u4")
            if tuple(header[:1]) != (0x0801 + len(size),) or tuple(header[2:]) != size or header[1] > MOST:
                raise DataError(f"{path} does not begin as a file of this data does. Delete it and download it again.")
            wanted = int(header[1:].prod(dtype=numpy.int64))
            data = file.read(wanted + 1)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise DataError(f"{path} cannot be unpacked ({error}). Delete it and download it again.") from None
    if len(data) != wanted:
        raise DataError(f"{path} does not hold as many samples as it says. Delete it and download it again.")
    return numpy.frombuffer(data, numpy.uint8).reshape(-1, *size)
