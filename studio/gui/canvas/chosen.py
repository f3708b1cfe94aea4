"""What is done to whatever is selected: nodes, a link, a point of a link, or a comment frame."""

from __future__ import annotations

from studio.gui.canvas.commands import Commands
from studio.gui.canvas.framing import Framing
from studio.gui.canvas.leading import Leading
from studio.gui.canvas.view import GraphView


class Chosen:
    """Hands what is wanted to those who do it for what is selected."""

    def __init__(self, view: GraphView, commands: Commands, framing: Framing, leading: Leading) -> None:
        self._view, self._commands, self._framing, self._leading = view, commands, framing, leading

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is selected."""
        others = (self._commands.selected_link, self._leading.bend, self._framing.frame)
        return not self._view.selected and all(each is None for each in others)

    def delete(self) -> None:
        """Delete what is selected: of a link that has a selected point that point, of a frame the frame alone."""
        if self._leading.bend is not None:
            self._leading.remove(*self._leading.bend)
        elif self._framing.index is not None:
            self._framing.delete()
        else:
            self._commands.delete()

    def nudge(self, dx: int, dy: int) -> None:
        """Move what is selected by so many steps of the grid."""
        if self._leading.bend is not None:
            self._leading.nudge(dx, dy)
        elif self._framing.index is not None:
            self._framing.nudge(dx, dy)
        else:
            self._commands.nudge(dx, dy)

    def clear(self) -> bool:
        """Deselect all; answers whether anything was selected."""
        was_empty = self.is_empty
        self._view.select(())
        self._leading.select(None)
        self._commands.select_link(None)
        self._framing.select(None)
        return not was_empty
