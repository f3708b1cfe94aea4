"""The training process: ``python -m studio.engine.worker`` with the descriptors that the window's end hands over."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
from queue import SimpleQueue

import torch

from studio.engine.descending import descend
from studio.engine.device import device_counts
from studio.engine.failures import TrainingFailed
from studio.engine.measuring import measure
from studio.engine.rates import try_rates
from studio.engine.trainer import Outside, run_training
from studio.training.commands import Command, Descend, Measure, Shutdown, Start, TryRates
from studio.training.memory import attach
from studio.training.messages import Event, Ready
from studio.training.ring import RingWriter
from studio.training.slots import SlotWriter
from studio.training.wire import content_of, line, message_of

PATIENCE = 5.0
"""Seconds that the end of the process waits for a window to hear its last words."""


class Channel:
    """The socket to the window. Commands come in and events go out on threads: no step waits for a window."""

    def __init__(self, channel: socket.socket) -> None:
        self._socket = channel
        self.inbox: SimpleQueue[Command] = SimpleQueue()
        self._outbox: SimpleQueue[Event | None] = SimpleQueue()
        threading.Thread(target=self._listen, name="commands", daemon=True).start()
        self._speaker = threading.Thread(target=self._speak, name="events", daemon=True)
        self._speaker.start()

    def tell(self, event: Event) -> None:
        """Send the event as soon as the window takes it."""
        self._outbox.put(event)

    def close(self) -> None:
        """Wait for a while until everything is told."""
        self._outbox.put(None)
        self._speaker.join(PATIENCE)

    def _speak(self) -> None:
        # A window that is gone hears nothing, and its end ends this process anyway.
        with contextlib.suppress(OSError):
            while (event := self._outbox.get()) is not None:
                self._socket.sendall(line(event))

    def _listen(self) -> None:
        # A window that is killed with words of ours unread resets the connection instead of ending it.
        try:
            with contextlib.suppress(OSError), self._socket.makefile("rb") as lines:
                for text in lines:
                    command = message_of(content_of(text))
                    if isinstance(command, Command):
                        self.inbox.put(command)
        finally:
            end_everything()


def end_everything() -> None:
    """End this process and all it has started: without the window nobody would ever end them."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def serve(channel: Channel, outside: Outside) -> None:
    """Do what is asked for, one training after the other, until the window wants no more."""
    warm_up()
    channel.tell(Ready(torch.__version__, device_counts()))
    while not isinstance(command := channel.inbox.get(), Shutdown):
        if isinstance(command, Start):
            with contextlib.suppress(TrainingFailed):  # told already, in words
                if run_training(command, outside) is None:
                    return
        elif isinstance(command, Measure):
            answer = measure(command, overtaken=lambda: not channel.inbox.empty())
            if answer is not None:
                channel.tell(answer)
        elif isinstance(command, TryRates):
            channel.tell(try_rates(command, channel.tell, overtaken=lambda: not channel.inbox.empty()))
        elif isinstance(command, Descend):
            channel.tell(descend(command))


def warm_up() -> None:
    """Make an optimizer for nothing: with its first one PyTorch imports its compiler, which takes seconds."""
    torch.optim.Adam([torch.zeros(1, requires_grad=True)])


def main(arguments: list[str]) -> None:
    """Serve the window that started this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the window's terminal is for the window
    handle, ring, slots = (int(argument) for argument in arguments)
    channel = Channel(socket.socket(fileno=handle))
    outside = Outside(channel.tell, channel.inbox, RingWriter(attach(ring)), SlotWriter(attach(slots)))
    serve(channel, outside)
    channel.close()


if __name__ == "__main__":
    main(sys.argv[1:])
    # All is written and told; taking the interpreter down with all of torch in it would take seconds.
    os._exit(0)
