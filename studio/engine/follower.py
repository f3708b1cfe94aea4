"""A further process of a training on several devices: ``python -m studio.engine.follower`` with the command as JSON."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path

from studio.engine.crew import Together
from studio.engine.device import choose_device
from studio.engine.trainer import Outside, Trainer
from studio.training.messages import Event, Start
from studio.training.run import Run


def main(arguments: list[str]) -> None:
    """Train along with the first process, which alone tells, saves and listens."""
    start = Start(**json.loads(arguments[0]))
    crew = Together(choose_device(start.device), start.devices)
    trainer = Trainer(Run.open(Path(start.run)), start, Outside(unheard), unheard, contextlib.nullcontext(crew))
    trainer.train()


def unheard(event: Event) -> None:
    """The first process tells the same."""


if __name__ == "__main__":
    main(sys.argv[1:])
