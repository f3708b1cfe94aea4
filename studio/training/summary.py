"""What a table says of a run, read in about a millisecond without opening its project."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from studio.core.project import Stage
from studio.training.messages import EpochEnded, Event, Figures, Finished, Started, StepDone
from studio.training.run import Run, State, Status, status_after

NOTE, TRIAL = "note.txt", "trial.json"
"""Files of a run: what a person wrote about it, and the values that a sweep gave it."""

LOSS = "loss"


@dataclass(frozen=True)
class Summary:
    """A run in a row. Figures are those of held-out samples: ``best`` of the epoch that was kept, ``final`` the last.

    ``seconds`` are those of training, ``started`` is in seconds since 1970, and ``live`` is what the events tell of a
    process that goes on; ``state`` says whether there is one.
    """

    name: str
    project: str = ""
    template: str = ""
    state: State = "new"
    live: State = "new"
    message: str = ""
    started: float = 0.0
    stage: str = ""
    epoch: int = 0
    step: int = 0
    best_epoch: int = 0
    best: Figures = field(default_factory=dict)
    final: Figures = field(default_factory=dict)
    measures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    learning_rates: tuple[float, ...] = ()
    batch: int = 0
    seed: int = 0
    precision: str = ""
    weights: int = 0
    seconds: float = 0.0
    device: str = ""
    forked_from: str = ""
    varied: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    @property
    def main_figure(self) -> str:
        """The figure by which runs are compared: the first that is told beside the loss, else that."""
        return next((name for name in self.measures if name != LOSS and name in self.best), LOSS)


def summarize(run: Run) -> Summary:
    """What is to be said of the run as its files are now."""
    events = run.outline()
    status = status_after(events)
    started = [event for event in events if isinstance(event, Started)]
    found = _of_events(Summary(run.name), status, events)
    found = _of_start(found, run, started) if started else found
    return observed(_of_files(found, run), run)


def observed(summary: Summary, run: Run) -> Summary:
    """The summary with the state that the run has just now: only asking tells whether its process goes on."""
    is_over = summary.live not in ("running", "paused")
    return replace(summary, state=summary.live if is_over or run.is_live() else "interrupted")


def _of_events(summary: Summary, status: Status, events: Sequence[Event]) -> Summary:
    epochs = [event for event in events if isinstance(event, EpochEnded)]
    best = next((event for event in reversed(epochs) if event.best), epochs[-1] if epochs else None)
    ended = next((event for event in reversed(events) if isinstance(event, Finished)), None)
    return replace(
        summary,
        live=status.state,
        message=status.message,
        started=status.started,
        epoch=status.epoch,
        step=status.step,
        stage=_stage(events),
        best_epoch=best.epoch if best else 0,
        best=best.metrics if best else {},
        final=status.metrics,
        seconds=ended.seconds if ended else sum(event.seconds for event in epochs),
    )


def _of_start(summary: Summary, run: Run, started: Sequence[Started]) -> Summary:
    first, last = started[0], started[-1]
    return replace(
        summary,
        measures=last.measures,
        batch=last.batch,
        seed=last.seed,
        precision=last.precision,
        weights=sum(last.weights.values()),
        device=last.device,
        forked_from=_origin(run, first.checkpoint),
    )


def _stage(events: Sequence[Event]) -> str:
    """The name of the stage that was reached."""
    names = next((event.stages for event in reversed(events) if isinstance(event, Started)), ())
    told = (event.stage for event in reversed(events) if isinstance(event, StepDone | EpochEnded))
    return names[min(next(told, 0), len(names) - 1)] if names else ""


def _origin(run: Run, checkpoint: str) -> str:
    """The name of the run whose checkpoint a run began with; empty where it began with fresh weights."""
    parts = PurePath(checkpoint).parts
    return parts[-3] if len(parts) >= 3 and parts[-3] != run.name else ""


def _of_files(summary: Summary, run: Run) -> Summary:
    """What the project's file says, read as plain data: to check all of it takes ten times as long."""
    content = file_content(run.project_file)
    training = content.get("training")
    stages = training.get("stages") if isinstance(training, dict) else None
    listed = [stage for stage in stages if isinstance(stage, dict)] if isinstance(stages, list) else [{}]
    rates = [stage.get("learning_rate", Stage().learning_rate) for stage in listed]
    varied = file_content(run.folder / TRIAL).get("values")
    return replace(
        summary,
        project=str(content.get("name", "")),
        template=str(content.get("template", "")),
        learning_rates=tuple(rate for rate in rates if isinstance(rate, int | float)),
        varied=varied if isinstance(varied, dict) else {},
        note=note_of(run),
    )


def note_of(run: Run) -> str:
    """What a person wrote about the run."""
    try:
        return (run.folder / NOTE).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""


def file_content(path: PurePath) -> dict[str, Any]:
    """What a file of plain data holds; nothing where it cannot be read."""
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
