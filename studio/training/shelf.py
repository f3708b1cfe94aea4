"""The runs there are: where they lie, and what a person may do with the folder of one."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from studio.core.opening import IN_RUN
from studio.core.problem import ProjectError
from studio.training.presence import FILE as PRESENCE
from studio.training.run import Run
from studio.training.summary import NOTE, TRIAL, Summary, file_content, observed, summarize

SWEEP = "sweep.json"
"""The file that makes a folder of runs a sweep."""

FOLDS = "folds.json"
"""The file that makes a folder of runs a cross-validation, and says what all of its folds reach."""

READ = (IN_RUN, "events.jsonl", NOTE)
"""The files of a run on which its summary depends."""

PARTS = ("checkpoints", "previews", "tensorboard", "events.jsonl", PRESENCE, NOTE, TRIAL, IN_RUN)
"""All that a run keeps. Its project comes last: with that the folder ceases to be a run."""

FORBIDDEN = re.compile(r'[\x00-\x1f<>:"/\\|?*]')
"""Characters that some system refuses in names."""

Stamp = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Shelved:
    """A run and the sweep, or cross-validation, that made it, by the name of that folder; empty where it was alone."""

    run: Run
    sweep: str = ""


class Shelf:
    """Reads runs, and those that have not changed only once."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[Stamp, Summary]] = {}

    def read(self, run: Run) -> Summary:
        """What is to be said of the run now."""
        stamp = tuple(_stamp(run.folder / name) for name in READ)
        known = self._known.get(run.folder)
        if known is not None and known[0] == stamp:
            return observed(known[1], run)
        summary = summarize(run)
        self._known[run.folder] = stamp, summary
        return summary


def shelved(places: Iterable[Path]) -> list[Shelved]:
    """The runs in these folders and in the sweeps among them, each once; a place may be a run or a sweep itself."""
    found: dict[Path, Shelved] = {}
    for place in places:
        for each in _within(place.absolute(), nested=True):
            found.setdefault(each.run.folder, each)
    return list(found.values())


def _within(place: Path, *, nested: bool) -> Iterator[Shelved]:
    if (place / IN_RUN).is_file():
        yield Shelved(Run(place))
        return
    sweep = place.name if _is_of_many(place) else ""
    for child in _folders(place):
        if (child / IN_RUN).is_file():
            yield Shelved(Run(child), sweep)
        elif nested and _is_of_many(child):
            yield from _within(child, nested=False)


def _is_of_many(place: Path) -> bool:
    return any((place / name).is_file() for name in (SWEEP, FOLDS))


def _folders(place: Path) -> list[Path]:
    try:
        with os.scandir(place) as entries:
            return [Path(entry.path) for entry in entries if entry.is_dir() and not entry.name.startswith(".")]
    except OSError:
        return []


def goal_of(sweep: Path) -> str:
    """The figure by which the trials of a sweep are judged; empty where it does not say."""
    return str(file_content(sweep / SWEEP).get("goal", ""))


def write_note(run: Run, text: str) -> None:
    """Keep what a person writes about a run; nothing is kept of an empty note. Raises ProjectError."""
    try:
        if text.strip():
            (run.folder / NOTE).write_text(text.strip() + "\n", encoding="utf-8")
        else:
            (run.folder / NOTE).unlink(missing_ok=True)
    except OSError as error:
        raise ProjectError(f"The note of {run.name} cannot be kept: {error.strerror or error}.") from None


def rename(run: Run, name: str) -> Run:
    """The run under another name, which is that of its folder. Raises ProjectError where that cannot be."""
    name = name.strip()
    _refuse_live(run, "renamed")
    if not name or name.startswith(".") or FORBIDDEN.search(name):
        raise ProjectError(f"A run cannot be called {name!r:.60}: choose a name that a folder may have.")
    there = run.folder.with_name(name)
    if there.exists():
        raise ProjectError(f"There is a run {name} already. Choose another name.")
    try:
        run.folder.rename(there)
    except OSError as error:
        raise ProjectError(f"{run.name} cannot be renamed: {error.strerror or error}.") from None
    return Run(there)


def delete(run: Run) -> bool:
    """Remove what a run keeps; whether its folder is gone: what else a person put there stays.

    Raises ProjectError where it is being trained, or the system refuses.
    """
    _refuse_live(run, "deleted")
    try:
        for part in PARTS:
            path = run.folder / part
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        if any(run.folder.iterdir()):
            return False
        run.folder.rmdir()
    except OSError as error:
        raise ProjectError(f"{run.name} cannot be deleted: {error.strerror or error}.") from None
    return True


def _refuse_live(run: Run, what: str) -> None:
    if run.is_live():
        raise ProjectError(f"{run.name} is being trained and cannot be {what}. Stop it first.")


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
