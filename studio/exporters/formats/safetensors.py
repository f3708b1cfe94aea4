"""The weights as a safetensors file, with the project in its metadata."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from studio.core import loom
from studio.exporters.exporter import Exporter, Progress

if TYPE_CHECKING:
    from torch import Tensor

    from studio.exporters.subject import Subject


class SafetensorsExporter(Exporter):
    """Only the weights, by the names of the nodes, and the project as text beside them."""

    name = "safetensors"
    title = "a safetensors file"
    suffix = ".safetensors"
    tolerance = 0.0

    def write(self, subject: Subject, path: Path, progress: Progress) -> None:
        from safetensors.torch import save_model

        progress(0.4, "writing the weights")
        metadata = {"format": "pt", "network": subject.name, "project": loom.dumps(subject.project)}
        save_model(subject.module, str(path), metadata)

    def answers(self, subject: Subject, path: Path, batches: Sequence[Sequence[Tensor]]) -> list[tuple[Tensor, ...]]:
        import torch
        from safetensors.torch import load_model

        from studio.exporters.subject import as_tuple

        fresh = subject.fresh()
        load_model(fresh, path)
        with torch.no_grad():
            return [as_tuple(fresh(*inputs)) for inputs in batches]
