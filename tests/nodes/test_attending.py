"""Attention, transformer layers, positions and recurrent cells, against a computation by hand or torch's own parts."""

from math import cos, sin, sqrt

import pytest
import torch
from torch import nn

from nodes.attention import MultiHeadAttention
from nodes.cell import GRUCell, LSTMCell, RNNCell
from nodes.dot_attention import ScaledDotProductAttention
from nodes.modules.position import LearnedPositions
from nodes.position import PositionEncoding
from nodes.sequence import RNN
from nodes.transformer import TransformerDecoderLayer, TransformerEncoderLayer
from studio.compiler.printing import Printer
from studio.compiler.results import count
from studio.core.node_class import NodeClass, values_for
from studio.core.problem import Assign, Mismatch
from studio.core.shape import Shape, sequence, vector

from .computing import answer, answers


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def test_attention_is_softmax_of_the_similarities_times_the_values() -> None:
    query, key, value = torch.rand(2, 3, 4), torch.rand(2, 5, 4), torch.rand(2, 5, 6)
    shares = (query @ key.transpose(1, 2) / sqrt(4)).softmax(dim=2)
    given = ((sequence(3, 4), query), (sequence(5, 4), key), (sequence(5, 6), value))
    torch.testing.assert_close(answer(ScaledDotProductAttention(), *given), shares @ value)


def test_each_head_attends_with_its_own_share_of_the_features() -> None:
    query, key, value = torch.rand(2, 3, 8), torch.rand(2, 5, 8), torch.rand(2, 5, 6)
    heads = [
        answer(
            ScaledDotProductAttention(),
            (sequence(3, 4), query[..., 4 * head : 4 * head + 4]),
            (sequence(5, 4), key[..., 4 * head : 4 * head + 4]),
            (sequence(5, 3), value[..., 3 * head : 3 * head + 3]),
        )
        for head in (0, 1)
    ]
    given = ((sequence(3, 8), query), (sequence(5, 8), key), (sequence(5, 6), value))
    torch.testing.assert_close(answer(ScaledDotProductAttention(heads=2), *given), torch.cat(heads, dim=2))


CAUSAL = [
    MultiHeadAttention(heads=2, causal=True),
    ScaledDotProductAttention(causal=True),
    TransformerEncoderLayer(heads=2, hidden=8, dropout=0.0, causal=True),
    TransformerDecoderLayer(heads=2, hidden=8, dropout=0.0),
]


@pytest.mark.parametrize("node", CAUSAL, ids=lambda node: type(node).__name__)
def test_a_causal_layer_does_not_see_what_comes_later(node: NodeClass) -> None:
    values, memory = torch.rand(1, 6, 8), torch.rand(1, 5, 8)
    changed = torch.cat((values[:, :3], torch.rand(1, 3, 8)), dim=1)
    found = []
    for each in (values, changed):
        torch.manual_seed(0)
        given = [(sequence(6, 8), each)]
        if isinstance(node, ScaledDotProductAttention):
            given *= 3
        if isinstance(node, TransformerDecoderLayer):
            given.append((sequence(5, 8), memory))
        found.append(answer(node, *given))
    torch.testing.assert_close(found[0][:, :3], found[1][:, :3])
    assert not torch.allclose(found[0][:, 3:], found[1][:, 3:])


def test_which_of_other_keys_are_later_is_not_known() -> None:
    with pytest.raises(Mismatch, match="which of them are earlier") as refused:
        MultiHeadAttention(causal=True).infer(sequence(6, 16), sequence(4, 16))
    assert refused.value.repairs == (Assign("causal", False, "Let every token see all"),)


@pytest.mark.parametrize(
    ("node", "shapes", "weights"),
    [
        (TransformerEncoderLayer(), (sequence("T", 512),), 3_152_384),
        (TransformerDecoderLayer(), (sequence("T", 512), sequence("T", 512)), 4_204_032),
        (RNN(features=20), (sequence("T", 10),), 640),
        (RNNCell(), (vector(10), vector(20)), 640),
        (GRUCell(), (vector(10), vector(20)), 1_920),
        (LSTMCell(), (vector(10), vector(20), vector(20)), 2_560),
    ],
)
def test_published_sizes_have_the_published_weights(node: NodeClass, shapes: tuple[Shape, ...], weights: int) -> None:
    assert count(node.weights(*shapes)) == weights


def test_positions_are_waves_as_in_the_paper() -> None:
    found = answer(PositionEncoding(base=100.0), (sequence(4, 5), torch.zeros(1, 4, 5)))[0]
    for place in range(4):
        for pair in range(3):
            angle = place / 100 ** (2 * pair / 5)
            assert float(found[place, 2 * pair]) == pytest.approx(sin(angle), abs=1e-6)
            if 2 * pair + 1 < 5:
                assert float(found[place, 2 * pair + 1]) == pytest.approx(cos(angle), abs=1e-6)


def test_positions_can_stand_beside_the_features() -> None:
    values = torch.rand(2, 4, 6)
    found = answer(PositionEncoding(join="concatenate"), (sequence(4, 6), values))
    torch.testing.assert_close(found[:, :, :6], values)
    torch.testing.assert_close(found[0, :, 6:], found[1, :, 6:])


def test_learned_positions_are_added_row_by_row_and_end() -> None:
    layer, values = LearnedPositions(9, 6), torch.rand(2, 4, 6)
    torch.testing.assert_close(layer(values), values + layer.weight[:4])
    with pytest.raises(Mismatch, match="The table has 9 places; 12 tokens arrive"):
        PositionEncoding(form="learned", longest=9).infer(sequence(12, 6))


def test_a_plain_recurrent_network_is_its_cell_over_and_over() -> None:
    network, cell = nn.RNN(3, 4, batch_first=True), nn.RNNCell(3, 4)
    cell.load_state_dict({name.removesuffix("_l0"): weight for name, weight in network.state_dict().items()})
    values, memory = torch.rand(2, 5, 3), torch.zeros(2, 4)
    steps = []
    for at in range(5):
        memory = cell(values[:, at], memory)
        steps.append(memory)
    torch.testing.assert_close(network(values)[0], torch.stack(steps, dim=1))
    every, last = answers(RNN(features=4), (sequence(5, 3), values))
    torch.testing.assert_close(every[:, -1], last)


def test_a_causal_mask_prints_as_an_expert_would_write_it() -> None:
    node = TransformerEncoderLayer(heads=2, causal=True)
    built = node.build(*values_for(TransformerEncoderLayer.inputs(), {"sequence": (sequence("T", 8),)}))
    mask = "sequence.new_ones(sequence.size(1), sequence.size(1)).triu(1).bool()"
    expected = f"nn.TransformerEncoderLayer(8, 2, batch_first=True)(sequence, src_mask={mask})"
    assert Printer({("sequence", 0): "sequence"}, str).text(built) == expected
