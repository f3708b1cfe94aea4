"""The network as an ONNX file, which most other programs and devices run."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from studio.core.problem import ProjectError
from studio.exporters.exporter import Exporter, Progress
from studio.exporters.varying import refuse_varying

if TYPE_CHECKING:
    from torch import Tensor

    from studio.exporters.subject import Subject

OPSET = 20


class OnnxExporter(Exporter):
    """A file for ONNX Runtime and others; batches may have any size."""

    name = "onnx"
    title = "an ONNX file"
    suffix = ".onnx"
    tolerance = 1e-4

    def prepare(self) -> None:
        for package in ("onnx", "onnxscript", "onnxruntime"):
            if find_spec(package) is None:
                raise ProjectError(
                    f"Writing and comparing an ONNX file needs {package}, which is not installed. "
                    "Install it with: pip install 'layerloom[export]'."
                )

    def write(self, subject: Subject, path: Path, progress: Progress) -> None:
        import onnx
        import torch

        from studio.exporters.translations import translations

        refuse_varying(subject, "An ONNX file", "python", ("RNN", "MaxPool1d"))
        progress(0.1, "translating the network")
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")  # the exporter's warnings are about its own code
            torch.onnx.export(
                subject.module,
                tuple(subject.samples(2, length=8)),
                path,
                input_names=list(subject.inputs),
                output_names=list(subject.outputs),
                dynamic_shapes=_varying(subject),
                custom_translation_table=translations(),
                opset_version=OPSET,
                dynamo=True,
                external_data=False,
                verbose=False,
            )
        progress(0.7, "checking the file")
        onnx.checker.check_model(str(path), full_check=True)

    def answers(self, subject: Subject, path: Path, batches: Sequence[Sequence[Tensor]]) -> list[tuple[Tensor, ...]]:
        import onnxruntime
        import torch

        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        feeds = [dict(zip(subject.inputs, (t.numpy() for t in inputs), strict=True)) for inputs in batches]
        return [tuple(map(torch.from_numpy, session.run(list(subject.outputs), feed))) for feed in feeds]


def _varying(subject: Subject) -> tuple[dict[int, str], ...]:
    """Names of the axes of each input that may have another size: the batch, and lengths that vary."""
    return tuple(
        {0: "batch", **{axis: size for axis, size in enumerate(shape.sizes, 1) if isinstance(size, str)}}
        for shape in subject.inputs.values()
    )
