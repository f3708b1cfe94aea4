"""Handwritten digits that ship with the studio."""

from importlib import resources
from pathlib import Path
from typing import Annotated

from annotated_types import Ge, Le

from studio.core.dataset import ImageDataset, Progress, Samples

FAMILY = "Data"


class Digits(ImageDataset):
    """10,000 real handwritten digits of MNIST, 28×28; no download needed."""

    only: Annotated[
        tuple[Annotated[int, Ge(0), Le(9)], ...], "digits that are kept, as classes in this order; empty: all ten"
    ] = ()

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

    def known_count(self) -> int:
        return 0 if self.only else self.count

    def known_classes(self) -> tuple[str, ...]:
        return tuple(map(str, dict.fromkeys(self.only))) or self.classes

    def read(self, folder: Path, progress: Progress) -> Samples:
        import numpy

        with resources.files("assets").joinpath("data/digits.npz").open("rb") as file, numpy.load(file) as arrays:
            images, digits = arrays["x"], arrays["y"]
        numbers = numpy.full(len(self.classes), -1)
        for number, digit in enumerate(self.known_classes()):
            numbers[int(digit)] = number
        labels = numbers[digits]
        kept = labels >= 0
        return Samples({"image": images[kept], "label": labels[kept]})
