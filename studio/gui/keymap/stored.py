"""A keymap as JSON: the name of its preset, and what differs from it. So it is remembered, and so it travels."""

from __future__ import annotations

import json
from collections.abc import Mapping

from studio.gui.keymap.combination import normal
from studio.gui.keymap.keymap import Keymap, Keys, Row
from studio.gui.keymap.presets import PRESETS, preset_called

VERSION = 1
MARK = "layerloom keys"


def to_text(keymap: Keymap) -> str:
    """Readable JSON, with the rows in their order."""
    own = {title: list(keys) for title, keys in keymap.own.items()}
    return json.dumps({MARK: VERSION, "preset": keymap.preset.name, "keys": own}, indent=2, ensure_ascii=False)


def from_text(rows: tuple[Row, ...], text: str) -> Keymap:
    """The keymap that a text holds. Raises ValueError, with a sentence, where it holds none.

    Titles that are unknown are kept, so that keys of a newer version survive an older one.
    """
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError("The file is no JSON, so it holds no keys.") from error
    if not isinstance(found, dict) or MARK not in found:
        raise ValueError("The file is not one of Layerloom's keys.")
    if found[MARK] != VERSION:
        raise ValueError(f"The keys are of version {found[MARK]!r:.20}; this Layerloom reads version {VERSION}.")
    try:
        preset = preset_called(str(found.get("preset")))
    except KeyError as error:
        known = ", ".join(preset.name for preset in PRESETS)
        raise ValueError(f"There is no preset {found.get('preset')!r:.40}. There are: {known}.") from error
    return Keymap(rows, preset, _own(found.get("keys")))


def _own(found: object) -> Mapping[str, Keys]:
    if not isinstance(found, dict):
        raise ValueError("The file names no keys.")
    own: dict[str, Keys] = {}
    for title, keys in found.items():
        if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
            raise ValueError(f"The keys of {title:.60} are no list of texts.")
        try:
            own[title] = tuple(map(normal, keys))
        except ValueError as error:
            raise ValueError(f"{title:.60}: {error}") from error
    return own
