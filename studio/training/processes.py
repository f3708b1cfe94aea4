"""Starts processes of the studio: by name, and importing nothing from where a person happens to be."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = str(Path(__file__).parents[2])
"""The folder that holds the studio: a checkout or an installation."""


def module_command(module: str, *arguments: str) -> list[str]:
    """``python -m module``, but a file such as torch.py in the current folder is never taken for the library."""
    return [sys.executable, "-P", "-m", module, *arguments]


def module_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of such a process.

    OpenMP threads that spin while they wait make a training up to sixty times slower beside any other busy program.
    """
    path = os.pathsep.join([*filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)), ROOT])
    return {**os.environ, "PYTHONPATH": path, "OMP_WAIT_POLICY": "PASSIVE", **(more or {})}
