"""Fast mode measures ways to compute a training, chooses what pays, and leaves no other trace."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from studio.core.project import Project, Stage
from studio.engine import tuning
from studio.engine.compiling import Compiled, Compiling
from studio.engine.crew import Alone
from studio.engine.train import go_on
from studio.training.messages import Started, Tuned
from tests.cli.layerloom import lines, status
from tests.engine.projects import classifier, same, trained, two_networks, weights


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One step tells enough here; threads are afterwards as they were."""
    threads = torch.get_num_threads()
    monkeypatch.setattr(tuning, "SECONDS", 0.0)
    yield
    torch.set_num_threads(threads)


def fast(project: Project) -> Project:
    return replace(project, training=replace(project.training, fast=True))


def paying(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let a training find these ways twice as fast, and all others half as fast."""

    def ratios(before: tuning._Trial, after: tuning._Trial) -> list[float]:
        now, then = vars(after.tuning), vars(before.tuning)
        return [2.0 if any(now[name] != then[name] for name in names) else 0.5] * 3

    monkeypatch.setattr(tuning, "_ratios", ratios)


def test_what_does_not_pay_leaves_no_trace_in_the_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paying(monkeypatch)
    plain, _ = trained(classifier(), tmp_path, "plain")
    measured, events = trained(fast(classifier()), tmp_path, "fast")
    assert same(weights(measured), weights(plain))
    (told,) = [event for event in events if isinstance(event, Tuned)]
    assert told.chosen == ()
    assert "Chosen, as faster here: nothing new" in told.in_words()


def test_what_pays_is_trained_with_and_kept_when_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "_computes_bfloat16", lambda device: True)
    paying(monkeypatch, "precision")
    run, events = trained(fast(classifier()), tmp_path)
    started, told = (next(event for event in events if isinstance(event, kind)) for kind in (Started, Tuned))
    assert isinstance(started, Started)
    assert isinstance(told, Tuned)
    assert (started.precision, told.chosen) == ("bf16-mixed", ("bf16-mixed",))
    assert told.speeds["bf16-mixed"] == 2.0
    monkeypatch.setattr(tuning, "_measured", None)
    again = go_on(run.run, device="cpu")
    assert [event.precision for event in run.run.events() if isinstance(event, Started)] == ["bf16-mixed"] * 2
    assert same(weights(again), weights(run))


def test_several_objectives_are_measured_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paying(monkeypatch)
    stage = Stage(
        objectives=("Teach First", "Teach Second"),
        learns=("Teach First: First", "Teach Second: Second"),
        epochs=1,
        average=0.9,
    )
    plain, _ = trained(two_networks(stage), tmp_path, "plain")
    measured, _ = trained(fast(two_networks(stage)), tmp_path, "fast")
    for name in ("First", "Second"):
        assert same(weights(measured, name), weights(plain, name))


def test_what_one_way_cannot_compute_is_said_and_another_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> list[float]:
        raise RuntimeError("no kernel for this\nand more")

    monkeypatch.setattr(tuning, "_ratios", refuse)
    monkeypatch.setattr(tuning, "_computes_bfloat16", lambda device: True)
    _, events = trained(fast(classifier()), tmp_path)
    (told,) = [event for event in events if isinstance(event, Tuned)]
    assert told.failed["bf16-mixed"] == "no kernel for this"
    assert "could not try" in told.in_words()


class Doubling(nn.Module):
    """An objective that says whether it was asked to measure."""

    def forward(self, *, values: Tensor, measure: bool) -> dict[str, Tensor]:
        return {"loss": values.sum() * 2, **({"measured": values.mean()} if measure else {})}


def compiler(monkeypatch: pytest.MonkeyPatch, *, fails: bool = False) -> list[int]:
    """Stands for torch.compile; answers the sizes of batches that it was given."""
    sizes: list[int] = []

    def compile_(module: nn.Module, **_: Any) -> Any:
        def compiled(*, values: Tensor, measure: bool) -> Any:
            sizes.append(len(values))
            if fails:
                raise torch._dynamo.exc.Unsupported("cannot follow this")
            return module(values=values, measure=measure)

        return compiled

    monkeypatch.setattr(torch, "compile", compile_)
    return sizes


def test_whole_batches_are_compiled_and_the_rest_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = compiler(monkeypatch)
    objective = Compiled(Doubling())
    answers = [objective(values=torch.ones(count), measure=False) for count in (4, 3, 4)]
    assert sizes == [4, 4]
    assert [float(answer["loss"]) for answer in answers] == [8.0, 6.0, 8.0]
    # compiled code must not depend on who is looking
    assert ["measured" in answer for answer in answers] == [True, False, True]


def test_what_cannot_be_compiled_goes_on_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = compiler(monkeypatch, fails=True)
    said: list[str] = []
    crew = Compiling(said.append)
    objective = crew.wrap(Doubling(), {}, lambda: 1.0)
    assert [float(objective(values=torch.ones(2), measure=False)["loss"]) for _ in range(2)] == [4.0, 4.0]
    assert sizes == [2]
    assert said == ["torch.compile cannot compile this: it is computed as it is. cannot follow this"]
    with pytest.raises(torch._dynamo.exc.Unsupported):
        Compiling().wrap(Doubling(), {}, lambda: 1.0)(values=torch.ones(2), measure=False)
    assert not isinstance(Alone().wrap(Doubling(), {}, lambda: 1.0), Compiled)


def test_fast_can_be_asked_for_in_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train = ("train", "perceptron", "--fast", "--epochs", "1", "--device", "cpu", "--json", "--out", tmp_path / "run")
    assert status(*train) == 0
    assert [line["device"] for line in lines(capsys.readouterr().out) if line["event"] == "tuned"] == ["cpu"]
    assert json.loads((tmp_path / "run" / "project.loom").read_text())["training"]["fast"] is True
