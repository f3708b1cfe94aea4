"""Chooses what learns in a stage, and with which weights its parts begin."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QMenu, QTreeWidgetItem, QWidget

from studio.core.project import Project
from studio.gui.choosing.dialog import StageDialog
from studio.gui.choosing.parts import Part, Parts, sources_for
from studio.gui.choosing.tree import PartsTree
from studio.gui.document import Document

OWN = "its own"
HINT = (
    "A tick lets a part learn; all else stays as it is, to the last bit. Press Enter on a part, or double-click it, "
    "to let it begin with the weights of another."
)
NOTHING = "Something has to learn in a stage."
CHECKS = {"all": Qt.CheckState.Checked, "some": Qt.CheckState.PartiallyChecked, "none": Qt.CheckState.Unchecked}


class PartsDialog(StageDialog):
    """A tree of objectives, their networks, and the nodes in these that have weights."""

    title, step = "What learns", "Choose what learns"

    def __init__(self, parent: QWidget, document: Document, number: int) -> None:
        super().__init__(parent, document, number)
        self.parts = Parts.of(document.project, document.diagnosis, self.stage)
        self.takes = dict(self.stage.takes)
        self.tree = PartsTree("Parts that can learn", "Begins with the weights of")
        self._fill()
        self._before = self.taught()
        self.lay_out(self.tree)
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._follow)
        self.tree.itemActivated.connect(self._offer)
        self.tree.itemChanged.connect(lambda *_: self._soon.start())  # one tick changes many items
        self._follow()

    def edited(self) -> Project:
        taught = self.taught()
        learns = self.stage.learns if taught == self._before else self.parts.learns_of(taught)
        return self.with_stage(replace(self.stage, learns=learns, takes=self.takes))

    def _fill(self) -> None:
        several = len({whole.objective for whole in self.parts.wholes}) > 1
        above: dict[str, QTreeWidgetItem] = {}
        for whole in self.parts.wholes:
            if several and whole.objective not in above:
                above[whole.objective] = self.tree.add_heading(f"Through {whole.objective}")
            item = self.tree.add(whole, lambda part: self.takes.get(part.name, OWN), above.get(whole.objective))
            self._tick(whole)
            item.setExpanded(item.isExpanded() or len(self.parts.wholes) == 1)
        for heading in above.values():
            heading.setExpanded(True)

    def _tick(self, part: Part) -> None:
        """Show how much of a part learns; open it where that differs inside."""
        item, share = self.tree.items[part], self.parts.share(part)
        item.setCheckState(0, CHECKS[share])
        for each in part.inside:
            self._tick(each)
        if part.inside:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsAutoTristate)
        item.setExpanded(share == "some")

    def taught(self) -> frozenset[Part]:
        """The parts with a tick."""
        return frozenset(part for part, item in self.tree.items.items() if item.checkState(0) is Qt.CheckState.Checked)

    def _follow(self) -> None:
        some = any(item.checkState(0) is not Qt.CheckState.Unchecked for item in self.tree.items.values())
        self.follow(HINT, "" if some else NOTHING)

    def offers(self, part: Part) -> QMenu:
        """What a part can begin with: its own weights, or those of a part of the same sizes."""
        menu = QMenu(self)
        for name in (OWN, *sources_for(self.document.diagnosis, part.name)):
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(self.takes.get(part.name, OWN) == name)
            action.triggered.connect(lambda _=False, name=name: self._let_begin(part, name))
        return menu

    def _offer(self, item: QTreeWidgetItem) -> None:
        part = self.tree.part_at(item)
        if part is not None:
            self.offers(part).popup(self.tree.viewport().mapToGlobal(self.tree.visualItemRect(item).bottomLeft()))

    def _let_begin(self, part: Part, source: str) -> None:
        self.takes.pop(part.name, None)
        if source != OWN:
            self.takes[part.name] = source
        for each, item in self.tree.items.items():
            if each.name == part.name:
                item.setText(2, source)
