"""Every format gives the same outputs as the network, wherever it is loaded."""

import json
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from torch import Tensor, nn

from studio.core import loom
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.exporters.exporter import exporters
from studio.exporters.exporting import export
from studio.exporters.subject import Subject
from tests.exporters.projects import PROJECTS, images, recurrent, text, two_of_each

BEYOND_TORCH = "studio nodes templates assets safetensors onnx onnxscript lightning_fabric pydantic numpy PySide6"

ALONE = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in sys.argv[1].split():
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
sys.path.insert(0, sys.argv[2])
import lenet, torch
inputs = torch.load(sys.argv[3], weights_only=True)
torch.save(lenet.load()(inputs), sys.argv[4])
"""


def quiet(_share: float, _doing: str) -> None:
    """Nobody watches."""


def subject_of(make: Callable[[], Project]) -> Subject:
    """The only network of a project, its running statistics unlike those of a fresh one."""
    project = make()
    subject = Subject.of(project, project.network_called(None))
    for module in subject.module.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -1, 1)
            nn.init.uniform_(module.running_var, 0.5, 2)
    return subject


def export_to(folder: Path, subject: Subject, format: str) -> Path:
    path = folder / f"lenet{exporters()[format].suffix}"
    done = export(subject, format, path, quiet)
    assert (done.path, done.format, done.verified) == (str(path), format, True)
    assert done.max_abs_error <= exporters()[format].tolerance
    return path


def by_hand(weights: dict[str, Tensor], image: Tensor) -> Tensor:
    """What the network of ``images`` computes, written with torch alone."""
    norm = ("running_mean", "running_var", "weight", "bias")
    x = nn.functional.conv2d(image, weights["filters.weight"], weights["filters.bias"])
    x = nn.functional.batch_norm(x, *(weights[f"normal.{name}"] for name in norm))
    x = nn.functional.max_pool2d(x.relu(), 2).mean((2, 3))
    return nn.functional.linear(x, weights["scores.weight"], weights["scores.bias"])


COVERED_BELOW = {("python", "images"), ("python", "two_of_each"), ("pt2", "recurrent"), ("onnx", "recurrent")}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("format", "name"), [pair for pair in product(exporters(), PROJECTS) if pair not in COVERED_BELOW]
)
def test_a_network_survives_export(tmp_path: Path, format: str, name: str):
    path = export_to(tmp_path, subject_of(PROJECTS[name]), format)
    beside = {path.with_suffix(".pt").name} if format == "python" else set()
    assert {file.name for file in tmp_path.iterdir()} == {path.name} | beside


@pytest.mark.slow
def test_exported_source_needs_torch_alone(tmp_path: Path):
    subject = subject_of(images)
    export_to(tmp_path, subject, "python")
    inputs, answer = torch.rand(7, 1, 12, 12), tmp_path / "answer.pt"
    torch.save(inputs, tmp_path / "inputs.pt")
    command = [sys.executable, "-I", "-c", ALONE, BEYOND_TORCH, tmp_path, tmp_path / "inputs.pt", answer]
    subprocess.run(command, check=True, cwd=tmp_path)
    wanted = by_hand(subject.module.state_dict(), inputs)
    assert (torch.load(answer, weights_only=True) - wanted).abs().max() <= 1e-6


def test_exported_source_started_by_itself_shows_the_shape_of_an_answer(tmp_path: Path):
    path = export_to(tmp_path, subject_of(two_of_each), "python")
    done = subprocess.run([sys.executable, "-I", path], check=True, capture_output=True, text=True)
    assert done.stdout == "torch.Size([2, 4]) torch.Size([2, 4])\n"


@pytest.mark.slow
def test_an_onnx_file_answers_for_batches_it_was_not_traced_with(tmp_path: Path):
    import onnxruntime

    subject = subject_of(images)
    session = onnxruntime.InferenceSession(export_to(tmp_path, subject, "onnx"))
    assert [port.name for port in session.get_inputs()] == ["Image"]
    assert [port.name for port in session.get_outputs()] == ["class scores"]
    for batch in (1, 5):
        inputs = torch.rand(batch, 1, 12, 12)
        (answer,) = session.run(None, {"Image": inputs.numpy()})
        assert (torch.from_numpy(answer) - by_hand(subject.module.state_dict(), inputs)).abs().max() <= 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("make", [text, recurrent])
def test_an_onnx_file_reads_sequences_of_any_length(tmp_path: Path, make: Callable[[], Project]):
    import onnxruntime

    subject = subject_of(make)
    session = onnxruntime.InferenceSession(export_to(tmp_path, subject, "onnx"))
    (inputs,) = subject.samples(1, length=23)
    answers = session.run(None, {session.get_inputs()[0].name: inputs.numpy()})
    assert (torch.from_numpy(answers[0]) - subject.answers([inputs])[0]).abs().max() <= 1e-4


@pytest.mark.slow
def test_an_exported_program_names_its_ports(tmp_path: Path):
    files = {"ports.json": "", "project.loom": ""}
    program = torch.export.load(export_to(tmp_path, subject_of(two_of_each), "pt2"), extra_files=files)
    assert json.loads(files["ports.json"]) == {"inputs": ["left side", "right side"], "outputs": ["sum & more", "norm"]}
    assert loom.loads(files["project.loom"]) == two_of_each()
    assert [len(each) for each in program.module()(torch.rand(6, 5), torch.rand(6, 3))] == [6, 6]


def test_a_safetensors_file_holds_the_weights_by_node_and_the_project(tmp_path: Path):
    subject = subject_of(images)
    with safe_open(export_to(tmp_path, subject, "safetensors"), framework="pt") as file:
        weights = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118  # the file is no mapping
        assert loom.loads(file.metadata()["project"]) == images()
    inputs = torch.rand(4, 1, 12, 12)
    assert torch.equal(by_hand(weights, inputs), subject.answers([inputs])[0])


def test_a_program_over_varying_lengths_is_refused_with_what_to_do(tmp_path: Path):
    with pytest.raises(ProjectError, match=r"cannot hold LSTM over a length that varies.*fixed length"):
        export_to(tmp_path, subject_of(recurrent), "pt2")
    assert list(tmp_path.iterdir()) == []


def test_the_same_seed_exports_the_same_fresh_weights():
    first, second = (subject_of(two_of_each).module.state_dict() for _ in range(2))
    assert all(torch.equal(first[key], second[key]) for key in first)
