"""Values as a person writes them in a line: numbers, yes and no, texts."""

from __future__ import annotations

import math

from studio.core.expressions import is_expression


def value_of(text: str) -> bool | int | float | str:
    """The number, or the yes or no, that a text means; the text itself where it is neither, or an expression."""
    if not is_expression(text) and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return number_of(text)


def number_of(text: str) -> int | float | str:
    """The number, or the text where it is none; ``nan`` and ``inf`` are none."""
    for kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            continue
        return value if math.isfinite(value) else text
    return text
