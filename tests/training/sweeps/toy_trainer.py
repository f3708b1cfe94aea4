"""A training process that learns nothing: its losses follow from the project, and are told in a moment.

The closer the learning rate is to 0.01, the lower is the validation loss; on the test part it is the other way round.
A batch of 12 waits for room on the disk, one of 13 fails, and one of 14 is killed.
"""

import math
import os
import signal
import socket
import sys
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from studio.core.project import Project
from studio.training.checkpoints import open_checkpoint
from studio.training.commands import Command, Shutdown, Start, Stop
from studio.training.journal import Journal
from studio.training.messages import EpochEnded, Event, Failed, Finished, Paused
from studio.training.run import Run
from studio.training.wire import content_of, line, message_of
from tests.training.runs import add_checkpoint, started

EPOCH_SECONDS = 0.02


def loss_at(learning_rate: float, epoch: int) -> float:
    """Validation loss at the end of an epoch, counted from 1."""
    return abs(math.log10(learning_rate) + 2) + 1 / epoch


def train(start: Start, channel: socket.socket, commands: SimpleQueue[Command]) -> bool:
    """Whether the training came to an end, and was not interrupted."""
    run = Run.open(Path(start.run))
    journal = Journal(run.events_file)

    def tell(event: Event) -> None:
        journal.append(event)
        channel.sendall(line(event))

    resumed = open_checkpoint(Path(start.resume)) if start.resume else None
    first = resumed.step if resumed else 0
    tell(started(first, checkpoint=start.resume))
    project = run.project()
    if project.training.batch == 13:
        tell(Failed("The loss is no number any more."))
    elif project.training.batch == 12:
        tell(Paused(1, "The disk is full."))
        return not isinstance(commands.get(), Shutdown)
    elif project.training.batch == 14:
        os.kill(os.getpid(), signal.SIGKILL)
    else:
        return _train_epochs(project, first, commands, tell, run)
    return True


def _train_epochs(project: Project, first: int, commands, tell, run: Run) -> bool:  # type: ignore[no-untyped-def]
    stage = project.training.stages[0]
    for epoch in range(first + 1, stage.epochs + 1):
        loss = loss_at(stage.learning_rate, epoch)
        tell(EpochEnded(epoch, stage.epochs, 0, epoch, {"loss": loss, "accuracy": -loss}, {}, 0.1, best=True))
        try:
            command = commands.get(timeout=EPOCH_SECONDS)
        except Empty:
            continue
        if isinstance(command, Stop):
            assert not command.keep
            tell(Finished({}, str(run.folder), 0.1, 1.0, epoch, "discarded"))
        elif isinstance(command, Shutdown):
            add_checkpoint(run, epoch, "stop")
            return False
        return True
    tell(Finished({"loss": -loss_at(stage.learning_rate, 1)}, str(run.folder), 0.1, 1.0, stage.epochs, "complete"))
    return True


def main() -> None:
    channel = socket.socket(fileno=int(sys.argv[1]))
    commands: SimpleQueue[Command] = SimpleQueue()

    def listen() -> None:
        for text in channel.makefile("rb"):
            command = message_of(content_of(text))
            if isinstance(command, Command):
                commands.put(command)
        os._exit(1)

    Thread(target=listen, daemon=True).start()
    while not isinstance(command := commands.get(), Shutdown):
        if isinstance(command, Start) and not train(command, channel, commands):
            return


if __name__ == "__main__":
    main()
