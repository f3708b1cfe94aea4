"""Shows a sweep as it goes: a bar and a line for each trial for a person, one event a line for a program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from studio.cli.console import print_table, progress_bar, say
from studio.cli.reporting import print_event
from studio.training.messages import DataProgress, Event
from studio.training.sweeps.plan import Plan
from studio.training.sweeps.sweep import Report
from studio.training.sweeps.trials import Aim, Trial
from studio.training.sweeps.varying import in_words, short

if TYPE_CHECKING:
    from rich.progress import Progress


@contextmanager
def reporting_trials(plan: Plan, *, json: bool) -> Iterator[Report]:
    """What is told every event of a sweep, for as long as it takes."""
    if json:
        yield lambda event, number: print_event(event, trial=number)
    else:
        with progress_bar() as bar:
            yield TrialNarrator(bar, plan)


class TrialNarrator:
    """Tells a person which trials run, and a line of each that is over."""

    def __init__(self, bar: Progress, plan: Plan) -> None:
        self._bar, self._aim, self._count = bar, plan.picker.aim, plan.count
        self._task = bar.add_task("preparing", total=self._count)
        self._running: dict[int, Trial] = {}
        self._over = 0
        self._best: Trial | None = None

    def __call__(self, event: Event, number: int) -> None:
        match event:
            case DataProgress() if event.share < 1:
                self._bar.update(self._task, description=f"trial {number}: {event.what}")
            case Trial() if event.state == "running":
                self._running[number] = event
                self._show()
            case Trial():
                self._running.pop(number, None)
                self._over += event.is_over
                self._bar.console.print(self._line(event), markup=False, soft_wrap=True)
                self._show()

    def _show(self) -> None:
        running = ", ".join(f"trial {n} {self._so_far(trial)}".strip() for n, trial in sorted(self._running.items()))
        self._bar.update(self._task, completed=self._over, description=running)

    def _line(self, trial: Trial) -> str:
        """``trial 3 of 20: width 32: Accuracy 93.20% after 5 epochs, best so far``"""
        said = trial.message
        match trial.state:
            case "complete":
                ranked = self._aim.ranked([trial, *([self._best] if self._best else [])])
                self._best = ranked[0]
                said = self._so_far(trial) + (", best so far" if self._best is trial else "")
            case "pruned":
                said = f"given up, {self._so_far(trial)}"
            case "interrupted":
                said = "interrupted"
        return f"trial {trial.trial} of {self._count}: {in_words(trial.values)}: {said}"

    def _so_far(self, trial: Trial) -> str:
        if trial.figure is None:
            return ""
        figure = self._aim.figure
        return (
            f"{figure.title} {figure.shown(trial.figure)} after {trial.epochs} epoch{'s' if trial.epochs > 1 else ''}"
        )


def show_trials(trials: Iterable[Trial], plan: Plan, seconds: float) -> None:
    """A row for each trial, the best first, and what can be done with that."""
    names, aim = [each.name for each in plan.picker.varied], plan.picker.aim
    ranked = aim.ranked(trials)
    rows = [
        [str(each.trial), *(short(each.values[name]) for name in names), str(each.epochs), _reached(each, aim)]
        for each in ranked
    ]
    title = f"{len(rows)} trials after {seconds:.1f} s, judged by {aim.figure.title} on the validation part"
    print_table(title, ["trial", *(name.replace("_", " ") for name in names), "epochs", aim.figure.title], rows)
    best = ranked[0]
    if best.state == "complete":
        say(f"The best is {best.name}: {in_words(best.values)}.")
        say(f"To open it: layerloom {best.run}")
        say(f"To train it anew, for instance longer: layerloom train {best.run} --epochs 100")


def _reached(trial: Trial, aim: Aim) -> str:
    """The figure, with what else there is to say."""
    figure = "" if trial.figure is None else aim.figure.shown(trial.figure)
    said = {"pruned": "given up", "failed": trial.message}.get(trial.state, "")
    return " ".join(filter(None, (figure, said)))
