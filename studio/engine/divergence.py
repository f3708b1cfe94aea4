"""Finds the node at which a training lost its numbers, by going once more from the last checkpoint to that step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from studio.engine.data.batches import Batch
from studio.engine.keeper import Resumption
from studio.engine.meter import Diverged, Meter
from studio.engine.probe import Probe, first_not_finite
from studio.engine.stage import StageRun
from studio.training.messages import Failed


def explain_divergence(
    error: Diverged, resumption: Resumption, begin: Callable[[int], StageRun], probe: Probe
) -> Failed:
    """The step, the node and the likely cause of a loss that is no finite number."""
    stage = begin(resumption.progress.stage)
    resumption.take_up(stage, Meter(()))
    batches = _batches_at(error.step, stage, resumption)
    message = f"The loss is no longer a finite number since step {error.step:,}"
    rate = f"{stage.learning_rate(resumption.progress):g}"
    gentler = f"Lower the learning rate (now {rate}), or clip the gradient."
    if batches is None:
        return Failed(f"{message}.", gentler, step=error.step)
    if lost := _lost_weights(stage):
        return Failed(
            f"{message}: the step before had thrown the weights {lost} out of bounds.", gentler, step=error.step
        )
    graph, node = _first_node(stage, batches, probe)
    if not node:
        return Failed(f"{message}, though no node's value is: its gradients were.", gentler, step=error.step)
    hint = "Its inputs are finite: look for a logarithm of zero or a division by zero, or lower the learning rate."
    return Failed(f"{message}; the first such value is that of {node} in {graph}.", hint, graph, node, error.step)


def _batches_at(step: int, stage: StageRun, resumption: Resumption) -> Sequence[Batch] | None:
    """Train up to the step before this one; the batches of this step, None where the stage ends before."""
    progress = resumption.progress
    while not stage.ended(progress):
        for batches in stage.feed:
            stage.set_learning_rate(progress)
            if progress.step + 1 >= step:
                return batches
            for _, teaching in stage.due(progress.stage_step):
                teaching.step(teaching.columns(batches), measure=False)
            progress.step += 1
            progress.stage_step += 1
        progress.epoch += 1
    return None


def _lost_weights(stage: StageRun) -> str:
    """Name of the first weight with a number that is not finite; empty where all are."""
    for teaching in stage.teachings.values():
        for name, weight in teaching.objective.named_parameters():
            if not bool(weight.isfinite().all()):
                return name
    return ""


def _first_node(stage: StageRun, batches: Sequence[Batch], probe: Probe) -> tuple[str, str]:
    for teaching in stage.teachings.values():
        with torch.no_grad():
            found = first_not_finite(probe.pass_through(teaching.objective, teaching.columns, batches))
        if found is not None:
            return found
    return "", ""
