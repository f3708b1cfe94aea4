"""Trains in several processes through Lightning Fabric: each has a device and a share of every batch (DDP)."""

from __future__ import annotations

import contextlib
import logging
import os
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from queue import Empty, SimpleQueue

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from studio.compiler.figures import LOSS
from studio.engine.crew import Inbox
from studio.engine.device import choose_device
from studio.engine.meter import EVERY, Meter
from studio.training.commands import Command, Start
from studio.training.messages import Event, Failed
from studio.training.ranks import by_torchrun
from studio.training.ring import RingWriter
from studio.training.wire import content_of, line, message_of

PATIENCE = timedelta(hours=6)
"""How long processes wait for each other, such as for data to be fetched. The end of one is noticed at once."""

HEARTBEAT = 60.0
"""Seconds after which a first process that is paused lets the others know that it is there."""

FAILURE = "layerloom/failure"
"""Where in the store of the processes the first to fail says why."""


class Together:
    """One of several processes. DDP averages their gradients; norms take the statistics of their own share alone."""

    def __init__(self, start: Start) -> None:
        """Wait for the others. Raises ProjectError where the device is not there."""
        from lightning_fabric import Fabric  # late: it costs seconds that a training alone does not need
        from lightning_fabric.plugins.environments.lightning import LightningEnvironment
        from lightning_fabric.plugins.environments.torchelastic import TorchElasticEnvironment
        from lightning_fabric.strategies.ddp import DDPStrategy

        logging.getLogger("lightning_fabric").setLevel(logging.WARNING)
        # A drawing may hold what its loss does not use; and buffers are brought into line where that matters.
        strategy = DDPStrategy(timeout=PATIENCE, find_unused_parameters=True, broadcast_buffers=False)
        warnings.filterwarnings("ignore", "`broadcast_buffers` is deprecated")  # its successor came with PyTorch 2.13
        self._fabric = Fabric(
            accelerator=choose_device(start.device).type,
            devices=start.devices,
            num_nodes=start.machines,
            strategy=strategy,
            plugins=[TorchElasticEnvironment() if by_torchrun() else LightningEnvironment()],
        )
        self._fabric.launch()
        self.device = self._fabric.device
        self.share = (self._fabric.global_rank, self._fabric.world_size)
        self.leads = self.share[0] == 0
        command = message_of(content_of(self._first_bytes(line(start))))
        assert isinstance(command, Start)
        self.start = command
        """The command as the first process has it, which made the folder of the run."""
        address, port = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
        self._store = distributed.TCPStore(address, port)  # type: ignore[attr-defined]
        self._commands: SimpleQueue[Command] = SimpleQueue()
        self._waiting = 0
        self._met, self._taken, self._left = time.monotonic(), 0, 1

    def wrap(self, objective: nn.Module, taught: Mapping[str, nn.Parameter], weight: Callable[[], float]) -> nn.Module:
        shared = _Shared(objective, weight)
        mine = {id(parameter) for parameter in taught.values()}
        others = [name for name, each in shared.named_parameters(remove_duplicate=False) if id(each) not in mine]
        ignore = DistributedDataParallel._set_params_and_buffers_to_ignore_for_model
        ignore(shared, others)  # type: ignore[no-untyped-call]
        wrapped: nn.Module = self._fabric.setup_module(shared, move_to_device=False)
        return wrapped

    def inbox(self, commands: SimpleQueue[Command]) -> Inbox:
        self._commands = commands
        return self

    def empty(self) -> bool:
        """Whether the first process had no command, or no further one, when all met last."""
        return self._waiting == 0

    def get(self) -> Command:
        """The next command of the first process."""
        self._waiting = max(0, self._waiting - 1)
        while True:
            data = b""
            with contextlib.suppress(Empty):
                data = line(self._commands.get(timeout=HEARTBEAT)) if self.leads else data
            if isinstance(command := message_of(content_of(self._first_bytes(data))), Command):
                return command

    def meter(self, series: tuple[str, ...], ring: RingWriter | None) -> Meter:
        return SharedMeter(self, series, ring)

    def due(self) -> bool:
        """Whether all meet at the step that begins; asked once for every step."""
        self._taken += 1
        return self._taken >= self._left

    def meet(self, seconds: Sequence[float]) -> Sequence[float]:
        """Take over the first process's clocks, hear whether it was given commands, and when to meet again.

        That is ten times a second, counted in steps: to ask at every step would cost the latency of a message each.
        """
        now = time.monotonic()
        if self._taken:
            pace = (now - self._met) / self._taken
            self._left = max(1, round(EVERY / max(pace, 1e-6)))
        said = self._first_numbers([*seconds, self._commands.qsize(), self._left])
        *seconds, waiting, left = said
        self._waiting, self._left = int(waiting), int(left)
        self._met, self._taken = now, 0
        return seconds

    def mean(self, values: Tensor) -> list[float]:
        """The mean over all processes of each of these values (n)."""
        values = values.to(self.device, torch.float64)
        distributed.all_reduce(values)
        means: list[float] = (values / self.share[1]).tolist()
        return means

    def totals(self, numbers: Sequence[float]) -> Sequence[float]:
        return [mean * self.share[1] for mean in self.mean(torch.tensor(numbers, dtype=torch.float64))]

    @torch.no_grad()
    def align(self, modules: Sequence[nn.Module]) -> None:
        tensors = {id(tensor): tensor for module in modules for tensor in (*module.parameters(), *module.buffers())}
        for tensor in tensors.values():
            whole = tensor.contiguous()
            distributed.broadcast(whole, 0)
            if whole is not tensor:
                tensor.copy_(whole)

    @contextmanager
    def first_goes_first(self) -> Iterator[None]:
        if not self.leads:
            self._fabric.barrier()
        yield
        if self.leads:
            self._fabric.barrier()

    def random_states(self) -> list[Tensor]:
        cuda = [torch.cuda.get_rng_state(self.device)] if self.device.type == "cuda" else []
        mine = torch.cat([torch.get_rng_state(), *cuda]).to(self.device)
        states = [torch.empty_like(mine) for _ in range(self.share[1])]
        distributed.all_gather(states, mine)
        return [state.cpu() for state in states[1:]]

    def set_random_state(self, states: Sequence[Tensor], seed: int) -> None:
        number, size = self.share[0], len(torch.get_rng_state())
        if 0 < number <= len(states):
            torch.set_rng_state(states[number - 1][:size])
            if self.device.type == "cuda" and len(states[number - 1]) > size:
                torch.cuda.set_rng_state(states[number - 1][size:], self.device)
        elif number:
            torch.manual_seed(seed + 1_000_003 * number)

    def say(self, event: Event) -> None:
        """Let the first process know why this one failed; all else it tells itself."""
        if isinstance(event, Failed):
            number, count = self.share
            failure = replace(event, message=f"Process {number + 1} of {count}: {event.message}")
            with contextlib.suppress(RuntimeError):  # where the first has ended, nobody needs to know
                self._store.compare_set(FAILURE, "", line(failure).decode())

    def said(self) -> Failed | None:
        """Why another process failed, where it could say so."""
        try:
            failure = message_of(content_of(self._store.get(FAILURE))) if self._store.check([FAILURE]) else None
        except RuntimeError:  # the process that kept the store has ended
            return None
        return failure if isinstance(failure, Failed) else None

    def close(self) -> None:
        distributed.destroy_process_group()

    def _first_numbers(self, numbers: Sequence[float]) -> list[float]:
        """The numbers that the first process has; as many in all."""
        values = torch.tensor(numbers, dtype=torch.float64, device=self.device)
        distributed.broadcast(values, 0)
        first: list[float] = values.tolist()
        return first

    def _first_bytes(self, data: bytes) -> bytes:
        """The bytes that the first process has; unlike Fabric's own broadcast, this unpickles nothing."""
        size = int(self._first_numbers([len(data)])[0])
        values = torch.zeros(size, dtype=torch.uint8)
        if self.share[0] == 0 and size:
            values = torch.frombuffer(bytearray(data), dtype=torch.uint8)
        values = values.to(self.device)
        distributed.broadcast(values, 0)
        return bytes(values.tolist())


class _Shared(nn.Module):
    """An objective that sees a share of every batch; what it answers weighs as much as the share is large."""

    def __init__(self, objective: nn.Module, weight: Callable[[], float]) -> None:
        super().__init__()
        self.objective, self._weight = objective, weight
        # DDP warns where everything is used after all.
        self.unused = nn.Parameter(torch.zeros(1))

    def forward(self, **arguments: Tensor | bool) -> dict[str, Tensor]:
        weight, values = self._weight(), self.objective(**arguments)
        if weight != 1.0:
            values = {name: value * weight for name, value in values.items()}
        # DDP waits for the gradient of everything that an answer depends on, and only the loss will have one.
        return {name: value if name == LOSS else value.detach() for name, value in values.items()}


class SharedMeter(Meter):
    """Reads when all processes meet, and means over all of them."""

    def __init__(self, together: Together, series: tuple[str, ...], ring: RingWriter | None) -> None:
        super().__init__(series, ring)
        self._together = together

    def due(self) -> bool:
        return self._together.due()

    def fetch(self, values: Tensor) -> list[float]:
        return self._together.mean(values)
