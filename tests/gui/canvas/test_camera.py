"""Zoom and fit as arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.gui.canvas.camera import LARGEST, SMALLEST, Camera
from studio.gui.canvas.detail import Detail

pixels = st.floats(0, 2000)


@given(pixels, pixels, st.floats(-6, 6))
def test_the_point_under_the_pointer_stays_there_while_zooming(x: float, y: float, steps: float) -> None:
    camera = Camera(1.0, 17.0, -4.0)
    before = camera.to_scene((x, y))
    after = camera.stepped(steps, (x, y)).to_view(before)
    assert after == pytest.approx((x, y), abs=0.51)


def test_a_notch_in_and_a_notch_out_lead_back_to_where_one_was() -> None:
    camera = Camera()
    there = camera.stepped(1, (300.0, 200.0))
    assert there.zoom > 1
    assert there.stepped(-1, (300.0, 200.0)).zoom == pytest.approx(1.0)


def test_zooms_have_ends() -> None:
    assert Camera().stepped(99, (0.0, 0.0)).zoom == LARGEST
    assert Camera().stepped(-99, (0.0, 0.0)).zoom == pytest.approx(SMALLEST)


@pytest.mark.parametrize("bounds", [(0.0, 0.0, 5000.0, 300.0), (-900.0, 40.0, 10.0, 10.0), (0.0, 0.0, 100.0, 9000.0)])
def test_what_is_fitted_is_in_view_and_not_larger_than_life(bounds: tuple[float, float, float, float]) -> None:
    camera = Camera().fitted(bounds, (800.0, 600.0))
    assert camera.shows(bounds, (800.0, 600.0))
    assert camera.zoom <= 1.0


def test_larger_text_makes_what_counts_as_all_of_it_larger() -> None:
    camera = Camera(unit=1.5).zoomed(1.0, (0.0, 0.0))
    assert (camera.scale, camera.zoom) == (1.5, 1.0)


@pytest.mark.parametrize(
    ("zoom", "detail"),
    [(1.0, "ALL"), (0.75, "ALL"), (0.6, "SHAPES"), (0.4, "TITLES"), (0.2, "BLOCKS"), (0.05, "SPECKS")],
)
def test_detail_gives_way_in_steps(zoom: float, detail: str) -> None:
    assert Detail.at(zoom) is Detail[detail]
