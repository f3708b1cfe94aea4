"""Finds the largest batch that memory has room for, once it has run out."""

from __future__ import annotations

import gc

import torch

from studio.compiler.figures import LOSS
from studio.engine.failures import is_out_of_memory
from studio.engine.feed import Data, sample
from studio.engine.stage import StageRun


def what_would_fit(stage: StageRun, data: Data) -> str:
    """What to do where memory has run out, as a sentence."""
    size = fitting_batch(stage, data)
    if not size:
        return "Not even a batch of one fits: make the network smaller."
    if stage.stage.optimizer == "gradient-descent":
        parts = -(-stage.batch // size)
        return (
            f"Gradient descent takes all samples at once: averaged over {parts:,} batches (accumulate), they would fit."
        )
    return f"A batch of {size * stage.processes:,} would fit."


def fitting_batch(stage: StageRun, data: Data) -> int:
    """The largest half, quarter, … of what is computed at once that memory has room for; 0 where not even one sample.

    What a further optimizer step may need on top is left out of account.
    """
    size = stage.at_once // 2
    while size and not _fits(stage, data, size):
        size //= 2
    return size


def _fits(stage: StageRun, data: Data, size: int) -> bool:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    try:
        for teaching in stage.teachings.values():
            batch = sample([data[dataset] for dataset in stage.datasets], "train", range(size))
            torch.autograd.backward(teaching.forward(teaching.columns(batch), measure=False)[LOSS])
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        return False
    finally:
        for teaching in stage.teachings.values():
            teaching.optimizer.zero_grad()
    return True
