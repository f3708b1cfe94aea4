"""Tells by the first lines of a table what is to be predicted, and from which columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from studio.core.dataset import DataError, Guess

TARGETS = ("target", "label", "class", "y", "species", "category", "outcome", "answer")
NUMBERS = ("id", "index", "row", "no", "nr", "number")
"""Names of columns that only count the lines."""
MOST_CLASSES = 20
"""Whole numbers of more different values than this are quantities, not classes."""
SHOWN = 4


def guess_of(path: Path, header: Sequence[str], lines: Sequence[Sequence[str]]) -> Guess:
    """Settings of the table. Raises DataError where it has no line or no numbers to predict from."""
    if not lines:
        raise DataError(f"{path} has no line below its header.")
    columns = {name: [line[place].strip() for line in lines] for place, name in enumerate(header)}
    named = {name.lower(): name for name in header}
    target = next((named[name] for name in TARGETS if name in named), header[-1])
    others = [name for name in header if name != target]
    features = [name for name in others if _are_numbers(columns[name]) and name.lower() not in NUMBERS]
    if not features:
        raise DataError(f"{path.name} has no column of numbers from which {target!r} could be predicted.")
    task = "classes" if _are_classes(columns[target]) else "numbers"
    chosen = () if features == others else tuple(features)
    aim = "one of several classes" if task == "classes" else "a number"
    check = f"It predicts {target!r} as {aim} from {_listed(features)}"
    left = [name for name in others if name not in features]
    check += f", without {_listed(left)}" if left else ""
    settings = {"file": str(path), "target": target, "task": task, "columns": chosen}
    return Guess(settings, f"{check}: check that in the settings of the data.")


def _are_numbers(cells: Sequence[str]) -> bool:
    return all(_number(cell) is not None for cell in cells)


def _are_classes(cells: Sequence[str]) -> bool:
    """Names, or few different whole numbers."""
    values = {_number(cell) for cell in cells}
    if None in values:
        return True
    whole = all(value is not None and value.is_integer() for value in values)
    return whole and len(values) <= min(MOST_CLASSES, max(2, len(cells) // 2))


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _listed(names: Sequence[str]) -> str:
    if len(names) > SHOWN:
        return f"{len(names)} columns"
    return ", ".join(repr(name) for name in names)
