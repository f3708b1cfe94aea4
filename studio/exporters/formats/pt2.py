"""The network as an exported program, which torch runs without the source."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.core import loom
from studio.exporters.exporter import Exporter, Progress
from studio.exporters.varying import refuse_varying

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

        refuse_varying(subject, "A .pt2 file", "python", ("RNN", "MaxPool1d"))
        refuse_varying(subject, "A .pt2 file", "python or onnx", ("LSTM", "GRU"))
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


def _varying(subject: Subject) -> tuple[dict[int, Any], ...]:
    """Which axes of each input may have another size: the batch, and lengths that vary."""
    from torch.export import Dim

    # Dim.DYNAMIC lets the program find out how long the shortest input may be; a named Dim would have to say.
    return tuple(
        {0: Dim.DYNAMIC, **{axis: Dim.DYNAMIC for axis, size in enumerate(shape.sizes, 1) if isinstance(size, str)}}
        for shape in subject.inputs.values()
    )
