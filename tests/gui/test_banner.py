"""What is said of a training over the canvas, with the buttons that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.core.catalog import catalog
from studio.gui.window import Window
from studio.training.messages import Failed
from studio.training.run import Run
from tests.gui.conftest import OpenWindow
from tests.training.runs import add_checkpoint, run_with, whole


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run of LeNet-5 without a checkpoint."""
    return run_with(*whole(), folder=tmp_path / "run", project=catalog().make_project("lenet5"))


def test_a_run_with_damaged_events_opens_and_says_so(run: Run, open_window: OpenWindow) -> None:
    run.events_file.write_bytes(run.events_file.read_bytes() + b"\x00\xff{\n")
    window = open_window(str(run.folder))
    assert window.session.run == run
    assert window.workbench.banner.sentence.text() == run.damage()
    assert "cannot be read" in run.damage()


def test_where_a_training_failed_it_can_be_resumed_or_forked_with_other_settings(run: Run, window: Window) -> None:
    window.session.run, banner = run, window.workbench.banner
    failed = Failed("The loss is no longer a finite number.", "Lower the learning rate.")
    window.session._take(failed)
    assert (banner.resume.isVisible(), banner.fork.isVisible()) == (False, False), "there is no checkpoint"
    add_checkpoint(run, 10, "best")
    window.session._take(failed)
    assert (banner.resume.isVisible(), banner.fork.isVisible()) == (True, True)
