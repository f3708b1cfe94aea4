"""Keys of Blender's node editor."""

from __future__ import annotations

from studio.gui.keymap.keymap import Preset

BLENDER = Preset(
    "blender",
    "Blender",
    "Keys of Blender's node editor: Shift+A adds, Shift+D duplicates, X deletes, F connects.",
    {
        "Add a node…": ("Shift+A",),
        "Delete": ("X", "Del"),
        "Delete and heal": ("Ctrl+X", "Ctrl+Del"),
        "Cut": ("Shift+Del",),
        "Duplicate": ("Shift+D",),
        "Duplicate with links": ("Ctrl+Shift+D",),
        "Select all": ("A", "Ctrl+A"),
        "Select nothing": ("Alt+A", "Ctrl+Shift+A"),
        "Select what it feeds": ("L", "Shift+Right"),
        "Select what feeds it": ("Shift+L", "Shift+Left"),
        "Select the next link": ("Ctrl+L",),
        "Link by keyboard": ("Alt+L",),
        "Make a block": ("Ctrl+G",),
        "Dissolve the block": ("Ctrl+Alt+G",),
        "Enter the block": ("Tab", "Ctrl+Return"),
        "Leave the block": ("Ctrl+Tab", "Ctrl+Backspace"),
        "Find in the graph…": ("Ctrl+F",),
        "Comment frame": ("Ctrl+J", "Ctrl+Shift+G"),
        "Connect in order": ("F",),
        "Swap the type…": ("Shift+S",),
        "Bypass": ("M",),
        "Collapse": ("H",),
        "Fit all": ("Home",),
        "Fit the selection": ("Num+.",),
        "Zoom in": ("Num++", "Ctrl+=", "Ctrl++"),
        "Zoom out": ("Num+-", "Ctrl+-"),
        "Redo": ("Ctrl+Shift+Z",),
        "Search everything": ("F3", "Ctrl+Shift+P"),
        "Train": ("F12", "F5"),
    },
)
