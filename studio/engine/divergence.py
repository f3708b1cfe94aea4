"""Finds the node at which a training lost its numbers, by going once more from the last checkpoint to that step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import nn

from studio.engine.data.batches import Batch
from studio.engine.keeper import Resumption
from studio.engine.meter import Diverged, Meter
from studio.engine.places import node_of_weight
from studio.engine.probe import Probe, first_not_finite
from studio.engine.stage import StageRun
from studio.engine.taking import take
from studio.engine.teaching import Teaching
from studio.training.messages import Failed


def explain_divergence(
    error: Diverged, resumption: Resumption, begin: Callable[[int], StageRun], probe: Probe
) -> Failed:
    """The step, the objective where there are several, the node and the likely cause of a loss that is no number."""
    stage = begin(resumption.progress.stage)
    if resumption.progress.stage_step == 0:
        take(probe.built, stage.stage)
    resumption.take_up(stage, Meter(()))
    stage.begin()
    batches = _batches_at(error, stage, resumption)
    of = {name: f" of {name}" if len(stage.teachings) > 1 else "" for name in stage.teachings}
    name = next((name for name, each in stage.teachings.items() if each.series == error.loss), next(iter(of)))
    message = f"The loss{of[name] if error.loss else ''} is no longer a finite number since step {error.step:,}"
    if lost := _lost(stage):
        teacher, weight = lost
        graph, node = node_of_weight(probe.built, weight)
        blamed = teacher if of[teacher] else "the step before"
        thrown = f"the weights of {node} in {graph}" if node else "weights"
        message = f"{message}: {blamed} had thrown {thrown} out of bounds."
        return Failed(message, _gentler(stage.teachings[teacher], of[teacher]), graph, node, error.step)
    gentler = _gentler(stage.teachings[name], of[name])
    if batches is None:
        return Failed(f"{message}.", gentler, step=error.step)
    graph, node = _first_node(stage.teachings[name], batches, probe)
    if not node:
        return Failed(f"{message}, though no node's value is: its gradients were.", gentler, step=error.step)
    hint = "Its inputs are finite: look for a logarithm of zero or a division by zero, or lower the learning rate."
    return Failed(f"{message}; the first such value is that of {node} in {graph}.", hint, graph, node, error.step)


def _batches_at(error: Diverged, stage: StageRun, resumption: Resumption) -> Sequence[Batch] | None:
    """Train up to the loss that is no number; what it is computed of, None where the stage ends before."""
    progress = resumption.progress
    while not stage.ended(progress):
        for batches in stage.feed:
            stage.set_learning_rate(progress)
            is_there = progress.step + 1 >= error.step
            for _, teaching in stage.due(progress.stage_step):
                if is_there and error.loss in (teaching.series, ""):
                    return batches
                teaching.step(teaching.columns(batches), measure=False)
            progress.step += 1
            progress.stage_step += 1
            if stage.is_cut(progress):
                break
        progress.epoch += 1
    return None


def _lost(stage: StageRun) -> tuple[str, nn.Parameter] | None:
    """The objective that teaches the first weight with a number that is not finite, and this weight."""
    for name, teaching in stage.teachings.items():
        for weight in teaching.weights:
            if not bool(weight.isfinite().all()):
                return name, weight
    return None


def _gentler(teaching: Teaching, of: str) -> str:
    rate = f"{teaching.optimizer.param_groups[0]['lr']:g}"
    clip = f"clip {'its' if of else 'the'} gradient"
    # a run that is resumed goes on as it was, and would come to the same end
    return f"Lower the learning rate{of} (now {rate}), or {clip}, then fork from the last checkpoint."


def _first_node(teaching: Teaching, batches: Sequence[Batch], probe: Probe) -> tuple[str, str]:
    """Where the first value of the objective that is no number is computed, given these batches."""
    with torch.no_grad():
        return first_not_finite(probe.pass_through(teaching.objective, teaching.columns, batches)) or ("", "")
