"""What a format declares, and where the declared ones are found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from studio.core.problem import ProjectError

if TYPE_CHECKING:
    from torch import Tensor

    from studio.exporters.subject import Subject

Progress = Callable[[float, str], None]
"""Told the share that is done, 0 to 1, and what is being done now."""


class Exporter:
    """Base of every format. The docstring is the tooltip.

    Modules of formats import torch inside their methods, so that menus and command lines can list them without it.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    suffix: ClassVar[str]
    tolerance: ClassVar[float]
    """Largest difference of outputs before and after that lie within 1; larger ones may differ in proportion."""

    @classmethod
    def doc(cls) -> str:
        return " ".join((cls.__doc__ or "").split())

    def prepare(self) -> None:
        """Raise ProjectError where something this format needs is not installed."""

    def write(self, subject: Subject, path: Path, progress: Progress) -> None:
        """Write the network to this path, and files that belong to it beside it."""
        raise NotImplementedError

    def answers(self, subject: Subject, path: Path, batches: Sequence[Sequence[Tensor]]) -> list[tuple[Tensor, ...]]:
        """What the written file, loaded anew, makes of each batch of inputs."""
        raise NotImplementedError


@cache
def exporters() -> dict[str, type[Exporter]]:
    """Every format by its name."""
    package = importlib.import_module("studio.exporters.formats")
    for info in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{info.name}")
    declared = [cls for cls in Exporter.__subclasses__() if cls.__module__.startswith(package.__name__)]
    return {cls.name: cls for cls in sorted(declared, key=lambda cls: cls.name)}


def exporter_for(name: str, path: Path) -> Exporter:
    """The exporter of this format. Raises ProjectError for an unknown one, or where the path cannot be written."""
    if name not in exporters():
        raise ProjectError(f"There is no format {name!r:.80}. There are: {', '.join(exporters())}.")
    exporter = exporters()[name]()
    if path.suffix != exporter.suffix:
        raise ProjectError(f"{path.name} should end with {exporter.suffix}: that is what {exporter.title} is called.")
    if not path.absolute().parent.is_dir():
        raise ProjectError(f"The folder {path.absolute().parent} does not exist. Make it, or choose another.")
    if path.is_dir():
        raise ProjectError(f"{path} is a folder. Choose the name of a file.")
    return exporter
