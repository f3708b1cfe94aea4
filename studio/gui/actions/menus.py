"""The menu bar as data."""

from __future__ import annotations

from studio.gui.actions.action import Menus
from studio.gui.actions.block_actions import BLOCKS
from studio.gui.actions.edit_actions import EDIT, GRAPH, ZOOM
from studio.gui.actions.file_actions import FILE
from studio.gui.actions.frame_actions import FRAMES, LINKS
from studio.gui.actions.graph_actions import GRAPHS
from studio.gui.actions.help_actions import HELP
from studio.gui.actions.node_actions import NODES
from studio.gui.actions.run_actions import RUNS
from studio.gui.actions.train_actions import TRAIN
from studio.gui.actions.view_actions import VIEW, WINDOW
from studio.gui.actions.way_actions import WAYS
from studio.gui.keymap.combination import normal
from studio.gui.keymap.fixed import FIXED
from studio.gui.keymap.keymap import CANVAS, Row

MENUS: Menus = {
    "File": FILE,
    "Edit": EDIT,
    "Graph": (*GRAPH, *NODES, *BLOCKS, *FRAMES, *LINKS, *WAYS, *ZOOM, *GRAPHS),
    "View": VIEW,
    "Train": (*TRAIN, *RUNS),
    "Window": WINDOW,
    "Help": HELP,
}


def rows_with_keys() -> tuple[Row, ...]:
    """Everything that can have keys, in the order of the menus, and what the canvas does by itself."""
    actions = (
        Row(action.title, menu, action.scope, tuple(map(normal, action.keys)))
        for menu, items in MENUS.items()
        for action in items
    )
    fixed = (Row(each.title, "Canvas", CANVAS, tuple(map(normal, each.keys)), is_fixed=True) for each in FIXED)
    return (*actions, *fixed)
