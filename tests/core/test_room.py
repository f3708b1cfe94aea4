"""Room for a node between two others: it stands on none of them, and what has to move keeps its order."""

from __future__ import annotations

import pytest

from studio.core.graph import Graph, Node, Point
from studio.core.room import behind, between


def size(_: str) -> Point:
    return 150.0, 100.0


def graph(**places: Point) -> Graph:
    return Graph({name: Node("ReLU", {}, place) for name, place in places.items()})


def overlaps(a: Point, b: Point) -> bool:
    return abs(a[0] - b[0]) < 150.0 and abs(a[1] - b[1]) < 100.0


def test_a_wide_gap_takes_the_node_in_its_middle_and_nothing_moves() -> None:
    room = between(graph(a=(0.0, 0.0), b=(550.0, 0.0)), "a", "b", (150.0, 100.0), size)
    assert room.place == (275.0, 0.0)
    assert room.moved == {}


def test_in_a_narrow_gap_the_row_moves_to_the_right_and_other_rows_stay() -> None:
    drawn = graph(a=(0.0, 0.0), b=(200.0, 0.0), c=(400.0, 20.0), below=(200.0, 300.0))
    room = between(drawn, "a", "b", (150.0, 100.0), size)
    after = room.given_in(drawn).nodes
    assert after["a"].position == (0.0, 0.0)
    assert after["below"].position == (200.0, 300.0)
    assert after["b"].position[0] - 200.0 == after["c"].position[0] - 400.0 > 0
    assert room.place[0] + 150.0 < after["b"].position[0]


def test_a_link_back_to_the_left_takes_the_node_where_it_arrives() -> None:
    room = between(graph(a=(600.0, 0.0), b=(300.0, 200.0)), "a", "b", (150.0, 100.0), size)
    assert room.place == (102.0, 200.0)


@pytest.mark.parametrize("crowd", range(6))
def test_no_node_is_covered_however_crowded_it_is(crowd: int) -> None:
    places = {f"n{at}": (at * 160.0, row * 110.0 + at * 7.0) for row in range(2) for at in range(crowd * 2)}
    drawn = graph(a=(0.0, 400.0), b=(170.0 * crowd, 60.0), **places)
    room = between(drawn, "a", "b", (150.0, 100.0), size)
    after = room.given_in(drawn)
    assert not [name for name, node in after.nodes.items() if overlaps(node.position, room.place)]


def test_a_node_behind_another_stands_right_of_it_or_below_what_is_there() -> None:
    assert behind(graph(a=(0.0, 0.0)), "a", (150.0, 100.0), size) == (198.0, 0.0)
    place = behind(graph(a=(0.0, 0.0), b=(200.0, 10.0)), "a", (150.0, 100.0), size)
    assert place[0] == 198.0
    assert not overlaps(place, (200.0, 10.0))
