"""The presets that can be chosen."""

from __future__ import annotations

from studio.gui.keymap.keymap import Preset

OURS = Preset("layerloom", "Layerloom", "The keys of this program.")

PRESETS: tuple[Preset, ...] = (OURS,)
