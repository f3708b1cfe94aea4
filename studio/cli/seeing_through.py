"""Sees a training of the terminal through: shows it, lets it be interrupted, and ends the command by how it ended."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING

from studio.cli.console import say
from studio.cli.reporting import print_event, reporting
from studio.compiler.check import check
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.training.commands import Command, Shutdown
from studio.training.messages import Failed
from studio.training.ranks import is_first

if TYPE_CHECKING:
    from studio.engine.train import Trained
    from studio.engine.trainer import Outside

INTERRUPTED = 130


def leave_words_to_the_first(processes: int) -> None:
    """Let a process print nothing where another, the first of those that train together, prints the same."""
    if processes > 1 and not is_first():
        with open(os.devnull, "wb") as nowhere:
            for stream in (sys.stdout, sys.stderr):
                os.dup2(nowhere.fileno(), stream.fileno())


def checked(project: Project) -> Project:
    """The project, if it can be trained. Raises ProjectError before a run is made for it."""
    problems = check(project).problems
    if problems:
        raise ProjectError(f"{project.name} cannot be trained yet: {problems[0]}", problems)
    return project


@contextmanager
def failures_as_events(*, json: bool) -> Iterator[None]:
    """Tell a program what a person is told by the sentence that ends the command."""
    try:
        yield
    except ProjectError as error:
        if json:
            print_event(Failed(str(error)))
        raise


def see_through(begin: Callable[[Outside], Trained], *, json: bool, fold: int = 0) -> Trained:
    """Run a training and show it; a failure ends the command with status 1, an interruption with 130.

    ``fold`` is told with every event, where there are several.
    """
    from studio.engine.failures import TrainingFailed
    from studio.engine.trainer import Outside

    with failures_as_events(json=json), reporting(json=json, fold=fold) as report, interruptions() as inbox:
        try:
            trained = begin(Outside(report, inbox))
        except TrainingFailed:
            raise SystemExit(1) from None
    if trained.finished is None:
        say(f"Interrupted. To go on: layerloom resume {trained.run.folder}")
        raise SystemExit(INTERRUPTED)
    if not json:
        print(trained.run.folder)
    return trained


@contextmanager
def interruptions() -> Iterator[SimpleQueue[Command]]:
    """Where a first Ctrl-C becomes the wish to end at the next step, with a checkpoint; a second one ends at once."""
    inbox: SimpleQueue[Command] = SimpleQueue()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def ask(number: int, _frame: object) -> None:
        inbox.put(Shutdown())
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, ask)
    try:
        yield inbox
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
