"""What a person may change about a training without opening the project: epochs, seed, precision, batch."""

from __future__ import annotations

from dataclasses import replace

from studio.core.project import Precision, Project


def with_options(
    project: Project, *, epochs: int | None = None, seed: int | None = None, precision: Precision | None = None
) -> Project:
    """The project as it shall be trained; the epochs are those of every stage."""
    training = project.training
    if epochs is not None:
        training = replace(training, stages=tuple(replace(stage, epochs=epochs) for stage in training.stages))
    if seed is not None:
        training = replace(training, seed=seed)
    if precision is not None:
        training = replace(training, precision=precision)
    return replace(project, training=training)
