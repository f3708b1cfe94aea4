"""Writes and reads checkpoints: weights as safetensors, all else that going on needs as plain tensors and numbers."""

from __future__ import annotations

import os
import random
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from studio.core.names import identifiers
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.training.checkpoints import ABOUT, Checkpoint, checkpoint_name


def write_checkpoint(
    folder: Path, networks: Mapping[str, nn.Module], state: Mapping[str, Any], about: Checkpoint
) -> Checkpoint:
    """Write a checkpoint whole or not at all. Raises OSError.

    ``networks`` are modules by the key of their file, ``state`` holds tensors and plain data only, ``about`` says all
    but the folder.
    """
    target = folder / checkpoint_name(about.step, about.why)
    writing = folder / f".writing-{os.getpid()}"
    checkpoint = Checkpoint(target, about.step, about.stage, about.epoch, about.why, about.metrics, time.time())
    for left in folder.glob(".writing-*"):  # by a process that was killed meanwhile: only one writes at a time
        shutil.rmtree(left, ignore_errors=True)
    try:
        writing.mkdir()
        with _refusals():
            for key, network in networks.items():
                save_file(_tensors(network), writing / f"{key}.safetensors", {"format": "pt"})
            with (writing / checkpoint.state.name).open("wb") as file:
                torch.save(dict(state), file)
        (writing / ABOUT).write_text(checkpoint.about(), encoding="utf-8")
        for path in (*writing.iterdir(), writing):
            _to_disk(path)
        if target.exists():
            shutil.rmtree(target)
        writing.rename(target)
        _to_disk(folder)
    except BaseException:
        shutil.rmtree(writing, ignore_errors=True)
        raise
    return checkpoint


def keyed(project: Project, networks: Mapping[str, nn.Module]) -> dict[str, nn.Module]:
    """Networks of a project by the key of their file; the key of a network does not depend on which others train."""
    return {key: networks[name] for name, key in identifiers(project.networks).items() if name in networks}


def read_weights(checkpoint: Checkpoint, networks: Mapping[str, nn.Module]) -> list[str]:
    """Put the weights of a checkpoint into networks by the key of their file; answers what did not fit, as key.tensor.

    Raises ProjectError where a file is damaged.
    """
    left: list[str] = []
    for key, network in networks.items():
        path = checkpoint.weights(key)
        try:
            tensors = load_file(path) if path.exists() else {}
        except (SafetensorError, OSError) as error:
            raise ProjectError(f"The checkpoint {path} is damaged ({error}). Take an earlier one.") from None
        left += [f"{key}.{tensor}" for tensor in _fill(network, tensors)]
    return left


def read_state(checkpoint: Checkpoint) -> dict[str, Any]:
    """What else a checkpoint keeps. Raises ProjectError where the file is damaged; runs no code of it."""
    try:
        state: dict[str, Any] = torch.load(checkpoint.state, map_location="cpu", weights_only=True)
    except (UnpicklingError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise ProjectError(f"The checkpoint {checkpoint.folder.name} is damaged ({error!s:.200}).") from None
    return state


def random_state() -> dict[str, Any]:
    """Every generator of random numbers that a step may draw from."""
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    return {"torch": torch.get_rng_state(), "cuda": cuda, "python": random.getstate()}


def set_random_state(state: Mapping[str, Any]) -> None:
    """Put the generators back to where they were."""
    torch.set_rng_state(state["torch"])
    if state["cuda"] and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(state["cuda"])
    version, numbers, gauss = state["python"]
    random.setstate((version, tuple(numbers), gauss))


def seed_everything(seed: int) -> None:
    random.seed(seed)
    torch.manual_seed(seed)


def _tensors(module: nn.Module) -> dict[str, Tensor]:
    """The state of a module with tensors that share memory once, which is all that safetensors takes."""
    seen: set[tuple[int, tuple[int, ...]]] = set()
    tensors: dict[str, Tensor] = {}
    for name, tensor in module.state_dict().items():
        place = (tensor.data_ptr(), tuple(tensor.shape))
        if tensor.numel() == 0 or place not in seen:
            seen.add(place)
            tensors[name] = tensor.detach().cpu().contiguous()
    return tensors


@torch.no_grad()
def _fill(module: nn.Module, tensors: Mapping[str, Tensor]) -> list[str]:
    """Copy tensors into a module by name, keeping its memory format; the names that stayed as they were."""
    stayed = []
    state = module.state_dict()
    for name in _tensors(module):
        target = state[name]
        if name in tensors and tensors[name].shape == target.shape:
            target.copy_(tensors[name])
        else:
            stayed.append(name)
    return stayed


@contextmanager
def _refusals() -> Iterator[None]:
    """Where the disk refuses, safetensors and PyTorch raise errors of their own. Raises OSError instead of them."""
    try:
        yield
    except SafetensorError as error:
        number = re.search(r"os error (\d+)", str(error))
        if number is None:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1]))) from error
    except RuntimeError as error:
        if not isinstance(error.__context__, OSError):
            raise
        raise error.__context__ from error


def _to_disk(path: Path) -> None:
    """Wait until the disk has it: a checkpoint that only the cache held would be gone after a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
