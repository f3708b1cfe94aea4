"""F1 shows the card of what a person is at."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from studio.core.graph import Graph, Link, Node
from studio.gui.inspector.node_page import NodePage
from studio.gui.palette.popup import SearchPopup
from studio.gui.teaching.popup import TeachingCard
from studio.gui.teaching.teacher import Teacher
from studio.gui.window import Window
from tests.gui.conftest import OpenWindow


@pytest.fixture
def teacher(window: Window) -> Teacher:
    window.workspace.canvas.setFocus()
    return window.workbench.teacher


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Titles of the boxes that were shown instead of waiting for a person."""
    titles: list[str] = []
    monkeypatch.setattr(QMessageBox, "information", lambda _, title, text: titles.append(title))
    return titles


def f1(window: Window) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)


def shown(card: TeachingCard) -> str:
    return card.accessibleName() if card.isVisible() else ""


def palette_row(window: Window, title: str) -> QTreeWidgetItem:
    tree = window.workbench.palette_panel.nodes
    return tree.findItems(title, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)[0]


def test_f1_shows_the_card_of_the_selected_node_and_closes_it(window: Window, teacher: Teacher):
    window.workspace.canvas.select({"C1"})
    f1(window)
    assert shown(teacher.card) == "Teaching card of C1"
    card = teacher.card.column.card
    assert card is not None
    assert card.type == "Conv2d"
    assert not card.example
    f1(window)
    assert not teacher.card.isVisible()


def test_escape_closes_the_card_and_gives_the_keyboard_back(window: Window, teacher: Teacher):
    window.workspace.canvas.select({"C1"})
    f1(window)
    assert teacher.card.hasFocus()
    QTest.keyClick(teacher.card, Qt.Key.Key_Escape)
    assert not teacher.card.isVisible()
    assert window.workspace.canvas.hasFocus()
    assert window.workspace.canvas.selected == {"C1"}


def test_the_node_under_the_pointer_is_explained_where_none_is_selected(window: Window, teacher: Teacher):
    canvas = window.workspace.canvas
    canvas.select(())
    canvas.hovered = QPointF(canvas.point_of("S2"))
    f1(window)
    assert shown(teacher.card) == "Teaching card of S2"


def test_the_row_of_the_palette_is_explained_where_nothing_else_is_at_hand(window: Window, teacher: Teacher):
    window.workspace.canvas.select(())
    window.workspace.canvas.hovered = None
    window.workbench.palette_panel.nodes.setCurrentItem(palette_row(window, "LSTM"))
    f1(window)
    assert shown(teacher.card) == "Teaching card of LSTM"
    card = teacher.card.column.card
    assert card is not None
    assert card.example


def test_the_palette_comes_first_while_it_has_the_keyboard(window: Window, teacher: Teacher):
    window.workspace.canvas.select({"C1"})
    tree = window.workbench.palette_panel.nodes
    tree.setFocus()
    tree.setCurrentItem(palette_row(window, "Dropout"))
    f1(window)
    assert shown(teacher.card) == "Teaching card of Dropout"


def test_the_gestures_are_shown_where_there_is_nothing_to_teach(window: Window, teacher: Teacher, told: list[str]):
    window.workspace.canvas.select(())
    window.workspace.canvas.hovered = None
    asked: list[str] = []
    window.workbench.action_wanted.connect(asked.append)
    f1(window)
    assert not teacher.card.isVisible()
    assert asked == ["Gestures and keys"]


def test_f1_on_the_start_page_opens_no_card(open_window: OpenWindow, told: list[str]):
    window = open_window()
    f1(window)
    assert not window.workbench.teacher.card.isVisible()


def test_arrows_and_page_keys_scroll_a_long_card(window: Window, teacher: Teacher, qtbot: QtBot):
    window.resize(1400, 600)
    teacher.explain("LSTM")
    bar = teacher.card.scroller.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    QTest.keyClick(teacher.card, Qt.Key.Key_Down)
    once = bar.value()
    QTest.keyClick(teacher.card, Qt.Key.Key_PageDown)
    assert 0 < once < bar.value()
    QTest.keyClick(teacher.card, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    QTest.keyClick(teacher.card, Qt.Key.Key_Home)
    assert bar.value() == 0


def test_the_card_follows_edits_and_the_selection(window: Window, teacher: Teacher):
    window.workspace.canvas.select({"C1"})
    f1(window)
    graph = window.document.project.graphs["LeNet-5"]
    edited = graph.put({"C1": Node("Conv2d", {"filters": 8, "kernel": 5}, graph.nodes["C1"].position)})
    window.document.apply_graph("LeNet-5", edited, "Filters")
    card = teacher.card.column.card
    assert card is not None
    assert card.numbers is not None
    assert sum(term.count for term in card.numbers.weights) == 208
    window.workspace.canvas.select({"F6"})
    assert shown(teacher.card) == "Teaching card of F6"


def test_the_card_goes_with_its_node(window: Window, teacher: Teacher):
    window.workspace.canvas.select({"C1"})
    f1(window)
    window.document.apply_graph("LeNet-5", window.workspace.place.graph.remove(["C1"]), "Delete C1")
    assert not teacher.card.isVisible()


def test_the_card_stays_inside_the_window(window: Window, teacher: Teacher):
    teacher.explain("LSTM")
    for width, height in ((1400, 900), (700, 500)):
        window.resize(width, height)
        QApplication.processEvents()
        assert window.workbench.rect().contains(teacher.card.geometry())


def test_the_inspector_has_a_link_to_the_card(window: Window, teacher: Teacher):
    window.workspace.canvas.select({"C1"})
    page = window.workbench.inspector.node
    assert isinstance(page, NodePage)
    page.card_link.click()
    assert shown(teacher.card) == "Teaching card of C1"


def test_a_search_box_explains_its_rows_beside_itself(window: Window, teacher: Teacher):
    popup = window.searches.open_everything(window.menu.search)
    assert isinstance(popup, SearchPopup)
    QTest.keyClicks(popup.field, "dropout")
    QTest.keyClick(popup.field, Qt.Key.Key_F1)
    assert shown(teacher.card) == "Teaching card of Dropout"
    assert popup.isVisible()
    assert popup.field.text() == "dropout"
    QTest.keyClick(popup.field, Qt.Key.Key_Down)
    assert shown(teacher.card) == "Teaching card of Dropout1d"
    QTest.keyClick(popup.field, Qt.Key.Key_F1)
    assert not teacher.card.isVisible()
    QTest.keyClick(popup.field, Qt.Key.Key_F1)
    QTest.keyClick(popup.field, Qt.Key.Key_Escape)
    assert not teacher.card.isVisible()


def test_a_block_says_what_is_inside(window: Window, teacher: Teacher):
    inside = Graph(
        {"In": Node("Input", {"sizes": (1, 32, 32)}), "Conv": Node("Conv2d", {"filters": 6, "kernel": 5})}, role="block"
    )
    inside = inside.add("Out", Node("Output"))
    for link in (Link("In", "out", "Conv", "image"), Link("Conv", "out", "Out", "value")):
        inside = inside.connect(link)
    window.document.apply_graph("Part", inside, "Part")
    graph = window.workspace.place.graph
    graph = graph.add("Stage", Node("Block", graph="Part")).connect(Link("Image", "out", "Stage", "In"))
    window.document.apply_graph("LeNet-5", graph, "Place Part")
    window.workspace.canvas.select({"Stage"})
    f1(window)
    card = teacher.card.column.card
    assert card is not None
    assert dict(card.facts)["Inside"] == "3 nodes"
    assert [(share.name, share.weights) for share in card.parts] == [("Conv", 156)]


def test_the_card_of_a_node_that_lacks_a_link_still_teaches(window: Window, teacher: Teacher):
    graph = window.workspace.place.graph
    window.document.apply_graph("LeNet-5", graph.add("Alone", Node("Conv2d")), "Add")
    window.workspace.canvas.select({"Alone"})
    f1(window)
    card = teacher.card.column.card
    assert card is not None
    assert card.numbers is None
    assert card.formula


def test_the_menu_of_a_node_offers_its_card(window: Window, teacher: Teacher):
    window.workspace.canvas.select({"C1"})
    window.workspace.canvas.commands.menu_requested.emit("C1", window.mapToGlobal(window.rect().center()))
    menu = next(each for each in window.findChildren(QMenu) if each.isVisible())
    action = next(each for each in menu.actions() if each.text().startswith("Teaching card"))
    action.trigger()
    menu.close()
    assert shown(teacher.card) == "Teaching card of C1"
