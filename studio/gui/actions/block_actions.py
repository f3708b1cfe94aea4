"""Blocks: make, dissolve, enter, leave, copy, keep."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from studio.gui.actions.action import Action, Choice
from studio.gui.actions.condition import needs
from studio.gui.actions.file_actions import at_work
from studio.gui.actions.host import Host
from studio.gui.actions.node_actions import selected
from studio.gui.keymap.keymap import CANVAS

if TYPE_CHECKING:
    from studio.gui.inspector.exposing import Subject


@needs("Select a block first.", at_work)
def block_selected(host: Host) -> bool:
    """For what acts on selected blocks."""
    return bool(host.workspace.blocks.selected())


@needs("Select one block or network first.", at_work)
def _can_enter(host: Host) -> bool:
    place = host.workspace.place
    return bool(place.node) and bool(place.graph.nodes[place.node].graph)


@needs("This is the outermost graph: there is nothing to leave.", at_work)
def _can_leave(host: Host) -> bool:
    return bool(host.workspace.place.path)


def _exposable(host: Host) -> Iterator[Choice]:
    """The settings of the selected node that can be computed from a parameter or variable."""
    place, exposing = host.workspace.place, host.workbench.inspector.node.exposing
    if not place.node:
        return
    scope = place.result.scope if place.result else {}
    of_project = place.graph.role != "block"
    for subject in exposing.subjects(place.graph_name, place.graph, place.node, scope):
        do = partial(_expose, subject=subject, of_project=of_project)
        yield Choice(title=subject.setting.title, do=do, hint="A variable" if of_project else "A parameter")


def _expose(host: Host, *, subject: Subject, of_project: bool) -> None:
    host.workbench.inspector.node.exposing.expose(subject, of_project=of_project)


BLOCKS = (
    Action(
        title="Make a block",
        keys=("Ctrl+G",),
        icon="layers",
        when=selected,
        words="group nodes subgraph",
        do=lambda host: host.workspace.blocks.make(),
        apart=True,
    ),
    Action(
        title="Dissolve the block",
        keys=("Ctrl+Alt+G",),
        when=block_selected,
        words="ungroup expand inline",
        do=lambda host: host.workspace.blocks.dissolve(),
    ),
    Action(
        title="Enter the block",
        keys=("Ctrl+Return",),
        scope=CANVAS,
        icon="open",
        when=_can_enter,
        words="open inside edit",
        do=lambda host: host.workspace.enter(host.workspace.place.node),
    ),
    Action(
        title="Leave the block",
        keys=("Ctrl+Backspace",),
        scope=CANVAS,
        when=_can_leave,
        words="back up out parent",
        do=lambda host: host.workspace.leave(),
    ),
    Action(
        title="Make the block unique",
        icon="fork",
        when=block_selected,
        words="independent copy duplicate own single user",
        do=lambda host: host.workspace.blocks.make_unique(),
    ),
    Action(
        title="Save the block to the library",
        icon="save",
        when=block_selected,
        words="keep own preset",
        do=lambda host: host.workspace.blocks.save_selected(),
    ),
    Action(
        title="Make a parameter of",
        choices=lambda host: tuple(_exposable(host)),
        words="expose setting variable value input promote",
    ),
)
