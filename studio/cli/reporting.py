"""Shows a training as it goes: a progress bar for a person, one event a line for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from studio.cli.console import print_json, progress_bar, say
from studio.training.messages import (
    ClassesWeighed,
    DataProgress,
    EpochEnded,
    Event,
    Failed,
    Figures,
    Finished,
    Log,
    StageEnded,
    Started,
    StepDone,
    Tuned,
    WeightsLoaded,
)
from studio.training.wire import plain

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Reporter(Protocol):
    """Is told every event of a training."""

    def __call__(self, event: Event) -> None: ...


@contextmanager
def reporting(*, json: bool, fold: int = 0) -> Iterator[Reporter]:
    """A reporter for as long as a training takes, of one fold or of all data."""
    if json:
        yield partial(print_event, fold=fold)
    else:
        with progress_bar() as bar:
            yield Narrator(bar)


def print_event(event: Event, **of: int) -> None:
    """The event on stdout, with the fold or the trial it is of, where it is of one; what the log is told, on stderr."""
    if isinstance(event, Log):
        say(event.message)
    else:
        print_json({**plain(event), **{what: number for what, number in of.items() if number}})


class Narrator:
    """Tells a person what happens, in a bar and a line for each epoch."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task: TaskID = bar.add_task("preparing", total=None)
        self._measures: Mapping[str, Mapping[str, object]] = {}
        self._stages = 1

    def __call__(self, event: Event) -> None:
        match event:
            case DataProgress():
                self._show(event.what, event.share, 1.0)
            case Started():
                self._begin(event)
            case WeightsLoaded():
                self._say("\n  ".join((event.in_words(), *event.refused)))
            case ClassesWeighed() | Tuned():
                self._say(event.in_words())
            case StepDone():
                shown = f"epoch {event.epoch}  {self._figures(event.values)}  {event.samples_per_second:,.0f}/s"
                self._show(shown, event.step)
            case EpochEnded():
                of = f"/{event.epochs}" if event.epochs else ""
                best = "  best so far" if event.best else ""
                self._say(f"epoch {event.epoch}{of}: {self._figures(event.metrics)}  ({event.seconds:.1f} s){best}")
            case StageEnded() if self._stages > 1 or event.restored is not None:
                back = f"; back to the best, of step {event.restored:,}" if event.restored is not None else ""
                reached = f": {self._figures(event.metrics)} on the test part" if event.metrics else ""
                self._say(f"{event.name} ended ({event.reason}){back}{reached}")
            case Finished():
                self._say(finished_in_words(event, self._figures(event.metrics)))
            case Failed():
                self._say(" ".join(part for part in (event.message, event.hint) if part))
            case Log():
                self._say(event.message)

    def _begin(self, event: Started) -> None:
        self._measures, self._stages = event.measures, len(event.stages)
        sizes = ", ".join(f"{name} with {count:,} weights" for name, count in event.weights.items())
        self._say(f"training {sizes} on {event.device}; the run is {event.run}")
        self._bar.reset(self._task, total=event.steps or None, completed=event.step, description="training")

    def _show(self, text: str, completed: float, total: float | None = None) -> None:
        self._bar.update(self._task, description=text, completed=completed, total=total)

    def _say(self, text: str) -> None:
        self._bar.console.print(text, markup=False, soft_wrap=True)

    def _figures(self, figures: Figures) -> str:
        return "  ".join(f"{self._title(name)} {self._value(name, value)}" for name, value in figures.items())

    def _title(self, name: str) -> str:
        return str(self._measures.get(name, {}).get("title", name))

    def _value(self, name: str, value: float) -> str:
        return f"{value:.2%}" if self._measures.get(name, {}).get("percent") else f"{value:.4g}"


def finished_in_words(event: Finished, figures: str) -> str:
    """The end of a training: what it reached, what it should have reached, where it is kept."""
    text = f"finished after {event.seconds:.1f} s ({event.reason}): {figures} on the test part"
    return f"{text}; {goal_in_words(event.goal)}" if event.goal is not None else text


def goal_in_words(goal: Mapping[str, Any]) -> str:
    """``the goal of accuracy >= 0.97 is reached``"""
    said = "reached" if goal["reached"] else "not reached"
    return f"the goal of {goal['metric']} {goal['op']} {goal['value']:g} is {said}"
