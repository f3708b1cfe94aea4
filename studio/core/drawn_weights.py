"""First weights that are drawn from a normal distribution, as a project names them: ``normal:0.02``."""

from __future__ import annotations

import math

from studio.core.problem import ProjectError

NORMAL = "normal:"


def is_drawn(source: str) -> bool:
    """Whether a source of first weights is such a distribution, and no file."""
    return source.startswith(NORMAL)


def deviation_of(source: str) -> float:
    """The standard deviation that a source names. Raises ProjectError where it is none."""
    text = source.removeprefix(NORMAL)
    try:
        deviation = float(text)
    except ValueError:
        deviation = math.nan
    if not 0 < deviation < math.inf:
        raise ProjectError(f"First weights are drawn with a deviation above 0, as in normal:0.02, not {text!r:.40}.")
    return deviation
