"""Asking a trained network about files."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from studio.core.catalog import catalog
from studio.engine.train import trained_network
from studio.training.run import Run
from tests.cli.layerloom import lines, status

pytestmark = pytest.mark.slow


@pytest.fixture
def digits(tmp_path: Path) -> np.ndarray:
    """The first images of the data as they are read, (N, 8, 8)."""
    images = catalog().datasets["SmallDigits"]().read(tmp_path, lambda *_: None).columns["image"]
    return np.asarray(images[np.arange(4)])


def test_probabilities_are_those_of_the_network_itself(
    run: Run, tmp_path: Path, digits: np.ndarray, capsys: pytest.CaptureFixture[str]
):
    files = [tmp_path / f"{place}.npy" for place in range(len(digits))]
    for file, image in zip(files, digits, strict=True):
        np.save(file, image)
    assert status("predict", run.folder, *files, "--json") == 0
    answers = lines(capsys.readouterr().out)
    unit = torch.from_numpy(digits).float().reshape(-1, 1, 8, 8) / (255 if digits.dtype == np.uint8 else 1)
    with torch.no_grad():
        wanted = trained_network(run)(unit).softmax(1)
    for file, answer, row in zip(files, answers, wanted, strict=True):
        assert (answer["file"], answer["class"]) == (str(file), str(int(row.argmax())))
        assert answer["probabilities"][answer["class"]] == pytest.approx(float(row.max()), abs=1e-5)
        assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=1e-4)


def test_an_image_file_answers_like_the_array_it_holds(
    run: Run, tmp_path: Path, digits: np.ndarray, capsys: pytest.CaptureFixture[str]
):
    grey = digits[0] if digits.dtype == np.uint8 else np.rint(digits[0] * 255).astype(np.uint8)
    Image.fromarray(grey).save(tmp_path / "digit.png")
    np.save(tmp_path / "digit.npy", grey)
    Image.fromarray(grey).convert("RGBA").save(tmp_path / "colour.png")
    assert status("predict", run.folder, *(tmp_path / name for name in ("digit.png", "digit.npy", "colour.png"))) == 0
    first, second, third = (line.split(": ")[1] for line in capsys.readouterr().out.splitlines())
    assert first == second == third


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    run: Run, tmp_path: Path, digits: np.ndarray, capsys: pytest.CaptureFixture[str]
):
    np.save(tmp_path / "good.npy", digits[0])
    np.save(tmp_path / "two.npy", digits[:2])
    np.save(tmp_path / "objects.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    (tmp_path / "huge.npy").write_bytes(
        b"\x93NUMPY\x01\x00v\x00" + b"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999,), }".ljust(118)
    )
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    names = ("two.npy", "objects.npy", "huge.npy", "broken.png", "missing.jpg", "good.npy")
    assert status("predict", run.folder, *(tmp_path / name for name in names), "--json") == 1
    shown = capsys.readouterr()
    *refused, good = lines(shown.out)
    assert "two.npy holds 2×8×8; a sample of Small digits is 8×8." in refused[0]["error"]
    assert "objects.npy cannot be read as an array" in refused[1]["error"]
    assert "huge.npy cannot be read as an array" in refused[2]["error"]
    assert "broken.png is not an image that can be read" in refused[3]["error"]
    assert "missing.jpg cannot be opened" in refused[4]["error"]
    assert "class" in good
    assert "Traceback" not in shown.err


def test_a_project_answers_with_the_weights_that_it_is_given(
    run: Run, tmp_path: Path, digits: np.ndarray, capsys: pytest.CaptureFixture[str]
):
    np.save(tmp_path / "digit.npy", digits[0])
    newest = run.newest()
    assert newest is not None
    for source in ((run.folder,), (run.project_file, "--weights", newest.weights("net"))):
        assert status("predict", *source, tmp_path / "digit.npy", "--json") == 0
    learned, begun = lines(capsys.readouterr().out)
    assert begun == learned
    assert status("predict", run.project_file, tmp_path / "digit.npy") == 1
    assert "has not learned anything yet" in capsys.readouterr().err
    assert status("predict", run.folder, tmp_path / "digit.npy", "--weights", newest.weights("net")) == 2
    assert "leave --weights out" in capsys.readouterr().err
