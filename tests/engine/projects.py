"""Small projects that the tests of the engine train, and what they need to look at them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from nodes.activation import ReLU
from nodes.combine import Flatten
from nodes.data.small_digits import SmallDigits
from nodes.dropout import Dropout
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import Accuracy, CrossEntropy
from nodes.norm import BatchNorm1d
from studio.core.builder import GraphBuilder, node_of
from studio.core.graph import Graph
from studio.core.project import Project, Stage, Training
from studio.engine.train import Trained, train
from studio.engine.trainer import Outside
from studio.training.messages import Event
from studio.training.run import Run


def classifier(**training: Any) -> Project:
    """A network with everything that has a state: norm, dropout, and what the optimizer remembers."""
    settings = {"batch": 32, "stages": (Stage(epochs=3),), "checkpoint_seconds": 1000.0, **training}
    return Project(
        name="Classifier",
        graphs={"Net": drawn_network()},
        data=node_of(SmallDigits(limit=320)),
        training=Training(loss=node_of(CrossEntropy()), metrics=(node_of(Accuracy()),), **settings),
    )


def drawn_network(features: int = 24) -> Graph:
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(1, 8, 8)), name="Image")
    hidden = net.add(Linear(features=features), net.add(Flatten(), image), name="Hidden")
    last = net.chain(hidden, BatchNorm1d(), ReLU(), Dropout(p=0.2))
    net.add(Output(), net.add(Linear(features=10), last, name="Scores"))
    return net.graph()


def two_networks(*stages: Stage, **training: Any) -> Project:
    """Two networks of one kind, each taught by an objective of its own that also runs the other."""
    graphs = {name: drawn_network() for name in ("First", "Second")}
    project = Project(name="Two", graphs=graphs, data=node_of(SmallDigits(limit=320)))
    for name, other in (("First", "Second"), ("Second", "First")):
        net = GraphBuilder(role="objective")
        data = net.add(SmallDigits(limit=320), name="Data")
        answers = [net.add_graph(each, each, graphs[each], data["image"]) for each in (name, other)]
        for answer in answers:
            net.add(CrossEntropy(), answer, data["label"], name=f"Loss of {answer.name}")
        project = project.with_graph(f"Teach {name}", net.graph())
    return Project(
        project.name, project.graphs, data=project.data, training=Training(batch=32, stages=stages, **training)
    )


def trained(
    project: Project, tmp_path: Path, name: str = "run", report: Callable[[Event], None] | None = None
) -> tuple[Trained, list[Event]]:
    """The project trained on the processor, and everything that was told."""
    events: list[Event] = []

    def tell(event: Event) -> None:
        events.append(event)
        if report is not None:
            report(event)

    return train(project, out=tmp_path / name, device="cpu", outside=Outside(tell)), events


def weights(run: Run | Trained, name: str | None = None) -> dict[str, Tensor]:
    """Weights and statistics of a network as the run's newest checkpoint has them."""
    trained_run = run if isinstance(run, Trained) else Trained(run, None)
    return dict(trained_run.network(name).state_dict())


def same(first: dict[str, Tensor], second: dict[str, Tensor], names: Iterable[str] = ()) -> bool:
    """Whether tensors are equal to the last bit, all of them or those whose names begin so."""
    assert first.keys() == second.keys()
    chosen = [name for name in first if not names or name.startswith(tuple(names))]
    assert chosen
    return all(torch.equal(first[name], second[name]) for name in chosen)
