"""An export is a process that says how far it is, can be ended, and never leaves half a file."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from studio.core import loom
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.exporters import exporting
from studio.exporters.exporter import Exporter, exporter_for
from studio.exporters.formats.safetensors import SafetensorsExporter
from studio.exporters.subject import Subject
from studio.training.run import Run
from tests.exporters.projects import images, two_of_each

ROOT = Path(__file__).parents[2]


def start(source: Path, output: Path, *more: str, before: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "studio.exporters", str(source), "-o", str(output), *more]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, text=True, preexec_fn=before, **pipes)


def lines_of(source: Path, output: Path, *more: str, before: Callable[[], None] | None = None) -> list[dict[str, Any]]:
    """What the process says, the last line last; its exit status must agree with it."""
    process = start(source, output, *more, before=before)
    said, _ = process.communicate()
    lines = [json.loads(line) for line in said.splitlines()]
    assert process.returncode == (1 if "failed" in lines[-1] else 0)
    return lines


@pytest.fixture
def project_file(tmp_path: Path) -> Path:
    loom.save(images(), tmp_path / "images.loom")
    return tmp_path / "images.loom"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "exported").mkdir()
    return tmp_path / "exported"


@pytest.mark.slow
def test_progress_grows_and_the_last_line_says_what_was_written(project_file: Path, folder: Path):
    *progress, last = lines_of(project_file, folder / "x.safetensors", "--format", "safetensors")
    shares = [line["progress"] for line in progress]
    assert shares == sorted(shares)
    assert all(line["doing"] for line in progress)
    path = str(folder / "x.safetensors")
    assert last == {"path": path, "format": "safetensors", "max_abs_error": 0.0, "verified": True}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("format", "suffix", "doing"), [("onnx", "onnx", "translating"), ("python", "py", "loading and")]
)
def test_an_export_that_is_ended_leaves_nothing(project_file: Path, folder: Path, format: str, suffix: str, doing: str):
    process = start(project_file, folder / f"x.{suffix}", "--format", format)
    assert process.stdout is not None
    while doing not in (line := process.stdout.readline()):
        assert line, "the process ended before it was asked to"
    process.terminate()
    process.communicate()
    assert process.returncode == 130
    assert list(folder.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("format", "suffix", "room"), [("safetensors", "safetensors", 64), ("python", "py", 64), ("python", "py", 2000)]
)
def test_a_disk_without_room_is_said_and_the_old_file_stays(
    project_file: Path, folder: Path, format: str, suffix: str, room: int
):
    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    path = folder / f"x.{suffix}"
    path.write_text("the old one")
    failed = lines_of(project_file, path, "--format", format, before=no_room)[-1]["failed"]
    assert failed == f"{path} was not written: the disk is full. Make room or choose another place."
    assert [file.read_text() for file in folder.iterdir()] == ["the old one"]


@pytest.mark.parametrize(
    ("format", "name", "sentence"),
    [
        ("onnx", "x.pt", "x.pt should end with .onnx"),
        ("tflite", "x.tflite", "There is no format 'tflite'. There are: onnx, pt2, python, safetensors."),
        ("pt2", "missing/x.pt2", "missing does not exist. Make it, or choose another."),
        ("pt2", "folder.pt2", "is a folder. Choose the name of a file."),
    ],
)
def test_a_place_that_cannot_be_written_is_refused_before_any_work(
    tmp_path: Path, format: str, name: str, sentence: str
):
    (tmp_path / "folder.pt2").mkdir()
    with pytest.raises(ProjectError) as refused:
        exporter_for(format, tmp_path / name)
    assert sentence in str(refused.value)


class Careless(SafetensorsExporter):
    """Changes a weight on the way."""

    name = "careless"

    def write(self, subject: Subject, path: Path, progress: Any) -> None:
        changed = subject.fresh()
        super().write(Subject(subject.project, subject.name, subject.source, changed, {}, ()), path, progress)


def test_a_file_that_answers_differently_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def careless(_format: str, _path: Path) -> Exporter:
        return Careless()

    monkeypatch.setattr(exporting, "exporter_for", careless)
    with pytest.raises(ProjectError, match=r"The file was not kept: loaded again, its outputs differ by 0\.\d+"):
        exporting.export(Subject.of(images(), "Tiny CNN"), "careless", tmp_path / "x.safetensors", lambda *_: None)
    assert list(tmp_path.iterdir()) == []


class Helpless(SafetensorsExporter):
    """Fails as a library does that wraps its errors in colours."""

    name = "helpless"

    def write(self, subject: Subject, path: Path, progress: Any) -> None:
        try:
            raise AssertionError("only matrices are supported")
        except AssertionError as error:
            raise RuntimeError("\x1b[96mStep 3 of 3\x1b[0m failed") from error


def test_what_went_wrong_first_is_what_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exporting, "exporter_for", lambda *_: Helpless())
    with pytest.raises(ProjectError) as refused:
        exporting.export(Subject.of(images(), "Tiny CNN"), "helpless", tmp_path / "x.safetensors", lambda *_: None)
    assert str(refused.value) == "This network cannot be written as a safetensors file: only matrices are supported"


def test_a_run_without_a_checkpoint_has_nothing_to_export(tmp_path: Path):
    run = Run.create(images(), tmp_path / "run")
    with pytest.raises(ProjectError, match="holds no checkpoint yet, so there are no weights to export"):
        exporting.subject_of_run(str(run.folder), None)


def test_an_unknown_network_is_refused_with_those_there_are():
    with pytest.raises(ProjectError, match=r"holds no network 'nobody'\. It holds: two / of each"):
        two_of_each().network_called("nobody")


def test_one_of_several_networks_must_be_named():
    several = Project(name="Pair", graphs={**images().graphs, **two_of_each().graphs})
    with pytest.raises(ProjectError, match=r"several networks: Tiny CNN, two / of each\. Say which"):
        several.network_called(None)


def test_a_network_with_problems_is_not_exported():
    graph = images().graphs["Tiny CNN"]
    broken = images().with_graph("Tiny CNN", graph.disconnect(graph.links[0]))
    with pytest.raises(ProjectError, match="Tiny CNN has problems"):
        Subject.of(broken, "Tiny CNN")


def test_listing_the_formats_does_not_import_torch():
    look = "import sys; from studio.exporters.exporter import exporters; exporters(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], cwd=ROOT, env=dict(os.environ), check=False).returncode == 0


def test_samples_of_words_stay_within_the_smallest_vocabulary():
    from tests.exporters.projects import text

    (words,) = Subject.of(text(), "Reader").samples(50, length=9)
    assert (words.shape, words.dtype) == ((50, 9), torch.int64)
    assert 0 <= words.min() < words.max() <= 10
