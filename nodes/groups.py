"""Whether channels can be divided into equal groups."""

from __future__ import annotations

from math import gcd

from studio.core.problem import Assign, Mismatch
from studio.core.shape import largest_divisor


def check_groups(groups: int, *counts: int) -> None:
    """Raises Mismatch where channels or filters cannot be divided into so many groups."""
    if any(count % groups for count in counts):
        best = largest_divisor(gcd(*counts), groups)
        numbers = " and ".join(map(str, dict.fromkeys(counts)))
        raise Mismatch(
            f"{numbers} maps cannot be divided into {groups} equal groups.",
            repairs=(Assign("groups", best, f"Set groups to {best}"),),
        )
