"""What the terminal shows: machine-readable lines on stdout, sentences and progress on stderr."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from studio.core.problem import ProjectError

if TYPE_CHECKING:
    from rich.progress import Progress


def print_json(value: Any) -> None:
    """One line of JSON, at once: whoever reads a pipe sees it when it happens."""
    print(json.dumps(value), flush=True)


def say(sentence: str) -> None:
    """A sentence for a person, kept apart from what a program reads."""
    print(sentence, file=sys.stderr, flush=True)


def complain(error: ProjectError) -> None:
    """The sentence of an error and each of its problems."""
    say(str(error))
    for problem in error.problems:
        if str(problem) not in str(error):
            say(f"  {problem}")


def print_table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    """A heading and a table as wide as the terminal; names are never read as markup."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*columns, box=None, pad_edge=False, header_style="dim")
    for row in rows:
        table.add_row(*map(escape, row))
    console = Console(highlight=False)
    console.print(f"[bold]{escape(title)}[/]", soft_wrap=True)
    console.print(table, "")


def progress_bar(*, quiet: bool = False) -> Progress:
    """A bar on stderr that moves only where a person watches."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, highlight=False)
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),
        TimeElapsedColumn(),
        console=console,
        disable=quiet or not console.is_terminal,
        transient=True,
    )
