"""What the networks of a template weigh after each stage of its training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from safetensors.torch import load_file
from torch import Tensor

from studio.core.names import identifiers
from studio.core.project import Project
from studio.engine.train import Trained, train
from tests.engine.projects import same

Weights = dict[str, Tensor]


def with_stages(project: Project, **settings: Any) -> Project:
    """The project with these settings in all its stages."""
    stages = tuple(replace(stage, **settings) for stage in project.training.stages)
    return replace(project, training=replace(project.training, stages=stages))


def shortly_trained(project: Project, folder: Path, steps: int = 3) -> Trained:
    """The project after a few steps of each stage."""
    return train(with_stages(project, steps=steps), out=folder / "run", device="cpu")


def after_stages(trained: Trained, network: str) -> list[Weights]:
    """Weights and statistics of a network before the first stage, and after each."""
    file = identifiers(trained.run.project().networks)[network]
    moments = [each for each in trained.run.checkpoints() if each.why in ("start", "stage")]
    return [load_file(moment.weights(file)) for moment in moments]


def taught(trained: Trained, network: str, parts: Mapping[str, str]) -> list[set[str]]:
    """Which parts of a network each stage changed; ``parts`` maps their names to how those of their tensors begin."""
    moments = after_stages(trained, network)
    return [
        {name for name, begin in parts.items() if not same(before, after, [begin])}
        for before, after in pairwise(moments)
    ]
