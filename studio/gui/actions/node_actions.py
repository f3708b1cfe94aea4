"""What is done to selected nodes and their links, and other ways to select."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from studio.gui.actions.action import Action, Choice
from studio.gui.actions.condition import needs
from studio.gui.actions.file_actions import at_work
from studio.gui.actions.host import Host
from studio.gui.canvas.alignment import Axis, Side
from studio.gui.collapsing import Collapsing
from studio.gui.keymap.keymap import CANVAS

SIDES: dict[str, Side] = {
    "Left edges": "left",
    "Middles, one above the other": "center",
    "Right edges": "right",
    "Upper edges": "top",
    "Middles, side by side": "middle",
    "Lower edges": "bottom",
}
AXES: dict[str, Axis] = {"Space out across": "across", "Space out down": "down"}


@needs("Select a node first.", at_work)
def selected(host: Host) -> bool:
    """For what acts on selected nodes."""
    return bool(host.workspace.place.selected)


@needs("Select two nodes or more first.", at_work)
def several(host: Host) -> bool:
    """For what takes two nodes or more."""
    return len(host.workspace.place.selected) > 1


@needs("Select a locally connected layer first.", at_work)
def _sharable(host: Host) -> bool:
    return bool(host.workspace.rewiring.sharable())


def _collapsing(host: Host) -> Collapsing:
    return Collapsing(host.document, host.workspace, host.session)


@needs("Two linear layers in a row are needed, with nothing between them.", at_work)
def _collapsible(host: Host) -> bool:
    return bool(_collapsing(host).chains())


def _alignments(host: Host) -> Sequence[Choice]:
    return tuple(_lines(is_enabled=several(host)))


def _lines(*, is_enabled: bool) -> Iterator[Choice]:
    for title, side in SIDES.items():
        yield Choice(title=title, do=partial(_align, side=side), is_enabled=is_enabled, apart=side in ("left", "top"))
    for title, axis in AXES.items():
        yield Choice(title=title, do=partial(_distribute, axis=axis), is_enabled=is_enabled, apart=axis == "across")


def _align(host: Host, side: Side) -> None:
    host.workspace.rewiring.align(side)


def _distribute(host: Host, axis: Axis) -> None:
    host.workspace.rewiring.distribute(axis)


DUPLICATE_LINKED = Action(
    title="Duplicate with links",
    keys=("Ctrl+Shift+D",),
    do=lambda host: host.workspace.selection.duplicate(linked=True),
    when=selected,
    words="copy incoming",
)
SELECT = (
    Action(
        title="Invert the selection",
        keys=("Ctrl+I",),
        scope=CANVAS,
        do=lambda host: host.workspace.rewiring.invert(),
        when=at_work,
        words="select others",
    ),
    Action(
        title="Select what feeds it",
        keys=("Shift+Left",),
        scope=CANVAS,
        do=lambda host: host.workspace.rewiring.select_upstream(),
        when=selected,
        words="upstream before ancestors",
    ),
    Action(
        title="Select what it feeds",
        keys=("Shift+Right",),
        scope=CANVAS,
        do=lambda host: host.workspace.rewiring.select_downstream(),
        when=selected,
        words="downstream after descendants",
    ),
)
NODES = (
    Action(
        title="Connect in order",
        keys=("J",),
        scope=CANVAS,
        icon="link",
        do=lambda host: host.workspace.rewiring.join(),
        when=at_work,
        words="link join selected chain",
        apart=True,
    ),
    Action(
        title="Swap the type…",
        keys=("Shift+S",),
        scope=CANVAS,
        do=lambda host: host.workspace.canvas.commands.swap(),
        when=selected,
        words="replace change class switch",
    ),
    Action(
        title="Share weights",
        do=lambda host: host.workspace.rewiring.share_weights(),
        when=_sharable,
        words="locally connected convolution weight sharing tie unshared",
    ),
    Action(
        title="Collapse linear layers",
        do=lambda host: _collapsing(host).collapse(),
        when=_collapsible,
        words="merge matrices product linear network fuse",
    ),
    Action(
        title="Detach",
        keys=("Alt+D",),
        scope=CANVAS,
        do=lambda host: host.workspace.canvas.commands.detach(),
        when=selected,
        words="unlink take out heal extract",
    ),
    Action(title="Align", choices=_alignments, words="line up distribute space left right top bottom"),
)
