"""What the canvas shows besides the graph: colours by cost and state, what stands out, the bar and its legend."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from studio.compiler import ports
from studio.compiler.check import Checker
from studio.compiler.learned import Learned
from studio.core.graph import Graph, Link, Node
from studio.core.project import Project, Stage, Training
from studio.gui.canvas import inks, lettering, states, tips, tracing
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.canvas_bar import COLOR_ACTIONS, CanvasBar, Legend
from studio.gui.canvas.card import Card, Subject, card_of
from studio.gui.canvas.detail import Detail
from studio.gui.canvas.faces import is_faint, paint_face
from studio.gui.canvas.geometry import box_of
from studio.gui.canvas.lessons import lessons
from studio.gui.canvas.look import COLORINGS, Look
from studio.gui.style.tokens import THEMES, Theme, mix
from studio.gui.window import Window
from tests.gui.canvas.conftest import NAME, Desk, Hand, small_network
from tests.networks import in_stages

EVERY_THEME = pytest.mark.parametrize("colors", THEMES.values(), ids=lambda one: one.name)


def subject(graph: Graph, training: Training | None = None) -> Subject:
    project = Project(graphs={NAME: graph}, training=training or Training())
    return Subject(project, NAME, graph, Checker().check(project).graphs[NAME], ports)


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0 %"), (0.0004, "< 0.1 %"), (0.024, "2.4 %"), (0.28, "28 %"), (1.0, "100 %")]
)
def test_a_share_is_never_written_as_nothing_where_there_is_something(share: float, text: str) -> None:
    assert inks.percent(share) == text


def test_shares_are_parts_of_the_whole() -> None:
    assert inks.shares_of({"A": 3, "B": 1, "C": 0}) == {"A": 0.75, "B": 0.25, "C": 0.0}
    assert inks.shares_of({"A": 0}) == {"A": 0.0}


@EVERY_THEME
def test_every_step_of_the_scale_is_seen_on_the_canvas_and_more_of_it_is_seen_better(colors: Theme) -> None:
    contrasts = [inks.contrast(step, colors.canvas) for step in inks.scale(colors)]
    assert len(contrasts) == inks.LEVELS
    assert contrasts == sorted(contrasts)
    assert contrasts[0] >= 3


@EVERY_THEME
def test_every_state_is_seen_on_the_canvas_and_has_an_icon_of_its_own(colors: Theme) -> None:
    assert all(inks.contrast(colors.named(state.color), colors.canvas) >= 3 for state in states.STATES)
    assert len({state.icon for state in states.STATES}) == len(states.STATES)


def test_the_state_that_matters_most_is_the_one_that_is_shown() -> None:
    graph = small_network()
    graph = graph.put({"S2": replace(graph.nodes["S2"], bypassed=True)})
    graph = graph.remove(["Flatten"], heal=True)
    found = {name: states.STATES[at].title for name, at in states.states(subject(graph)).items()}
    assert found["Tanh"] == "no weights"
    assert found["C1"] == "learns"
    assert found["S2"] == "bypassed"
    assert found["Scores"] == "problem"


@pytest.mark.parametrize(
    ("learns", "state"),
    [
        ((), "learns"),
        ((NAME,), "learns"),
        ((f"{NAME}/C1",), "learns"),
        ((f"{NAME}/Scores",), "frozen"),
        (("Another network",), "frozen"),
    ],
)
def test_what_the_stage_does_not_teach_is_frozen(learns: tuple[str, ...], state: str) -> None:
    stage = Stage(learns=learns)
    plain = subject(small_network(), Training(stages=(stage,)))
    objective = Graph({"Net": Node("Network", graph=NAME)}, role="objective")
    taught = Learned(stage, plain.project.networks, {"Training": objective})
    found = states.states(replace(plain, lessons=lessons(taught, NAME, (), plain.result)))
    assert states.STATES[found["C1"]].title == state


@pytest.mark.usefixtures("qapp")
@EVERY_THEME
@pytest.mark.parametrize(
    ("learns", "share"), [(("Encoder",), "all"), (("Encoder/Inner",), "some"), (("Head",), "none")]
)
def test_a_network_in_an_objective_looks_as_it_learns(colors: Theme, learns: tuple[str, ...], share: str) -> None:
    stage = Stage(name="tune", objectives=("Classify",), learns=learns)
    project = in_stages(stage)
    diagnosis = Checker().check(project)
    graph, result = project.graphs["Classify"], diagnosis.graphs["Classify"]
    plain = Subject(project, "Classify", graph, result, ports)
    taught = lessons(Learned(stage, project.networks, diagnosis.objectives), "Classify", (), result)
    card = card_of(replace(plain, lessons=taught), "Encoder")
    assert card.learning == share
    assert "in the stage tune" in tips.of_node(replace(plain, lessons=taught), "Encoder")
    assert face(card, colors) != face(card_of(plain, "Encoder"), colors)


def test_what_is_frozen_stands_back_and_what_learns_does_not() -> None:
    assert is_faint(Card("Encoder", learning="none"))
    assert not is_faint(Card("Encoder", learning="some"))
    assert not is_faint(Card("Encoder", learning="all"))


def face(card: Card, colors: Theme) -> QImage:
    """A node as it is painted, with room around it."""
    box = box_of(card, lettering.width)
    image = QImage(round(box.width) + 40, round(box.height) + 40, QImage.Format.Format_ARGB32)
    image.fill(colors.canvas)
    painter = QPainter(image)
    painter.translate(20, 20)
    paint_face(painter, card, box, colors, Detail.ALL, 1.0)
    painter.end()
    return image


def test_choices_are_kept_as_text() -> None:
    look = Look(shapes=False, colors="weights", traces_selection=True)
    assert Look.from_text(look.text()) == look


@pytest.mark.parametrize("text", ["", "no json", "[1]", '{"shapes": "perhaps", "colors": "rainbow", "unknown": true}'])
def test_choices_that_make_no_sense_are_none(text: str) -> None:
    assert Look.from_text(text) == Look()


DIAMOND = Graph(
    {name: Node("Tanh") for name in ("Start", "Left", "Right", "Join", "Beside")},
    type(small_network().links)(
        [
            Link("Start", "out", "Left", "x"),
            Link("Start", "out", "Right", "x"),
            Link("Left", "out", "Join", "x"),
            Link("Right", "out", "Join", "x"),
            Link("Start", "out", "Join", "x"),
        ]
    ),
)


def test_a_link_that_leads_past_the_node_does_not_stand_out(canvas: Canvas) -> None:
    project = Project(graphs={NAME: DIAMOND})
    canvas.show_graph(project, NAME, None)
    trace = tracing.trace_of(DIAMOND, canvas.drawing, ["Left"])
    strong = {link for link, row in canvas.drawing.links.row.items() if trace.links[row]}
    assert strong == {Link("Start", "out", "Left", "x"), Link("Left", "out", "Join", "x")}
    assert {name for name, row in canvas.drawing.nodes.row.items() if trace.nodes[row]} == {"Start", "Left", "Join"}


def test_the_ways_through_a_node_stand_out_once_the_pointer_rests_on_it(
    canvas: Canvas, desk: Desk, hand: Hand, qtbot: QtBot
) -> None:
    desk.take(desk.graph.add("Alone", Node("Tanh", {}, (616.0, 400.0))), "Add Alone")
    with qtbot.waitSignal(canvas.highlight.changed):
        hand.hover(canvas.point_of("C1"))
        assert canvas.highlight.trace() is None
    trace = canvas.highlight.trace()
    assert trace is not None
    assert {name for name, row in canvas.drawing.nodes.row.items() if trace.nodes[row]} == set(desk.graph.nodes) - {
        "Alone"
    }
    hand.hover(QPoint(1100, 560))
    assert canvas.highlight.trace() is None


def test_what_does_not_stand_out_is_dimmed_and_no_face_is_painted_anew(canvas: Canvas, desk: Desk) -> None:
    desk.take(desk.graph.add("Alone", Node("Tanh", {}, (616.0, 400.0))), "Add Alone")
    canvas.finish()
    colors = canvas.scene().theme
    kept = dict(canvas.scene().atlas._kept)
    canvas.highlight.point("C1")
    canvas.highlight.rest()
    image = canvas.grab().toImage()
    assert image.pixelColor(648, 49) == colors.family("Activation")
    dimmed = image.pixelColor(648, 401)
    assert dimmed != colors.family("Activation")
    assert dimmed != colors.canvas
    assert canvas.scene().atlas._kept.keys() == kept.keys()


def test_from_afar_too_what_does_not_stand_out_is_dimmed(canvas: Canvas, desk: Desk) -> None:
    desk.take(desk.graph.add("Alone", Node("Tanh", {}, (616.0, 400.0))), "Add Alone")
    canvas.lens.look(Camera(0.2, 0.0, 0.0))
    canvas.highlight.point("C1")
    canvas.highlight.rest()
    image, colors = canvas.grab().toImage(), canvas.scene().theme
    assert image.pixelColor(132, 83) == mix(colors.canvas, colors.problem, 0.45)
    assert image.pixelColor(132, 12) == colors.family("Activation")


def test_the_selection_stands_out_only_when_asked_for(canvas: Canvas, desk: Desk) -> None:
    canvas.select({"C1"})
    assert canvas.highlight.trace() is None
    canvas.show_look(Look(traces_selection=True))
    assert canvas.highlight.trace() is not None
    canvas.select(set())
    assert canvas.highlight.trace() is None


def test_with_highlighting_off_the_pointer_may_rest(canvas: Canvas, desk: Desk) -> None:
    canvas.show_look(Look(traces_hover=False))
    canvas.highlight.point("C1")
    canvas.highlight.rest()
    assert canvas.highlight.trace() is None


def test_the_masks_follow_the_graph(canvas: Canvas, desk: Desk) -> None:
    canvas.show_look(Look(traces_selection=True))
    canvas.select({"C1"})
    before = canvas.highlight.trace()
    assert canvas.highlight.trace() is before
    desk.take(desk.graph.disconnect(*desk.graph.links.out_of["C1"]), "Disconnect")
    after = canvas.highlight.trace()
    assert before is not None
    assert after is not None
    assert after.nodes.sum() < before.nodes.sum()


@pytest.mark.parametrize("zoom", [1.0, 0.2])
def test_nodes_wear_the_colour_of_what_they_cost(canvas: Canvas, desk: Desk, zoom: float) -> None:
    canvas.lens.look(Camera(zoom, 0.0, 0.0))
    canvas.show_look(Look(colors="weights"))
    canvas.finish()
    image, colors = canvas.grab().toImage(), canvas.scene().theme
    x, y, width, _ = canvas.lens.camera.rect_to_view(canvas.drawing.nodes.rect("Scores"))
    at = QPoint(round(x + width / 2), round(y) + 2)
    assert image.pixelColor(at) == inks.scale(colors)[-1]
    coloring = canvas.scene().coloring
    assert coloring is not None
    assert coloring.note(canvas.drawing.nodes.row["Scores"])[1] == "98 %"
    assert coloring.note(canvas.drawing.nodes.row["Tanh"]) == ("", "")


def test_an_edit_changes_the_shares_of_all(canvas: Canvas, desk: Desk) -> None:
    canvas.show_look(Look(colors="weights"))
    before = canvas.scene().coloring
    desk.take(desk.graph.put({"C1": desk.graph.nodes["C1"].set(kernel=9)}), "Set filters")
    after = canvas.scene().coloring
    assert before is not None
    assert after is not None
    row = canvas.drawing.nodes.row["C1"]
    assert before.note(row) != after.note(row)
    assert not np.array_equal(before.index, after.index)


def bar_of(canvas: Canvas) -> CanvasBar:
    return next(overlay for overlay in canvas.overlays if isinstance(overlay, CanvasBar))


def legend_of(canvas: Canvas) -> Legend:
    return next(overlay for overlay in canvas.overlays if isinstance(overlay, Legend))


def test_the_legend_shows_with_the_colours_it_explains(canvas: Canvas, desk: Desk) -> None:
    assert legend_of(canvas).area() is None
    for by in set(COLORINGS) - {"family"}:
        canvas.show_look(Look(colors=by))
        area, bar = legend_of(canvas).area(), bar_of(canvas).area()
        assert area is not None
        assert bar is not None
        assert not area.intersects(bar)
        canvas.grab()


def test_the_bar_gives_way_where_the_canvas_is_narrow(canvas: Canvas, desk: Desk) -> None:
    canvas.resize(400, 400)
    assert bar_of(canvas).area() is None
    assert bar_of(canvas).targets() == []


def test_every_button_of_the_bar_is_an_action_of_the_window(window: Window, qtbot: QtBot) -> None:
    canvas = window.workspace.canvas
    hand, bar = Hand(canvas), bar_of(canvas)
    for index in (0, 2):
        target = bar.targets()[index]
        with qtbot.waitSignal(canvas.commands.action_wanted) as wanted:
            hand.click(target.rect.center().toPoint())
        assert window.actions_bar.row(wanted.args[0])
    assert not canvas.look.shapes
    assert window.preferences.look == canvas.look
    assert all(window.actions_bar.row(title) for title in COLOR_ACTIONS.values())


def test_the_colours_are_chosen_in_a_menu_over_the_bar(window: Window) -> None:
    canvas = window.workspace.canvas
    Hand(canvas).click(bar_of(canvas).targets()[1].rect.center().toPoint())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Colour by family"]
    next(action for action in menu.actions() if action.text() == "Colour by state").trigger()
    menu.close()
    assert canvas.look.colors == "state"
    assert window.preferences.look.colors == "state"


def test_the_minimap_can_be_left_out(window: Window) -> None:
    canvas = window.workspace.canvas
    canvas.lens.look(Camera(2.0, 0.0, 0.0))
    assert canvas.minimap.area() is not None
    window.run("Show minimap")
    assert canvas.minimap.area() is None


def test_the_minimap_stands_clear_of_the_bar(canvas: Canvas, desk: Desk) -> None:
    canvas.lens.look(Camera(2.0, 0.0, 0.0))
    canvas.show_look(Look(colors="state"))
    areas = [canvas.minimap.area(), bar_of(canvas).area(), legend_of(canvas).area()]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert not areas[one].intersects(areas[other])  # type: ignore[union-attr,arg-type]
