"""What is painted, pixel by pixel where it matters."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from studio.core.graph import Node
from studio.gui import theme
from studio.gui.canvas import lettering
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.detail import Detail
from studio.gui.canvas.faces import paint_face
from studio.gui.canvas.geometry import TITLE_LEFT
from studio.gui.canvas.look import Look
from studio.gui.style.tokens import DARK, LIGHT, Theme
from tests.gui.canvas.conftest import Desk


@pytest.fixture(params=[DARK, LIGHT], ids=["dark", "light"])
def colors(request: pytest.FixtureRequest, qapp: QApplication, desk: Desk) -> Iterator[Theme]:
    theme.apply(qapp, request.param)
    yield request.param
    theme.apply(qapp, DARK)


def look(canvas: Canvas) -> QImage:
    canvas.finish()
    return canvas.grab().toImage()


def holds(image: QImage, color: QColor, corner: QPoint, size: QPoint) -> bool:
    """Whether a rectangle of the picture holds a colour."""
    return any(
        image.pixelColor(x, y) == color
        for x in range(corner.x(), corner.x() + size.x())
        for y in range(corner.y(), corner.y() + size.y())
    )


def test_a_node_wears_the_colour_of_its_family_at_its_top_edge(canvas: Canvas, colors: Theme) -> None:
    image = look(canvas)
    assert image.pixelColor(360, 49) == colors.family("Convolution")
    assert image.pixelColor(648, 49) == colors.family("Activation")


@pytest.mark.parametrize(("width", "has_icon"), [(96, True), (56, False)])
def test_from_afar_a_name_that_would_be_cut_takes_the_place_of_the_icon(
    canvas: Canvas, desk: Desk, width: int, has_icon: bool
) -> None:
    card = replace(canvas.drawing.card("Tanh"), title="Tanh 2")
    box = replace(canvas.drawing.nodes.boxes[canvas.drawing.nodes.row["Tanh"]], width=width)
    drawn: list[str] = []
    picture = QImage(200, 100, QImage.Format.Format_ARGB32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("studio.gui.canvas.faces.draw_icon", lambda painter, name, *_: drawn.append(name))
        with QPainter(picture) as painter:
            paint_face(painter, card, box, DARK, Detail.TITLES, 0.8)
    assert bool(drawn) is has_icon


def test_what_a_node_is_never_runs_into_its_name_however_large_that_is_drawn(canvas: Canvas, desk: Desk) -> None:
    card = replace(canvas.drawing.card("Tanh"), title="Scores of real", type_text="Discriminator")
    box = replace(canvas.drawing.nodes.boxes[canvas.drawing.nodes.row["Tanh"]], width=190)
    pictures = []
    for type_text in ("D", card.type_text):
        pictures.append(QImage(107, 60, QImage.Format.Format_ARGB32))
        pictures[-1].fill(DARK.canvas)
        with QPainter(pictures[-1]) as painter:
            painter.scale(0.56, 0.56)
            paint_face(painter, replace(card, type_text=type_text), box, DARK, Detail.SHAPES, 0.56)
    left, end = TITLE_LEFT, TITLE_LEFT + lettering.width(card.title, "title") * lettering.enlarged("title", 0.56)
    name = QRect(round(left * 0.56), 2, round((end - left) * 0.56), 17)
    beside_little, beside_much = (picture.copy(name) for picture in pictures)
    assert beside_little == beside_much


def test_a_port_wears_the_colour_of_what_flows(canvas: Canvas, colors: Theme) -> None:
    image = look(canvas)
    assert image.pixelColor(canvas.point_of("C1", "out")) == colors.flow("image")
    assert image.pixelColor(canvas.point_of("Scores", "out")) == colors.flow("vector")


def test_the_outline_of_a_selected_node_lies_three_pixels_outside(canvas: Canvas, colors: Theme) -> None:
    canvas.select({"C1"})
    image = look(canvas)
    assert image.pixelColor(360, 48 - 3) == colors.accent
    assert image.pixelColor(360, 48 - 6) != colors.accent


def test_a_problem_is_marked_by_outline_port_and_sign(canvas: Canvas, desk: Desk, colors: Theme) -> None:
    desk.take(desk.graph.remove(["Flatten"], heal=True), "Delete Flatten")
    image = look(canvas)
    x, y, width, _ = (round(value) for value in canvas.drawing.nodes.rect("Scores"))
    assert image.pixelColor(canvas.point_of("Scores", canvas.drawing.ports_of("Scores")[0].port)) == colors.problem
    assert holds(image, colors.problem, QPoint(x + width - 28, y + 9), QPoint(16, 16))


def test_from_afar_nodes_are_filled_with_the_colour_of_their_family(canvas: Canvas, colors: Theme) -> None:
    for zoom in (0.2, 0.08):
        canvas.lens.look(Camera(zoom, 100.0, 100.0))
        image = look(canvas)
        x, y, width, height = canvas.lens.camera.rect_to_view(canvas.drawing.nodes.rect("C1"))
        assert image.pixelColor(round(x + 2), round(y + height - 2)) == colors.family("Convolution")
        assert width > 4


def test_settings_give_way_before_titles(canvas: Canvas, colors: Theme) -> None:
    def inks(zoom: float, top: float, bottom: float) -> int:
        """How many pixels of a band across C1 differ from the colour of its body."""
        canvas.lens.look(Camera(zoom, 0.0, 0.0))
        image = look(canvas)
        x, y, width, _ = canvas.drawing.nodes.rect("C1")
        rows = range(round((y + top) * zoom), round((y + bottom) * zoom))
        columns = range(round((x + 12) * zoom), round((x + width - 12) * zoom))
        return sum(image.pixelColor(column, row) != colors.raised for row in rows for column in columns)

    assert inks(1.0, 36, 78) > 0
    assert inks(0.6, 36, 78) == 0
    assert inks(0.6, 8, 28) > 0
    assert inks(0.4, 8, 28) > 0


def test_pictures_stand_on_the_node_while_they_are_given(canvas: Canvas, colors: Theme) -> None:
    tile = QImage(28, 28, QImage.Format.Format_RGB32)
    tile.fill(QColor("#123456"))
    before = canvas.drawing.nodes.rect("C1")
    canvas.set_strip("C1", [tile] * 6)
    x, y, width, height = canvas.drawing.nodes.rect("C1")
    assert (width, height) == (216, before[3] + 42)
    image = look(canvas)
    assert image.pixelColor(round(x) + 20, round(y + height) - 28 - 20) == QColor("#123456")
    canvas.set_strip("C1", [])
    assert canvas.drawing.nodes.rect("C1") == before


def test_a_picture_that_changes_is_painted_again(canvas: Canvas, colors: Theme) -> None:
    tiles = []
    for color in ("#102030", "#302010"):
        tile = QImage(28, 28, QImage.Format.Format_RGB32)
        tile.fill(QColor(color))
        tiles.append(tile)
    canvas.set_strip("C1", tiles[:1])
    look(canvas)
    canvas.set_strip("C1", tiles[1:])
    x, y, _, height = canvas.drawing.nodes.rect("C1")
    assert canvas.grab().toImage().pixelColor(round(x) + 20, round(y + height) - 48) == QColor("#302010")


def test_shapes_on_links_can_be_left_out(canvas: Canvas, colors: Theme) -> None:
    middle = (canvas.point_of("C1", "out") + canvas.point_of("Tanh", canvas.drawing.ports_of("Tanh")[0].port)) / 2
    corner, size = middle - QPoint(20, 6), QPoint(40, 12)
    assert holds(look(canvas), colors.text2, corner, size)
    canvas.show_look(Look(shapes=False))
    assert not holds(look(canvas), colors.text2, corner, size)


def test_larger_text_enlarges_the_graph_and_not_the_zoom(canvas: Canvas, desk: Desk, qapp: QApplication) -> None:
    width = canvas.drawing.nodes.rect("Tanh")[2]
    theme.apply(qapp, DARK, scale=1.5)
    try:
        assert canvas.lens.camera.zoom == pytest.approx(1.0)
        assert canvas.lens.camera.scale == pytest.approx(1.5)
        assert canvas.drawing.nodes.rect("Tanh")[2] == pytest.approx(width, abs=8)
    finally:
        theme.apply(qapp, DARK)


@pytest.mark.parametrize("zoom", [1.0, 0.6, 0.4, 0.2, 0.05, 2.0])
def test_odd_nodes_are_painted_at_every_zoom(canvas: Canvas, desk: Desk, zoom: float) -> None:
    odd = {
        "A very long name that does not fit on any node at all": Node("Conv2d", {}, (40.0, 400.0), bypassed=True),
        "Unknown": Node("NoSuchType", {"a": 1}, (304.0, 400.0)),
        "Folded": Node("Add", {}, (568.0, 400.0), collapsed=True),
        "Placed": Node("Block", {}, (832.0, 400.0), graph="missing", repeat=4, share_weights=True),
        "×": Node("LSTM", {}, (1000.0, 400.0), shares_with="C1"),
    }
    graph = desk.graph
    for name, node in odd.items():
        graph = graph.add(name, node)
    desk.take(graph, "Add odd nodes")
    empty = look(canvas)
    canvas.lens.look(Camera(zoom, 10.0, 10.0))
    assert look(canvas) != empty
