"""The menu bar as data."""

from __future__ import annotations

from studio.gui.actions.action import Menus
from studio.gui.actions.edit_actions import EDIT, GRAPH
from studio.gui.actions.file_actions import FILE
from studio.gui.actions.help_actions import HELP
from studio.gui.actions.train_actions import TRAIN
from studio.gui.actions.view_actions import VIEW, WINDOW

MENUS: Menus = {
    "File": FILE,
    "Edit": EDIT,
    "Graph": GRAPH,
    "View": VIEW,
    "Train": TRAIN,
    "Window": WINDOW,
    "Help": HELP,
}
