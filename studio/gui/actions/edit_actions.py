"""Undo, the clipboard, and what is done to selected nodes."""

from __future__ import annotations

from studio.gui.actions.action import Action
from studio.gui.actions.clipboard_actions import CLIPBOARD
from studio.gui.actions.condition import needs
from studio.gui.actions.file_actions import at_work
from studio.gui.actions.frame_actions import graspable, grasped, has_frame
from studio.gui.actions.host import Host
from studio.gui.actions.node_actions import DUPLICATE_LINKED, SELECT, selected
from studio.gui.keymap.keymap import CANVAS


@needs("There is nothing to undo.", at_work)
def _can_undo(host: Host) -> bool:
    return host.document.position > 0


@needs("There is nothing to redo.", at_work)
def _can_redo(host: Host) -> bool:
    return host.document.position + 1 < len(host.document.steps)


def _undo_text(host: Host) -> str:
    return f"Undo {host.document.steps[host.document.position].label}" if _can_undo(host) else "Undo"


def _redo_text(host: Host) -> str:
    return f"Redo {host.document.steps[host.document.position + 1].label}" if _can_redo(host) else "Redo"


@needs("Select a node or a frame first.", at_work)
def _can_rename(host: Host) -> bool:
    return selected(host) or has_frame(host)


def _rename(host: Host) -> None:
    """Let the name of the selected node, or the title of the selected frame, be written anew."""
    if has_frame(host):
        host.workspace.canvas.framing.rename()
        return
    host.workbench.docks["Inspector"].show()
    host.workbench.docks["Inspector"].raise_()
    host.workbench.inspector_tabs.setCurrentIndex(0)
    host.workbench.inspector.node.focus_name()


EDIT = (
    Action(
        title="Undo",
        keys=("Ctrl+Z",),
        icon="undo",
        do=lambda host: host.document.undo(),
        when=_can_undo,
        text=_undo_text,
    ),
    Action(
        title="Redo",
        keys=("Ctrl+Shift+Z", "Ctrl+Y"),
        icon="redo",
        do=lambda host: host.document.redo(),
        when=_can_redo,
        text=_redo_text,
    ),
    *CLIPBOARD,
    Action(
        title="Duplicate",
        keys=("Ctrl+D",),
        do=grasped(lambda host: host.workspace.selection.duplicate()),
        when=graspable,
    ),
    DUPLICATE_LINKED,
    Action(
        title="Delete",
        keys=("Del", "Backspace"),
        scope=CANVAS,
        icon="trash",
        do=lambda host: host.workspace.canvas.chosen.delete(),
        when=at_work,
        words="remove",
    ),
    Action(
        title="Delete and heal",
        keys=("Ctrl+Del",),
        scope=CANVAS,
        when=selected,
        words="remove dissolve",
        do=lambda host: host.workspace.canvas.commands.delete(heal=True),
    ),
    Action(
        title="Select all",
        keys=("Ctrl+A",),
        scope=CANVAS,
        do=lambda host: host.workspace.canvas.commands.select_all(),
        when=at_work,
    ),
    Action(
        title="Select nothing",
        keys=("Ctrl+Shift+A",),
        scope=CANVAS,
        do=lambda host: host.workspace.canvas.chosen.clear(),
        when=at_work,
        words="deselect none",
    ),
    *SELECT,
    Action(
        title="Find in the graph…",
        keys=("Ctrl+F",),
        icon="search",
        do=lambda host: host.workbench.find_bar.open(),
        when=at_work,
        typing=True,
        words="search look for node setting shape problem",
        apart=True,
    ),
    Action(title="Rename", keys=("F2",), icon="pencil", do=_rename, when=_can_rename, apart=True),
)
GRAPH = (
    Action(
        title="Add a node…",
        keys=("Tab", "Shift+A"),
        scope=CANVAS,
        icon="plus",
        when=at_work,
        words="search insert new",
        do=lambda host: host.workspace.canvas.commands.search_in_middle(),
    ),
    Action(
        title="Bypass",
        keys=("M",),
        scope=CANVAS,
        icon="bypass",
        do=lambda host: host.workspace.selection.bypass(),
        when=selected,
        words="mute skip",
    ),
    Action(
        title="Collapse",
        keys=("H",),
        scope=CANVAS,
        do=lambda host: host.workspace.selection.collapse(),
        when=selected,
        words="hide fold",
    ),
    Action(
        title="Tidy up",
        keys=("Ctrl+Shift+F",),
        icon="tidy",
        do=lambda host: host.workspace.selection.tidy(),
        when=at_work,
        words="arrange layout align",
    ),
)
ZOOM = (
    Action(
        title="Fit all",
        keys=("Home",),
        scope=CANVAS,
        icon="fit",
        do=lambda host: host.workspace.canvas.lens.fly(),
        when=at_work,
        words="zoom view whole",
        apart=True,
    ),
    Action(
        title="Fit the selection",
        keys=("F",),
        scope=CANVAS,
        do=lambda host: host.workspace.canvas.commands.fit_selection(),
        when=at_work,
        words="zoom view focus",
    ),
    Action(
        title="Zoom in",
        keys=("Ctrl+=", "Ctrl++"),
        scope=CANVAS,
        do=lambda host: host.workspace.canvas.lens.zoom_in(),
        when=at_work,
    ),
    Action(
        title="Zoom out",
        keys=("Ctrl+-",),
        scope=CANVAS,
        do=lambda host: host.workspace.canvas.lens.zoom_out(),
        when=at_work,
    ),
    Action(
        title="Go to the repairs",
        keys=("Ctrl+.",),
        scope=CANVAS,
        do=lambda host: host.workspace.canvas.step_repairs(),
        when=at_work,
        words="problem callout fix mend",
    ),
    Action(
        title="Zoom to 100 %",
        keys=("Ctrl+0",),
        scope=CANVAS,
        do=lambda host: host.workspace.canvas.lens.zoom_fully(),
        when=at_work,
    ),
)
