"""What goes into a node and comes out of it: as torch computes it, in both modes, and without a trace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from nodes.activation import ReLU, Softmax, Tanh
from nodes.combine import Flatten
from nodes.dropout import Dropout
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.norm import BatchNorm1d
from studio.core.builder import GraphBuilder
from studio.core.project import Project, Stage
from studio.engine.figures import squares_of
from studio.engine.passage import SAMPLES, Passage, passage_of, show_passages
from studio.engine.train import train
from studio.engine.trainer import Outside
from studio.training.answers import Descended
from studio.training.commands import Descend, Watch
from studio.training.memory import attach, shared_memory
from studio.training.messages import Event
from studio.training.slots import PICTURES_BYTES, SlotReader, SlotWriter
from tests.engine.projects import classifier, same, trained, weights
from tests.engine.test_probe import set_up


def project() -> Project:
    """A block with an activation, then a norm, dropout, and shares."""
    block = GraphBuilder(role="block")
    inner = block.add(Linear(features=24), block.add(Input(kind="vector", sizes=(64,)), name="In"), name="Weighted")
    block.add(Output(), block.add(Tanh(), inner, name="Bent"), name="Out")
    drawn = block.graph()
    net = GraphBuilder()
    flat = net.chain(net.add(Input(kind="image", sizes=(1, 8, 8)), name="Image"), Flatten())
    hidden = net.add_graph("Block", "Block", drawn, flat)
    norm = net.add(BatchNorm1d(), hidden, name="Norm")
    kept = net.add(Dropout(p=0.25), net.add(ReLU(), norm, name="Rectified"), name="Dropout")
    shares = net.add(Softmax(), kept, name="Shares")
    net.add(Output(), net.add(Linear(features=10), shares, name="Scores"), name="Output")
    whole = classifier().with_graph("Block", drawn)
    return whole.with_graph("Net", net.graph())


def passage(node: str, draw: int = 0) -> tuple[Passage, dict[str, Tensor]]:
    """The passage of a node, and what torch computes for the same samples."""
    probe, built, data = set_up(project())
    before = {name: value.clone() for name, value in built.networks["Net"].state_dict().items()}
    random = torch.get_rng_state()
    found = passage_of(probe, Watch(1, "Net", node, look_at="passage", draw=draw))
    after = built.networks["Net"].state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items()), "no statistics have moved"
    assert torch.equal(random, torch.get_rng_state())
    assert all(module.training for module in built.networks["Net"].modules())
    assert found is not None
    (loaded,) = data.values()
    network, seen = built.networks["Net"].eval(), dict[str, Tensor]()
    for name, module in network.named_modules():
        module.register_forward_hook(lambda _, inputs, answer, name=name: seen.update({name: answer}))
    with torch.no_grad():
        network(loaded.validation.take(torch.arange(SAMPLES))[0])
    return found, seen


def test_an_activation_in_a_block_has_its_net_inputs_and_its_curve() -> None:
    found, seen = passage("Block/Bent")
    torch.testing.assert_close(found.rows["in"], seen["block.weighted"].flatten())
    torch.testing.assert_close(found.rows["out"], seen["block.weighted"].tanh().flatten())
    torch.testing.assert_close(found.rows["y"], found.rows["x"].tanh())
    assert found.rows["x"].max() >= 4 * seen["block.weighted"].abs().max()
    assert "trained" not in found.rows


def test_a_norm_differs_while_training_by_the_statistics_of_the_batch() -> None:
    found, seen = passage("Norm")
    given = seen["block"]
    by_batch = (given - given.mean(0)) / (given.var(0, unbiased=False) + 1e-5).sqrt()
    torch.testing.assert_close(found.rows["trained"], by_batch.flatten(), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(found.rows["out"], seen["norm"].flatten())
    assert "x" not in found.rows


def test_dropout_tells_which_units_are_off_even_those_that_are_zero_anyway() -> None:
    found, seen = passage("Dropout")
    kept, given = found.rows["kept"], seen["rectified"]
    assert kept.shape == (24,)
    trained = found.rows["trained"].view_as(given)
    torch.testing.assert_close(trained[0], given[0] * kept / 0.75)
    assert (given[0] == 0).any()
    torch.testing.assert_close(found.rows["out"], given.flatten())
    assert found.about["share"] == pytest.approx(0.75, abs=0.06)
    assert found.about["units"] == [24]
    again, other = passage("Dropout")[0], passage("Dropout", draw=1)[0]
    assert torch.equal(again.rows["kept"], kept)
    assert not torch.equal(other.rows["kept"], kept)


def test_what_is_no_function_of_each_number_alone_has_no_curve() -> None:
    assert set(passage("Shares")[0].rows) == {"in", "out"}
    assert set(passage("Scores")[0].rows) == {"in", "out"}


def test_a_passage_lies_in_its_slot_and_a_node_without_input_has_none() -> None:
    probe, _, _ = set_up(project())
    _, memory = shared_memory(PICTURES_BYTES)
    watches = [Watch(1, "Net", "Dropout", look_at="passage"), Watch(2, "Net", "Image", look_at="passage")]
    assert show_passages(probe, watches, SlotWriter(memory), 7) == [watches[1]]
    picture = SlotReader(memory).read(1)
    assert picture is not None
    assert (picture.step, picture.about["rows"]) == (7, ["in", "out", "trained", "kept"])
    kept = picture.array[3]
    assert set(kept[np.isfinite(kept)]) == {0.0, 1.0}


def test_squares_are_those_of_what_multiplies() -> None:
    _, built, _ = set_up(project())
    state = built.networks["Net"].state_dict()
    by_hand = sum(float((state[name] ** 2).sum()) for name in ("block.weighted.weight", "scores.weight"))
    assert squares_of(built.networks) == {"Net": pytest.approx(by_hand)}


def test_looking_at_dropout_and_norms_leaves_no_trace_in_the_training(tmp_path: Path) -> None:
    drawn = replace(project(), training=replace(project().training, stages=(Stage(epochs=3),)))
    unseen, _ = trained(drawn, tmp_path, "unseen")
    told: list[Event] = []
    handle, memory = shared_memory(PICTURES_BYTES)
    outside = Outside(told.append, slots=SlotWriter(attach(handle)))
    for slot, node in enumerate(("Norm", "Dropout", "Block/Bent")):
        outside.inbox.put(Watch(slot, "Net", node, look_at="passage", draw=slot))
    outside.inbox.put(Descend(5, "valley", (-4.0, 1.0), {"optimizer": "sgd", "learning_rate": 0.1}))
    seen = train(drawn, out=tmp_path / "seen", device="cpu", outside=outside)
    assert same(weights(unseen), weights(seen))
    assert [event.number for event in told if isinstance(event, Descended)] == [5]
    assert not any(isinstance(event, Descended) for event in seen.run.events()), "it is no part of the run"
    reader = SlotReader(memory)
    assert all(reader.read(slot) is not None for slot in range(3))
