"""How often the window looks at its training."""

from collections.abc import Iterator

import pytest

from studio.gui.training.tempo import QUICKEST_MS, SHARE, SLOWEST_MS, Tempo


def settled(cost: float, processors: int) -> int:
    """The wait after many looks that cost so many seconds of a processor each."""
    spent: Iterator[float] = (look * cost for look in range(10_000))
    tempo = Tempo(processors, clock=lambda: next(spent))
    return [tempo.wait_ms() for _ in range(50)][-1]


@pytest.mark.parametrize(("cost", "processors"), [(0.008, 2), (0.02, 4), (0.03, 8)])
def test_looks_take_their_share_of_the_processors_and_no_more(cost: float, processors: int) -> None:
    assert cost / (settled(cost, processors) / 1000) == pytest.approx(SHARE * processors, rel=0.02)


def test_looks_that_cost_nothing_come_ten_times_a_second() -> None:
    assert settled(0.0, 2) == QUICKEST_MS


def test_looks_never_come_so_seldom_that_the_window_seems_to_stand_still() -> None:
    assert settled(1.0, 1) == SLOWEST_MS


def test_one_costly_look_does_not_slow_the_next_ones_much() -> None:
    clock = iter([0.0, 0.001, 0.002, 0.05, 0.051])
    tempo = Tempo(16, clock=lambda: next(clock))
    assert [tempo.wait_ms() for _ in range(4)][-1] <= 2 * QUICKEST_MS
