"""Beginning with pretrained weights in the window: chosen, compared, fetched, undone, trained from and exported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from safetensors.torch import load_file, save_file
from torch import Tensor

from studio.core.catalog import catalog
from studio.engine.build import build_network
from studio.gui.export_dialog import ExportDialog
from studio.gui.training.state import State
from studio.gui.weights.card import FirstWeights
from studio.gui.weights.dialog import WeightsDialog
from studio.gui.weights.report import Report
from studio.gui.window import Window
from studio.training.options import with_weights
from tests.data.test_download import NOBODY
from tests.gui.conftest import OpenWindow
from tests.gui.test_file_drops import drop, hover

LONG = 120_000
"""Milliseconds for what waits for a process on a busy machine."""

pytestmark = pytest.mark.slow


@pytest.fixture
def weights() -> dict[str, Tensor]:
    """Random weights for the network of the MLP."""
    torch.manual_seed(7)
    found = build_network(catalog().make_project("mlp")).state_dict()
    return {name: torch.rand(value.shape) for name, value in found.items()}


@pytest.fixture
def file(tmp_path: Path, weights: dict[str, Tensor]) -> Path:
    save_file(weights, tmp_path / "mlp.safetensors")
    return tmp_path / "mlp.safetensors"


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Window:
    """A window on the MLP, without a training process."""
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path / "layerloom"))
    return open_window("mlp")


def ask(window: Window, qtbot: QtBot) -> WeightsDialog:
    """Find the action in the search over everything, as somebody who does not know the menus."""
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "pretrained")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    (dialog,) = window.findChildren(WeightsDialog)
    return dialog


def choose(dialog: WeightsDialog, qtbot: QtBot, file: Path) -> None:
    """Pick "A file" with the keyboard, type its name, and wait for the comparison."""
    dialog.source.setFocus()
    qtbot.keyClicks(dialog.source, "A file")
    dialog.source.activated.emit(dialog.source.currentIndex())
    dialog.path.setFocus()
    qtbot.keyClicks(dialog.path, str(file))
    qtbot.keyClick(dialog.path, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog._comparison.is_running, timeout=LONG)


def groups(report: Report) -> dict[str, list[str]]:
    """The lines under each title."""
    tops = [report.topLevelItem(at) for at in range(report.topLevelItemCount())]
    return {top.text(0): [top.child(at).text(0) for at in range(top.childCount())] for top in tops}


def test_what_does_not_fit_is_listed_with_its_reason_and_the_rest_can_be_used_and_undone(
    window: Window, qtbot: QtBot, tmp_path: Path, weights: dict[str, Tensor]
):
    opened, (network,) = window.document.project, window.document.project.networks
    last = [name for name in weights if name.endswith("weight")][-1]
    torch.save({**weights, last: torch.ones(3, 3), "teacher.scale": torch.ones(1)}, tmp_path / "other.pth")
    dialog = ask(window, qtbot)
    assert dialog.outcome.text() == "The weights are drawn at random, from the seed of the training."
    assert not dialog.go.isEnabled()
    choose(dialog, qtbot, tmp_path / "other.pth")
    shown = groups(dialog.report)
    assert shown["Left over in the source (1)"] == ["teacher.scale"]
    (refused,) = shown["Other shapes, so these begin fresh (1)"]
    assert refused.startswith(f"{last} is ")
    assert refused.endswith("3×3 in the file.")
    assert f"{len(weights) - 1} of {len(weights)} of its tensors" in dialog.outcome.text()
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert window.document.project.training.weights == {network: str(tmp_path / "other.pth")}
    window.workbench.inspector_tabs.setCurrentIndex(2)
    assert window.workbench.inspector.training.weights.sentence.text() == f"{network}: other.pth"
    window.run("Undo")
    assert window.document.project == opened


def test_a_training_begins_with_the_file_that_was_chosen(
    open_window: OpenWindow, qtbot: QtBot, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path / "layerloom"))
    window = open_window("mlp", worker=True)
    project = window.document.project
    assert project.data is not None
    stage = replace(project.training.stages[0], epochs=1)
    short = replace(project, data=project.data.set(limit=320), training=replace(project.training, stages=(stage,)))
    window.document.apply(short, "A short training")
    choose(dialog := ask(window, qtbot), qtbot, file)
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    window.run("Train")
    qtbot.waitUntil(lambda: window.session.state in (State.FINISHED, State.FAILED), timeout=LONG)
    run = window.session.run
    assert run is not None
    begun = load_file(run.checkpoints()[0].weights("mlp"))
    assert all(torch.equal(begun[name], value) for name, value in load_file(file).items())
    assert f"begins with {sum(v.numel() for v in begun.values()):,} weights of {file}" in (
        window.workbench.panels["Log"].text.toPlainText()  # type: ignore[attr-defined]
    )


def test_an_export_before_any_training_carries_the_chosen_weights(
    window: Window, qtbot: QtBot, file: Path, tmp_path: Path
):
    window.document.apply(with_weights(window.document.project, [str(file)]), "Load pretrained weights")
    window.run("Export…")
    (dialog,) = window.findChildren(ExportDialog)
    qtbot.keyClicks(dialog.format, "Weights")
    dialog.path.setText(str(tmp_path / "out.safetensors"))
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(dialog.outcome.text()), timeout=LONG)
    assert "loaded again and compared" in dialog.outcome.text()
    written, given = load_file(tmp_path / "out.safetensors"), load_file(file)
    assert written.keys() == given.keys()
    assert all(torch.equal(written[name], value) for name, value in given.items())
    dialog.close()


def test_a_file_that_holds_no_weights_is_said_and_cannot_be_used(window: Window, qtbot: QtBot, tmp_path: Path):
    (tmp_path / "broken.pth").write_bytes(b"no weights")
    dialog = ask(window, qtbot)
    choose(dialog, qtbot, tmp_path / "broken.pth")
    assert dialog.outcome.text().startswith(f"The weights in {tmp_path / 'broken.pth'} cannot be read")
    assert not dialog.go.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not window.document.project.training.weights


def test_a_file_of_weights_that_is_dropped_on_the_window_is_compared(window: Window, qtbot: QtBot, file: Path):
    assert hover(window, [file]) == "Begin with the weights of mlp.safetensors"
    drop(window, file)
    (dialog,) = window.findChildren(WeightsDialog)
    qtbot.waitUntil(lambda: dialog.found is not None, timeout=LONG)
    assert dialog.path.text() == str(file)
    assert list(groups(dialog.report)) == [f"Taken ({len(load_file(file))})"]
    dialog.close()


def test_torchvisions_weights_are_offered_for_its_architectures_and_fetched_when_they_are_used(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Without a network the shapes are compared all the same, and the sentence says what to put where."""
    monkeypatch.setenv("LAYERLOOM_MIRROR", NOBODY)
    for proxy in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(proxy, NOBODY)
    window.document.open(catalog().make_project("resnet", preset="paper", settings={"depth": 18}))
    dialog = ask(window, qtbot)
    qtbot.keyClicks(dialog.source, "torchvision")
    dialog.source.activated.emit(dialog.source.currentIndex())
    qtbot.waitUntil(lambda: dialog.found is not None, timeout=LONG)
    assert dialog.outcome.text().endswith("all 122 of its tensors. 44.7 MB are to be fetched.")
    assert "11,689,512 weights of torchvision:resnet18:IMAGENET1K_V1" in dialog.outcome.text()
    assert dialog.go.text() == "Fetch and use these weights"
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dialog._comparison.is_running, timeout=LONG)
    assert "could not be downloaded (Connection refused)" in dialog.outcome.text()
    assert "resnet18-f37072fd.pth" in dialog.outcome.text()
    assert not window.document.project.training.weights
    dialog.close()


def test_weights_can_be_drawn_with_a_deviation_that_is_typed(window: Window, qtbot: QtBot) -> None:
    dialog = ask(window, qtbot)
    dialog.source.setFocus()
    qtbot.keyClicks(dialog.source, "Drawn with")
    dialog.source.activated.emit(dialog.source.currentIndex())
    assert dialog.deviation.isVisible()
    dialog.deviation.setText("none")
    dialog.deviation.editingFinished.emit()
    qtbot.waitUntil(lambda: "deviation above 0" in dialog.outcome.text(), timeout=LONG)
    assert not dialog.go.isEnabled()
    dialog.deviation.setText("0.05")
    dialog.deviation.editingFinished.emit()
    qtbot.waitUntil(dialog.go.isEnabled, timeout=LONG)
    assert "drawn with a deviation of 0.05" in dialog.outcome.text()
    dialog.go.click()
    assert window.document.project.training.weights == {"MLP": "normal:0.05"}
    card = FirstWeights()
    qtbot.addWidget(card)
    card.show_project(window.document.project)
    assert card.sentence.text() == "MLP: drawn, deviation 0.05"
    again = WeightsDialog(window, window.document)
    assert (again.deviation.text(), again.path.text()) == ("0.05", "")
    again.done(0)
