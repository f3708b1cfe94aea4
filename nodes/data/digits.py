"""Handwritten digits that ship with the studio."""

from importlib import resources
from pathlib import Path

from studio.core.dataset import ImageDataset, Progress, Samples

FAMILY = "Data"


class Digits(ImageDataset):
    """10,000 real handwritten digits of MNIST, 28×28; no download needed."""

    synonyms = ("mnist", "handwriting", "numbers")
    purpose = (
        "The first real task of every course: which digit is this? Enough samples for a network to get nearly all "
        "right, few enough for a laptop."
    )
    trap = "It is easy: a linear classifier gets nine in ten right already."
    paper = (
        "LeCun et al. 1998, Gradient-based learning applied to document recognition https://doi.org/10.1109/5.726791"
    )
    slide = "LeNet-5"
    classes = tuple("0123456789")
    licence = "CC BY-SA 3.0; Yann LeCun, Corinna Cortes, Christopher J. C. Burges"
    source = "http://yann.lecun.com/exdb/mnist/"
    count = 10_000

    def read(self, folder: Path, progress: Progress) -> Samples:
        import numpy

        with resources.files("assets").joinpath("data/digits.npz").open("rb") as file, numpy.load(file) as arrays:
            return Samples({"image": arrays["x"], "label": arrays["y"].astype(numpy.int64)})
