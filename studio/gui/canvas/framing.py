"""What is done to comment frames."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF

from studio.core.graph import Frame
from studio.gui.canvas import edits
from studio.gui.canvas.commands import Commands
from studio.gui.canvas.frame_geometry import around, frames_inside, title_rect
from studio.gui.canvas.geometry import Rect, grown, snapped
from studio.gui.canvas.gestures.framing import contents
from studio.gui.canvas.title_editor import TitleEditor
from studio.gui.canvas.view import GraphView
from studio.gui.style.measures import GRID

TITLE = "Comment"
EMPTY = 320.0, 200.0
"""Size of a frame that is drawn around nothing."""
MARGIN = 24.0


class Framing:
    """Acts on the frame that is selected; its place among the frames of the graph stands for it."""

    def __init__(self, view: GraphView, commands: Commands) -> None:
        self._view, self._commands = view, commands
        self.editor: TitleEditor | None = None
        view.selection_changed.connect(lambda names: self.select(None) if names else None)

    @property
    def index(self) -> int | None:
        """Which frame is selected, while there is one."""
        index = self._view.frame
        return index if index is not None and index < len(self._view.graph.frames) else None

    @property
    def frame(self) -> Frame | None:
        return None if self.index is None else self._view.graph.frames[self.index]

    def select(self, index: int | None) -> None:
        """Select a frame and nothing else, or no frame."""
        before, self._view.frame = self.frame, index
        if index is not None:
            self._view.select(())
            self._commands.select_link(None)
        shown = [frame.rectangle for frame in (before, self.frame) if frame is not None]
        self._view.refresh([grown(rect, MARGIN) for rect in shown])

    def add(self) -> None:
        """Draw a frame around the selected nodes, or an empty one in the middle of the view."""
        index, rect = len(self._view.graph.frames), self._wanted()
        self._commands.edit(*edits.add_frame(self._view.graph, Frame(TITLE, rect)))
        self.select(index)

    def rename(self, index: int | None = None) -> None:
        """Let the title of a frame, or of the selected one, be written where it stands."""
        index = self.index if index is None else index
        if index is None:
            return
        self.select(index)
        frame = self._view.graph.frames[index]
        self._view.lens.reveal(title_rect(frame.rectangle))
        area = QRectF(*self._view.lens.camera.rect_to_view(title_rect(frame.rectangle))).toRect()
        self.editor = TitleEditor(self._view, area, frame.title, lambda text: self._title(index, text))
        self.editor.destroyed.connect(self._forget)
        self._view.lens.moved.connect(self.editor.finish)

    def color(self, family: str) -> None:
        """Give the selected frame the colour of a family; an empty name takes it away."""
        if self.index is not None and self.frame is not None:
            changed = replace(self.frame, color=family)
            self._commands.edit(
                *edits.change_frame(self._view.graph, self.index, changed, f"Colour of {changed.title}")
            )

    def fit(self) -> None:
        """Draw the selected frame close around the nodes that lie in it."""
        if self.index is not None and (names := contents(self._view, self.index)):
            rect = around(self._view.drawing.nodes.rect(name) for name in names)
            self._commands.edit(*edits.resize_frame(self._view.graph, self.index, rect))

    def select_contents(self) -> None:
        """Select the nodes that lie in the selected frame."""
        if self.index is not None:
            self._view.select(contents(self._view, self.index))

    def delete(self) -> None:
        """Delete the selected frame; what lies in it stays."""
        index = self.index
        if index is not None:
            self.select(None)
            self._commands.edit(*edits.delete_frame(self._view.graph, index))

    def nudge(self, dx: int, dy: int) -> None:
        """Move the selected frame, with what lies in it, by so many steps of the grid."""
        if self.index is not None:
            graph, by = self._view.graph, (float(dx * GRID), float(dy * GRID))
            frames = frames_inside(self.index, graph.frames)
            self._commands.edit(*edits.move_frame(graph, self.index, by, contents(self._view, self.index), frames))

    def select_next(self) -> None:
        """Select the next frame, in reading order, and bring its title into view."""
        frames = self._view.graph.frames
        order = sorted(range(len(frames)), key=lambda at: frames[at].rectangle[1::-1])
        if order:
            at = order.index(self.index) + 1 if self.index is not None else 0
            self.select(order[at % len(order)])
            self._view.lens.reveal(grown(title_rect(frames[order[at % len(order)]].rectangle), MARGIN))

    def _wanted(self) -> Rect:
        nodes = self._view.drawing.nodes
        if self._view.selected:
            return around(nodes.rect(name) for name in self._view.selected)
        x, y = self._view.lens.camera.to_scene(self._view.lens.center)
        return (*snapped((x - EMPTY[0] / 2, y - EMPTY[1] / 2)), *EMPTY)

    def _title(self, index: int, text: str) -> None:
        graph = self._view.graph
        if index < len(graph.frames):
            old = graph.frames[index]
            self._commands.edit(*edits.change_frame(graph, index, replace(old, title=text), f"Rename {old.title}"))

    def _forget(self) -> None:
        self.editor = None
