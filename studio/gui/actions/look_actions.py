"""What the canvas shows: shapes, minimap, colours, what stands out, and to what moved nodes snap."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from studio.gui.actions.action import Action
from studio.gui.actions.file_actions import at_work
from studio.gui.actions.host import Host
from studio.gui.canvas.look import ColorBy

COLORS: tuple[tuple[str, ColorBy], ...] = (
    ("Colour by family", "family"),
    ("Colour by multiply-adds", "multiply_adds"),
    ("Colour by weights", "weights"),
    ("Colour by state", "state"),
)


def _show(host: Host, **choices: Any) -> None:
    host.preferences.look = replace(host.preferences.look, **choices)
    host.workspace.canvas.show_look(host.preferences.look)


def _switch(title: str, name: str, words: str, *, icon: str = "", apart: bool = False) -> Action:
    """A choice that is on or off."""
    return Action(
        title=title,
        do=lambda host: _show(host, **{name: not getattr(host.preferences.look, name)}),
        checked=lambda host: bool(getattr(host.preferences.look, name)),
        when=at_work,
        words=words,
        icon=icon,
        apart=apart,
    )


def _color(title: str, by: ColorBy) -> Action:
    return Action(
        title=title,
        do=lambda host: _show(host, colors=by),
        checked=lambda host: host.preferences.look.colors == by,
        when=at_work,
        words="paint tint legend cost frozen learns problem",
        apart=by == "family",
    )


LOOK = (
    _switch("Show shapes", "shapes", "sizes links labels hide", icon="eye", apart=True),
    _switch("Show minimap", "minimap", "overview map hide"),
    *(_color(title, by) for title, by in COLORS),
    _switch("Highlight on hover", "traces_hover", "upstream downstream trace path dim", apart=True),
    _switch("Highlight from the selection", "traces_selection", "upstream downstream trace path dim"),
    _switch("Snap to grid", "snaps_to_grid", "align move", apart=True),
    _switch("Snap to nodes", "snaps_to_nodes", "align guides move"),
)
