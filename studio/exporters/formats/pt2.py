"""The network as an exported program, which torch runs without the source."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.core import loom
from studio.core.problem import ProjectError
from studio.exporters.exporter import Exporter, Progress

if TYPE_CHECKING:
    from torch import Tensor

    from studio.exporters.subject import Subject


class ProgramExporter(Exporter):
    """A program of torch.export: torch.export.load runs it with batches of any size, without this source."""

    name = "pt2"
    title = "an exported program"
    suffix = ".pt2"
    tolerance = 1e-5

    def write(self, subject: Subject, path: Path, progress: Progress) -> None:
        import torch

        _refuse_varying_memory(subject)
        progress(0.2, "following the network")
        inputs = tuple(subject.samples(2, length=8))
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")  # they are about recurrent layers of torch itself
            program = torch.export.export(subject.module, inputs, dynamic_shapes=_varying(subject))
        progress(0.6, "writing the program")
        ports = {"inputs": list(subject.inputs), "outputs": list(subject.outputs)}
        extra = {"ports.json": json.dumps(ports), "project.loom": loom.dumps(subject.project)}
        torch.export.save(program, path, extra_files=extra)

    def answers(self, subject: Subject, path: Path, batches: Sequence[Sequence[Tensor]]) -> list[tuple[Tensor, ...]]:
        import torch

        from studio.exporters.subject import as_tuple

        program = torch.export.load(path).module()
        with torch.no_grad():
            return [as_tuple(program(*inputs)) for inputs in batches]


def _refuse_varying_memory(subject: Subject) -> None:
    """torch.export freezes the number of steps of a recurrent layer."""
    from torch import nn

    recurrent = next((each for each in subject.module.modules() if isinstance(each, nn.RNNBase)), None)
    if recurrent is not None and _named_lengths(subject):
        raise ProjectError(
            f"A .pt2 file cannot hold {type(recurrent).__name__} over a length that varies. "
            "Give the Input a fixed length, or export as python or onnx."
        )


def _varying(subject: Subject) -> tuple[dict[int, Any], ...]:
    """Which axes of each input may have another size: the batch, and lengths that vary."""
    from torch.export import Dim

    lengths = {name: Dim(f"length_{name}") for name in _named_lengths(subject)}
    return tuple(
        {0: Dim.DYNAMIC, **{axis: lengths[s] for axis, s in enumerate(shape.sizes, 1) if isinstance(s, str)}}
        for shape in subject.inputs.values()
    )


def _named_lengths(subject: Subject) -> set[str]:
    return {size for shape in subject.inputs.values() for size in shape.sizes if isinstance(size, str)}
