"""Where the parts of a node lie, and what lies under a point."""

import pytest

from studio.gui.canvas.card import Card, PortMark
from studio.gui.canvas.geometry import (
    NARROWEST,
    WIDEST,
    PlacedPort,
    box_of,
    placed_ports,
    port_under,
    snapped,
    spanned,
    united,
)


def measure(text: str, style: str) -> float:
    """Every letter is seven pixels wide."""
    return 7.0 * len(text)


CONV = Card(
    "C1",
    "Conv2d",
    rows=(("Filters", "6"), ("Kernel", "5 × 5")),
    shape="6×28×28",
    weights=156,
    inputs=(PortMark("image"),),
    outputs=(PortMark("out"),),
)


def test_a_node_without_settings_is_only_its_header() -> None:
    box = box_of(Card("Tanh", inputs=(PortMark("values"),), outputs=(PortMark("out"),), shape="6×28×28"), measure)
    assert (box.width, box.height) == (NARROWEST, 32)


def test_two_settings_and_a_footer_take_the_heights_of_the_style() -> None:
    box = box_of(CONV, measure)
    assert (box.rows_top, box.footer_top, box.height) == (32, 80, 108)


def test_a_feature_strip_stands_between_settings_and_footer() -> None:
    box = box_of(Card("C1", rows=CONV.rows, weights=156, strip=6), measure)
    assert (box.strip_top, box.footer_top, box.height, box.width) == (80, 122, 150, 216)


def test_a_width_is_a_multiple_of_the_grid_and_stays_in_its_bounds() -> None:
    wide = box_of(Card("A name that is far too long for the widest node of all"), measure)
    assert box_of(CONV, measure).width % 8 == 0
    assert wide.width == WIDEST


def test_ports_begin_at_header_height_and_go_down_in_steps() -> None:
    card = Card("Add", inputs=(PortMark("a"), PortMark("b")), outputs=(PortMark("out"),))
    ports = placed_ports("Add", card, box_of(card, measure), (100.0, 200.0))
    assert [port.center for port in ports] == [(100.0, 216.0), (100.0, 250.0), (196.0, 216.0)]
    assert [port.is_output for port in ports] == [False, False, True]


def test_a_collapsed_node_has_all_its_ports_at_its_header() -> None:
    card = Card("Add", inputs=(PortMark("a"), PortMark("b")), collapsed=True)
    box = box_of(card, measure)
    assert box.height == 32
    assert {y for _, y in box.inputs} == {16}


@pytest.mark.parametrize(("x", "found"), [(100.0, "near"), (113.0, "near"), (120.0, "far"), (200.0, None)])
def test_the_nearest_port_within_reach_is_found(x: float, found: str | None) -> None:
    ports = [PlacedPort("A", "near", True, (100.0, 0.0)), PlacedPort("B", "far", False, (128.0, 0.0))]
    hit = port_under((x, 0.0), ports)
    assert (hit.port if hit else None) == found


def test_points_snap_to_the_grid_of_eight() -> None:
    assert snapped((11.0, -13.0)) == (8.0, -16.0)


def test_a_rectangle_spans_two_corners_whichever_they_are() -> None:
    assert spanned((10.0, 50.0), (4.0, 60.0)) == (4.0, 50.0, 6.0, 10.0)


def test_rectangles_unite_and_nothing_unites_to_nothing() -> None:
    assert united([(0.0, 0.0, 1.0, 1.0), (5.0, -2.0, 1.0, 1.0)]) == (0.0, -2.0, 6.0, 3.0)
    assert united([]) is None
