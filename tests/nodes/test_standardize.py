"""Z-scores in a network: what is gathered while training is what scikit-learn measures on the training part."""

from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.preprocessing import StandardScaler

import studio
from nodes.combine import Flatten
from nodes.data.small_digits import SmallDigits
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import CrossEntropy
from nodes.modules.standardize import Standardize as Module
from nodes.standardize import Standardize
from studio.core.builder import GraphBuilder, node_of
from studio.core.project import Project, Stage, Training
from studio.engine.data.load import load


@pytest.mark.parametrize("sizes", [(3, 1, 1), (3, 4, 5), (1, 1, 5)])
def test_batches_of_any_size_come_to_mean_and_deviation_of_all(sizes: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    values = 50 + 3 * torch.randn(100, 3, 4, 5)
    module = Module(*sizes)
    for batch in values.split([1, 60, 7, 32]):
        module(batch)
    shared = (0, *(axis for axis, size in enumerate(sizes, 1) if size == 1))
    spread, mean = torch.std_mean(values.double(), shared, correction=0, keepdim=True)
    torch.testing.assert_close(module.eval()(values), ((values - mean) / spread).float(), rtol=1e-4, atol=1e-4)


def test_before_anything_has_passed_and_where_nothing_differs_values_are_not_scaled() -> None:
    assert torch.equal(Module(2).eval()(torch.tensor([[3.0, 4.0]])), torch.tensor([[3.0, 4.0]]))
    module = Module(2)
    module(torch.tensor([[3.0, 4.0], [3.0, 8.0]]))
    assert torch.equal(module.eval()(torch.tensor([[5.0, 6.0]])), torch.tensor([[2.0, 0.0]]))


def test_a_training_gathers_what_scikit_learn_measures_on_the_training_part(tmp_path: Path) -> None:
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(1, 8, 8)), name="Image")
    scores = net.chain(image, Standardize(each="number"), Flatten(), Linear())
    net.add(Output(), scores, name="Scores")
    training = Training(batch=100, loss=node_of(CrossEntropy()), stages=(Stage(epochs=2, restore_best=False),))
    project = Project(graphs={"Net": net.graph()}, data=node_of(SmallDigits()), training=training)
    module = studio.train(project, device="cpu", out=tmp_path / "run").network().standardize
    data = load(SmallDigits(), tmp_path, torch.device("cpu"), lambda _what, _share: None)
    taught, unseen = (part.take(torch.arange(len(part)))[0] for part in (data.train, data.test))
    scaler = StandardScaler().fit(taught.flatten(1).double())
    assert int(module.count) == 2 * len(taught)
    with torch.no_grad():
        np.testing.assert_allclose(module(unseen).flatten(1), scaler.transform(unseen.flatten(1)), atol=1e-3)
