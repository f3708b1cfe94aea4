"""Starts the further processes of a training on several devices, and sees to it that all of them end together."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from torch import distributed

from studio.core.problem import ProjectError
from studio.engine.crew import Alone, Crew
from studio.engine.device import choose_device, device_counts
from studio.engine.distributed import Together
from studio.engine.failures import TrainingFailed
from studio.training.commands import Start
from studio.training.machine import cores
from studio.training.messages import Event, Failed
from studio.training.processes import module_command, module_environment
from studio.training.ranks import is_started
from studio.training.wire import line
from studio.training.worker_client import how_it_ended

FOLLOWER = "studio.engine.follower"

GRACE = 5.0
"""Seconds in which the end of a process shows itself by a connection that breaks."""

HEARD = 0.5
"""Seconds that a thread needs at most to pass on the last words of this process."""

HINT = "The others were ended too. Resume when it is mended: the last checkpoint is whole."


def check_places(start: Start) -> None:
    """Raises ProjectError where so many devices are not there, or cannot train together."""
    kind = choose_device(start.device).type
    there = device_counts()[kind]
    if kind != "cpu" and start.devices > there:
        raise ProjectError(f"This machine has {there} {kind.upper()} devices, not {start.devices}.")
    if not distributed.is_available():
        raise ProjectError("This build of PyTorch trains on one device only: it lacks torch.distributed.")


@contextmanager
def crew_of(start: Start, tell: Callable[[Event], None]) -> Iterator[Crew]:
    """This process among all that the training wants; those of this machine that are missing are started.

    ``tell`` is told of the end of another where nothing else can be done any more. Raises ProjectError for what cannot
    be trained so, TrainingFailed where another process has failed.
    """
    if start.devices * start.machines == 1:
        yield Alone()
        return
    check_places(start)
    with _meeting_point(start) as missing, _followers(start, missing, tell) as followers:
        together = Together(start)
        try:
            yield together
        except Exception as error:
            if not (together.leads and _is_lost(error)):
                raise
            raise TrainingFailed(_reason(together, followers)) from error
        finally:
            together.close()


@contextmanager
def along(together: Together) -> Iterator[Crew]:
    """The crew of a process other than the first: where a connection breaks, it leaves it to the first to say why."""
    try:
        yield together
    except Exception as error:
        if _is_lost(error):
            raise SystemExit(1) from error
        raise


@contextmanager
def _meeting_point(start: Start) -> Iterator[int]:
    """An environment in which all find each other; answers how many processes are missing on this machine."""
    before = dict(os.environ)
    missing = 0 if is_started() else start.devices - 1
    if not is_started():
        os.environ["LOCAL_RANK"] = "0"
        if start.machines == 1:
            os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(_free_port()), NODE_RANK="0")
    if start.machines == 1 and sys.platform == "linux":
        os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    # Processes that share the cores of a machine must not each start a thread for every core.
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, cores() // start.devices)))
    try:
        yield missing
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _followers(start: Start, count: int, tell: Callable[[Event], None]) -> Iterator[Followers]:
    followers = Followers([_follower(start, number + 1) for number in range(count)], tell)
    try:
        yield followers
    finally:
        followers.end()


class Followers:
    """The further processes that this one has started, and watches."""

    def __init__(
        self, processes: list[tuple[subprocess.Popen[bytes], IO[bytes]]], tell: Callable[[Event], None]
    ) -> None:
        self._processes, self._tell = processes, tell
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="followers", daemon=True)
        self._watcher.start()

    def failed(self) -> Failed | None:
        """How the first process that failed has ended, with what it wrote; one that was killed counts first."""
        ended = [(process.poll(), n) for n, (process, _) in enumerate(self._processes)]
        code, number = min(((code, n) for code, n in ended if code), default=(0, 0))
        if not code:
            return None
        output = self._processes[number][1]
        output.seek(0)
        words = how_it_ended(code, f"Process {number + 2} of this training")
        return Failed(words, HINT, traceback=output.read().decode(errors="replace")[-4000:])

    def end(self) -> None:
        """End them all: what they had to do is done, or cannot be done any more."""
        self._over.set()
        self._watcher.join()
        for process, output in self._processes:
            process.kill()
            process.communicate()
            output.close()

    def _watch(self) -> None:
        """End this process where another has failed and the one that trains does not notice.

        A GPU that waits for another waits on, and so does a process that waits for others to join.
        """
        while not self._over.wait(0.2):
            failure = self.failed()
            if failure is not None and not self._over.wait(GRACE):
                self._tell(failure)
                for process, _ in self._processes:
                    process.kill()
                time.sleep(HEARD)
                os._exit(1)


def _follower(start: Start, number: int) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    """The process of a further device; it ends when its input does, and that ends with this process.

    It leads a session of its own, for Ctrl-C is for the first process, which passes it on between two steps.
    """
    output = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
    command = module_command(FOLLOWER, line(start).decode())
    environment = module_environment({"LOCAL_RANK": str(number)})
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    return process, output


def _reason(together: Together, followers: Followers) -> Failed:
    """Why the connection to another process broke."""
    until = time.monotonic() + GRACE / 2
    failure = together.said()
    while failure is None and time.monotonic() < until:
        time.sleep(0.1)
        failure = together.said() or followers.failed()
    return failure or Failed("Another process of this training has ended without a word.", HINT)


def _is_lost(error: Exception) -> bool:
    """Whether the connection to another process broke."""
    if isinstance(error, distributed.DistError):
        return True
    return isinstance(error, RuntimeError) and any(word in str(error) for word in ("gloo", "NCCL", "Connection "))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
