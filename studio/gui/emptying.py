"""Takes widgets out of a layout."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout


def empty(layout: QLayout, *, keep: int = 0) -> None:
    """Remove the widgets of a layout and let them go, but for the first so many."""
    while (item := layout.takeAt(keep)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
