"""The learning rate of a stage as a plain function of the step, so that going on from a checkpoint needs no state."""

from __future__ import annotations

import math
from collections.abc import Callable

from studio.core.problem import ProjectError
from studio.core.project import Stage

RISE, FIRST, LAST = 0.3, 1 / 25, 1 / 250_000
"""One cycle: the share of the steps on which the rate grows, and the rate at both ends as a share of the largest."""


def schedule(stage: Stage, *, steps_per_epoch: int, steps: int) -> Callable[[int], float]:
    """The factor by which the stage's learning rate is multiplied at a step, counted from 0.

    ``steps`` is the number of all steps, 0 where the stage has no such end. Raises ProjectError for a schedule that
    needs an end there. One cycle: Smith and Topin 2018, Super-convergence; cosine: Loshchilov and Hutter 2017, SGDR.
    """
    needs_end = stage.schedule in ("cosine", "one-cycle") or stage.warm_up > 0
    if needs_end and not steps:
        what = "warm-up" if stage.schedule == "constant" else f"schedule {stage.schedule!r}"
        raise ProjectError(f"The stage {stage.name!r} has a {what}: say after how many epochs or steps it ends.")
    warm = round(stage.warm_up * steps)
    after = _after_warm_up(stage, steps_per_epoch, steps - warm)
    return lambda step: (step + 1) / warm if step < warm else after(step - warm)


def _after_warm_up(stage: Stage, steps_per_epoch: int, steps: int) -> Callable[[int], float]:
    match stage.schedule:
        case "constant" | "plateau":  # the drops of a plateau hang on what is measured: progress counts them
            return lambda step: 1.0
        case "step":
            return lambda step: stage.drop_to ** (step // (stage.drop_every * steps_per_epoch))
        case "cosine":
            return lambda step: _cosine(1.0, 0.0, step / steps)
        case "one-cycle":
            rise = max(RISE * steps - 1, 1.0)
            fall = max(steps - 1 - rise, 1.0)
            return lambda step: (
                _cosine(FIRST, 1.0, step / rise) if step <= rise else _cosine(1.0, LAST, (step - rise) / fall)
            )


def _cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * min(share, 1.0))) / 2
