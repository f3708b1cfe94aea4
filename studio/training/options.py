"""What a person may change about a training without opening the project: epochs, seed, speed, first weights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from studio.core.drawn_weights import is_drawn
from studio.core.project import Precision, Project


def with_options(
    project: Project,
    *,
    epochs: int | None = None,
    seed: int | None = None,
    precision: Precision | None = None,
    fast: bool = False,
    tensorboard: bool = False,
) -> Project:
    """The project as it shall be trained; the epochs are those of every stage, and ``fast`` lets it measure first.

    With ``tensorboard`` it writes files for TensorBoard too.
    """
    training = project.training
    if epochs is not None:
        training = replace(training, stages=tuple(replace(stage, epochs=epochs) for stage in training.stages))
    if seed is not None:
        training = replace(training, seed=seed)
    if precision is not None:
        training = replace(training, precision=precision)
    if fast:
        training = replace(training, fast=True)
    if tensorboard:
        training = replace(training, tensorboard=True)
    return replace(project, training=training)


def with_weights(project: Project, assignments: Iterable[str]) -> Project:
    """The project whose networks begin with these weights, each ``SOURCE`` or, of several networks, ``NETWORK=SOURCE``.

    A source is a file, ``torchvision``, ``torchvision:resnet18``, ``package:NAME``, or ``normal:0.02``, which draws
    with that deviation. Raises ProjectError where it is not clear which network is meant.
    """
    weights = dict(project.training.weights)
    for assignment in assignments:
        before, _, after = assignment.partition("=")
        named = before in project.networks and bool(after)
        source = after if named else assignment
        is_file = source.partition(":")[0] not in ("torchvision", "package") and not is_drawn(source)
        weights[before if named else project.network_called(None)] = str(Path(source).absolute()) if is_file else source
    return replace(project, training=replace(project.training, weights=weights))
