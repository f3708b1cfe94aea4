"""What of a source of weights fits a network, and what does not and why, as a list that folds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem

from studio.gui import fonts
from studio.gui.style.measures import LABEL
from studio.training.messages import WeightsLoaded

TALL = 220


class Report(QTreeWidget):
    """Groups that are empty are left out; what did not fit is open."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("What fits")
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMinimumHeight(TALL)

    def show_report(self, found: WeightsLoaded | None) -> None:
        """Show what was compared; nothing where nothing was."""
        self.clear()
        self.setVisible(found is not None)
        if found is None:
            return
        taken = [name if name == other else f"{name}  ←  {other}" for name, other in found.loaded.items()]
        self._add("Other shapes, so these begin fresh", found.refused, is_open=True)
        self._add("Not in the source, so these begin fresh", found.missing, is_open=True)
        self._add("Left over in the source", found.unused, is_open=False)
        self._add("Taken", taken, is_open=False)

    def _add(self, title: str, lines: Sequence[str], *, is_open: bool) -> None:
        if not lines:
            return
        group = QTreeWidgetItem(self, [f"{title} ({len(lines):,})"])
        for line in lines:
            item = QTreeWidgetItem(group, [line])
            item.setFont(0, fonts.mono(LABEL))
            item.setToolTip(0, line)
        group.setExpanded(is_open)
