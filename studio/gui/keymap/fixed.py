"""Keys of the canvas that are always the same, because what they do depends on what goes on there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fixed:
    """What the canvas does by itself, and the keys for it."""

    title: str
    keys: tuple[str, ...]


PAN = Fixed("Move the view while it is held", ("Space",))
ESCAPE = Fixed("End the gesture, deselect, leave the block", ("Esc",))
OPEN = Fixed("Open the selected node", ("Return", "Enter"))
MENU = Fixed("Menu of the selected node", ("Menu",))
WALK = {
    side: Fixed(f"Select the node {where}", (side,))
    for side, where in (("Left", "to the left"), ("Right", "to the right"), ("Up", "above"), ("Down", "below"))
}
EXTEND = {side: Fixed(f"Extend the selection {side.lower()}", (f"Ctrl+Shift+{side}",)) for side in WALK}
NUDGE = {side: Fixed(f"Move the selection {side.lower()}", (f"Alt+{side}",)) for side in WALK}
NUDGE_FAR = {side: Fixed(f"Move the selection far {side.lower()}", (f"Alt+Shift+{side}",)) for side in WALK}
LEAVE = Fixed("Go on to what follows the canvas", ("Shift+Tab",))

FIXED: tuple[Fixed, ...] = (
    PAN,
    ESCAPE,
    OPEN,
    MENU,
    *WALK.values(),
    *EXTEND.values(),
    *NUDGE.values(),
    *NUDGE_FAR.values(),
    LEAVE,
)
