"""How a network is computed fastest here is measured once, and remembered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from nodes.combine import Flatten
from nodes.convolution import Conv2d
from nodes.data.small_digits import SmallDigits
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import CrossEntropy
from studio.core.builder import GraphBuilder, node_of
from studio.core.project import Project, Stage, Training
from studio.engine import defaults, tuning
from studio.engine.build import build
from studio.engine.crew import Alone
from studio.engine.data.load import load
from studio.engine.defaults import by_default
from studio.engine.feed import datasets_of
from studio.engine.tuning import FIRST, Tuning
from studio.training.messages import Tuned

CPU = torch.device("cpu")
SEVERAL = Tuning(threads=2, channels_last=True, precision="32-bit")


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where what was found is kept, and threads as they were."""
    monkeypatch.setenv("LAYERLOOM_HOME", str(tmp_path))
    monkeypatch.setattr(tuning, "SECONDS", 0.0)
    monkeypatch.setattr(torch, "set_num_threads", lambda count: None)
    monkeypatch.setattr(defaults, "LITTLE", 0)
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    return tmp_path / "fastest.json"


def convolutional(batch: int = 16) -> Project:
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(1, 8, 8)), name="Image")
    net.add(Output(), net.chain(image, Conv2d(filters=4), Flatten(), Linear(features=10)))
    training = Training(batch=batch, loss=node_of(CrossEntropy()), stages=(Stage(epochs=1),))
    return Project("Conv", {"Net": net.graph()}, data=node_of(SmallDigits(limit=64)), training=training)


def found(project: Project, usual: Tuning = SEVERAL, known: Tuned | None = None) -> tuple[Tuning, list[Tuned]]:
    built = build(project)
    data = {each: load(each, Path(), CPU, lambda *_: None) for each in datasets_of(built, list(built.objectives))}
    return by_default(built, data, CPU, usual, Alone(), known)


def paying(monkeypatch: pytest.MonkeyPatch, **times: float) -> None:
    """Let changes of these settings be so many times as fast, and all others half as fast."""

    def ratios(before: tuning._Trial, after: tuning._Trial) -> list[float]:
        now, then = vars(after.tuning), vars(before.tuning)
        return [next((ratio for name, ratio in times.items() if now[name] != then[name]), 0.5)] * 3

    monkeypatch.setattr(tuning, "_ratios", ratios)


def not_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "_measured", None)


def test_the_faster_order_is_taken_told_and_remembered(monkeypatch: pytest.MonkeyPatch):
    paying(monkeypatch, channels_last=1.2)
    chosen, (told,) = found(convolutional())
    assert chosen == replace(SEVERAL, channels_last=False)
    assert told.in_words() == f"Chosen, as faster here: {FIRST} (1.20 times as fast); not 1 thread (0.50)."
    not_again(monkeypatch)
    again, (told,) = found(convolutional())
    assert again == chosen
    assert told.in_words() == f"Chosen, as faster here: {FIRST}."


def test_what_does_not_pay_is_remembered_too(monkeypatch: pytest.MonkeyPatch):
    paying(monkeypatch, channels_last=1.01)
    assert found(convolutional())[0] == SEVERAL
    not_again(monkeypatch)
    assert found(convolutional())[0] == SEVERAL


def test_another_batch_is_another_question(monkeypatch: pytest.MonkeyPatch):
    paying(monkeypatch, channels_last=1.01)
    found(convolutional())
    paying(monkeypatch, channels_last=1.2)
    assert found(convolutional(batch=8))[0] == replace(SEVERAL, channels_last=False)
    assert found(convolutional())[0] == SEVERAL


def test_a_run_that_goes_on_computes_as_it_began_whatever_is_remembered(monkeypatch: pytest.MonkeyPatch):
    paying(monkeypatch, channels_last=1.2)
    found(convolutional())
    not_again(monkeypatch)
    assert found(convolutional(), known=Tuned("cpu", {FIRST: 0.9}))[0] == SEVERAL


def test_other_threads_are_tried_too(monkeypatch: pytest.MonkeyPatch):
    paying(monkeypatch, threads=1.5, channels_last=1.2)
    one = Tuning(threads=1, channels_last=True, precision="32-bit")
    assert found(convolutional(), one)[0] == Tuning(threads=2, channels_last=False, precision="32-bit")


@pytest.mark.parametrize("reason", ["one thread", "little work", "much work"])
def test_where_nothing_is_to_be_won_nothing_is_measured(monkeypatch: pytest.MonkeyPatch, reason: str):
    not_again(monkeypatch)
    if reason == "one thread":
        monkeypatch.setenv("OMP_NUM_THREADS", "1")
    else:
        monkeypatch.setattr(defaults, *{"little work": ("LITTLE", 1e9), "much work": ("MUCH", 1)}[reason])
    assert found(convolutional()) == (SEVERAL, [])


def test_what_cannot_be_read_or_kept_is_measured_again(monkeypatch: pytest.MonkeyPatch, place: Path):
    paying(monkeypatch, channels_last=1.2)
    place.write_text("[torn")
    assert found(convolutional())[0].channels_last is False
    assert len(defaults._read()) == 1
    place.unlink()
    place.mkdir()
    assert found(convolutional())[0].channels_last is False


def test_only_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(defaults, "MOST", 2)
    paying(monkeypatch, channels_last=1.2)
    for batch in (4, 8, 16):
        found(convolutional(batch=batch))
    assert len(defaults._read()) == 2


def test_both_orders_train_to_the_same_but_for_the_last_digits(monkeypatch: pytest.MonkeyPatch):
    losses = []
    for last in (True, False):
        torch.manual_seed(0)
        built = build(convolutional())
        data = {each: load(each, Path(), CPU, lambda *_: None) for each in datasets_of(built, list(built.objectives))}
        made = replace(SEVERAL, channels_last=last).built(built)
        stage = tuning.begin_stage(made, data, 0, CPU, Alone(), channels_last=last)
        (teaching,) = stage.teachings.values()
        losses.append([teaching.step(teaching.columns(batch), measure=False)["loss"].item() for batch in stage.feed])
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)
