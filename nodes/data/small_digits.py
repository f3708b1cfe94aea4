"""Small handwritten digits that ship with the studio."""

from importlib import resources
from pathlib import Path

from studio.core.dataset import ImageDataset, Progress, Samples

FAMILY = "Data"
BRIGHTEST = 16


class SmallDigits(ImageDataset):
    """1,797 real handwritten digits, only 8×8 pixels: a network learns them in seconds; no download needed."""

    synonyms = ("optical digits", "uci", "handwriting")
    purpose = "So small that a whole training takes seconds: for trying out what a setting does."
    trap = "With 1,797 samples the held-out part is small: a difference of one per cent means little."
    paper = "Alpaydin & Kaynak 1998, Optical recognition of handwritten digits https://doi.org/10.24432/C50P49"
    classes = tuple("0123456789")
    sample = (1, 8, 8)
    licence = "CC BY 4.0; E. Alpaydin, C. Kaynak"
    source = "https://doi.org/10.24432/C50P49"
    count = 1_797

    def read(self, folder: Path, progress: Progress) -> Samples:
        import numpy

        with resources.files("assets").joinpath("data/small_digits.npz").open("rb") as file, numpy.load(file) as arrays:
            images = arrays["x"].astype(numpy.float32) / BRIGHTEST
            return Samples({"image": images, "label": arrays["y"].astype(numpy.int64)})
