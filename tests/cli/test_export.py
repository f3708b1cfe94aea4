"""Exporting from the terminal; the formats themselves are held to their outputs elsewhere."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from studio.engine.train import trained_network
from studio.training.run import Run
from tests.cli.layerloom import ROOT, lines, start, status

pytestmark = pytest.mark.slow

ALONE = """
import sys, torch
sys.path.append(sys.argv[1])
import net
torch.save(net.load()(torch.ones(2, 1, 8, 8)), "out.pt")
"""


def test_a_run_is_exported_with_what_it_has_learned(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "net.py"
    assert status("export", run.folder, "--format", "python", "-o", path, "--json") == 0
    (done,) = lines(capsys.readouterr().out)
    assert done == {"path": str(path), "format": "python", "max_abs_error": done["max_abs_error"], "verified": True}
    assert done["max_abs_error"] <= 1e-6
    subprocess.run([sys.executable, "-I", "-c", ALONE, tmp_path], cwd=tmp_path, check=True)
    with torch.no_grad():
        wanted = trained_network(run)(torch.ones(2, 1, 8, 8))
    assert (torch.load(tmp_path / "out.pt", weights_only=True) - wanted).abs().max() <= 1e-6


def test_a_template_is_exported_with_fresh_weights_and_its_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "lenet.safetensors"
    given = ["--format", "safetensors", "-o", path, "--set", "variant=paper"]
    assert status("export", "lenet5", *given) == 0
    assert capsys.readouterr().out == f"{path}: a safetensors file; loaded again, it differs by at most 0\n"
    assert path.stat().st_size > 4 * 60_000


def test_a_project_is_exported_with_the_weights_that_it_is_given(run: Run, tmp_path: Path):
    newest, path = run.newest(), tmp_path / "net.safetensors"
    assert newest is not None
    weights = newest.weights("net")
    assert status("export", run.project_file, "--weights", weights, "--format", "safetensors", "-o", path) == 0
    learned, written = load_file(weights), load_file(path)
    assert learned.keys() == written.keys()
    assert all(torch.equal(written[name], value) for name, value in learned.items())


def test_an_interrupted_export_leaves_nothing(tmp_path: Path):
    process = start("export", "lenet5", "--format", "onnx", "-o", tmp_path / "lenet.onnx")
    while not list(tmp_path.glob(".lenet.onnx.*")):
        assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_imported_from_the_folder_where_a_person_works(tmp_path: Path):
    for name in ("torch", "numpy", "json", "safetensors"):
        (tmp_path / f"{name}.py").write_text("open('executed', 'w')\nraise RuntimeError('this is a trap')\n")
    command = [
        sys.executable,
        "-P",
        "-c",
        f"import sys; sys.path.append({str(ROOT)!r}); from studio.cli import main; main()",
    ]
    given = ["export", "lenet5", "--format", "safetensors", "-o", "lenet.safetensors"]
    subprocess.run([*command, *given], cwd=tmp_path, env=dict(os.environ), check=True, stdout=subprocess.DEVNULL)
    assert (tmp_path / "lenet.safetensors").exists()
    assert not (tmp_path / "executed").exists()
