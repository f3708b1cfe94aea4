"""Keys of ComfyUI."""

from __future__ import annotations

from studio.gui.keymap.keymap import Preset

COMFYUI = Preset(
    "comfyui",
    "ComfyUI",
    "Keys of ComfyUI: Ctrl+Enter trains, Ctrl+B bypasses, Alt+C collapses, a full stop fits the view.",
    {
        "Train": ("Ctrl+Return", "Ctrl+Enter", "F5"),
        "Stop": ("Ctrl+Alt+Return", "Ctrl+Alt+Enter", "F7"),
        "Bypass": ("Ctrl+B", "Ctrl+M"),
        "Collapse": ("Alt+C",),
        "Make a block": ("Ctrl+Shift+E",),
        "Export drawing…": ("Ctrl+Alt+E",),
        "Dissolve the block": ("Ctrl+Alt+G",),
        "Enter the block": ("Ctrl+Down",),
        "Comment frame": ("Ctrl+G",),
        "Fit the selection": (".",),
        "Zoom in": ("Alt+=", "Alt++"),
        "Zoom out": ("Alt+-",),
        "Show log": ("Ctrl+`",),
        "Redo": ("Ctrl+Y", "Ctrl+Shift+Z"),
    },
)
