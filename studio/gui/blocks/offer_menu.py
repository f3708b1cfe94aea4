"""The menu of a block in the palette, and the questions that its lines ask."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from studio.gui.blocks.blocks import Blocks
from studio.gui.canvas.drops import BLOCK, SAVED
from studio.gui.place import Place


class OfferMenu:
    """Opens over the palette; what it does goes to the blocks. ``put`` places what a payload names."""

    def __init__(self, parent: QWidget, blocks: Blocks, place: Place, put: Callable[[str], object]) -> None:
        self._parent, self._blocks, self._place, self._put = parent, blocks, place, put

    def open(self, payload: str, at: QPoint) -> QMenu | None:
        """The menu of a block of the project or of the library, at a point of the screen; none for anything else."""
        if not payload.startswith((BLOCK, SAVED)):
            return None
        menu = QMenu(self._parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Place in the middle").triggered.connect(lambda: self._put(payload))
        if payload.startswith(SAVED):
            self._fill_saved(menu, payload.removeprefix(SAVED))
        else:
            self._fill_own(menu, payload.removeprefix(BLOCK))
        menu.popup(at)
        return menu

    def _fill_own(self, menu: QMenu, name: str) -> None:
        blocks = self._blocks
        menu.addAction("Open").triggered.connect(lambda: self._place.go_to(name))
        menu.addAction("Rename…").triggered.connect(lambda: self._rename(name, blocks.rename))
        if blocks.is_block(name):
            menu.addAction("Save to the library").triggered.connect(lambda: blocks.keeping.save(name))
        menu.addSeparator()
        menu.addAction("Delete").triggered.connect(lambda: blocks.delete(name))

    def _fill_saved(self, menu: QMenu, name: str) -> None:
        blocks = self._blocks
        menu.addAction("Rename…").triggered.connect(lambda: self._rename(name, blocks.keeping.rename))
        menu.addSeparator()
        menu.addAction("Remove from the library").triggered.connect(lambda: blocks.keeping.remove(name))

    def _rename(self, old: str, rename: Callable[[str, str], object]) -> None:
        new, agreed = QInputDialog.getText(self._parent, "Rename", f"What {old} should be called:", text=old)
        if agreed and new.strip() and new.strip() != old:
            rename(old, new.strip())
