"""The drawing as a picture file, from the window: as the canvas shows it."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from studio.gui.canvas.camera import Camera
from studio.gui.drawing_dialog import DrawingDialog
from studio.gui.render import MARGIN, Finish, drawing_of, image_of
from studio.gui.style.tokens import DARK, LIGHT
from studio.gui.window import Window


def dialog_of(window: Window, qtbot: QtBot) -> DrawingDialog:
    window.workspace.canvas.setFocus()
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window.workspace.canvas, Qt.Key.Key_E, keys)
    (dialog,) = window.findChildren(DrawingDialog)
    return dialog


def export(dialog: DrawingDialog, qtbot: QtBot, path: Path) -> str:
    dialog.path.setText(str(path))
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    return dialog.outcome.text()


def words(path: Path) -> set[str]:
    return {text.text or "" for text in ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text")}


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}


def test_the_whole_graph_is_written_with_its_frames(window: Window, qtbot: QtBot, tmp_path: Path):
    dialog = dialog_of(window, qtbot)
    assert dialog.path.text().endswith("lenet_5.svg")
    assert export(dialog, qtbot, tmp_path / "a.svg") == f"Written to {tmp_path / 'a.svg'}."
    assert words(tmp_path / "a.svg") >= {"C1", "Conv2d", "6×14×14", "Classifier"}


def test_a_selection_is_written_alone(window: Window, qtbot: QtBot, tmp_path: Path):
    window.workspace.canvas.select({"C1", "Tanh"})
    dialog = dialog_of(window, qtbot)
    dialog.what.setCurrentIndex(1)
    assert dialog.what.currentText() == "The 2 selected nodes"
    export(dialog, qtbot, tmp_path / "a.svg")
    assert {"C1", "Tanh"} <= words(tmp_path / "a.svg")
    assert not {"S2", "Classifier"} & words(tmp_path / "a.svg")


@pytest.mark.parametrize(("row", "chosen", "other"), [(1, LIGHT, DARK), (2, DARK, LIGHT)])
def test_the_appearance_is_a_choice(window: Window, qtbot: QtBot, tmp_path: Path, row: int, chosen, other):
    dialog = dialog_of(window, qtbot)
    dialog.appearance.setCurrentIndex(row)
    export(dialog, qtbot, tmp_path / "a.png")
    found = colours(QImage(str(tmp_path / "a.png")))
    assert QColor(chosen.raised).name() in found
    assert QColor(other.raised).name() not in found


def test_without_its_background_a_picture_is_transparent(window: Window, qtbot: QtBot, tmp_path: Path):
    dialog = dialog_of(window, qtbot)
    qtbot.mouseClick(dialog.background, Qt.MouseButton.LeftButton, pos=dialog.background.rect().center())
    dialog.background.setChecked(False)
    export(dialog, qtbot, tmp_path / "a.png")
    export(dialog, qtbot, tmp_path / "a.svg")
    assert QImage(str(tmp_path / "a.png")).pixelColor(2, 2).alpha() == 0
    assert QColor(DARK.canvas).name() not in _first_fill(tmp_path / "a.svg")


def _first_fill(path: Path) -> str:
    rects = list(ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}rect"))
    return str(rects[0].attrib) if rects else ""


def test_a_picture_equals_what_the_canvas_shows(window: Window):
    canvas = window.workspace.canvas
    canvas.select(set())
    picture = image_of(drawing_of(canvas.drawing.subject), Finish(DARK))
    x, y, width, height = canvas.drawing.nodes.rect("C1")
    left, top, _, _ = canvas.drawing.bounds() or (0.0, 0.0, 0.0, 0.0)
    canvas.lens.look(Camera(1.0, 100.0 - x, 100.0 - y))
    canvas.finish()
    size = round(width), round(height)
    shown = canvas.viewport().grab().toImage().copy(100, 100, *size)
    drawn = picture.copy(*(round(2 * v) for v in (x - left + MARGIN, y - top + MARGIN, width, height)))
    assert difference(drawn, shown) < difference(drawn, shown.flipped(Qt.Orientation.Horizontal)) / 3


def difference(drawn: QImage, shown: QImage) -> float:
    """How far two pictures of one size are apart on average, of 255."""
    kind, mode = QImage.Format.Format_Grayscale8, Qt.TransformationMode.SmoothTransformation
    pair = [image.scaled(shown.size(), mode=mode).convertToFormat(kind) for image in (drawn, shown)]
    first, second = (np.array(each.constBits()).astype(int) for each in pair)
    return float(np.abs(first - second).mean())


def test_what_cannot_be_written_is_said(window: Window, qtbot: QtBot, tmp_path: Path):
    dialog = dialog_of(window, qtbot)
    assert "cannot be written: No such file" in export(dialog, qtbot, tmp_path / "missing" / "a.png")
    assert "should end with .svg or .png" in export(dialog, qtbot, tmp_path / "a.pdf")


def test_the_ending_of_the_name_decides_the_format(window: Window, qtbot: QtBot, tmp_path: Path):
    dialog = dialog_of(window, qtbot)
    dialog.path.setText(str(tmp_path / "a.png"))
    assert dialog.format.currentText().startswith("PNG")
    dialog.format.setCurrentIndex(0)
    assert dialog.path.text().endswith(".svg")
