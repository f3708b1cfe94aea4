"""A further process of a training on several devices: ``python -m studio.engine.follower`` with the command as JSON."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from studio.engine.distributed import Together
from studio.engine.failures import TrainingFailed
from studio.engine.launch import along, crew_of
from studio.engine.trainer import Outside, Trainer
from studio.training.commands import Start
from studio.training.messages import Event, Finished
from studio.training.run import Run
from studio.training.wire import content_of, message_of


def follow(start: Start) -> tuple[Run, Finished | None]:
    """Train along with the first process, which alone tells, saves and listens. Raises ProjectError, TrainingFailed.

    The first one knows the folder of the run, which all must see.
    """
    with crew_of(start, unheard) as crew:
        assert isinstance(crew, Together)
        run = Run(Path(crew.start.run))
        return run, Trainer(run, crew.start, Outside(crew.say), ()).train(along(crew))


def unheard(event: Event) -> None:
    """The first process tells the same."""


def main(arguments: list[str]) -> None:
    """Train along until that is over, or the process that started this one ends."""
    threading.Thread(target=_end_with_the_first, daemon=True).start()
    start = message_of(content_of(arguments[0].encode()))
    assert isinstance(start, Start)
    try:
        follow(start)
    except TrainingFailed:
        os._exit(1)  # the first process knows why; taking the interpreter down would wait for it


def _end_with_the_first() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
