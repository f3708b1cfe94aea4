"""The parts of a card: rows that go on below, derivations, lines of shapes, sources."""

import pytest
from pytestqt.qtbot import QtBot

from studio.core.card import Source, card_of, card_of_class
from studio.core.catalog import catalog
from studio.core.derivation import Factor, Term, written
from studio.core.node_class import NodeClass
from studio.core.shape import LABEL, LOSS, image, sequence, vector
from studio.gui import fonts
from studio.gui.formula.view import Formula
from studio.gui.style.measures import INSPECTOR_WIDTH, PANEL_PADDING
from studio.gui.teaching.column import TeachingColumn
from studio.gui.teaching.factors import FactorRow, cells
from studio.gui.teaching.flow import FlowView, flow
from studio.gui.teaching.link import SourceLink
from studio.gui.teaching.shapes import ShapeLine

WEIGHTS = (
    Term((Factor((5, 5), "kernel"), Factor((1,), "in"), Factor((6,), "filters"))),
    Term((Factor((6,), "biases"),), is_matrix=False),
)
CARD_ROOM = INSPECTOR_WIDTH - 2 * PANEL_PADDING


def rows(widths: list[float], room: float, **options: object) -> list[int]:
    return [place.row for place in flow(widths, room, 4.0, **options)]  # type: ignore[arg-type]


def test_parts_go_on_below_where_the_room_ends():
    assert rows([40, 40, 40], 90) == [0, 0, 1]
    assert rows([40, 40, 40], 200) == [0, 0, 0]
    assert rows([100, 100], 50) == [0, 1]


def test_a_group_that_would_be_torn_begins_a_row():
    assert rows([40, 40, 40], 90, starts=(0, 1)) == [0, 1, 1]
    assert rows([40, 40, 40, 40], 90, starts=(0, 1)) == [0, 0, 1, 1], "a group that fits nowhere is torn"


def test_rows_can_be_centred():
    assert [place.left for place in flow([40, 40], 100, 4.0, centred=True)] == [8.0, 52.0]


def test_weights_are_derived_as_they_are_taught():
    assert written(WEIGHTS) == "5·5·1·6 + 6 = 156"
    found = [(cell.sign, cell.number, cell.name) for cell in cells(WEIGHTS, "weights")]
    assert found == [
        ("", "5·5", "kernel"),
        ("·", "1", "in"),
        ("·", "6", "filters"),
        ("+", "6", "biases"),
        ("=", "156", "weights"),
    ]


def test_a_derivation_is_spoken_with_its_names(qtbot: QtBot):
    row = FactorRow(WEIGHTS, "weights")
    qtbot.addWidget(row)
    assert row.accessibleName() == "5·5 kernel times 1 in times 6 filters plus 6 biases equals 156 weights"


def test_ports_are_named_where_there_are_several(qtbot: QtBot):
    lines = (
        ShapeLine({"image": (image(1, 32, 32),)}, {"out": image(6, 28, 28)}),
        ShapeLine({"prediction": (vector(10),), "target": (LABEL,)}, {"loss": LOSS}),
        ShapeLine({"values": (vector(5), vector(2))}, {"out": vector(7)}),
        ShapeLine({}, {"out": sequence("T", 4)}),
    )
    for line in lines:
        qtbot.addWidget(line)
    assert [line.text for line in lines] == [
        "In 1×32×32 → Out 6×28×28",
        "In prediction 10 target label → Out loss",
        "In 5 2 → Out 7",
        "Out T×4",
    ]


def test_a_source_with_an_address_can_be_opened_and_one_without_cannot(qtbot: QtBot):
    paper, slide = SourceLink(Source("A paper", "https://example.org"), "link"), SourceLink(Source("A slide"), "book")
    for each in (paper, slide):
        qtbot.addWidget(each)
    assert paper.isEnabled()
    assert paper.accessibleDescription() == "Opens https://example.org"
    assert not slide.isEnabled()


def test_a_long_title_takes_several_lines(qtbot: QtBot):
    link = SourceLink(Source("A title of a paper that is so long that it cannot stand on one line of a panel"), "link")
    qtbot.addWidget(link)
    assert link.heightForWidth(200) > link.heightForWidth(2000)


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("cls", catalog().nodes.values(), ids=list(catalog().nodes))
@pytest.mark.parametrize("large", [False, True], ids=["inspector", "large"])
def test_nothing_of_a_card_is_cut_off(qtbot: QtBot, cls: type[NodeClass], scale: float, large: bool):
    fonts.set_scale(scale)
    try:
        column = TeachingColumn(large=large)
        qtbot.addWidget(column)
        column.show_card(card_of_class(cls))
        layout = column.layout()
        assert layout is not None
        assert layout.minimumSize().width() <= CARD_ROOM
        column.resize(CARD_ROOM, layout.heightForWidth(CARD_ROOM))
        layout.activate()
        for part in (*column.findChildren(FlowView), *column.findChildren(Formula), *column.findChildren(SourceLink)):
            assert part.height() >= part.heightForWidth(part.width()), part
        for row in column.findChildren(FlowView):
            widths = row.widths()
            assert all(place.left + widths[place.part] <= row.width() + 1 for place in row.places(row.width()))
    finally:
        fonts.set_scale(1.0)


def test_a_card_without_numbers_still_teaches(qtbot: QtBot):
    column = TeachingColumn()
    qtbot.addWidget(column)
    column.show_card(card_of(catalog().nodes["Conv2d"].of({})))
    assert column.findChildren(Formula)
    assert not column.findChildren(FactorRow)
