"""Every layer survives every export with the same answers, or is refused in words; a new one is tested by existing."""

from __future__ import annotations

import ast
import runpy
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
import torch

from nodes.inputs import Input, Output
from nodes.unpooling import MaxPoolPlaces2d, MaxUnpool2d
from studio.core.builder import GraphBuilder
from studio.core.node_class import Layer
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.exporters.exporter import exporters
from studio.exporters.exporting import BATCHES, export
from studio.exporters.formats.python import PythonExporter
from studio.exporters.subject import Subject, as_tuple
from tests.contracts.examples import Example
from tests.exporters.examples import exportable, layers, network_of, varies

REFUSED = {
    "pt2": {"RNN", "LSTM", "GRU", "MaxPool1d"},
    "onnx": {"RNN", "MaxPool1d", *(f"Adaptive{kind}Pool{axes}d" for kind in ("Avg", "Max") for axes in (1, 2, 3))},
}
"""Layers that a format cannot hold over sizes that vary."""
TRANSLATED = {"ScaledDotProductAttention", "RReLU", "Upsample", "Resize"} | {
    f"{kind}Pool{axes}d" for kind in ("Max", "AdaptiveAvg", "AdaptiveMax") for axes in (1, 2, 3)
}
PARTS = 3
"""Into so many networks the layers are put for one format: a translation costs more to begin than to go on with."""


def quiet(_share: float, _doing: str) -> None:
    """Nobody watches."""


def subject_of(*examples: Example) -> Subject:
    return Subject.of(network_of(examples), "Net")


def is_refused(format: str, example: Example) -> bool:
    return type(example.node).__name__ in REFUSED[format] and varies(example)


def every_example() -> Iterator[Example]:
    return chain.from_iterable(exportable(cls) for cls in layers().values())


@pytest.mark.parametrize("cls", layers().values(), ids=list(layers()))
def test_its_source_runs_with_torch_alone_and_answers_the_same(cls: type[Layer], tmp_path: Path) -> None:
    examples = exportable(cls)
    assert examples, "none of its examples can enter a network"
    for number, example in enumerate(examples):
        subject, path = subject_of(example), tmp_path / f"example_{number}.py"
        PythonExporter().write(subject, path, quiet)
        assert imported(path) <= {"torch", *sys.stdlib_module_names}
        network = runpy.run_path(str(path))["load"]()
        for size, length in BATCHES:
            inputs = subject.samples(size, length=length)
            with torch.no_grad():
                answers = as_tuple(network(*inputs))
            torch.testing.assert_close(answers, subject.answers(inputs), rtol=0, atol=0, msg=str(example))


def imported(path: Path) -> set[str]:
    """The packages that a source imports."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


@pytest.mark.slow
@pytest.mark.parametrize("format", list(REFUSED))
@pytest.mark.parametrize("part", range(PARTS))
def test_layers_side_by_side_answer_the_same_after_a_translation(format: str, part: int, tmp_path: Path) -> None:
    """One example of each layer, and every one of those for which this program has a translation of its own."""
    examples = [
        each
        for name, cls in layers().items()
        for each in (exportable(cls) if name in TRANSLATED and format == "onnx" else exportable(cls)[:1])
        if not is_refused(format, each)
    ]
    subject = subject_of(*examples[part::PARTS])
    exporter = exporters()[format]
    done = export(subject, format, tmp_path / f"many{exporter.suffix}", quiet)
    assert done.max_abs_error <= exporter.tolerance


def test_places_of_maxima_lead_back_after_a_translation(tmp_path: Path) -> None:
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(2, 6, 6)), name="Image")
    pooled = net.add(MaxPoolPlaces2d(), image)
    net.add(Output(), net.add(MaxUnpool2d(), pooled, pooled["places"], image), name="Back")
    subject = Subject.of(Project(name="Back", graphs={"Net": net.graph()}), "Net")
    assert export(subject, "onnx", tmp_path / "back.onnx", quiet).max_abs_error == 0


@pytest.mark.parametrize("format", list(REFUSED))
def test_what_a_format_cannot_hold_is_refused_with_what_to_do(format: str, tmp_path: Path) -> None:
    refused = [each for each in every_example() if is_refused(format, each)]
    assert {type(each.node).__name__ for each in refused} == REFUSED[format]
    for example in refused:
        with pytest.raises(ProjectError, match=r"cannot hold .* (vary|varies).* Give the Input .* or export as python"):
            export(subject_of(example), format, tmp_path / f"x{exporters()[format].suffix}", quiet)
    assert list(tmp_path.iterdir()) == []
