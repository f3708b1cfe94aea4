"""What a stage does, in words as short as a card: what it runs, what learns, how, and when it ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from studio.compiler.objective import objectives_of_stage
from studio.core.problem import ProjectError
from studio.core.project import Stage
from studio.training.schedule import schedule

POINTS = 64
"""Of a curve of the learning rate."""


def lines_of(stage: Stage) -> Iterator[tuple[str, str]]:
    """What is said of a stage: a word for what it is about, and the words."""
    yield "runs", runs(stage)
    if stage.measures:
        yield "measures", ", ".join(stage.measures)
    yield "learns", learns(stage)
    if stage.takes:
        yield "takes", takes(stage)
    yield "by", how(stage)
    yield "ends", end(stage)


def runs(stage: Stage) -> str:
    """``Critic's turn, Generator's turn (every 5 steps)``"""
    every = stage.every or (1,) * len(objectives_of_stage(stage))
    each = zip(objectives_of_stage(stage), every, strict=False)
    return ", ".join(name if steps == 1 else f"{name} (every {steps} steps)" for name, steps in each)


def learns(stage: Stage) -> str:
    """``Generator, Classifier/Head``"""
    return ", ".join(stage.learns) or "everything"


def takes(stage: Stage) -> str:
    """``Classifier/Encoder from Autoencoder/Encoder``"""
    return ", ".join(f"{part} from {source}" for part, source in stage.takes.items())


def settings_text(values: Mapping[str, Any]) -> str:
    """``learning rate 0.01, clip 2``"""
    return ", ".join(f"{name.replace('_', ' ')} {_plain(value)}" for name, value in values.items())


def how(stage: Stage) -> str:
    """``adam 0.001, one-cycle``"""
    further: list[str] = [stage.schedule] if stage.schedule != "constant" else []
    further += ["warm-up"] if stage.warm_up else []
    further += [f"mean of weights {stage.average:g}"] if stage.average else []
    further += [f"{len(stage.own)} of its own" if len(stage.own) > 1 else "one of its own"] if stage.own else []
    return ", ".join([f"{stage.optimizer} {stage.learning_rate:g}", *further])


def end(stage: Stage) -> str:
    """``after 20 epochs, or 3 without improvement``"""
    ends = [
        _counted(stage.epochs, "epoch"),
        _counted(stage.steps, "step"),
        f"{stage.minutes:g} min" if stage.minutes else "",
    ]
    said = " or ".join(filter(None, ends))
    patience = f"{_counted(stage.patience, 'epoch')} without improvement" if stage.patience else ""
    return f"after {' or '.join(filter(None, (said, patience)))}" if said or patience else "never"


def rates(stage: Stage) -> Sequence[float]:
    """The learning rate along the stage as shares of its own, evenly spaced; empty where no end is known."""
    steps = stage.epochs * POINTS if stage.epochs else stage.steps
    if not steps:
        return ()
    try:
        factor = schedule(stage, steps_per_epoch=POINTS, steps=steps)
    except ProjectError:
        return ()
    return [factor(round(at * (steps - 1) / (POINTS - 1))) for at in range(POINTS)]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}" if count else ""
