"""Rows of the table of runs: a run, or a sweep with the runs that it made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from studio.training.run import Run
from studio.training.shelf import FOLDS, Shelved, goal_of
from studio.training.summary import LOSS, Summary, file_content


@dataclass(frozen=True)
class Row:
    """A run with its summary; for a sweep the run of ``folder`` is none, and ``trials`` are its rows.

    So it is for a cross-validation, with its folds.
    """

    folder: Path
    summary: Summary
    trials: tuple[Row, ...] = ()

    @property
    def run(self) -> Run | None:
        return None if self.trials else Run(self.folder)

    @property
    def words(self) -> str:
        """Everything that a search finds the row by, in small letters."""
        about = self.summary
        varied = (f"{name}={value}" for name, value in about.varied.items())
        told = (about.name, about.project, about.template, about.state, about.device, about.note, about.forked_from)
        return " ".join((*told, about.message, *varied)).lower()


def arranged(shelf: Iterable[Shelved], summaries: Mapping[Path, Summary]) -> list[Row]:
    """A row for each run, those of a sweep under one; a run that was not read yet has its name alone."""
    rows: list[Row] = []
    sweeps: dict[Path, list[Row]] = {}
    for each in shelf:
        folder = each.run.folder
        row = Row(folder, summaries.get(folder) or Summary(folder.name))
        (sweeps.setdefault(folder.parent, []) if each.sweep else rows).append(row)
    return [*rows, *(Row(folder, _of_all(folder, trials), tuple(trials)) for folder, trials in sweeps.items())]


def found(rows: Iterable[Row], text: str) -> list[Row]:
    """The rows in which all words of the text occur; of a sweep the trials that do, or all where it does itself."""
    wanted = text.lower().split()
    kept: list[Row] = []
    for row in rows:
        trials = tuple(trial for trial in row.trials if _says(trial, wanted))
        if _says(row, wanted):
            kept.append(row)
        elif trials:
            kept.append(replace(row, trials=trials))
    return kept


def better(summary: Summary, name: str) -> float:
    """The best value of a figure, turned so that more is better; less than all others where it was not measured."""
    value = summary.best.get(name)
    if value is None or value != value:
        return float("-inf")
    return value if summary.measures.get(name, {}).get("higher_is_better") else -value


def _says(row: Row, wanted: Sequence[str]) -> bool:
    words = row.words
    return all(word in words for word in wanted)


def _of_all(folder: Path, trials: Sequence[Row]) -> Summary:
    """What is said of a sweep: the best of its trials with how many have ended, and the time of all."""
    told = [trial.summary for trial in trials]
    figure = goal_of(folder) or next((each.main_figure for each in told if each.best), LOSS)
    best = max(told, key=lambda each: better(each, figure))
    ended = sum(each.state in ("finished", "failed") for each in told)
    runs = any(each.state in ("running", "paused") for each in told)
    found = replace(
        best,
        name=folder.name,
        state="running" if runs else "finished" if ended == len(told) else "interrupted",
        message=f"{ended} of {len(told)} trials have ended; the best is {best.name}.",
        started=min((each.started for each in told if each.started), default=0.0),
        seconds=sum(each.seconds for each in told),
        forked_from="",
        note=f"{len(told)} trials, best {best.name}",
    )
    folds = file_content(folder / FOLDS)
    return _of_folds(found, folds, ended) if folds else found


def _of_folds(summary: Summary, kept: Mapping[str, Any], ended: int) -> Summary:
    """What is said of a cross-validation: the mean over its folds, once there is one, and how far they lie apart."""
    folds, means, deviations = kept.get("folds", ended), kept.get("metrics", {}), kept.get("deviations", {})
    state = "finished" if means else "interrupted" if summary.state == "finished" else summary.state
    apart = ", ".join(f"{name} ± {deviation:.2g}" for name, deviation in deviations.items())
    said = f"mean of {folds} folds: {apart}" if means else f"{ended} of {folds} folds"
    return replace(summary, state=state, best=means, final=means, best_epoch=0, message="", note=said)
