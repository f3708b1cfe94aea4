"""A project that trains in a moment, and a run of it."""

from pathlib import Path

import pytest

import studio
from studio.core import loom
from studio.training.run import Run
from tests.cli.hostile import good


@pytest.fixture
def project_file(tmp_path: Path) -> Path:
    loom.save(good(), tmp_path / "good.loom")
    return tmp_path / "good.loom"


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A finished run of the project, for tests that only read it."""
    return studio.train(good(), epochs=2, seed=3, device="cpu", out=tmp_path_factory.mktemp("runs") / "run").run
