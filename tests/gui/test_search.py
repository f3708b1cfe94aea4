"""What is found, how it is ranked, and the search boxes."""

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from studio.core.catalog import catalog
from studio.core.shape import image, vector
from studio.gui.palette.entry import words_of
from studio.gui.palette.matching import Words, best_first, score
from studio.gui.palette.popup import SearchPopup
from studio.gui.palette.tree import NODE_MIME
from studio.gui.searching import takes
from studio.gui.window import Window
from tests.gui.canvas.conftest import Hand


def found(query: str) -> list[object]:
    return best_first(query, [(words_of(cls), name) for name, cls in catalog().nodes.items()])


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("conv2d", "Conv2d"),
        ("fc", "Linear"),
        ("relu", "ReLU"),
        ("maxpool2", "MaxPool2d"),
        ("flat", "Flatten"),
        ("lstm", "LSTM"),
    ],
)
def test_the_node_that_is_meant_comes_first(query: str, first: str):
    assert found(query)[0] == first


def test_an_exact_name_outdoes_a_beginning_and_that_a_part():
    words = [Words("Softmax"), Words("Max"), Words("MaxPool2d")]
    ranked = sorted(words, key=lambda each: -score("max", each))
    assert [each.title for each in ranked] == ["Max", "MaxPool2d", "Softmax"]


def test_nothing_typed_finds_everything_in_its_order():
    assert found("") == list(catalog().nodes)


def test_nonsense_finds_nothing():
    assert not found("qqqzzz")


def test_only_what_can_take_the_value_is_offered():
    nodes = catalog().nodes
    assert takes(nodes["Conv2d"], image(1, 28, 28))
    assert not takes(nodes["Conv2d"], vector(10))
    assert not takes(nodes["Input"], vector(10))
    assert takes(nodes["Add"], vector(10))


def test_the_palette_narrows_while_typing_and_opens_what_is_left(window: Window):
    tree = window.workbench.palette_panel.nodes
    tree.filter("fc")
    shown = [heading.text(0) for heading in tree._headings() if not heading.isHidden()]
    assert "Linear & embedding" in shown
    tree.filter("qqqzzz")
    assert tree.is_bare()
    tree.filter("")
    assert not any(heading.isExpanded() for heading in tree._headings())


def test_the_palette_of_a_network_has_no_losses_and_that_of_an_objective_has(window: Window):
    tree = window.workbench.palette_panel.nodes
    assert "Loss & metrics" not in [heading.text(0) for heading in tree._headings()]
    window.run("Show objective")
    assert "Loss & metrics" in [heading.text(0) for heading in tree._headings()]


def test_a_row_travels_as_the_name_of_its_type(window: Window):
    tree = window.workbench.palette_panel.nodes
    heading = next(each for each in tree._headings() if each.text(0) == "Convolution")
    rows = {heading.child(at).text(0): heading.child(at) for at in range(heading.childCount())}
    assert bytes(tree.mimeData([rows["Conv2d"]]).data(NODE_MIME).data()) == b"Conv2d"


def popup_of(window: Window) -> SearchPopup:
    (popup,) = [each for each in window.findChildren(SearchPopup) if each.isVisible()]
    return popup


def test_everything_is_found_by_its_key(window: Window, qtbot: QtBot):
    window.workspace.canvas.setFocus()
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window.workspace.canvas, Qt.Key.Key_P, keys)
    popup = popup_of(window)
    qtbot.keyClicks(popup.field, "light app")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert window.preferences.appearance == "light"
    assert not popup.isVisible()


def test_the_search_of_the_menu_bar_goes_to_a_node(window: Window, qtbot: QtBot):
    qtbot.mouseClick(window.menu.search, Qt.MouseButton.LeftButton)
    popup = popup_of(window)
    qtbot.keyClicks(popup.field, "C5")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert window.workspace.canvas.selected == {"C5"}


def test_tab_opens_the_box_to_add_and_escape_closes_it(window: Window, qtbot: QtBot):
    canvas = window.workspace.canvas
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    popup = popup_of(window)
    qtbot.keyClicks(popup.field, "gelu")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert "GELU" in window.document.project.graphs["LeNet-5"].nodes
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    popup = popup_of(window)
    qtbot.keyClick(popup.field, Qt.Key.Key_Escape)
    assert not popup.isVisible()


def test_a_link_let_go_on_empty_canvas_offers_what_fits_and_links_it(window: Window, qtbot: QtBot):
    canvas = window.workspace.canvas
    start = canvas.point_of("S4", "out")
    Hand(canvas).drag(start, start + QPoint(20, 60))
    popup = popup_of(window)
    offered = {popup._model.item(row).text() for row in range(popup._model.rowCount())}
    assert "Conv2d" in offered
    assert "LSTM" not in offered
    qtbot.keyClicks(popup.field, "MaxPool2d")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    graph = window.document.project.graphs["LeNet-5"]
    assert any((link.source, link.target) == ("S4", "MaxPool2d") for link in graph.links)
    assert window.document.steps[-1].label == "Add MaxPool2d"


def test_an_edit_leaves_the_palette_as_it_was_searched(window: Window):
    tree = window.workbench.palette_panel.nodes
    tree.filter("conv")
    heading = next(each for each in tree._headings() if each.text(0) == "Convolution")
    window.document.apply_graph("LeNet-5", window.workspace.place.graph.remove(["Tanh"], heal=True), "Delete")
    assert heading.isExpanded()
