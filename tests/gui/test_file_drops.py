"""Files that are dragged into the window: what is said while they hover, and what becomes of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from studio.core import loom
from studio.core.catalog import catalog
from studio.gui.actions.file_actions import LATER
from studio.gui.file_drops import FileDrops
from studio.gui.widgets.toast import Toast
from studio.gui.window import Window
from studio.training.run import Run
from tests.gui.conftest import Asked, OpenWindow

Keys = Qt.KeyboardModifier
MIDDLE = QPoint(200, 200)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sentences: list[str] = []
    monkeypatch.setattr("studio.gui.window.Window.say", lambda _, sentence: sentences.append(sentence))
    return sentences


@pytest.fixture
def shown(said: list[str], open_window: OpenWindow) -> Window:
    return open_window("lenet5")


def project(path: Path, template: str = "mlp") -> Path:
    loom.save(catalog().make_project(template), path)
    return path


def pictures(folder: Path) -> Path:
    for name in ("cat", "dog"):
        (folder / name).mkdir(parents=True)
        Image.new("L", (32, 32)).save(folder / name / "0.png")
    return folder


def hover(window: Window, paths: list[Path], *, keys: Keys = Keys.NoModifier, at: QPoint = MIDDLE) -> str:
    """Drag files over the canvas; answers what the window says then."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    window._mime = mime  # type: ignore[attr-defined]
    left, copy = Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
    entering = QDragEnterEvent(at, copy, mime, left, keys)
    QApplication.sendEvent(window.workspace.canvas.viewport() if window.at_work else window.start, entering)
    assert entering.isAccepted()
    return hint(window)


def hint(window: Window) -> str:
    (drops,) = window.findChildren(FileDrops)
    return drops._hint.sentence if drops._hint.isVisible() else ""


def drop(window: Window, *paths: Path, keys: Keys = Keys.NoModifier, at: QPoint = MIDDLE) -> None:
    hover(window, list(paths), keys=keys, at=at)
    target = window.workspace.canvas.viewport() if window.at_work else window.start
    mime, left, copy = window._mime, Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction  # type: ignore[attr-defined]
    QApplication.sendEvent(target, QDropEvent(QPointF(at), copy, mime, left, keys))
    assert not hint(window)


def told(window: Window) -> str:
    """The message that is shown."""
    return next((toast.message.text() for toast in window.findChildren(Toast) if toast.isVisible()), "")


def test_a_project_is_opened_and_said_while_it_hovers(shown: Window, tmp_path: Path):
    path = project(tmp_path / "mine.loom")
    assert hover(shown, [path]) == "Open mine.loom (Ctrl: as a block here)"
    QApplication.sendEvent(shown.workspace.canvas.viewport(), QDragLeaveEvent())
    drop(shown, path)
    assert shown.document.path == path


def test_a_project_is_opened_on_the_start_page(open_window: OpenWindow, tmp_path: Path):
    window = open_window()
    path = project(tmp_path / "mine.loom")
    drop(window, path)
    assert window.at_work
    assert window.document.path == path


def test_with_control_a_project_becomes_a_block_where_it_is_dropped(shown: Window, tmp_path: Path):
    path = project(tmp_path / "mine.loom")
    assert hover(shown, [path], keys=Keys.ControlModifier) == "Put mine.loom here as a block"
    at = QPoint(300, 220)
    expected = shown.workspace.canvas.lens.camera.to_scene((at.x(), at.y()))
    drop(shown, path, keys=Keys.ControlModifier, at=at)
    (name,) = shown.workspace.canvas.selected
    node = shown.document.project.graphs["LeNet-5"].nodes[name]
    assert node.type == "Block"
    assert shown.document.project.graphs[node.graph].role == "block"
    assert node.position == pytest.approx(expected, abs=1)
    shown.run("Undo")
    assert name not in shown.document.project.graphs["LeNet-5"].nodes


def test_several_projects_are_opened_each_in_a_window(shown: Window, qtbot: QtBot, tmp_path: Path):
    first, other = project(tmp_path / "a.loom"), project(tmp_path / "b.loom", "cnn")
    drop(shown, first, other)
    qtbot.waitUntil(lambda: len(shown.windows) == 2 and all(each.at_work for each in shown.windows), timeout=20_000)
    assert {each.document.path for each in shown.windows} == {first, other}


def test_a_table_becomes_the_data_in_one_step_with_what_to_check(shown: Window, tmp_path: Path):
    path = tmp_path / "iris.csv"
    path.write_text("a,b,species\n" + "".join(f"{at},{at * 2},{'xyz'[at % 3]}\n" for at in range(9)))
    before = shown.document.project
    drop(shown, path)
    assert shown.document.project.data is not None
    assert shown.document.project.data.type == "Table"
    assert told(shown).startswith("iris.csv is the data now. It predicts 'species' as one of several classes")
    assert "To be mended" in told(shown)
    shown.run("Undo")
    assert shown.document.project is before


def test_a_folder_of_images_becomes_the_data_and_can_be_trained(shown: Window, tmp_path: Path):
    drop(shown, pictures(tmp_path / "pets"))
    assert shown.document.project.data is not None
    assert shown.document.project.data.type == "ImageFolder"
    assert told(shown) == "pets is the data now. It has 2 classes, one for each folder: cat, dog."
    assert shown.document.diagnosis.can_run


def test_arrays_become_the_data(shown: Window, tmp_path: Path):
    np.savez(tmp_path / "i.npz", x=np.zeros((9, 28, 28), np.uint8), y=np.arange(9) % 3)
    drop(shown, tmp_path / "i.npz")
    assert shown.document.project.data is not None
    assert shown.document.project.data.settings["resize"] == (32, 32)
    assert "check that" in told(shown)


def test_data_on_the_start_page_begins_a_project(open_window: OpenWindow, tmp_path: Path):
    window = open_window()
    drop(window, pictures(tmp_path / "pets"))
    assert window.at_work
    assert window.document.project.data is not None
    assert window.document.project.data.type == "ImageFolder"


def test_an_image_offers_its_folder_where_nothing_is_trained(shown: Window, tmp_path: Path, asked: Asked):
    image = pictures(tmp_path / "pets") / "cat" / "0.png"
    assert hover(shown, [image]) == "Use the folder of 0.png as the data"
    asked.plan("")
    drop(shown, image)
    assert "Use the folder pets as the data" in asked.sentences[0]
    assert not shown.document.is_edited
    asked.plan("Use the folder")
    drop(shown, image)
    assert shown.document.project.data is not None
    assert shown.document.project.data.settings["folder"] == str(tmp_path / "pets")


def test_the_folder_of_a_run_opens_the_run(shown: Window, tmp_path: Path):
    run = Run.create(catalog().make_project("mlp"), tmp_path / "run")
    assert hover(shown, [run.folder]) == "Open the run run"
    drop(shown, run.folder)
    assert shown.session.run == run


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["a.zip"], "a.zip is nothing that Layerloom opens. Bring a project (.loom), "),
        (["a.csv", "b.csv"], "Bring one file or folder at a time"),
        (["a.png", "b.png"], "Bring one image at a time, or the folder that holds them all"),
        (["gone.loom"], "There is no file "),
        (["empty"], "empty holds no image. Bring "),
        (["a.onnx"], LATER),
        (["bad.csv"], "The first line of "),
        (["bad.loom"], "This is not a Layerloom project"),
    ],
)
def test_what_cannot_be_taken_is_said_and_changes_nothing(
    shown: Window, said: list[str], tmp_path: Path, names: list[str], sentence: str
):
    (tmp_path / "empty").mkdir()
    for name in names:
        if not name.startswith(("gone", "empty")):
            (tmp_path / name).write_text("1,2")
    before = shown.document.project
    drop(shown, *(tmp_path / name for name in names))
    assert said[0].startswith(sentence)
    assert shown.document.project is before


def test_the_same_is_done_from_the_menu(shown: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    np.savez(tmp_path / "i.npz", x=np.zeros((9, 28, 28), np.uint8), y=np.arange(9) % 3)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "i.npz"), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(pictures(tmp_path / "pets")))
    types = []
    for title in ("Use data from a file…", "Use a folder of images…", "Open…"):
        shown.run(title)
        assert shown.document.project.data is not None
        types.append(shown.document.project.data.type)
    assert types == ["ImageArrays", "ImageFolder", "ImageArrays"]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(project(tmp_path / "m.loom")), ""))
    shown.run("Insert a project as a block…")
    assert any(node.type == "Block" for node in shown.document.project.graphs["LeNet-5"].nodes.values())


def test_a_drag_of_no_file_is_left_to_others(shown: Window):
    mime = QMimeData()
    mime.setText("words")
    entering = QDragEnterEvent(
        QPoint(200, 200), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Keys.NoModifier
    )
    QApplication.sendEvent(shown.workspace.canvas.viewport(), entering)
    assert not entering.isAccepted()
    assert entering.type() == QEvent.Type.DragEnter


@pytest.mark.slow
def test_a_trained_network_says_what_it_sees_in_an_image(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import studio

    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path))
    run = studio.train(studio.open_project("lenet5"), epochs=1, device="cpu").run
    window = open_window(str(run.folder))
    image = tmp_path / "seven.png"
    Image.new("L", (28, 28), 90).save(image)
    assert hover(window, [image]) == "Ask the trained network about seven.png"
    drop(window, image)
    qtbot.waitUntil(lambda: "So says the run" in told(window), timeout=120_000)
    assert told(window).startswith("seven.png: ")
    assert "%" in told(window)
