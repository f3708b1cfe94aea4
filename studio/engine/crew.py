"""The processes that train together: one alone, or several on the devices of a machine, through Lightning Fabric."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from typing import IO, Any, Protocol

import torch
from torch import Tensor, nn

from studio.core.problem import ProjectError
from studio.engine.device import choose_device
from studio.training.messages import Start
from studio.training.worker_client import how_it_ended

FOLLOWER = "studio.engine.follower"


class Crew(Protocol):
    """What a training must know about the processes beside it. The first one alone tells, saves and listens."""

    @property
    def share(self) -> tuple[int, int]:
        """The number of this process, and of how many."""

    @property
    def device(self) -> torch.device | None:
        """The device of this process; None where there is a choice."""

    def wrap(self, objective: nn.Module) -> nn.Module:
        """The objective as a step runs it, its gradients averaged over all processes."""

    def backward(self, loss: Tensor, inputs: list[nn.Parameter] | None) -> None: ...

    def agree(self, value: Any) -> Any:
        """The value that the first process has."""


class Alone:
    """The usual case: nobody to agree with, and no wrapper between a step and torch."""

    share = (0, 1)
    device = None

    def wrap(self, objective: nn.Module) -> nn.Module:
        return objective

    def backward(self, loss: Tensor, inputs: list[nn.Parameter] | None) -> None:
        torch.autograd.backward(loss, inputs=inputs)

    def agree(self, value: Any) -> Any:
        return value


class Together:
    """Several processes, each with a share of every batch (DDP)."""

    def __init__(self, device: torch.device, devices: int) -> None:
        from lightning_fabric import Fabric  # late: it costs seconds that a training alone does not need

        self._fabric = Fabric(accelerator=device.type, devices=devices, strategy="ddp")
        self._fabric.launch()
        self.share = (self._fabric.global_rank, self._fabric.world_size)
        self.device = self._fabric.device

    def wrap(self, objective: nn.Module) -> nn.Module:
        wrapped: nn.Module = self._fabric.setup_module(objective, move_to_device=False)
        return wrapped

    def backward(self, loss: Tensor, inputs: list[nn.Parameter] | None) -> None:
        if inputs is not None:
            raise ProjectError("Stages with several objectives train on one device so far. Leave devices at 1.")
        self._fabric.backward(loss)

    def agree(self, value: Any) -> Any:
        return self._fabric.broadcast(value)

    def close(self) -> None:
        torch.distributed.destroy_process_group()


@contextlib.contextmanager
def crew_of(start: Start) -> Iterator[Crew]:
    """This process as the first of all that the training wants; the others are started, and ended afterwards.

    Raises ProjectError for what cannot be trained so, RuntimeError with the words of another process that failed.
    """
    if start.machines > 1:
        raise ProjectError("Training on several machines comes in a later version. Leave machines at 1.")
    if start.devices == 1:
        yield Alone()
        return
    device = choose_device(start.device)
    with _followers(start) as followers:
        together = Together(device, start.devices)
        try:
            yield together
        except RuntimeError as error:
            words = followers.last_words()
            if not words:
                raise
            raise RuntimeError(f"another process of this training failed: {words.splitlines()[-1]}") from error
        finally:
            together.close()


@contextlib.contextmanager
def _followers(start: Start) -> Iterator[Followers]:
    """A process for every further device of this machine.

    They belong to the group of this process, so whoever ends the group ends them too.
    """
    meeting = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(_free_port()), "NODE_RANK": "0"}
    before = dict(os.environ)
    os.environ.update({**meeting, "LOCAL_RANK": "0"})
    group = Followers([_follower(start, {**before, **meeting, "LOCAL_RANK": str(n)}) for n in range(1, start.devices)])
    try:
        yield group
    finally:
        group.end()
        os.environ.clear()
        os.environ.update(before)


class Followers:
    """The further processes of this machine."""

    def __init__(self, processes: list[tuple[subprocess.Popen[bytes], IO[bytes]]]) -> None:
        self._processes = processes

    def last_words(self) -> str:
        """What the first process that failed had to say; empty where none did."""
        for process, output in self._processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                if code := process.wait(2.0):
                    output.seek(0)
                    return output.read().decode(errors="replace").strip() or how_it_ended(code)
        return ""

    def end(self) -> None:
        for process, output in self._processes:
            process.send_signal(signal.SIGKILL)
            process.wait()
            output.close()


def _follower(start: Start, environment: dict[str, str]) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    output = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
    command = [sys.executable, "-m", FOLLOWER, json.dumps(asdict(start))]
    return subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT), output


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
