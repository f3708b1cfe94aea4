"""Weights that torchvision publishes: which of them fit a network, and how they come here."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from studio.core.dataset import Progress
from studio.core.download import RemoteFile, check, fetch, require
from studio.core.problem import ProjectError
from studio.engine.pretrained import matched

TORCHVISION = "torchvision"
"""A source of weights: alone, or with the name of a network and perhaps of a version behind colons."""


@dataclass(frozen=True)
class Published:
    """The weights of one network of torchvision, under the name that a project remembers."""

    source: str
    name: str
    url: str
    megabytes: float

    @classmethod
    def of(cls, source: str) -> Published:
        """Those of ``torchvision:resnet18``, with or without ``:IMAGENET1K_V1``. Raises ProjectError."""
        from torchvision import models  # late: it takes seconds that other trainings do not need

        _, _, rest = source.partition(":")
        name, _, version = rest.partition(":")
        try:
            versions: Any = models.get_model_weights(name)
        except ValueError:
            raise ProjectError(f"torchvision has no network {name!r:.80}; resnet18 is one that it has.") from None
        if version and version not in versions.__members__:
            there = ", ".join(versions.__members__)
            raise ProjectError(f"torchvision has no weights {version!r:.80} of {name}; it has: {there}.")
        weights = versions[version] if version else versions.DEFAULT
        size = float(weights.meta.get("_file_size", 0.0))
        return cls(f"{TORCHVISION}:{name}:{weights.name}", name, weights.url, size)

    @property
    def file(self) -> Path:
        """Where torchvision keeps them, and looks for them itself."""
        return Path(torch.hub.get_dir(), "checkpoints", self.url.rpartition("/")[2])

    @property
    def title(self) -> str:
        return f"torchvision's {self.name}"

    def bring(self, progress: Progress, *, download: bool) -> Path:
        """The file, fetched where it is missing and that is wanted. Raises DataMissing, DataError."""
        folder, address = self.file.parent, self.url.removesuffix(self.file.name)
        found = re.search(r"-([0-9a-f]{8,})\.", self.file.name)
        remote = {self.file.name: RemoteFile(sha256=found[1] if found else "")}
        if download:
            fetch(self.title, remote, (address,), folder, progress)
        require(self.title, remote, (address,), folder)
        check(self.file, remote[self.file.name])
        return self.file

    def shapes(self) -> dict[str, Tensor]:
        """A state dict without values, from which the fit can be told before anything is fetched."""
        from torchvision import models

        with torch.device("meta"), warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # some of its networks announce another start of theirs
            made: nn.Module = models.get_model(self.name, weights=None)
        return made.state_dict()


def is_published(source: str) -> bool:
    """Whether a source of weights is torchvision, and no file."""
    return source == TORCHVISION or source.startswith(f"{TORCHVISION}:")


def best_published(network: nn.Module, names: Iterable[str]) -> Published:
    """Of these networks of torchvision the one of whose weights most fit. Raises ProjectError where there is none."""
    mine = network.state_dict()

    def fit(published: Published) -> tuple[int, int]:
        others = published.shapes()
        pairs = matched(mine, others)
        return sum(mine[name].shape == others[other].shape for name, other in pairs), -len(others)

    found = [Published.of(f"{TORCHVISION}:{name}") for name in names]
    if not found:
        raise ProjectError("torchvision publishes no weights for this architecture. Choose a file.")
    return max(found, key=fit)
