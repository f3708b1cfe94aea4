"""Datasets whose samples are made by the studio itself, from a seed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from studio.core.dataset import Column, Dataset, Progress, Samples
from studio.core.declaration import Count, Whole

if TYPE_CHECKING:
    import numpy


class Generated(Dataset):
    """Base of datasets that need neither file nor download: the same settings always make the same samples."""

    samples: Annotated[Count, "how many are made"] = 3000
    seed: Annotated[Whole, "which random numbers they are made of"] = 0

    licence: ClassVar[str] = "free: made on your computer"
    source: ClassVar[str] = "made by the studio, from a seed"

    def known_count(self) -> int:
        return self.samples

    def read(self, folder: Path, progress: Progress) -> Samples:
        import numpy

        progress(f"Making {type(self).title()}", 0.0)
        return Samples(self.made(numpy.random.default_rng(self.seed)))

    def made(self, random: numpy.random.Generator) -> Mapping[str, Column]:
        """All samples as columns, by output name."""
        raise NotImplementedError

    def even_labels(self, random: numpy.random.Generator) -> numpy.ndarray[tuple[int], numpy.dtype[numpy.int64]]:
        """A class number for each sample, in random order; no class has more than one sample more than another."""
        import numpy

        return random.permutation(numpy.arange(self.samples) % len(self.known_classes()))
