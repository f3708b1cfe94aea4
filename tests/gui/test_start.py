"""The first window: what it needs to be painted, and the start page."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.compiler.check import check
from studio.core import loom
from studio.core.catalog import catalog
from studio.gui.start.facts import facts_of
from studio.gui.start.sketch import sketch
from tests.gui.conftest import OpenWindow

HEAVY = ("torch", "torchvision", "lightning_fabric", "onnx", "pyqtgraph", "numpy", "pydantic", "networkx")

FIRST_PAINT = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from studio.gui.preferences import Preferences
from studio.gui.window import Window, dress
app = QApplication([])
preferences = Preferences()
dress(preferences)
window = Window(None, preferences)
window._prepare = lambda: (print(*sorted(sys.modules)), app.exit())
window.show()
app.exec()
"""


def test_the_first_window_is_painted_with_qt_and_light_modules_alone():
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAINT], env=os.environ, capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stdout.split())
    assert "studio.gui.window" in loaded
    assert not loaded & set(HEAVY)


def test_every_template_has_a_card_with_its_picture_weights_and_data(open_window: OpenWindow, qtbot: QtBot):
    gallery = open_window().start.gallery
    assert set(gallery.cards) == set(catalog().templates)
    qtbot.waitUntil(lambda: all(card.facts for card in gallery.cards.values()), timeout=20_000)
    facts = gallery.cards["lenet5"].facts
    assert facts is not None
    assert facts.weights == "61,706 weights"
    assert facts.data == "Digits"
    goal = catalog().templates["lenet5"].goal
    assert facts.figure == f"Accuracy {100 * goal.value:g} % in {goal.seconds:g} s"
    assert facts.paper == "LeCun et al. 1998"
    assert facts.figure in gallery.cards["lenet5"].accessibleDescription()
    assert all(card.facts and card.facts.figure for card in gallery.cards.values())
    assert facts.sketch is not None
    assert len(facts.sketch.bars) >= 7


def test_a_click_on_a_card_opens_its_template(open_window: OpenWindow, qtbot: QtBot):
    window = open_window()
    qtbot.mouseClick(window.start.gallery.cards["lenet5"], Qt.MouseButton.LeftButton)
    assert window.at_work
    assert window.workspace.place.root == "LeNet-5"
    assert window.workbench.controls.train.isEnabled()


def test_the_search_keeps_the_cards_that_fit(open_window: OpenWindow, qtbot: QtBot):
    gallery = open_window().start.gallery
    qtbot.keyClicks(gallery.search, "lenet-5")
    shown = [name for name, card in gallery.cards.items() if not card.isHidden()]
    assert shown == ["lenet5"]
    qtbot.keyClicks(gallery.search, "zzz")
    assert all(card.isHidden() for card in gallery.cards.values())


def test_an_empty_network_can_be_drawn_in_at_once(open_window: OpenWindow):
    window = open_window()
    window.start.wanted.emit("new")
    assert window.at_work
    assert list(window.workspace.place.graph.nodes) == ["Input", "Output"]


def test_a_file_named_on_the_command_line_is_opened_and_remembered(open_window: OpenWindow, tmp_path: Path):
    path = tmp_path / "mine.loom"
    loom.save(catalog().make_project("lenet5"), path)
    window = open_window(str(path))
    assert window.document.path == path
    assert window.preferences.recent_projects() == [path]


@pytest.mark.parametrize("text", ["", "{", '{"format": "other"}', "[" * 100_000])
def test_a_file_that_is_no_project_is_said_and_the_start_page_stays(
    open_window: OpenWindow, tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "odd.loom"
    path.write_text(text)
    said: list[str] = []
    monkeypatch.setattr("studio.gui.window.Window.say", lambda _, sentence: said.append(sentence))
    window = open_window(str(path))
    assert not window.at_work
    assert len(said) == 1
    assert said[0].endswith(".")
    assert path.read_text() == text


def test_a_plain_chain_of_vectors_is_sketched_as_columns_of_units():
    facts = facts_of("mlp")
    assert facts.sketch is not None
    assert facts.sketch.dots


def test_a_sketch_shows_no_more_than_fits():
    result = check(catalog().make_project("lenet5")).networks["LeNet-5"]
    drawn = sketch(result)
    assert drawn.columns == len(drawn.bars) <= 15
    assert all(0 < bar.height <= 1 for bar in drawn.bars)
    assert {end - start for start, end in drawn.links} == {1}
