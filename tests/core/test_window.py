"""Sliding windows against torch, and sizes that vary."""

import pytest
import torch
from torch import nn

from studio.core.problem import Assign, Mismatch
from studio.core.window import places, short, shown


@pytest.mark.parametrize("ceil", [False, True])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize(("window", "stride", "padding"), [(2, 2, 0), (3, 2, 1), (3, 1, 0), (5, 3, 2), (2, 5, 1)])
def test_a_window_finds_the_places_that_torch_finds(
    window: int, stride: int, padding: int, dilation: int, ceil: bool
) -> None:
    pool = nn.MaxPool1d(window, stride, padding, dilation, ceil_mode=ceil)
    for size in range(dilation * (window - 1) + 1, 20):
        expected = pool(torch.empty(1, 1, size, device="meta")).shape[-1]
        assert places((size,), window, stride, padding, dilation, ceil=ceil) == (expected,)


@pytest.mark.parametrize(
    ("window", "stride", "padding", "text"),
    [(1, 1, 0, "T"), (3, 1, 1, "T"), (5, 1, 0, "T-4"), (2, 2, 0, "⌊T/2⌋"), (3, 2, 1, "⌊(T+1)/2⌋"), (1, 1, 2, "T+4")],
)
def test_a_size_that_varies_is_carried_in_the_shortest_words(window: int, stride: int, padding: int, text: str) -> None:
    assert places(("T",), window, stride, padding) == (text,)


def test_what_is_taken_away_twice_is_said_once() -> None:
    assert places(places(("T",), 5), 3) == ("T-6",)
    assert places(places(("T",), 5), 3, padding=3) == ("T",)


def test_a_window_that_does_not_fit_says_which_would() -> None:
    with pytest.raises(Mismatch, match="A window of 5 does not fit into 4 pixels") as caught:
        places((4, 9), (5, 3))
    assert caught.value.repairs == (Assign("kernel", (4, 3), "Set kernel to 4×3"),)


def test_equal_numbers_along_all_axes_are_written_once() -> None:
    assert (short((3, 3)), short((3, 5)), short(4)) == (3, (3, 5), 4)
    assert (shown((3, 5)), shown(3)) == ("3×5", "3")
