"""The presets that can be chosen, one file each."""

from __future__ import annotations

from studio.gui.keymap.keymap import Preset
from studio.gui.keymap.presets.blender import BLENDER
from studio.gui.keymap.presets.comfyui import COMFYUI

OURS = Preset("layerloom", "Layerloom", "The keys of this program.")

PRESETS: tuple[Preset, ...] = (OURS, BLENDER, COMFYUI)


def preset_called(name: str) -> Preset:
    """The preset of this name. Raises KeyError where there is none."""
    return {preset.name: preset for preset in PRESETS}[name]
