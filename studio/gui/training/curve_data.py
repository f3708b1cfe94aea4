"""Turns what a training tells into points of curves: which plot, which curve, at which epoch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.gui.training.averages import Averages
from studio.gui.training.plan import Plan
from studio.training.messages import EpochEnded, Event, Figures, StageEnded, Started, StepDone
from studio.training.run import Run

if TYPE_CHECKING:
    from studio.training.ring import Records

LOSS = "loss"
TRAINING, VALIDATION = "Training", "Validation"


@dataclass(frozen=True, slots=True)
class Point:
    """A value of a figure in one part of the data, at a time in epochs."""

    figure: str
    part: str
    epoch: float
    value: float


@dataclass(frozen=True)
class Measure:
    """How a figure is shown."""

    title: str
    percent: bool = False
    higher_is_better: bool = False


def measures_of(started: Started) -> dict[str, Measure]:
    """The figures that a training tells: its loss first, or those of its objectives."""
    losses = [name for name in started.measures if split(name)[1] == LOSS] or [LOSS]
    found = {name: Measure("Loss") for name in losses}
    for name, about in started.measures.items():
        percent, higher = bool(about.get("percent")), bool(about.get("higher_is_better"))
        found[name] = Measure(str(about.get("title", name)), percent, higher)
    return found


def split(figure: str) -> tuple[str, str]:
    """The objective whose figure it is, empty where there is but one, and what it measures."""
    objective, _, key = figure.rpartition(": ")
    return objective, key


def together(figures: Iterable[str]) -> list[tuple[str, ...]]:
    """Figures that measure the same for several objectives, such as both losses of adversaries, side by side."""
    groups: dict[str, tuple[str, ...]] = {}
    for figure in figures:
        groups[split(figure)[1]] = (*groups.get(split(figure)[1], ()), figure)
    return list(groups.values())


def points_of(event: Event, plan: Plan) -> list[Point]:
    """The points that an event adds: figures of an epoch, on the validation part and on the training part."""
    if isinstance(event, EpochEnded):
        at = plan.epochs_at(event.step)
        return [*_points(event.metrics, VALIDATION, at), *_points(event.training, TRAINING, at, but=LOSS)]
    return []


def replayed(event: Event, plan: Plan) -> list[Point]:
    """The points of an event read from a run's file, where the live figures of every step are gone."""
    if isinstance(event, StepDone):
        return _points(event.values, TRAINING, plan.epochs_at(event.step))
    return points_of(event, plan)


@dataclass(frozen=True)
class Told:
    """What a run tells of its curves: the figures, and by figure and part the epochs and the values."""

    measures: dict[str, Measure]
    curves: dict[tuple[str, str], tuple[list[float], list[float]]]


def told_by(run: Run) -> Told | None:
    """The curves of a run from its file; None where its training never began."""
    events = run.history()
    started = next((event for event in events if isinstance(event, Started)), None)
    return curves_of(events, started) if started is not None else None


def curves_of(events: Iterable[Event], started: Started) -> Told:
    """The curves that these events make, read from a run's file."""
    found, plan = Told(measures_of(started), {}), Plan(started)
    for event in events:
        plan.take(event)
        for point in replayed(event, plan):
            xs, ys = found.curves.setdefault((point.figure, point.part), ([], []))
            measure = found.measures.get(point.figure)
            if measure is not None and (not xs or point.epoch > xs[-1]):
                xs.append(point.epoch)
                ys.append(shown_value(measure, point.value))
    return found


class Live:
    """Reads live figures as points of curves."""

    def __init__(self, started: Started, plan: Plan) -> None:
        self._series, self._plan = started.series, plan
        self._averages = {name: Averages(started.steps_per_epoch) for name in started.series}

    def points(self, records: Records) -> Iterator[tuple[str, Any, Any]]:
        """New points as (figure, epochs, values), arrays of one length."""
        import numpy as np

        for number, name in enumerate(self._series):
            chosen = records.series == number
            steps, means = self._averages[name].feed(records.steps[chosen], records.values[chosen])
            if len(steps):
                yield name, np.array([self._plan.epochs_at(step) for step in steps]), means


def _points(values: Figures, part: str, at: float, but: str = "") -> list[Point]:
    return [Point(name, part, at, value) for name, value in values.items() if name != but]


def shown_value(measure: Measure, value: float) -> float:
    """The value as its axis counts it."""
    return 100 * value if measure.percent else value


def best_text(measure: Measure, epoch: int, value: float) -> str:
    """What is said at the best point: ``Best, epoch 11: 0.040``."""
    return f"Best, epoch {epoch}: {100 * value:.2f} %" if measure.percent else f"Best, epoch {epoch}: {value:.4g}"


def end_text(event: StageEnded, plan: Plan) -> str:
    """Why a stage ended, and with which weights where these are not its last ones."""
    said = f'Stage "{event.name}" ended after epoch {event.epoch}: {event.reason}.'
    if event.restored is None:
        return said
    epoch = (event.restored - plan.begin(event.stage)) / plan.epoch_steps(event.stage)
    back = f"The weights of epoch {epoch:.3g} were put back"
    return f"{said}\n{back}: on the validation part they are the best; later ones fit the training part alone."
