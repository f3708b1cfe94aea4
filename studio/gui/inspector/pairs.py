"""Settings that go by parts of networks, written as text: ``Classifier/Encoder = Autoencoder/Encoder``."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

_SETTING = re.compile(r"\s([a-z_0-9]+)\s*=\s*(\S+)")


def parse_pairs(text: str) -> dict[str, str] | None:
    """``part = source; part = source`` as a mapping; None where something else is written."""
    pairs = [entry.split("=") for entry in text.split(";") if entry.strip()]
    if any(len(pair) != 2 or not all(side.strip() for side in pair) for pair in pairs):
        return None
    return {part.strip(): source.strip() for part, source in pairs}


def show_pairs(value: Any) -> str:
    return "; ".join(f"{part} = {source}" for part, source in value.items()) if isinstance(value, Mapping) else ""


def parse_own(text: str) -> dict[str, dict[str, Any]] | None:
    """``part: name=value name=value; part: …`` as a mapping of mappings; None where something else is written."""
    found: dict[str, dict[str, Any]] = {}
    for entry in (entry for entry in text.split(";") if entry.strip()):
        part, colon, settings = entry.rpartition(":")
        values = {name: _value(value) for name, value in _SETTING.findall(f" {settings}")}
        if not colon or not part.strip() or not values:
            return None
        found[part.strip()] = values
    return found


def show_own(value: Any) -> str:
    if not isinstance(value, Mapping):
        return ""
    return "; ".join(
        f"{part}: {' '.join(f'{name}={each}' for name, each in settings.items())}" for part, settings in value.items()
    )


def _value(text: str) -> Any:
    """A number or a switch where it is one, else the word."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
