"""What one frame is painted from, and the order in which its layers are painted."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property

from PySide6.QtGui import QImage

from studio.core.graph import Link
from studio.gui.canvas.atlas import Atlas
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.detail import Detail
from studio.gui.canvas.drawing import Drawing
from studio.gui.canvas.inks import Inks, family_inks
from studio.gui.canvas.tracing import Trace
from studio.gui.style.tokens import Theme


@dataclass(frozen=True)
class Scene:
    """The drawing as it is looked at now."""

    drawing: Drawing
    camera: Camera
    theme: Theme
    atlas: Atlas
    ratio: float = 1.0
    selected: Set[str] = frozenset()
    marked: Link | None = None
    """The link that is selected or under the pointer."""
    hidden: Link | None = None
    """The link that a gesture holds by one end and draws itself."""
    bend: tuple[Link, int] | None = None
    """The selected point of a link: the link, and which of its points."""
    frame: int | None = None
    """Which comment frame is selected."""
    shapes: bool = True
    coloring: Inks | None = None
    """What nodes wear in place of the colours of their families."""
    trace: Trace | None = None
    """What stands out; all else is dimmed."""
    found: Set[str] = frozenset()
    """Nodes that a search has found."""
    strips: Mapping[str, tuple[QImage, ...]] = field(default_factory=dict)

    @cached_property
    def inks(self) -> Inks:
        return self.coloring or family_inks(self.drawing.nodes, self.theme)

    @cached_property
    def detail(self) -> Detail:
        return Detail.at(self.camera.zoom)
