"""From a wrong link to a mended project, in the callout and in the list of problems, with real events."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from studio.core.graph import Graph, Link, Node
from studio.gui.panels.problems import ProblemsPanel
from studio.gui.widgets.repair_button import RepairButton
from studio.gui.window import Window
from tests.compiler.broken import IMAGE, OUTPUT, block, conv, drawn, linear
from tests.gui.canvas.conftest import Hand


def network(window: Window) -> Graph:
    return window.document.project.graphs["LeNet-5"]


def target(window: Window, label: str) -> QPoint:
    targets = window.workspace.canvas.callout.targets()
    return next(each.rect for each in targets if each.name == label).center().toPoint()


def buttons(window: Window, text: str) -> list[RepairButton]:
    panel = window.workbench.panels["Problems"]
    assert isinstance(panel, ProblemsPanel)
    panel.refresh()
    return [button for button in panel.findChildren(RepairButton) if button.text() == text and button.isVisible()]


def test_a_wrong_link_is_mended_by_the_repair_that_was_previewed(window: Window, qtbot: QtBot) -> None:
    canvas, document = window.workspace.canvas, window.document
    hand = Hand(canvas)
    opened = document.project
    hand.drag(canvas.point_of("S4", "out"), canvas.point_of("C5", "values"))
    assert [p.node for p in document.diagnosis.problems if p.graph == "LeNet-5"] == ["Flatten", "C5"]
    wrong = document.project
    hand.click(canvas.point_of("C5"))
    hand.hover(target(window, "Insert Flatten"))
    assert list(canvas.attention.preview.ghosts) == ["Flatten 2"]
    assert document.project is wrong
    hand.click(target(window, "Insert Flatten"))
    assert not [p for p in document.diagnosis.problems if p.node == "C5"]
    assert canvas.selected == {"Flatten 2"}
    assert canvas.callout.problem is not None
    assert canvas.callout.problem.node == "Flatten", "the callout goes on to the next problem"
    qtbot.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert document.project is wrong
    qtbot.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert document.project is opened


def test_the_list_of_problems_previews_and_mends(window: Window, qtbot: QtBot) -> None:
    document = window.document
    document.apply_graph("LeNet-5", network(window).remove(["Flatten"], heal=True), "Delete Flatten")
    window.workbench.show_panel("Problems")
    (button, *_) = buttons(window, "Insert Flatten")
    button.setFocus()
    preview = window.workspace.canvas.attention.preview
    qtbot.waitUntil(lambda: list(preview.ghosts) == ["Flatten"])
    button.clearFocus()
    assert preview.foresight is None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert document.diagnosis.problems == ()
    assert "Flatten" in network(window).nodes


def test_problems_with_one_repair_are_mended_at_once_and_undone_at_once(window: Window, qtbot: QtBot) -> None:
    document = window.document
    graph = network(window)
    for name in ("C1", "C5"):
        setting = "filters" if name == "C1" else "features"
        graph = graph.put({name: graph.nodes[name].set(**{setting: -4})})
    graph = graph.add("A", Node("Linear", {"features": -1}, (0.0, 900.0)))
    graph = graph.add("B", Node("Linear", {"features": -1}, (0.0, 1100.0)))
    document.apply_graph("LeNet-5", graph, "Break")
    broken = document.project
    window.workbench.show_panel("Problems")
    text = "Set features to 1, all 3"
    (button,) = buttons(window, text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    features = [network(window).nodes[name].settings["features"] for name in ("C5", "A", "B")]
    assert features == [1, 1, 1]
    document.undo()
    assert document.project is broken


def test_a_click_on_a_problem_inside_a_block_goes_there(window: Window, qtbot: QtBot) -> None:
    inside = drawn("x > l", "l > y", x=Node("Input", {"kind": "vector", "sizes": (12,)}), l=linear(4), y=OUTPUT)
    window.document.open(block(inside))
    problem = next(p for p in window.document.diagnosis.problems if p.inside)
    window.workspace.place.go_to(problem.graph, problem.node, problem.inside)
    assert (window.workspace.place.root, window.workspace.place.path) == ("Net", ("part",))
    assert window.workspace.place.node == "l"
    hand = Hand(window.workspace.canvas)
    hand.click(target(window, "Insert Flatten"))
    assert not [p for p in window.document.diagnosis.problems if p.graph]


def test_what_a_loss_applies_twice_is_said_at_the_node(window: Window, qtbot: QtBot) -> None:
    graph = network(window)
    (link,) = graph.links.into[graph.outputs()[0]]
    graph = graph.insert("Softmax", Node("Softmax", {}, (0.0, 900.0)), link, input="values", output="out")
    window.document.apply_graph("LeNet-5", graph, "Insert Softmax")
    canvas = window.workspace.canvas
    hand = Hand(canvas)
    canvas.commands.go_to("Softmax")
    assert canvas.callout.problem is not None
    hand.click(target(window, "Remove Softmax"))
    assert window.document.diagnosis.problems == ()


def test_the_nearest_fitting_output_is_offered_where_nothing_arrives(window: Window, qtbot: QtBot) -> None:
    graph = network(window)
    (link,) = graph.links.into[graph.outputs()[0]]
    window.document.apply_graph("LeNet-5", graph.disconnect(link), "Cut")
    canvas = window.workspace.canvas
    canvas.commands.go_to(link.target)
    hand = Hand(canvas)
    label = f"Link {link.source}"
    hand.hover(target(window, label))
    foresight = canvas.attention.preview.foresight
    assert foresight is not None
    assert foresight.change.links_added == {Link(link.source, link.output, link.target, link.input)}
    hand.click(target(window, label))
    assert link in network(window).links


def test_an_image_larger_than_its_kernel_needs_no_repair(window: Window) -> None:
    window.document.open(block(drawn("x > c", "c > y", x=IMAGE, c=conv(8), y=OUTPUT)))
    assert window.workspace.canvas.callout.problem is None
