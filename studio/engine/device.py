"""Where a training runs: the device by its name, its threads, its precision, and the order of pixels in memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import nn

from studio.core.problem import ProjectError
from studio.training.machine import cores

DEVICES = ("auto", "cpu", "cuda", "mps")

WORK_OF_A_THREAD = 100_000_000
"""Multiply-adds of a batch for which a thread pays: with less, waiting for each other costs more than it saves."""


def choose_device(name: str) -> torch.device:
    """The device that is meant; auto takes the fastest there is. Raises ProjectError where it is not there."""
    if name == "auto":
        return torch.device(available()[0])
    kind = name.split(":")[0]
    if kind not in DEVICES:
        raise ProjectError(f"There is no device {name!r:.40}. Choose one of: {', '.join(DEVICES)}.")
    if kind not in available():
        raise ProjectError(f"PyTorch finds no {kind.upper()} device here. It finds: {', '.join(available())}.")
    return torch.device(name)


def available() -> tuple[str, ...]:
    """Kinds of devices of this machine, the fastest first."""
    cuda = ("cuda",) if torch.cuda.is_available() else ()
    mps = ("mps",) if torch.backends.mps.is_available() else ()
    return (*cuda, *mps, "cpu")


def device_counts() -> dict[str, int]:
    """How many devices of each kind there are, the fastest first; of the processor, as many as it has cores."""
    counts = {"cuda": torch.cuda.device_count(), "mps": 1, "cpu": cores()}
    return {kind: counts[kind] for kind in available()}


def describe(device: torch.device, count: int = 1) -> str:
    """The device in words: its name, or the number of threads; how many such, where there are several."""
    if count > 1:
        return f"{count} devices, each {describe(device)}"
    if device.type == "cuda":
        return f"cuda ({torch.cuda.get_device_name(device)})"
    return f"cpu ({torch.get_num_threads()} of {cores()} threads)" if device.type == "cpu" else device.type


def set_threads(multiply_adds: int) -> None:
    """Use as many threads as a step of this much work keeps busy.

    A rule and not a measurement, because the number of threads changes the last bits of a sum: the same seed on the
    same machine must give the same figures. OMP_NUM_THREADS, where it is set, is obeyed as the most.
    """
    most = int(os.environ.get("OMP_NUM_THREADS") or cores())
    torch.set_num_threads(max(1, min(most, multiply_adds // WORK_OF_A_THREAD)))


def free_choice(free: bool) -> None:  # noqa: FBT001  # the one thing that it sets
    """Whether a GPU may choose its algorithms by timing, and round the factors of matrix products to TF32.

    Even without, PyTorch takes algorithms there that add up in any order: those that repeat to the last bit cost 10 to
    14 %. On a processor the same seed gives the same figures.
    """
    torch.backends.cudnn.benchmark = free
    torch.set_float32_matmul_precision("high" if free else "highest")


def order_of_pixels(channels_last: bool) -> torch.memory_format:  # noqa: FBT001
    return torch.channels_last if channels_last else torch.contiguous_format


def channels_last(module: nn.Module, device: torch.device) -> bool:
    """Whether images should lie in memory pixel by pixel: convolutions on a processor are up to 1.4 times faster so."""
    return device.type == "cpu" and any(isinstance(part, nn.Conv2d) for part in module.modules())


def autocast(precision: str, device: torch.device) -> Callable[[], AbstractContextManager[object]]:
    """What every forward pass runs in. Raises ProjectError for a precision that the device does not have."""
    if precision == "32-bit":
        return nullcontext
    if precision == "16-mixed" and device.type == "cpu":
        raise ProjectError("A processor does not train in 16-mixed. Choose 32-bit, or bf16-mixed.")
    dtype = torch.float16 if precision == "16-mixed" else torch.bfloat16
    return lambda: torch.autocast(device.type, dtype)
