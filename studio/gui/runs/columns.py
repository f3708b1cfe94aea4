"""The columns of the table of runs: what stands in them, and by what they are sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from studio.gui.runs.rows import Row, better
from studio.gui.training.wording import clock, figure, figures
from studio.training.messages import Figures
from studio.training.summary import Summary
from studio.training.sweeps.varying import in_words

STATES = {
    "new": "Not begun",
    "running": "Running",
    "paused": "Paused",
    "finished": "Finished",
    "failed": "Failed",
    "interrupted": "Interrupted",
}
BEST, FINAL = "Best ", "Final "
"""How the columns of single figures begin."""


@dataclass(frozen=True)
class Column:
    """A title, the text of a row, and the key by which rows are sorted: of one kind in all rows."""

    title: str
    text: Callable[[Row], str]
    key: Callable[[Row], Any]
    width: int = 80
    is_number: bool = False
    at_first: bool = True
    """Whether it is shown until a person chooses."""


def _text(title: str, of: Callable[[Summary], str], width: int, *, at_first: bool = True) -> Column:
    return Column(title, lambda row: of(row.summary), lambda row: of(row.summary).lower(), width, at_first=at_first)


def _number(
    title: str,
    of: Callable[[Summary], float],
    width: int = 80,
    *,
    told: Callable[[float], str] = "{:,}".format,
    at_first: bool = True,
) -> Column:
    def text(row: Row) -> str:
        value = of(row.summary)
        return told(value) if value else ""

    return Column(title, text, lambda row: of(row.summary), width, is_number=True, at_first=at_first)


def _figures(title: str, of: Callable[[Summary], Figures]) -> Column:
    """All figures at once; sorted by the one that counts, the better ones first."""
    return Column(
        title,
        lambda row: figures(of(row.summary), row.summary.measures),
        lambda row: -better(row.summary, row.summary.main_figure),
        230,
    )


COLUMNS = (
    Column("Run", lambda row: row.summary.name, lambda row: natural(row.summary.name), 170),
    _text("State", lambda about: STATES[about.state], 120),
    _number("Started", lambda about: about.started, 110, told=lambda at: f"{datetime.fromtimestamp(at):%d %b %H:%M}"),
    _figures("Best", lambda about: about.best),
    _figures("Final", lambda about: about.final),
    _number("Epoch", lambda about: about.epoch, 70),
    _text("Varied", lambda about: in_words(about.varied), 160),
    _number("Learning rate", lambda about: max(about.learning_rates, default=0.0), 110, told="{:g}".format),
    _number("Batch", lambda about: about.batch, 70),
    _number("Weights", lambda about: about.weights, 100),
    _number("Time", lambda about: about.seconds, 80, told=clock),
    _text("Note", lambda about: about.note, 160),
    _text("Project", lambda about: about.project, 120, at_first=False),
    _text("Template", lambda about: about.template, 110, at_first=False),
    _text("Stage", lambda about: about.stage, 100, at_first=False),
    _number("Best epoch", lambda about: about.best_epoch, 90, at_first=False),
    _number("Step", lambda about: about.step, at_first=False),
    Column("Seed", lambda row: f"{row.summary.seed}", lambda row: row.summary.seed, 60, is_number=True, at_first=False),
    _text("Precision", lambda about: about.precision, 90, at_first=False),
    _text("Device", lambda about: about.device, 140, at_first=False),
    _text("Forked from", lambda about: about.forked_from, 140, at_first=False),
    Column("Folder", lambda row: str(row.folder), lambda row: str(row.folder), 240, at_first=False),
)


def columns_of(rows: Iterable[Row]) -> tuple[Column, ...]:
    """All columns that these rows can have: two more for each figure that any of them tells."""
    titles: dict[str, str] = {}
    for row in rows:
        for name in (*row.summary.best, *row.summary.final):
            titles.setdefault(name, str(row.summary.measures.get(name, {}).get("title", name)))
    singles = (
        (_single(BEST, name, title, "best"), _single(FINAL, name, title, "final")) for name, title in titles.items()
    )
    return (*COLUMNS, *(column for pair in singles for column in pair))


def _single(part: str, name: str, title: str, attribute: str) -> Column:
    def value(row: Row) -> float | None:
        found: Figures = getattr(row.summary, attribute)
        return found.get(name)

    def text(row: Row) -> str:
        found = value(row)
        return "" if found is None else figure(name, found, row.summary.measures)

    def key(row: Row) -> float:
        found = value(row)
        return float("inf") if found is None or found != found else found

    return Column(part + title[:1].lower() + title[1:], text, key, 100, is_number=True, at_first=False)


def natural(name: str) -> list[tuple[int, str]]:
    """A key by which run-9 stands before run-10."""
    parts: list[tuple[int, str]] = []
    word = ""
    for letter in (*name.lower(), ""):
        if word and (letter.isdigit() != word[-1].isdigit() or not letter):
            parts.append((int(word), "") if word.isdigit() and word.isascii() else (-1, word))
            word = ""
        word += letter
    return parts


def hint(row: Row) -> str:
    """What is said of a row beyond its columns: where it lies, why it ended, what was noted."""
    about = row.summary
    return "\n".join(filter(None, (str(Path(row.folder)), about.message, about.note)))
