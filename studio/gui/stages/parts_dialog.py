"""Chooses what learns in a stage, and with which weights its parts begin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.gui import fonts
from studio.gui.document import Document
from studio.gui.stages.parts import Part, Parts, sources_for
from studio.gui.style.measures import CARD_GAP, FORM_ROW, PANEL_PADDING
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label

WIDTH, HEIGHT, FIRST = 640, 520, 320
OWN = "its own"
HINT = (
    "A tick lets a part learn; all else stays as it is, to the last bit. Press Enter on a part, or double-click it, "
    "to let it begin with the weights of another."
)
NOTHING = "Something has to learn in a stage."
CHECKS = {"all": Qt.CheckState.Checked, "some": Qt.CheckState.PartiallyChecked, "none": Qt.CheckState.Unchecked}


class PartsDialog(QDialog):
    """A tree of objectives, their networks, and the nodes in these that have weights."""

    def __init__(self, parent: QWidget, document: Document, number: int) -> None:
        super().__init__(parent)
        self._document, self._number = document, number
        stage = document.project.training.stages[number]
        self.setWindowTitle("What learns")
        self.resize(fonts.scaled(WIDTH), fonts.scaled(HEIGHT))
        self.parts = Parts.of(document.project, document.diagnosis, stage)
        self.takes = dict(stage.takes)
        self.tree = QTreeWidget()
        self.items: dict[Part, QTreeWidgetItem] = {}
        self.use, self.cancel = Button("Use", kind=Kind.PRIMARY), Button("Cancel", kind=Kind.QUIET)
        self.hint = label(HINT, Role.HINT, wrap=True)
        self._fill()
        self._lay_out(stage.name)
        self.tree.itemActivated.connect(self._offer)
        self.tree.itemChanged.connect(self._follow)
        self.use.clicked.connect(self._use)
        self.cancel.clicked.connect(self.reject)
        self._follow()

    def _lay_out(self, name: str) -> None:
        self.tree.setHeaderLabels(["Part", "Weights", "Begins with the weights of"])
        self.tree.setAccessibleName("Parts that can learn")
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.tree.header().resizeSection(0, fonts.scaled(FIRST))
        self.tree.header().setStretchLastSection(True)
        row = QHBoxLayout()
        for button in (self.use, self.cancel):
            button.setAutoDefault(False)  # Enter is for the part
        row.addWidget(self.use)
        row.addStretch()
        row.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING, PANEL_PADDING)
        column.setSpacing(CARD_GAP)
        column.addWidget(label(f"Stage {self._number + 1}, {name}", Role.HEADING))
        column.addWidget(self.tree, 1)
        column.addWidget(self.hint)
        column.addLayout(row)

    def _fill(self) -> None:
        several = len({objective for objective, _ in self.parts.rows}) > 1
        above: dict[str, QTreeWidgetItem] = {}
        for (objective, _), (whole, *nodes) in self.parts.rows.items():
            if several and objective not in above:
                above[objective] = QTreeWidgetItem(self.tree, [f"Through {objective}"])
                above[objective].setSizeHint(0, QSize(0, fonts.scaled(FORM_ROW)))
            item = self._item(whole, whole.network, above.get(objective) or self.tree)
            for node in nodes:
                self._item(node, node.path, item)
            item.setExpanded(self.parts.share(whole) == "some" or len(self.parts.rows) == 1)
        for heading in above.values():
            heading.setExpanded(True)

    def _item(self, part: Part, title: str, above: QTreeWidget | QTreeWidgetItem) -> QTreeWidgetItem:
        texts = [title, f"{part.weights:,}", self.takes.get(part.name, OWN)]
        item = QTreeWidgetItem(above, texts)
        if part.path == "" and len(self.parts.rows[part.objective, part.network]) > 1:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsAutoTristate)
        item.setCheckState(0, CHECKS[self.parts.share(part)])
        item.setSizeHint(0, QSize(0, fonts.scaled(FORM_ROW)))
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.items[part] = item
        return item

    def taught(self) -> Iterator[Part]:
        """The parts with a tick."""
        return (part for part, item in self.items.items() if item.checkState(0) is Qt.CheckState.Checked)

    def _follow(self, *_: object) -> None:
        some = any(item.checkState(0) is not Qt.CheckState.Unchecked for item in self.items.values())
        self.use.setEnabled(some)
        self.hint.setText(HINT if some else NOTHING)

    def offers(self, part: Part) -> QMenu:
        """What a part can begin with: its own weights, or those of a part of the same sizes."""
        menu = QMenu(self)
        for name in (OWN, *sources_for(self._document.diagnosis, part.name)):
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(self.takes.get(part.name, OWN) == name)
            action.triggered.connect(lambda _=False, name=name: self._let_begin(part, name))
        return menu

    def _offer(self, item: QTreeWidgetItem) -> None:
        part = next((part for part, each in self.items.items() if each is item), None)
        if part is not None:
            self.offers(part).popup(self.tree.viewport().mapToGlobal(self.tree.visualItemRect(item).bottomLeft()))

    def _let_begin(self, part: Part, source: str) -> None:
        self.takes.pop(part.name, None)
        if source != OWN:
            self.takes[part.name] = source
        for each, item in self.items.items():
            if each.name == part.name:
                item.setText(2, source)

    def _use(self) -> None:
        project = self._document.project
        stages = list(project.training.stages)
        learns = self.parts.learns_of(self.taught())
        stages[self._number] = replace(stages[self._number], learns=learns, takes=self.takes)
        if stages[self._number] != self.parts.stage:
            training = replace(project.training, stages=tuple(stages))
            self._document.apply(replace(project, training=training), "Choose what learns")
        self.accept()
