"""A home of its own for a window that is measured: neither what a person left behind nor what they chose counts."""

from __future__ import annotations

from pathlib import Path


def fresh_home(folder: Path) -> dict[str, str]:
    """The environment of a program that keeps everything in this folder."""
    kinds = ("CONFIG", "STATE", "DATA", "CACHE")
    return {"LAYERLOOM_HOME": str(folder), **{f"XDG_{kind}_HOME": str(folder) for kind in kinds}}
