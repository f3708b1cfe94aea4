"""The trials of a sweep: what each of them reached on held-out samples, as the events of its run tell it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from studio.compiler.check import check
from studio.compiler.figures import LOSS, Figure, figures_of
from studio.compiler.objective import objectives_of_stage
from studio.compiler.source import objective_sources
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.training.messages import EpochEnded, Event, Failed, Finished, WorkerDied
from studio.training.summary import TRIAL, file_content
from studio.training.sweeps.varying import Values

TrialState = Literal["running", "interrupted", "complete", "pruned", "failed"]
ENDED = ("complete", "pruned", "failed")
DISCARDED = "discarded"
"""Why a run ended that was given up."""
UNJUDGED = "No epoch ended with this figure, so the trial cannot be judged."


@dataclass(frozen=True)
class Trial(Event):
    """A trial as it stands: told when it begins, when one of its epochs ends, and when it is over.

    ``values`` are those of what varies. ``figure`` is what the trial is judged by, on the validation part: that of the
    epoch that is kept, None before the first. ``figures`` are those of all of its ``epochs`` that measured it.
    """

    kind = "trial"
    trial: int
    values: Values
    state: TrialState = "running"
    run: str = ""
    figure: float | None = None
    figures: tuple[float, ...] = ()
    epochs: int = 0
    message: str = ""
    """Why it failed."""

    @property
    def name(self) -> str:
        return f"trial-{self.trial}"

    @property
    def is_over(self) -> bool:
        return self.state in ENDED


@dataclass(frozen=True)
class Swept(Event):
    """All trials are over: as Trial has them, the best first. ``goal`` describes the figure that they are judged by,
    ``run`` is the folder of the best, empty where none was completed.
    """

    kind = "swept"
    folder: str
    goal: Mapping[str, Any]
    trials: tuple[Mapping[str, Any], ...]
    run: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Aim:
    """What trials are judged by: a figure of the validation part in the last stage, whose number this is."""

    figure: Figure
    stage: int

    def turned(self, value: float) -> float:
        """The value, turned so that less is better."""
        return -value if self.figure.higher_is_better else value

    def judged(self, trial: int, values: Values, run: Path, events: Iterable[Event]) -> Trial:
        """A trial as the events of its run have it."""
        epochs: list[EpochEnded] = []
        state: TrialState = "running"
        message = ""
        for event in events:
            match event:
                case EpochEnded() if event.stage == self.stage:
                    epochs.append(event)
                case Finished():
                    state = "pruned" if event.reason == DISCARDED else "complete"
                case Failed() | WorkerDied():
                    state, message = "failed", event.message
        judged = [epoch for epoch in epochs if self.figure.name in epoch.metrics]
        kept = next((epoch for epoch in reversed(judged) if epoch.best), judged[-1] if judged else None)
        if kept is None and state == "complete":
            state, message = "failed", UNJUDGED
        figures = tuple(epoch.metrics[self.figure.name] for epoch in judged)
        figure = kept.metrics[self.figure.name] if kept else None
        return Trial(trial, values, state, str(run), figure, figures, len(epochs), message)

    def ranked(self, trials: Iterable[Trial]) -> list[Trial]:
        """The trials, the best first: those that were completed before those given up, and the failed ones last."""
        order = {state: rank for rank, state in enumerate(("complete", "pruned", "running", "interrupted", "failed"))}

        def key(trial: Trial) -> tuple[int, float, int]:
            figure = float("inf") if trial.figure is None else self.turned(trial.figure)
            return order[trial.state], float("inf") if figure != figure else figure, trial.trial

        return sorted(trials, key=key)


def aims_of(project: Project) -> list[Aim]:
    """All figures by which trials may be judged: the loss by which the last stage finds its best epoch is the first.

    Raises ProjectError where the project cannot be trained.
    """
    diagnosis = check(project)
    figures = figures_of(objective_sources(project, diagnosis), diagnosis)
    number, last = len(project.training.stages) - 1, project.training.stages[-1]
    taught = objectives_of_stage(last)
    measured = [name for name in figures if name[0] in (*taught, *last.measures)]
    measured.sort(key=lambda name: name != (taught[0], LOSS))
    return [Aim(figures[name], number) for name in measured]


def aim_of(project: Project, metric: str = "") -> Aim:
    """The figure of this name, or the usual one. Raises ProjectError where the last stage measures no such figure."""
    aims = aims_of(project)
    for aim in aims:
        if not metric or aim.figure.name == metric or aim.figure.name.endswith(f": {metric}"):
            return aim
    names = [aim.figure.name for aim in aims]
    near = get_close_matches(metric, names, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(names)}."
    raise ProjectError(f"The last stage of {project.name} measures no figure {metric!r:.60}. {hint}")


@dataclass(frozen=True)
class Noted:
    """What the folder of a trial says of it: its values, and why no run could be made of them."""

    values: Values
    failed: str = ""

    def write(self, folder: Path) -> None:
        """Raises ProjectError where that cannot be kept."""
        content = {"values": dict(self.values), **({"failed": self.failed} if self.failed else {})}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / TRIAL).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise ProjectError(f"{folder.name} cannot be kept in {folder.parent}: {error.strerror or error}.") from None


def noted(folder: Path) -> Noted | None:
    """What was noted of the trial in this folder; None where there is none."""
    content = file_content(folder / TRIAL)
    values = content.get("values")
    return Noted(values, str(content.get("failed", ""))) if isinstance(values, dict) else None
