"""Lists the library in the palette and opens the menus of the blocks there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint

from studio.gui.blocks.blocks import Blocks
from studio.gui.blocks.offer_menu import OfferMenu
from studio.gui.palette.palette import TABS, Palette
from studio.gui.place import Place

PAGE = TABS.index("Blocks")


class Offers(QObject):
    """Reads the library when its page comes to the front, so that blocks saved in another window appear."""

    def __init__(self, palette: Palette, blocks: Blocks, place: Place, put: Callable[[str], object]) -> None:
        super().__init__(palette)
        self._palette, self._blocks = palette, blocks
        self.menu = OfferMenu(palette, blocks, place, put)
        palette.blocks.menu_wanted.connect(self._open_menu)
        palette.paged.connect(lambda index: self.list_library() if index == PAGE else None)
        blocks.keeping.changed.connect(self.list_library)

    def list_library(self) -> None:
        """Show what lies in the library now."""
        contents = self._blocks.keeping.library.contents()
        self._palette.show_library([each.name for each in contents.blocks], contents.complaints)

    def _open_menu(self, payload: str, at: QPoint) -> None:
        self.menu.open(payload, at)
