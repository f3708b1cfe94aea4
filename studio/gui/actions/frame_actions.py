"""Comment frames, and the points that links are led through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from studio.gui.actions.action import Action, Choice
from studio.gui.actions.condition import needs
from studio.gui.actions.file_actions import at_work
from studio.gui.actions.host import Host
from studio.gui.keymap.keymap import CANVAS
from studio.gui.style.tokens import FAMILIES

PLAIN = "No colour"


@needs("Select a frame first.", at_work)
def has_frame(host: Host) -> bool:
    """For what acts on the selected frame."""
    return host.workspace.canvas.framing.frame is not None


@needs("Select a node or a frame first.", at_work)
def graspable(host: Host) -> bool:
    """For what acts on selected nodes, or on a selected frame with the nodes in it."""
    return bool(host.workspace.place.selected) or has_frame(host)


def grasped(do: Callable[[Host], object]) -> Callable[[Host], object]:
    """Done to the selected nodes; where a frame is selected, to those that lie in it, with which it goes."""

    def act(host: Host) -> None:
        if has_frame(host):
            host.workspace.canvas.framing.select_contents()
        do(host)

    return act


@needs("There is no frame in this graph.", at_work)
def has_frames(host: Host) -> bool:
    return bool(host.workspace.place.graph.frames)


@needs("Select a link that runs through points first.", at_work)
def has_bends(host: Host) -> bool:
    """For what acts on the points of the selected link."""
    link = host.workspace.canvas.commands.selected_link
    return link is not None and bool(link.via)


@needs("There is no link in this graph.", at_work)
def has_links(host: Host) -> bool:
    return bool(host.workspace.place.graph.links)


def _colors(host: Host) -> Sequence[Choice]:
    frame = host.workspace.canvas.framing.frame if host.at_work else None
    return tuple(
        Choice(
            title=title,
            do=partial(_color, family=family),
            is_enabled=frame is not None,
            is_checked=frame is not None and frame.color == family,
            apart=title == next(iter(FAMILIES)),
        )
        for title, family in {PLAIN: "", **{name: name for name in FAMILIES}}.items()
    )


def _color(host: Host, family: str) -> None:
    host.workspace.canvas.framing.color(family)


FRAMES = (
    Action(
        title="Comment frame",
        keys=("Ctrl+Shift+G",),
        do=lambda host: host.workspace.canvas.framing.add(),
        when=at_work,
        words="note group box annotate around",
        apart=True,
    ),
    Action(
        title="Select the next frame",
        keys=("Shift+F",),
        scope=CANVAS,
        do=lambda host: host.workspace.canvas.ways.next_frame(),
        when=has_frames,
        words="comment cycle",
    ),
    Action(
        title="Select what is in the frame",
        do=lambda host: host.workspace.canvas.framing.select_contents(),
        when=has_frame,
        words="comment nodes inside",
    ),
    Action(
        title="Fit the frame to its nodes",
        do=lambda host: host.workspace.canvas.framing.fit(),
        when=has_frame,
        words="comment resize shrink grow",
    ),
    Action(title="Colour of the frame", choices=_colors, words="comment color tint"),
)
LINKS = (
    Action(
        title="Select the next link",
        keys=("Shift+L",),
        scope=CANVAS,
        do=lambda host: host.workspace.canvas.ways.next_link(),
        when=has_links,
        words="wire cycle",
        apart=True,
    ),
    Action(
        title="Add a reroute point",
        keys=("Shift+R",),
        scope=CANVAS,
        do=lambda host: host.workspace.canvas.leading.add_in_middle(),
        when=has_links,
        words="link bend corner knot waypoint",
    ),
    Action(
        title="Straighten the link",
        do=lambda host: host.workspace.canvas.leading.straighten(),
        when=has_bends,
        words="reroute points remove",
    ),
)
