"""Nodes are found by what is seen of them, wherever they are."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.compiler.check import Checker
from studio.core.graph import Graph, Link, Links, Node
from studio.core.project import Project
from studio.gui import finding
from studio.gui.find_bar import FindBar
from studio.gui.finding import Findable
from studio.gui.window import Window

Key, Keys = Qt.Key, Qt.KeyboardModifier

INSIDE = Graph(
    {
        "x": Node("Input"),
        "Reduce": Node("Conv2d", {"filters": "=width", "kernel": 3, "padding": 1}),
        "y": Node("Output"),
    },
    Links([Link("x", "out", "Reduce", "image"), Link("Reduce", "out", "y", "value")]),
    parameters={"width": 8},
    role="block",
)
OUTSIDE = Graph(
    {
        "Image": Node("Input", {"kind": "image", "sizes": (1, 28, 28)}),
        "Stage": Node("Block", {"width": 12}, graph="Inside"),
        "Add": Node("Add"),
        "Answer": Node("Output"),
    },
    Links([Link("Image", "out", "Stage", "x"), Link("Stage", "y", "Answer", "value")]),
)
PROJECT = Project(graphs={"Net": OUTSIDE, "Inside": INSIDE})


@pytest.fixture(scope="module")
def there() -> list[Findable]:
    return finding.findables(PROJECT, Checker().check(PROJECT), "Net")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", []),
        ("   ", []),
        ("nothing of the kind", []),
        ("reduce", [(("Stage",), "Reduce")]),
        ("conv2d", [(("Stage",), "Reduce")]),
        ("kernel 3", [(("Stage",), "Reduce")]),
        ("=width", [(("Stage",), "Reduce")]),
        ("filters 12", [(("Stage",), "Reduce")]),
        ("filters 8", []),
        ("STA", [((), "Stage")]),
        ("1x28x28", [((), "Image"), (("Stage",), "x")]),
        ("1×28×28", [((), "Image"), (("Stage",), "x")]),
        ("problem", [((), "Add")]),
    ],
)
def test_every_word_has_to_be_in_what_is_seen_of_a_node(
    there: list[Findable], query: str, found: list[tuple[tuple[str, ...], str]]
) -> None:
    assert [(hit.path, hit.node) for hit in finding.find(query, there)] == found


def test_a_hit_says_what_it_was_found_by(there: list[Findable]) -> None:
    assert finding.find("reduce", there)[0].why == ""
    assert finding.find("12×28×28", there)[0].why == "shape 12×28×28"
    assert finding.find("kernel", there)[0].why.startswith("setting Kernel 3")


def test_a_block_that_holds_itself_is_looked_into_no_deeper_than_makes_sense() -> None:
    inside = Graph({"Again": Node("Block", graph="Inside")}, role="block")
    project = Project(graphs={"Net": Graph({"Stage": Node("Block", graph="Inside")}), "Inside": inside})
    there = finding.findables(project, Checker().check(project), "Net")
    assert len(there) == finding.DEEPEST + 1


@pytest.fixture
def bar(window: Window, qtbot: QtBot) -> FindBar:
    window.workspace.canvas.setFocus()
    qtbot.keyClick(window.workspace.canvas, Key.Key_F, Keys.ControlModifier)
    return window.workbench.find_bar


def test_control_f_opens_the_bar_and_enter_goes_round(window: Window, bar: FindBar, qtbot: QtBot) -> None:
    canvas = window.workspace.canvas
    assert bar.isVisible()
    qtbot.keyClicks(bar.field, "tanh")
    assert bar._count.text() == "4 found"
    assert len(canvas.highlight.found) == 4
    seen = []
    for number in range(1, 6):
        qtbot.keyClick(bar.field, Key.Key_Return)
        assert bar._count.text() == f"{(number - 1) % 4 + 1} of 4"
        seen.append(next(iter(canvas.selected)))
    assert seen[0] == seen[4]
    assert len(set(seen)) == 4
    qtbot.keyClick(bar.field, Key.Key_Return, Keys.ShiftModifier)
    assert canvas.selected == {seen[3]}
    assert bar.field.hasFocus()


def test_escape_closes_the_bar_and_gives_the_keyboard_back(window: Window, bar: FindBar, qtbot: QtBot) -> None:
    canvas = window.workspace.canvas
    qtbot.keyClicks(bar.field, "C3")
    qtbot.keyClick(bar.field, Key.Key_Return)
    qtbot.keyClick(bar.field, Key.Key_Escape)
    assert not bar.isVisible()
    assert canvas.highlight.found == frozenset()
    assert canvas.selected == {"C3"}
    assert QApplication.focusWidget() is canvas
    qtbot.keyClick(canvas, Key.Key_F, Keys.ControlModifier)
    assert bar.field.selectedText() == "C3"


def test_what_is_not_there_is_said(bar: FindBar, qtbot: QtBot) -> None:
    qtbot.keyClicks(bar.field, "elephant")
    qtbot.keyClick(bar.field, Key.Key_Return)
    assert bar._count.text() == "Nothing found"


def test_the_hits_follow_edits(window: Window, bar: FindBar, qtbot: QtBot) -> None:
    qtbot.keyClicks(bar.field, "tanh")
    qtbot.keyClick(bar.field, Key.Key_Return)
    qtbot.keyClick(bar.field, Key.Key_Return)
    graph = window.workspace.place.graph
    window.document.apply_graph("LeNet-5", graph.remove(["Tanh"], heal=True), "Delete Tanh")
    assert bar._count.text() == "1 of 3"


def test_what_is_inside_a_block_is_gone_to(window: Window, qtbot: QtBot) -> None:
    window.document.apply(PROJECT, "Another project")
    workspace, bar = window.workspace, window.workbench.find_bar
    window.run("Find in the graph…")
    qtbot.keyClicks(bar.field, "conv2d")
    qtbot.keyClick(bar.field, Key.Key_Return)
    assert workspace.place.path == ("Stage",)
    assert workspace.canvas.selected == workspace.canvas.highlight.found == {"Reduce"}
    assert bar._count.text() == "1 of 1"
    assert bar.field.hasFocus()


def test_found_nodes_are_outlined(window: Window, bar: FindBar, qtbot: QtBot) -> None:
    canvas = window.workspace.canvas
    canvas.lens.zoom_fully()
    canvas.finish()
    qtbot.keyClicks(bar.field, "C5")
    canvas.commands.go_to("S2")

    def outlined(pick: Callable[[], None]) -> bool:
        pick()
        image, colors = canvas.viewport().grab().toImage(), canvas.scene().theme
        x, y, width, _ = canvas.lens.camera.rect_to_view(canvas.drawing.nodes.rect("C5"))
        return any(image.pixelColor(round(x) + step, round(y) - 3) == colors.series2 for step in range(round(width)))

    canvas.lens.reveal(canvas.drawing.nodes.rect("C5"))
    assert outlined(lambda: None)
    assert not outlined(lambda: canvas.highlight.show_found(frozenset()))
