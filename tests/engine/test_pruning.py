"""Pruning by magnitude: exactly the smallest weights become zero, stay so, and are the same after a resumption."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from studio.core.project import Stage
from studio.engine.meter import Meter
from studio.engine.pruning import Pruning
from studio.engine.train import fork
from tests.engine.projects import classifier, same, trained, weights

FIRST = Stage(name="first", epochs=2, restore_best=False)
PRUNED = Stage(name="pruned", epochs=6, prune=0.6, optimizer="adamw", weight_decay=0.01, clip=1.0)
MATRICES = ("hidden.weight", "scores.weight")


def flat(state: dict[str, Tensor]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.concatenate([state[name].numpy().ravel() for name in MATRICES])


def test_the_smallest_weights_of_all_layers_together_become_zero_and_stay_so(tmp_path: Path) -> None:
    before = weights(trained(classifier(stages=(FIRST,)), tmp_path, "before")[0])
    after = weights(trained(classifier(stages=(FIRST, PRUNED)), tmp_path, "after")[0])
    sizes = np.abs(flat(before))
    count = round(0.6 * len(sizes))
    smallest = np.zeros(len(sizes), bool)
    smallest[np.argsort(sizes, kind="stable")[:count]] = True
    np.testing.assert_array_equal(flat(after) == 0, smallest)
    assert (flat(after)[~smallest] != flat(before)[~smallest]).mean() > 0.9, "the others learn on"
    for name in ("hidden.bias", "scores.bias", "batchnorm1d.weight"):
        assert (after[name] != 0).all(), name


@pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
def test_the_share_is_exact_even_where_many_weights_are_equal(share: float) -> None:
    layer = nn.Linear(30, 7)
    with torch.no_grad():
        layer.weight.copy_(layer.weight.sign())
    pruning = Pruning(share, layer.parameters())
    pruning.begin()
    assert int((layer.weight == 0).sum()) == round(share * 210)
    assert (layer.bias != 0).all()


def test_what_is_pruned_has_no_gradient_that_could_count() -> None:
    layer = nn.Linear(4, 3)
    pruning = Pruning(0.5, layer.parameters())
    pruning.begin()
    layer(torch.ones(2, 4)).sum().backward()
    pruning.mute()
    assert layer.weight.grad is not None
    assert torch.equal(layer.weight.grad == 0, layer.weight == 0)


def test_a_pruned_training_that_goes_on_keeps_the_very_same_weights_at_zero(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From within the stage the choice is taken up, although a weight that lives may be smaller by then."""
    monkeypatch.setattr(Meter, "due", lambda _: True)  # a checkpoint of every step, of which the last ones are kept
    project = classifier(stages=(FIRST, replace(PRUNED, epochs=4)), checkpoint_seconds=0.0)
    whole, _ = trained(project, tmp_path, "whole")
    by_time = [each.step for each in whole.run.checkpoints() if each.why == "time" and 20 < each.step < 60]
    assert by_time, "nothing was saved within the stage"
    branched = fork(whole.run, at=by_time[-1], out=tmp_path / "branched", device="cpu")
    assert same(weights(whole), weights(branched))
    assert int((flat(weights(branched)) == 0).sum()) == round(0.6 * (64 * 24 + 24 * 10))
