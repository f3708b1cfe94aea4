"""What is said of classes is counted over all held-out samples: held to scikit-learn, in one process and in many."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from nodes.activation import Softmax
from nodes.class_metric import F1, Precision, Recall
from nodes.combine import Flatten
from nodes.data.small_digits import SmallDigits
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import Accuracy, CrossEntropy
from studio.core.builder import GraphBuilder, node_of
from studio.core.project import Project, Stage, Training
from studio.engine import class_counting
from studio.engine.class_counting import described, pairs_counted
from studio.engine.data.load import load
from studio.engine.judged import Judged
from studio.engine.train import Trained
from studio.training.messages import EpochEnded, Finished
from studio.training.wire import content_of, line, message_of

from .projects import classifier, trained

METRICS = tuple(node_of(metric) for metric in (Accuracy(), Precision(), Recall(), F1()))


def judged(project: Project) -> Project:
    return replace(project, training=replace(project.training, metrics=METRICS))


def answers(done: Trained, part: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Labels of a part and what the trained network answers, all at once."""
    data = load(SmallDigits(limit=320), Path(), torch.device("cpu"), lambda *_: None).part(part)  # type: ignore[arg-type]
    images, labels = data.take(torch.arange(len(data)))
    with torch.no_grad():
        return labels.numpy(), done.network()(images).argmax(1).numpy()


def test_figures_of_classes_are_those_of_scikit_learn_over_the_whole_part(tmp_path: Path) -> None:
    """Batches of 7 leave classes out of most of them, which a mean over batches would show."""
    project = judged(classifier(batch=7, stages=(Stage(epochs=1, restore_best=False),)))
    done, events = trained(project, tmp_path)
    finished = done.finished
    assert finished is not None
    labels, guesses = answers(done, "test")
    ours = finished.classes["Net"]
    wanted = precision_recall_fscore_support(labels, guesses, labels=range(10), zero_division=0.0)
    for name, values in zip(("precision", "recall", "f1", "present"), wanted, strict=True):
        assert ours[name] == pytest.approx(values.tolist()), name
    macro = precision_recall_fscore_support(labels, guesses, average="macro", zero_division=0.0)
    for name, value in zip(("precision", "recall", "f1"), macro, strict=False):
        assert finished.metrics[name] == pytest.approx(value), name
    matrix = confusion_matrix(labels, guesses, labels=range(10))
    assert [matrix[label, answer] for label, answer, _ in ours["mistakes"]] == [n for _, _, n in ours["mistakes"]]
    assert sum(count for _, _, count in ours["mistakes"]) == matrix.sum() - matrix.trace()
    assert ours["right"] == matrix.diagonal().tolist()
    assert ours["answered"] == matrix.sum(0).tolist()
    assert ours["names"] == list("0123456789")
    epoch = next(event for event in events if isinstance(event, EpochEnded))
    share = sum(epoch.classes["Net"]["right"]) / sum(epoch.classes["Net"]["present"])
    assert share == pytest.approx(epoch.metrics["accuracy"])


def test_the_figures_do_not_depend_on_how_the_batches_are_cut(tmp_path: Path) -> None:
    found = {}
    for batch in (320, 1000):
        project = judged(classifier(batch=batch, stages=(Stage(epochs=1),)))
        done, _ = trained(replace(project, data=node_of(SmallDigits(limit=300))), tmp_path, f"run{batch}")
        assert done.finished is not None
        found[batch] = done.finished.classes
    assert found[320] == found[1000]


def drawn(*, between: bool) -> Project:
    """An objective with a network of two outputs, each judged, perhaps behind a softmax."""
    net = GraphBuilder()
    flat = net.add(Flatten(), net.add(Input(kind="image", sizes=(1, 8, 8)), name="Image"))
    for name in ("Coarse", "Fine"):
        net.add(Output(), net.add(Linear(features=10), flat, name=f"{name} scores"), name=name)
    goal = GraphBuilder(role="objective")
    data = goal.add(SmallDigits(limit=320), name="Data")
    placed = goal.add_graph("Net", "Net", net.graph(), data["image"])
    for name in ("Coarse", "Fine"):
        goal.add(CrossEntropy(), placed[name], data["label"], name=f"{name} loss")
        sure = goal.add(Softmax(), placed[name], name=f"{name} shares") if between else placed[name]
        goal.add(F1(), sure, data["label"], name=f"{name} F1")
    training = Training(batch=32, stages=(Stage(objectives=("Goal",), epochs=1),))
    return Project("Drawn", {"Net": net.graph(), "Goal": goal.graph()}, training=training)


@pytest.mark.parametrize("between", [False, True])
def test_every_output_that_is_judged_is_counted_wherever_the_scores_come_from(tmp_path: Path, between: bool) -> None:
    done, _ = trained(drawn(between=between), tmp_path)
    assert done.finished is not None
    names = {"Net / Coarse", "Net / Fine"} | ({"Coarse shares", "Fine shares"} if between else set())
    assert done.finished.classes.keys() == names
    for name in ("Coarse", "Fine"):
        f1 = done.finished.classes[f"Net / {name}"]["f1"]
        assert done.finished.metrics[f"{name.lower()}_f1"] == pytest.approx(sum(f1) / 10)


def test_pixels_that_are_to_be_ignored_do_not_count() -> None:
    scores = torch.tensor([[[3.0, 0.0, 1.0]], [[1.0, 2.0, 0.0]]])[None]  # (1, 2, 1, 3)
    labels = torch.tensor([[[0, 0, 255]]])
    counts = pairs_counted(scores, labels, Judged("", ("", ""), "", 1, 2, ""))
    assert counts.tolist() == [[1, 1], [0, 0]]


def test_of_very_many_classes_only_what_each_is_about_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    scores, labels = torch.randn(200, 6), torch.randint(6, (200,))
    pairs = pairs_counted(scores, labels, Judged("", ("", ""), "", 1, 6, ""))
    monkeypatch.setattr(class_counting, "MOST_CLASSES", 5)
    alone = pairs_counted(scores, labels, Judged("", ("", ""), "", 1, 6, ""))
    assert alone.shape == (3, 6)
    assert {**described(pairs, "abcdef"), "mistakes": []} == described(alone, "abcdef")


def test_figures_of_classes_survive_the_file_of_a_run() -> None:
    told = Finished(
        {}, "run", 1.0, 1.0, 3, "complete", classes={"Net": described(torch.tensor([[2, 1], [0, 3]]), "ab")}
    )
    back = message_of(content_of(line(told)))
    assert isinstance(back, Finished)
    assert back.classes["Net"]["mistakes"] == ((0, 1, 1),)
    assert back.classes["Net"]["recall"] == pytest.approx((2 / 3, 1.0))
