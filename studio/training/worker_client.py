"""The window's end of a training process: starts it, sends commands, collects events, and knows when it has died.

The two talk over a pair of connected sockets of which the child inherits one. It has no name and no address, so nobody
else can join, and it carries JSON only. What must not wait (figures, pictures) goes through shared memory.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from typing import Any

from studio.training.commands import Command, Shutdown
from studio.training.memory import shared_memory
from studio.training.messages import Event, WorkerDied
from studio.training.processes import module_command, module_environment
from studio.training.ring import RING_BYTES, RingReader
from studio.training.slots import PICTURES_BYTES, SlotReader
from studio.training.wire import content_of, line, message_of

MODULE = "studio.engine.worker"


class Worker:
    """One training process, started at once; it warms up by itself and says Ready."""

    def __init__(self, environment: Mapping[str, str] | None = None, *, module: str = MODULE) -> None:
        ours, theirs = socket.socketpair()
        figures, ring = shared_memory(RING_BYTES)
        pictures, slots = shared_memory(PICTURES_BYTES)
        self._socket, self._buffer, self._unsent = ours, b"", b""
        self.metrics, self.pictures = RingReader(ring), SlotReader(slots)
        self._output: Any = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        handles = (theirs.fileno(), figures, pictures)
        self._process = subprocess.Popen(
            module_command(module, *map(str, handles)),
            env=module_environment(environment),
            pass_fds=handles,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )
        theirs.close()
        os.close(figures)
        os.close(pictures)
        self._socket.setblocking(False)
        self._dead: WorkerDied | None = None
        self._dismissed = False

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._dead is None

    def fileno(self) -> int:
        """Readable when there is something to poll: for a QSocketNotifier, and for select."""
        return self._socket.fileno()

    def send(self, command: Command) -> None:
        """Hand over a command; one for a dead process is dropped, for its death is told by ``poll``."""
        if self._dead is None:
            self._dismissed = self._dismissed or isinstance(command, Shutdown)
            self._unsent += line(command)
            self._flush()

    def poll(self) -> list[Event]:
        """Everything the process told since the last call; never waits. Its death comes last, once."""
        if self._dead is not None:
            return []
        self._flush()
        ended = self._receive()
        *lines, self._buffer = self._buffer.split(b"\n")
        messages = (message_of(content_of(text)) for text in lines)
        events = [message for message in messages if isinstance(message, Event)]
        if ended:
            self._dead = self._died()
            if not self._dismissed:
                events.append(self._dead)
        return events

    def wait(self, seconds: float) -> bool:
        """Wait until there is something to poll; whether there is."""
        return self._dead is None and bool(select.select([self], [], [], seconds)[0])

    def close(self, *, patience: float = 5.0) -> None:
        """Ask the process to end, saving a training that runs; end it where it does not answer."""
        self.send(Shutdown())
        until = time.monotonic() + patience
        while self.alive and time.monotonic() < until:
            self.wait(0.1)
            self.poll()
        self.kill()

    def kill(self) -> None:
        """End the process and everything that it started, at once."""
        self._dismissed = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._dead = self._dead or self._died()
        self._socket.close()
        self._output.close()

    def _flush(self) -> None:
        """Send what the socket takes; the rest goes with the next poll."""
        while self._unsent:
            try:
                sent = self._socket.send(self._unsent)
            except BlockingIOError:
                return
            except OSError:
                self._unsent = b""
                return
            self._unsent = self._unsent[sent:]

    def _receive(self) -> bool:
        """Read what has arrived; whether the process is gone."""
        # A process that was killed may have left children that hold its socket open, so its end is asked for as well,
        # before reading, or its last words could be missed.
        gone = self._process.poll() is not None
        while True:
            try:
                data = self._socket.recv(1 << 16)
            except BlockingIOError:
                return gone
            except OSError:
                return True
            if not data:
                return True
            self._buffer += data

    def _died(self) -> WorkerDied:
        """How the process ended; what it had started ends with it."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        code = self._process.wait()
        self._output.seek(max(0, self._output.seek(0, os.SEEK_END) - 4000))
        output = self._output.read().decode(errors="replace").strip()
        return WorkerDied(how_it_ended(code), code, output)


def how_it_ended(code: int, process: str = "The training process") -> str:
    """The end of a process in words: ``The training process was killed from outside (SIGKILL).``"""
    if code == 0:
        return f"{process} ended."
    if code > 0:
        return f"{process} ended with exit code {code}."
    name = signal.Signals(-code).name if -code in {s.value for s in signal.Signals} else f"signal {-code}"
    reasons = {
        "SIGKILL": "was killed from outside, by a person or by the system for want of memory",
        "SIGSEGV": "crashed in native code",
        "SIGABRT": "gave up in native code",
        "SIGTERM": "was asked to end by another program",
    }
    return f"{process} {reasons.get(name, 'was ended')} ({name})."
