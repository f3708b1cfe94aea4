"""What the training process tells, as sentences for the log and the toolbar."""

from __future__ import annotations

from collections.abc import Mapping

from studio.training.messages import (
    CheckpointSaved,
    ClassesWeighed,
    DataProgress,
    EndSet,
    EpochEnded,
    Event,
    Failed,
    Figures,
    Finished,
    LearningRateSet,
    Log,
    Paused,
    Ready,
    Resumed,
    StageEnded,
    Started,
    Tuned,
    WeightsLoaded,
    WorkerDied,
)


def sentence(event: Event) -> str:
    """The event in words; empty for those that are too many to be told."""
    match event:
        case Ready():
            return f"The training process is ready: torch {event.torch}, {', '.join(event.devices)}."
        case Started():
            counts = ", ".join(f"{count:,} {part}" for part, count in event.samples.items())
            where = f"from step {event.step:,} " if event.step else ""
            return f"Training goes {where}on {event.device} with {counts} samples. Run: {event.run}"
        case WeightsLoaded():
            return " ".join((event.in_words(), *event.refused))
        case ClassesWeighed() | Tuned():
            return event.in_words()
        case EpochEnded():
            best = " (best so far)" if event.best else ""
            return f"Epoch {event.epoch}: {figures(event.metrics)} after {clock(event.seconds)}{best}."
        case StageEnded():
            reached = f" {figures(event.metrics)} on held-out samples." if event.metrics else ""
            return f"Stage {event.name} ended: {event.reason}.{reached}"
        case CheckpointSaved():
            return f"Checkpoint at step {event.step:,} ({event.why})."
        case Paused():
            return f"Paused at step {event.step:,}.{' ' + event.reason if event.reason else ''}"
        case Resumed():
            return f"Going on from step {event.step:,}."
        case LearningRateSet():
            return f"Learning rate {event.value:g} from step {event.step:,}."
        case EndSet():
            return f"From step {event.step:,} the stage ends {ends(event)}."
    return _ending(event)


def _ending(event: Event) -> str:
    match event:
        case Finished():
            return f"Finished, {event.reason}: {figures(event.metrics)} on held-out samples, {clock(event.seconds)}."
        case Failed():
            place = f"{event.node}: " if event.node else ""
            return " ".join(filter(None, (place + event.message, event.hint)))
        case WorkerDied():
            return " ".join(filter(None, (event.message, "Everything up to the last checkpoint is kept.")))
        case DataProgress():
            return f"{event.what}."
        case Log():
            return event.message
    return ""


def ends(event: EndSet) -> str:
    """When a stage ends: ``after 20 epochs or 3 epochs without improvement``."""
    limits = (
        (event.epochs, f"after {event.epochs:,} epochs"),
        (event.steps, f"after {event.steps:,} steps"),
        (event.minutes, f"after {event.minutes:g} minutes"),
        (event.patience, f"after {event.patience:,} epochs without improvement"),
    )
    return " or ".join(text for limit, text in limits if limit)


def figures(values: Figures, measures: Mapping[str, Mapping[str, object]] | None = None) -> str:
    """Figures by name, at a length that reads well: ``loss 0.0402, accuracy 98.76 %``."""
    return ", ".join(f"{name.replace('_', ' ')} {figure(name, value, measures)}" for name, value in values.items())


def figure(name: str, value: float, measures: Mapping[str, Mapping[str, object]] | None = None) -> str:
    """One figure; shares are told in per cent."""
    percent = (measures or {}).get(name, {}).get("percent", name.endswith("accuracy"))
    return f"{value:.2%}".replace("%", " %") if percent else f"{value:.4g}"


def clock(seconds: float) -> str:
    """A span of time: ``0:36``, ``1:02:05``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
