"""Pictures of what the canvas shows: into the clipboard, or into a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from studio.gui import theme
from studio.gui.canvas.canvas import Canvas
from studio.gui.drawing_dialog import DrawingDialog, Shown
from studio.gui.render import drawing_of, image_of


class Picturing:
    """Draws what one canvas shows."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas

    def copy(self) -> None:
        """The selected nodes, or the whole graph where none is selected, as a picture in the clipboard."""
        shown = self._shown()
        drawing = drawing_of(shown.drawn(selection=True), shown.strips)
        QApplication.clipboard().setImage(image_of(drawing, shown.finish(theme.current())))

    def export(self, folder: Path) -> DrawingDialog:
        """Ask how the picture shall look and where it shall be."""
        dialog = DrawingDialog(self._canvas.window(), self._shown(), folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def _shown(self) -> Shown:
        canvas = self._canvas
        return Shown(canvas.drawing.subject, canvas.selected, canvas.look, dict(canvas.scene().strips))
