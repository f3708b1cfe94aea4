"""Which of the processes of a training this one is, as whoever started it says in the environment."""

from __future__ import annotations

import os

from studio.core.problem import ProjectError


def is_first() -> bool:
    """Whether this process leads: torchrun numbers all processes, others number machines and the devices of each."""
    names = ("RANK",) if by_torchrun() else ("NODE_RANK", "LOCAL_RANK")
    return all(os.environ.get(name, "0") == "0" for name in names)


def is_started() -> bool:
    """Whether the processes of the other devices of this machine have been started too."""
    return by_torchrun() or "LOCAL_RANK" in os.environ


def by_torchrun() -> bool:
    return "TORCHELASTIC_RUN_ID" in os.environ


def check_counts(devices: int, machines: int) -> None:
    """Raises ProjectError where so many processes cannot find each other."""
    wanted, there = devices * machines, int(os.environ.get("WORLD_SIZE", "1"))
    if by_torchrun() and there != wanted:
        raise ProjectError(
            f"torchrun has started {there} processes, but devices times machines is {wanted}. Make both the same."
        )
    names = [name for name in ("MASTER_ADDR", "MASTER_PORT", "NODE_RANK") if name not in os.environ]
    if machines > 1 and names and not by_torchrun():
        raise ProjectError(
            f"Several machines must find each other: set {', '.join(names)} on each of them (address and a free port "
            "of the first; the number of the machine, from 0 on), or start the command with torchrun."
        )
