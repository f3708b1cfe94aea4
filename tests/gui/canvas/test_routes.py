"""The lines of links: ends, corners, gaps, clipping and distance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.gui.canvas import routes

coordinate = st.floats(-2000, 2000)


@given(coordinate, coordinate, coordinate, coordinate)
def test_every_line_begins_at_the_output_and_ends_at_the_input(x0: float, y0: float, x1: float, y1: float) -> None:
    ends = np.array([[x0, y0, x1, y1]])
    groups = routes.points_of(ends, np.array([y1 + 50.0]), 16)
    (line,) = (points for group in groups for points in group)
    assert np.allclose(line[0], (x0, y0), atol=1e-6)
    assert np.allclose(line[-1], (x1, y1), atol=1e-6)


def test_a_link_between_ports_of_one_height_is_straight() -> None:
    line = routes.curves(np.array([[0.0, 16.0, 100.0, 16.0]]), 8)[0]
    assert np.allclose(line[:, 1], 16.0)


def test_a_backwards_link_leaves_right_runs_through_the_gap_and_arrives_from_the_left() -> None:
    line = routes.detours(np.array([[400.0, 16.0, 100.0, 216.0]]), np.array([120.0]))[0]
    assert line[:, 0].max() == pytest.approx(400 + routes.LEAVE)
    assert line[:, 0].min() == pytest.approx(100 - routes.ARRIVE)
    assert (np.abs(line[:, 1] - 120.0) < 1e-9).sum() >= 2


def test_from_afar_a_backwards_link_goes_the_same_way_around_square_corners() -> None:
    ends, gap = np.array([[400.0, 16.0, 100.0, 216.0]]), np.array([120.0])
    near, far = routes.detours(ends, gap)[0], routes.square(ends, gap)[0]
    assert np.allclose([near.min(axis=0), near.max(axis=0)], [far.min(axis=0), far.max(axis=0)])
    assert all(0.0 in np.abs(piece) for piece in np.diff(far, axis=0))


def test_the_corners_of_a_backwards_link_are_quarter_circles_of_twenty_pixels() -> None:
    line = routes.detours(np.array([[400.0, 0.0, 100.0, 300.0]]), np.array([150.0]), arc=6)[0]
    center = np.array([400 + routes.LEAVE - 20.0, 20.0])
    first_corner = line[1:7]
    assert np.allclose(np.hypot(*(first_corner - center).T), 20.0)


def test_a_backwards_link_runs_in_the_middle_of_the_widest_gap_between_the_rows() -> None:
    source, target = np.array([[400.0, 0.0, 100.0, 50.0]]), np.array([[0.0, 200.0, 100.0, 50.0]])
    taller = np.array([[200.0, 0.0, 100.0, 120.0], [0.0, 200.0, 100.0, 50.0], [900.0, 60.0, 50.0, 130.0]])
    assert routes.gaps_between(source, target, taller) == pytest.approx([160.0])


def test_a_link_back_to_the_same_row_runs_below_both_nodes() -> None:
    source, target = np.array([[400.0, 0.0, 100.0, 50.0]]), np.array([[0.0, 10.0, 100.0, 90.0]])
    assert routes.gaps_between(source, target, np.empty((0, 4))) == [100.0 + routes.AROUND]


def test_what_lies_outside_the_view_is_cut_off() -> None:
    pieces = np.array([[-1e6, 50.0, 1e6, 50.0], [0.0, -10.0, 100.0, -10.0], [-50.0, -50.0, 150.0, 150.0]])
    cut = routes.clipped(pieces, (0.0, 0.0, 100.0, 100.0))
    assert np.allclose(cut, [[0, 50, 100, 50], [0, 0, 100, 100]])


@given(st.lists(st.tuples(coordinate, coordinate, coordinate, coordinate), min_size=1, max_size=20))
def test_clipped_pieces_lie_in_the_view_and_on_the_lines_they_come_from(
    lines: list[tuple[float, float, float, float]],
) -> None:
    view = (-100.0, -50.0, 300.0, 200.0)
    cut = routes.clipped(np.array(lines), view)
    assert (cut[:, [0, 2]] >= -100 - 1e-6).all()
    assert (cut[:, [0, 2]] <= 200 + 1e-6).all()
    whole = [np.array(line).reshape(2, 2) for line in lines]
    for piece in cut:
        assert min(routes.distance_to(line, (piece[0], piece[1])) for line in whole) < 1e-3


def test_the_distance_to_a_line_counts_its_ends() -> None:
    line = np.array([[0.0, 0.0], [10.0, 0.0]])
    assert routes.distance_to(line, (5.0, 3.0)) == pytest.approx(3.0)
    assert routes.distance_to(line, (13.0, 4.0)) == pytest.approx(5.0)


@given(coordinate, coordinate, coordinate, coordinate)
def test_the_bounds_of_a_link_hold_every_point_of_it(x0: float, y0: float, x1: float, y1: float) -> None:
    ends, gap = np.array([[x0, y0, x1, y1]]), np.array([y0 + 70.0])
    left, top, right, bottom = routes.bounds_of(ends, gap)[0]
    for group in routes.points_of(ends, gap, 12):
        for line in group:
            assert (line >= np.array([left, top]) - 1e-6).all()
            assert (line <= np.array([right, bottom]) + 1e-6).all()


@given(st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=6))
def test_a_line_through_points_touches_each_of_them_without_a_gap(points: list[tuple[float, float]]) -> None:
    pieces = routes.through(np.array(points))
    assert np.allclose(pieces[1:, 0], pieces[:-1, 3], atol=1e-6)
    joints = np.concatenate([pieces[:, 0], pieces[-1:, 3]])
    for x, y in points:
        assert np.hypot(*(joints - (x, y)).T).min() < 1e-6


def test_a_line_through_points_leaves_and_arrives_to_the_right_and_turns_with_rounded_corners() -> None:
    pieces = routes.through(np.array([[400.0, 16.0], [250.0, 120.0], [100.0, 216.0]]))
    line = routes.beziers(pieces, 8)
    assert line[..., 0].max() == pytest.approx(400 + routes.LEAVE)
    assert line[..., 0].min() == pytest.approx(100 - routes.ARRIVE)
    assert (pieces[0, 1, 0], pieces[-1, 2, 0]) > (400.0, 0.0)
    assert pieces[-1, 2, 0] < 100.0


def test_a_new_point_belongs_between_the_neighbours_it_is_nearest_to() -> None:
    chain = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0]])
    assert routes.nearest_span(chain, (40.0, 5.0)) == 0
    assert routes.nearest_span(chain, (104.0, 60.0)) == 1


def test_dashes_lie_along_the_line_at_even_distances() -> None:
    pieces = routes.dashes(np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]]), 4.0, 2.0)
    assert pieces.tolist() == [
        [0.0, 0.0, 4.0, 0.0],
        [6.0, 0.0, 10.0, 0.0],
        [10.0, 2.0, 10.0, 6.0],
        [10.0, 8.0, 10.0, 10.0],
    ]


def test_a_line_without_length_has_no_more_than_a_dot() -> None:
    assert routes.dashes(np.array([[5.0, 5.0], [5.0, 5.0]]), 4.0, 2.0).tolist() == [[5.0, 5.0, 5.0, 5.0]]
