"""Several processes that train together: the weights are those of one, and no process outlives the training."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from nodes.activation import ReLU
from nodes.combine import Flatten
from nodes.inputs import Input, Output
from nodes.linear import Linear
from studio.core.builder import GraphBuilder
from studio.core.project import Project, Stage
from studio.engine.crew import Followers
from studio.engine.failures import TrainingFailed
from studio.engine.train import go_on, train
from studio.engine.trainer import Outside
from studio.training.messages import EpochEnded, Event, StageEnded
from tests.engine.projects import classifier, same, trained, two_networks, weights

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # torch.distributed, of its own parts
]


def without_norms(**training: object) -> Project:
    """A network whose gradient over a batch is the mean over its halves, which norms and dropout would not leave so."""
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(1, 8, 8)), name="Image")
    hidden = net.add(Linear(features=24), net.add(Flatten(), image), name="Hidden")
    net.add(Output(), net.add(Linear(features=10), net.add(ReLU(), hidden), name="Scores"))
    return replace(classifier(**training), graphs={"Net": net.graph()})


def test_two_processes_learn_what_one_learns_and_go_on_together(tmp_path: Path) -> None:
    project = without_norms(stages=(Stage(epochs=2, patience=3), Stage(epochs=1, optimizer="momentum")))
    one, alone = trained(project, tmp_path, "one")
    events: list[Event] = []
    two = train(project, device="cpu", devices=2, out=tmp_path / "two", outside=Outside(events.append))
    for name, weight in weights(one).items():
        torch.testing.assert_close(weights(two)[name], weight, rtol=1e-4, atol=1e-5)
    assert two.metrics == pytest.approx(one.metrics, rel=1e-3)
    for kind in (EpochEnded, StageEnded):
        assert [event.step for event in events if isinstance(event, kind)] == [
            event.step for event in alone if isinstance(event, kind)
        ]
    assert same(weights(go_on(two.run, device="cpu")), weights(two))


@pytest.mark.parametrize(
    ("code", "words"), [("raise ValueError('odd')", "ValueError: odd"), ("exit(3)", "exit code 3")]
)
def test_the_last_words_are_those_of_the_process_that_failed(code: str, words: str) -> None:
    processes = []
    for each in ("pass", code):
        output = tempfile.TemporaryFile()  # noqa: SIM115  # the followers close it
        command = [sys.executable, "-c", each]
        processes.append((subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT), output))
    followers = Followers(processes)
    assert words in followers.last_words()
    followers.end()


def test_what_several_processes_cannot_do_yet_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrainingFailed, match="several machines comes in a later version"):
        train(classifier(), device="cpu", machines=2, out=tmp_path / "machines")
    stage = Stage(objectives=("Teach First", "Teach Second"), epochs=1)
    with pytest.raises(TrainingFailed, match="several objectives train on one device so far"):
        train(two_networks(stage), device="cpu", devices=2, out=tmp_path / "objectives")
