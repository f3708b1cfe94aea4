"""How a sweep searches, as its folder keeps it: what varies, by what trials are judged, how values are picked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.core.problem import ProjectError
from studio.training.shelf import SWEEP
from studio.training.sweeps.picking import Picker
from studio.training.sweeps.varying import grid_of

TRIALS = 20
"""How many are made where nobody says it."""


@dataclass(frozen=True)
class Plan:
    """How a sweep searches. ``trials`` and ``prune``, whether to give up hopeless ones, may change when it goes on."""

    picker: Picker
    trials: int = 0
    """0 means the whole of a grid, else the usual number."""
    prune: bool = True

    @property
    def count(self) -> int:
        """How many trials are to be made. Raises ProjectError where a grid has no values."""
        if self.picker.pick == "grid":
            whole = len(grid_of(self.picker.varied))
            return min(self.trials or whole, whole)
        return self.trials or TRIALS

    def keep(self, folder: Path) -> None:
        """Make the folder a sweep that searches so. Raises ProjectError where it is one that searches otherwise."""
        picker = self.picker
        vary = [str(each) for each in picker.varied]
        told = {"vary": vary, "goal": picker.aim.figure.name, "pick": picker.pick, "seed": picker.seed}
        file = folder / SWEEP
        try:
            if file.is_file():
                _refuse_another(folder, json.loads(file.read_text(encoding="utf-8")), told)
            elif folder.is_dir() and any(folder.iterdir()):
                raise ProjectError(f"{folder} is there already and not empty. Choose another folder for the sweep.")
            folder.mkdir(parents=True, exist_ok=True)
            content = {**told, "trials": self.count, "prune": self.prune}
            file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        except (OSError, ValueError) as error:
            raise ProjectError(f"No sweep can be kept in {folder}: {error}. Choose another folder.") from None


def _refuse_another(folder: Path, before: Any, now: Mapping[str, Any]) -> None:
    kept = before if isinstance(before, dict) else {}
    for name, value in now.items():
        if name in kept and kept[name] != value:
            was, wanted = (" ".join(each) if isinstance(each, list) else each for each in (kept[name], value))
            raise ProjectError(
                f"The sweep in {folder} has {name} {was}, and cannot go on with {wanted}. Choose another folder for it."
            )
