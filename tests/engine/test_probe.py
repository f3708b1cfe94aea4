"""Looking into a running network: the values are those that torch computes, and nothing of the training changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from nodes.activation import ReLU, Tanh
from nodes.combine import Flatten, Reshape
from nodes.data.small_digits import SmallDigits
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.sequence import LSTM
from studio.core.builder import GraphBuilder
from studio.core.catalog import catalog
from studio.core.project import Project, Stage
from studio.engine.build import Built, build
from studio.engine.data.load import load
from studio.engine.feed import Data
from studio.engine.predicting import probabilities
from studio.engine.probe import Probe, picture
from studio.engine.train import train
from studio.engine.trainer import Outside
from studio.training.answers import Predicted
from studio.training.commands import Predict, Watch
from studio.training.memory import attach, shared_memory
from studio.training.messages import EpochEnded, Event, Log
from studio.training.options import with_options
from studio.training.slots import PICTURE, PICTURES_BYTES, SlotReader, SlotWriter
from tests.engine.projects import classifier, same, trained, weights

CPU = torch.device("cpu")


def set_up(project: Project) -> tuple[Probe, Built, Data]:
    torch.manual_seed(0)
    built = build(project)
    dataset = built.dataset("Training", "Data")
    data = {dataset: load(dataset, Path(), CPU, lambda what, share: None)}
    return Probe(built, data, CPU, seed=0, channels_last=False), built, data


def by_hooks(built: Built, data: Data) -> dict[str, Tensor]:
    """What torch itself says that the modules of the network answer for the first validation samples."""
    network = built.networks["Net"].eval()
    seen: dict[str, Tensor] = {}
    handles = [
        module.register_forward_hook(lambda module, inputs, answer, name=name: seen.setdefault(name, answer))
        for name, module in network.named_modules()
    ]
    (loaded,) = data.values()
    with torch.no_grad():
        network(loaded.validation.take(torch.tensor([3, 5]))[0])
    for handle in handles:
        handle.remove()
    return seen


def test_values_of_nodes_are_those_that_torch_computes() -> None:
    probe, built, data = set_up(classifier())
    values, batch = probe.values("Training", [3, 5])
    expected = by_hooks(built, data)
    for node, name in (("Hidden", "hidden"), ("ReLU", "relu"), ("Scores", "scores"), ("Output", "")):
        torch.testing.assert_close(values["Net", node], expected[name], msg=node)
    torch.testing.assert_close(values["Net", "Image"], batch[0][0])
    loss = nn.functional.cross_entropy(expected[""], batch[0][1])
    torch.testing.assert_close(values["Training", "Cross entropy"], loss)


def test_values_inside_blocks_have_paths_each_repeat_its_own() -> None:
    block = GraphBuilder(role="block")
    inner = block.add(Linear(features=24), block.add(Input(kind="vector", sizes=(24,)), name="In"), name="Inner")
    block.add(Output(), block.add(ReLU(), inner), name="Out")
    drawn = block.graph()
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(1, 8, 8)), name="Image")
    first = net.add(Linear(features=24), net.add(Flatten(), image))
    deep = net.add_graph("Deep", "Part", drawn, first, repeat=3)
    net.add(Output(), net.add(Linear(features=10), deep))
    project = replace(classifier(), graphs={"Net": net.graph(), "Part": drawn})
    probe, built, data = set_up(project)
    values, _ = probe.values("Training", [3, 5])
    expected = by_hooks(built, data)
    for number, path in enumerate(("Deep/Inner", "Deep (2)/Inner", "Deep (3)/Inner")):
        torch.testing.assert_close(values["Net", path], expected[f"deep.{number}.inner"], msg=path)
    torch.testing.assert_close(values["Net", "Deep/Out"], expected["deep.0"])
    torch.testing.assert_close(values["Net", "Deep"], expected["deep"])


def test_a_node_with_several_outputs_shows_its_first() -> None:
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(1, 8, 8)), name="Image")
    rows = net.add(Reshape(kind="sequence", sizes=(8, 8)), image, name="Rows")
    memory = net.add(LSTM(features=12), rows, name="Memory")
    net.add(Output(), net.add(Linear(features=10), net.add(Tanh(), memory["last"])))
    probe, built, data = set_up(replace(classifier(), graphs={"Net": net.graph()}))
    values, _ = probe.values("Training", [3, 5])
    answer, (last, _) = by_hooks(built, data)["memory"]
    assert any(torch.equal(values["Net", "Memory"], each) for each in (answer, last[-1]))


def window(events: list[Event]) -> tuple[Outside, SlotReader]:
    """A place outside the training that looks at pictures."""
    handle, memory = shared_memory(PICTURES_BYTES)
    return Outside(events.append, slots=SlotWriter(attach(handle))), SlotReader(memory)


def test_watching_and_predicting_leave_no_trace_in_the_training(tmp_path: Path) -> None:
    project = classifier(stages=(Stage(epochs=20),))
    unseen, _ = trained(project, tmp_path, "unseen")
    events: list[Event] = []
    outside, slots = window(events)
    watched = Watch(0, "Net", "Hidden", sample=2), Watch(1, "Net", "Scores", look_at="weights")
    for command in (*watched, Predict((0, 1), 2)):
        outside.inbox.put(command)
    seen = train(project, out=tmp_path / "seen", device="cpu", outside=outside)
    assert same(weights(unseen), weights(seen))
    hidden, scores, samples = (slots.read(slot) for slot in range(3))
    assert hidden is not None
    assert scores is not None
    assert samples is not None
    assert (hidden.array.shape, scores.array.shape, samples.array.shape) == ((24,), (10, 24), (2, 1, 8, 8))
    assert hidden.about["node"] == "Hidden"
    assert hidden.about["low"] <= hidden.array.min()


def test_predictions_are_the_probabilities_of_the_network_at_that_epoch(tmp_path: Path) -> None:
    events: list[Event] = []
    outside, slots = window(events)
    outside.inbox.put(Predict((4, 0, 7), 6))
    run = train(classifier(), out=tmp_path / "run", device="cpu", outside=outside)
    told = [event for event in events if isinstance(event, Predicted)]
    assert len(told) == 1 + len([event for event in events if isinstance(event, EpochEnded)])
    loaded = load(SmallDigits(limit=320), tmp_path, CPU, lambda what, share: None)
    images, labels = loaded.validation.take(torch.tensor([4, 0, 7]))
    best = run.network()(images).softmax(1).topk(5)
    assert told[-1].labels == tuple(labels.tolist())
    assert told[-1].top == tuple(map(tuple, best.indices.tolist()))
    np.testing.assert_allclose(told[-1].probabilities, best.values.detach(), rtol=1e-5)
    shown = slots.read(6)
    assert shown is not None
    np.testing.assert_array_equal(shown.array, images)


def test_where_the_answer_shall_be_the_sample_both_are_shown_with_their_difference(tmp_path: Path) -> None:
    events: list[Event] = []
    outside, slots = window(events)
    outside.inbox.put(Predict((4, 0, 7), 6, 9))
    project = catalog().make_project("autoencoder", settings={"data": "small-digits", "hidden": (), "code": 4})
    run = train(with_options(project, epochs=1), out=tmp_path / "run", device="cpu", outside=outside)
    told = [event for event in events if isinstance(event, Predicted)][-1]
    shown, again = slots.read(6), slots.read(9)
    assert shown is not None
    assert again is not None
    with torch.no_grad():
        answers = run.network()(torch.tensor(shown.array))
    np.testing.assert_allclose(again.array, answers, rtol=1e-5)
    by_hand = ((again.array - shown.array).astype(float) ** 2).mean((1, 2, 3))
    np.testing.assert_allclose(told.errors, by_hand, rtol=1e-4)
    assert (told.top, told.labels) == ((), ())


def test_a_node_of_which_there_is_nothing_to_show_is_said_once(tmp_path: Path) -> None:
    events: list[Event] = []
    outside, _ = window(events)
    without_weights = Watch(2, "Net", "ReLU", look_at="weights")
    for command in (Watch(0, "Net", "Nobody"), Watch(1, "Nowhere", "Hidden"), without_weights):
        outside.inbox.put(command)
    train(classifier(), out=tmp_path / "run", device="cpu", outside=outside)
    assert len([event for event in events if isinstance(event, Log) and event.level == "warning"]) == 3


def test_a_picture_holds_at_most_64_channels_and_fits_its_slot() -> None:
    large = picture(torch.randn(100, 300, 300), 1, Watch(0, "Net", "Hidden"))
    assert large.array.shape[0] == 64
    assert large.array.nbytes <= PICTURE
    assert (large.about["shape_of_value"], large.about["stride"]) == ([100, 300, 300], 4)
    assert picture(torch.tensor(2.5), 1, None).array == pytest.approx(2.5)


def test_scores_become_probabilities_and_probabilities_stay() -> None:
    scores = torch.tensor([[1.0, 2.0, -1.0], [0.0, 0.0, 0.0]])
    torch.testing.assert_close(probabilities(scores), scores.softmax(1))
    already = scores.softmax(1)
    torch.testing.assert_close(probabilities(already), already)


def test_numbers_are_shown_beside_those_that_are_wanted_with_what_is_read_off_both(tmp_path: Path) -> None:
    events: list[Event] = []
    outside, slots = window(events)
    outside.inbox.put(Predict((4, 0, 7), 6, 9))
    project = with_options(catalog().make_project("alvinn"), epochs=1)
    project = replace(project, data=project.data and project.data.set(samples=100))
    run = train(project, out=tmp_path / "run", device="cpu", outside=outside)
    told = [event for event in events if isinstance(event, Predicted)][-1]
    shown, numbers = slots.read(6), slots.read(9)
    assert shown is not None
    assert numbers is not None
    network = run.network()
    with torch.no_grad():
        hill, direction = network(torch.tensor(shown.array))
        answers, targets = (torch.tensor(each) for each in numbers.array)
        wanted = network.get_submodule("peak")(targets)
    np.testing.assert_allclose(answers, hill, rtol=1e-5)
    np.testing.assert_allclose(told.errors, (answers - targets).square().mean(1), rtol=1e-5)
    assert (told.numbers, told.reading, told.top) == (True, "Direction", ())
    np.testing.assert_allclose(told.read, direction, rtol=1e-5)
    np.testing.assert_allclose(told.wanted, wanted, rtol=1e-5)
    assert float(targets.max()) <= 1


def test_numbers_off_which_nothing_is_read_are_shown_alone(tmp_path: Path) -> None:
    events: list[Event] = []
    outside, _ = window(events)
    outside.inbox.put(Predict((1, 2), 6, 9))
    train(with_options(catalog().make_project("perceptron"), epochs=1), out=tmp_path, device="cpu", outside=outside)
    told = [event for event in events if isinstance(event, Predicted)][-1]
    assert (told.numbers, told.reading, told.read, len(told.errors)) == (True, "", (), 2)
