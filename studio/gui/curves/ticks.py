"""Where an axis has its ticks, and what is written at them."""

from __future__ import annotations

import itertools
import math

_STEPS = (1.0, 2.0, 5.0, 10.0)


def nice_step(span: float, count: int) -> float:
    """The smallest 1, 2 or 5 times a power of ten that divides a span into at most `count` parts."""
    rough = span / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough * (1 - 1e-9))


def linear_ticks(low: float, high: float, count: int) -> list[float]:
    """Round numbers between two bounds, at most `count` apart from the first."""
    if not high > low:
        return [low]
    step = nice_step(high - low, count)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def log_ticks(low: float, high: float, count: int) -> list[float]:
    """Decimal logarithms of 1, 2 and 5 times powers of ten between two logarithms; powers alone when those are many.

    Where there are less than two, those of round numbers evenly apart.
    """
    decades = range(math.floor(low), math.ceil(high) + 1)
    fine = [decade + math.log10(step) for decade in decades for step in (1, 2, 5)]
    inside = [value for value in fine if low - 1e-9 <= value <= high + 1e-9]
    if len(inside) < 2:
        return [math.log10(value) for value in linear_ticks(10.0**low, 10.0**high, count)]
    if len(inside) <= count + 1:
        return inside
    stride = max(1, math.ceil((high - low) / max(count, 1)))
    return [float(decade) for decade in decades if decade % stride == 0 and low - 1e-9 <= decade <= high + 1e-9]


def log_texts(values: list[float]) -> list[str]:
    """Ticks at decimal logarithms as the numbers they stand for."""
    numbers = [10.0**value for value in values]
    if numbers and max(numbers) < 10 * min(numbers):
        return tick_texts([round(number, 12) for number in numbers])
    return [tick_texts([number])[0] for number in numbers]


def tick_texts(values: list[float]) -> list[str]:
    """Ticks as text, all with the decimals that the finest distance between them needs."""
    if not values:
        return []
    largest = max(abs(value) for value in values)
    gaps = [abs(b - a) for a, b in itertools.pairwise(values) if b != a]
    if largest and not 1e-4 <= largest < 1e7:
        return [f"{value:.3g}" for value in values]
    finest = min(gaps, default=largest or 1.0)
    decimals = max(0, -math.floor(math.log10(finest) + 1e-9))
    return [f"{value + 0.0:,.{decimals}f}" for value in values]


def number_text(value: float) -> str:
    """A value as a person compares it: five significant digits, no needless noughts, thousands apart."""
    if not math.isfinite(value):
        return "no number"
    if value == int(value) and abs(value) < 1e12:
        return f"{int(value):,}"
    return f"{value:.5g}"
