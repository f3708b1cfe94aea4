"""Shows a sweep as it goes: a bar and a line for each trial for a person, one event a line for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.cli.console import print_table, progress_bar, say
from studio.cli.reporting import print_event
from studio.training.messages import DataProgress, Event
from studio.training.sweeps.plan import Plan
from studio.training.sweeps.sweep import Report
from studio.training.sweeps.trials import Swept, Trial
from studio.training.sweeps.varying import in_words

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
        self._bar, self._plan = bar, plan
        self._task = bar.add_task("preparing", total=plan.count)
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
                ranked = self._plan.aim.ranked([trial, *([self._best] if self._best else [])])
                self._best = ranked[0]
                said = self._so_far(trial) + (", best so far" if self._best is trial else "")
            case "pruned":
                said = f"given up, {self._so_far(trial)}"
            case "interrupted":
                said = "interrupted"
        return f"trial {trial.trial} of {self._plan.count}: {in_words(trial.values)}: {said}"

    def _so_far(self, trial: Trial) -> str:
        if trial.figure is None:
            return ""
        figure, epochs = self._plan.aim.figure, len(trial.figures)
        return f"{figure.title} {figure.shown(trial.figure)} after {epochs} epoch{'s' if epochs > 1 else ''}"


def show_trials(swept: Swept, plan: Plan) -> None:
    """A row for each trial, the best first, and what can be done with that."""
    names, figure = [each.name for each in plan.varied], plan.aim.figure
    rows = [[*_row(trial, names), _shown(trial, plan)] for trial in swept.trials]
    title = f"{len(rows)} trials after {swept.seconds:.1f} s, judged by {figure.title} on the validation part"
    print_table(title, ["trial", *(name.replace("_", " ") for name in names), "epochs", figure.title], rows)
    if swept.run:
        best = swept.trials[0]
        say(f"The best is {Path(swept.run).name}: {in_words(best['values'])}.")
        say(f"To open it: layerloom {swept.run}")
        say(f"To train it anew, for instance longer: layerloom train {swept.run} --epochs 100")


def _row(trial: Mapping[str, Any], names: list[str]) -> list[str]:
    values = (in_words({"": trial["values"].get(name, "")}).strip() for name in names)
    return [str(trial["trial"]), *values, str(len(trial["figures"]))]


def _shown(trial: Mapping[str, Any], plan: Plan) -> str:
    """The figure, with what else there is to say."""
    figure = "" if trial["figure"] is None else plan.aim.figure.shown(trial["figure"])
    said = {"pruned": "given up", "failed": trial["message"]}.get(trial["state"], "")
    return " ".join(filter(None, (figure, said)))
