"""What a person wants the canvas to show: choices of the View menu, kept from one start to the next."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Literal, get_args

ColorBy = Literal["family", "multiply_adds", "weights", "state"]
COLORINGS: tuple[ColorBy, ...] = get_args(ColorBy)


@dataclass(frozen=True, slots=True)
class Look:
    """Everything about the canvas that is a matter of taste."""

    shapes: bool = True
    """Shapes are written on links."""
    minimap: bool = True
    """The whole graph shows in small while it does not fit."""
    colors: ColorBy = "family"
    """What the colour of a node says."""
    traces_hover: bool = True
    """What is up- and downstream of the node under the resting pointer stands out."""
    traces_selection: bool = False
    """What is up- and downstream of the selected nodes stands out."""
    snaps_to_grid: bool = True
    snaps_to_nodes: bool = True
    """A node that is moved lines up with its neighbours, and guides show with which."""

    def text(self) -> str:
        """The choices as one line, to be kept."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Look:
        """The choices that were kept; whatever is missing or makes no sense is as it would be without a choice."""
        try:
            kept = json.loads(text or "{}")
        except ValueError:
            return cls()
        if not isinstance(kept, dict):
            return cls()
        flags = {field.name for field in fields(cls)} - {"colors"}
        choices = {name: value for name, value in kept.items() if name in flags and isinstance(value, bool)}
        colors = kept.get("colors")
        return cls(**choices, colors=colors if colors in COLORINGS else "family")
