"""What a script or a notebook writes: ``import studio``."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

import studio
from studio.core import loom
from studio.core.problem import ProjectError


def test_a_template_opens_with_preset_and_settings():
    project = studio.open_project("lenet5", preset="paper", variant="paper")
    network = studio.build_network(project)
    assert isinstance(network, torch.nn.Module)
    assert sum(weight.numel() for weight in network.parameters()) == 60_000
    assert network(torch.zeros(3, 1, 32, 32)).shape == (3, 10)


def test_a_file_opens_with_its_variables(tmp_path: Path):
    project = studio.open_project("mlp")
    loom.save(project, tmp_path / "mlp.loom")
    assert studio.open_project(tmp_path / "mlp.loom") == project
    with pytest.raises(ProjectError, match="no variable 'width'"):
        studio.open_project(tmp_path / "mlp.loom", width=3)


@pytest.mark.slow
def test_a_training_answers_with_its_metrics_and_the_network_that_learned(tmp_path: Path):
    project = studio.open_project("mlp")
    run = studio.train(project, epochs=1, device="cpu", out=tmp_path / "run")
    assert run.metrics.keys() >= {"loss", "accuracy"}
    fresh, learned = studio.build_network(project).state_dict(), run.network().state_dict()
    assert fresh.keys() == learned.keys()
    assert studio.open_project(tmp_path / "run").graphs == project.graphs


def test_importing_the_package_imports_nothing_heavy():
    look = "import studio, sys; print(sorted({'torch', 'PySide6', 'pydantic', 'networkx', 'numpy'} & set(sys.modules)))"
    root = Path(studio.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", look], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'studio' has no attribute 'fly'"):
        studio.fly  # noqa: B018
