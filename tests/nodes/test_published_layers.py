"""The layers of the published LeNet-5 against a computation by hand in float64."""

import itertools

import pytest
import torch
from torch.nn import functional as F

from nodes.modules.rbf import DIGITS, RBFOutput
from nodes.modules.sparse_conv import C3_TABLE, SparseConv2d
from nodes.modules.subsampling import TrainableSubsampling

TABLE = """
#...###..####.##
##...###..####.#
###...###..#.###
.###..####..#.##
..###..####.##.#
...###..####.###
"""
"""Table I of the paper: rows are maps of S2, columns maps of C3."""


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def test_the_connections_of_c3_are_those_of_the_table() -> None:
    rows = TABLE.split()
    columns = [tuple(row for row in range(6) if rows[row][column] == "#") for column in range(16)]
    assert tuple(columns) == C3_TABLE
    assert sum(map(len, C3_TABLE)) == 60


def test_a_sparse_convolution_sums_the_correlations_of_the_maps_it_sees() -> None:
    layer = SparseConv2d(3).double()
    images = torch.rand(2, 6, 7, 8, dtype=torch.float64)
    kernels = iter(layer.weight)
    for place, inputs in enumerate(C3_TABLE):
        expected = sum(F.conv2d(images[:, [channel]], next(kernels)[None, None])[:, 0] for channel in inputs)
        torch.testing.assert_close(layer(images)[:, place], expected + layer.bias[place])


def test_a_map_of_c3_ignores_what_it_is_not_connected_to() -> None:
    layer, images = SparseConv2d(5), torch.rand(1, 6, 14, 14)
    for channel in range(6):
        changed = images.clone()
        changed[:, channel] += 1
        moved = (layer(changed) != layer(images)).flatten(2).any(dim=2)[0]
        assert [bool(m) for m in moved] == [channel in inputs for inputs in C3_TABLE]


def test_subsampling_sums_each_window_times_coefficient_plus_bias() -> None:
    layer = TrainableSubsampling(2).double()
    with torch.no_grad():
        layer.coefficient.copy_(torch.tensor([0.5, -2.0]))
        layer.bias.copy_(torch.tensor([1.0, 3.0]))
    image = torch.arange(2 * 4 * 4, dtype=torch.float64).reshape(1, 2, 4, 4)
    result = layer(image)
    for channel, row, column in itertools.product(range(2), range(2), range(2)):
        total = image[0, channel, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2].sum()
        expected = total * (0.5, -2.0)[channel] + (1.0, 3.0)[channel]
        assert result[0, channel, row, column] == expected


def test_subsampling_begins_as_an_average() -> None:
    image = torch.rand(2, 3, 9, 9)
    torch.testing.assert_close(TrainableSubsampling(3, window=3)(image), F.avg_pool2d(image, 3))


def test_rbf_scores_are_negated_squared_distances() -> None:
    layer, values = RBFOutput(), torch.randn(5, 84)
    torch.testing.assert_close(layer(values), -(torch.cdist(values, layer.centres) ** 2), rtol=1e-4, atol=1e-3)
    assert list(layer.parameters()) == []


def test_each_drawn_digit_is_nearest_to_itself() -> None:
    layer = RBFOutput()
    scores = layer(layer.centres)
    assert scores.argmax(dim=1).tolist() == list(range(10))
    assert scores.diagonal().tolist() == [0.0] * 10
    assert scores.topk(2).values[:, 1].max() <= -16, "two digits differ in at least four pixels"


def test_digits_are_drawn_on_seven_by_twelve_pixels() -> None:
    for drawn in DIGITS:
        rows = drawn.split()
        assert (len(rows), {len(row) for row in rows}) == (12, {7})


def test_other_sizes_have_patterns_that_are_the_same_each_time() -> None:
    first, second = RBFOutput(20, 30), RBFOutput(20, 30)
    assert torch.equal(first.centres, second.centres)
    assert set(first.centres.flatten().tolist()) == {-1.0, 1.0}
    assert len({tuple(row.tolist()) for row in first.centres}) == 30
