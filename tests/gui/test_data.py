"""Looking at the data of a project: its card, its classes, and samples of each part."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from nodes.data.small_digits import SmallDigits
from studio.core.graph import Node
from studio.gui.data.dialog import DataDialog
from studio.gui.data.points import Scatter, placed
from studio.gui.data.views import RowsTable, SampleTile
from studio.gui.window import Window
from tests.data.files import quiet
from tests.data.test_download import NOBODY
from tests.gui.conftest import OpenWindow

LONG = 120_000
"""Milliseconds for what waits for a process on a busy machine."""

pytestmark = pytest.mark.slow


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Window:
    """A window on the MLP, without a training process."""
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path / "layerloom"))
    return open_window("mlp")


def give(window: Window, data: Node | None) -> None:
    window.document.apply(replace(window.document.project, data=data), "Choose data")


def shown(window: Window, qtbot: QtBot) -> DataDialog:
    """The dialog, once it has read what it shows or knows why it cannot."""
    (dialog,) = window.findChildren(DataDialog)
    qtbot.waitUntil(lambda: not dialog.reading.is_running, timeout=LONG)
    return dialog


def choose(dialog: DataDialog, qtbot: QtBot, part: str) -> None:
    """Pick a part with the keyboard."""
    dialog.part.setFocus()
    qtbot.keyClicks(dialog.part, part)
    dialog.part.activated.emit(dialog.part.currentIndex())


def tiles(dialog: DataDialog) -> list[SampleTile]:
    """In the order in which they are read."""
    return sorted(dialog.findChildren(SampleTile), key=lambda tile: (tile.y(), tile.x()))


def test_images_are_looked_at_part_by_part_plain_and_as_varied(window: Window, qtbot: QtBot, tmp_path: Path):
    give(window, Node("SmallDigits", {"rotate": 30.0}))
    window.workbench.inspector_tabs.setCurrentIndex(2)
    qtbot.mouseClick(window.workbench.inspector.training.look, Qt.MouseButton.LeftButton)
    dialog = shown(window, qtbot)
    assert dialog.title.text() == "Small digits"
    assert ("Licence", SmallDigits.licence) in dialog.card.card.facts  # type: ignore[union-attr]
    assert [name for name, _ in dialog.bars.bars] == list(SmallDigits.classes)
    assert sum(count for _, count in dialog.bars.bars) == 1294
    labels = SmallDigits().read(tmp_path, quiet).columns["label"]
    first = tiles(dialog)
    assert len(first) == 30
    for tile in first:
        number = int(tile.accessibleName().split(":")[0].removeprefix("Sample ").replace(",", ""))
        assert tile.answer == str(labels[number])
    plain, names = [tile.image for tile in first], [tile.accessibleName() for tile in first]
    qtbot.mouseClick(dialog.varied, Qt.MouseButton.LeftButton)
    assert [tile.accessibleName() for tile in tiles(dialog)] == names
    assert all(tile.image != before for tile, before in zip(tiles(dialog), plain, strict=True))
    qtbot.mouseClick(dialog.other, Qt.MouseButton.LeftButton)
    assert not {tile.accessibleName() for tile in tiles(dialog)} & set(names)
    choose(dialog, qtbot, "Test")
    assert dialog.part.currentText() == "Test part: 359"
    assert sum(count for _, count in dialog.bars.bars) == 359
    assert not dialog.varied.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_when_all_that_was_read_has_been_seen_others_are_read(window: Window, qtbot: QtBot):
    give(window, Node("SmallDigits"))
    window.run("Look at the data…")
    dialog = shown(window, qtbot)
    seen = set[str]()
    for _ in range(5):  # 96 are read at once, 30 shown
        seen |= {tile.accessibleName() for tile in tiles(dialog)}
        qtbot.mouseClick(dialog.other, Qt.MouseButton.LeftButton)
        shown(window, qtbot)
    assert len(seen) > 96
    dialog.close()


def test_points_are_found_in_the_search_and_seen_in_the_colours_of_their_classes(window: Window, qtbot: QtBot):
    give(window, Node("PointSets", {"pattern": "spirals", "groups": 3, "samples": 300}))
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "look at the data")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    dialog = shown(window, qtbot)
    (scatter,) = dialog.findChildren(Scatter)
    assert [text for _, text in scatter.legend] == ["arm 1", "arm 2", "arm 3"]
    assert len(scatter.page.samples) == 216
    assert not dialog.varied.isVisible()
    image, area = scatter.grab().toImage(), QRectF(scatter.rect())
    assert (
        len({image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)})
        > 9
    )
    places = placed(scatter.page.samples, area)
    assert places.min() >= -0.01
    assert (places[:, 0] <= area.width() + 0.01).all()
    up = np.argsort(scatter.page.samples[:, 1])
    assert np.array_equal(np.argsort(-places[:, 1], kind="stable"), up)
    dialog.close()


def test_a_table_is_seen_as_rows_under_the_names_of_its_columns(window: Window, qtbot: QtBot, tmp_path: Path):
    lines = [f"{n * 0.5},{n % 7},{n},{'ab'[n % 2]}" for n in range(40)]
    (tmp_path / "own.csv").write_text("\n".join(["length,width,place,kind", *lines]))
    give(window, Node("Table", {"file": str(tmp_path / "own.csv"), "validation": 0.0}))
    window.run("Look at the data…")
    dialog = shown(window, qtbot)
    (table,) = dialog.findChildren(RowsTable)
    titles = [table.horizontalHeaderItem(column).text() for column in range(table.columnCount())]
    assert titles == ["Sample", "To predict", "length", "width", "place"]
    for row in range(table.rowCount()):
        number, kind, length, width, place = (table.item(row, column).text() for column in range(5))
        n = int(number)
        assert (float(length), int(width), int(place), kind) == (n * 0.5, n % 7, n, "ab"[n % 2])
    choose(dialog, qtbot, "Validation")
    assert [each.rowCount() for each in dialog.findChildren(RowsTable) if each.isVisible()] == [0]
    assert dialog.caption.text() == "0, each 3 numbers"
    dialog.close()


def test_data_that_is_not_there_is_said_in_its_own_words_and_offered(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LAYERLOOM_MIRROR", NOBODY)
    for proxy in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(proxy, NOBODY)
    give(window, Node("MNIST"))
    window.run("Look at the data…")
    dialog = shown(window, qtbot)
    assert dialog.waiting.sentence.text().startswith("MNIST is not downloaded yet.")
    assert dialog.get.isVisible()
    assert not dialog.other.isEnabled()
    qtbot.mouseClick(dialog.get, Qt.MouseButton.LeftButton)
    shown(window, qtbot)
    assert "could not be downloaded" in dialog.waiting.sentence.text()
    dialog.close()
    give(window, Node("Table"))
    window.run("Look at the data…")
    other = next(each for each in window.findChildren(DataDialog) if each is not dialog)
    qtbot.waitUntil(lambda: not other.reading.is_running, timeout=LONG)
    assert other.waiting.sentence.text() == "Choose a CSV file."
    assert not other.get.isVisible()
    other.close()
