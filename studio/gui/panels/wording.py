"""How panels call things."""

from __future__ import annotations

from collections.abc import Sequence


def class_text(classes: Sequence[str], number: int) -> str:
    """The name of a class, or its number where it has none."""
    return classes[number] if 0 <= number < len(classes) else str(number)
