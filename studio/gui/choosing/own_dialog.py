"""Chooses which parts learn in their own way in a stage, and in which."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.core.project import Project
from studio.gui.choosing.dialog import StageDialog
from studio.gui.choosing.own import Followed, Own, complaints, with_own, without
from studio.gui.choosing.parts import Part
from studio.gui.choosing.tree import PartsTree
from studio.gui.document import Document
from studio.gui.inspector.form import Form
from studio.gui.panels.scrolling import scrolling
from studio.gui.stages.wording import settings_text
from studio.gui.style.measures import CARD_GAP, CARD_PADDING
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label

HINT = (
    "Choose a part and change what it shall have alone; in all else it learns as what it lies in does. A schedule "
    "moves all rates alike."
)
STAYS = "stays as it is"


class OwnDialog(StageDialog):
    """A tree of objectives, networks and nodes, and the form of the one that is chosen."""

    title, step = "What learns in its own way", "Choose what learns in its own way"
    size_wanted = (960, 560)

    def __init__(self, parent: QWidget, document: Document, number: int) -> None:
        super().__init__(parent, document, number)
        self.followed = Followed.of(document.project, document.diagnosis, self.stage)
        self.own: Own = self.stage.own
        self.tree = PartsTree("Parts that can learn in their own way", "Of its own")
        self.form = Form(())
        self.clear = Button("Learn as the others", icon="undo", kind=Kind.QUIET, small=True)
        self.clear.setAutoDefault(False)
        self._name = label("", Role.HEADING, wrap=True)
        self._column = QVBoxLayout()
        self._part: Part | None = None
        for part in self.followed.parts:
            self.tree.add(part, self._said).setExpanded(len(self.followed.parts) == 1)
        self.lay_out(self._halves())
        self.tree.currentItemChanged.connect(lambda item: self._show(self.tree.part_at(item)))
        self.clear.clicked.connect(self._clear)
        self.tree.setCurrentIndex(self.tree.model().index(0, 0))
        self._follow()

    def edited(self) -> Project:
        return self.with_stage(replace(self.stage, own=self.own))

    def _halves(self) -> QWidget:
        form = QWidget()
        self._column.setContentsMargins(CARD_PADDING, 0, 0, 0)
        self._column.setSpacing(CARD_GAP)
        for part in (self._name, self.form, self.clear):
            self._column.addWidget(part)
        self._column.addStretch()
        form.setLayout(self._column)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.tree, 3)
        row.addWidget(scrolling(form), 2)
        return body

    def _said(self, part: Part) -> str:
        """What the tree says of a part."""
        return settings_text(self.own.get(part.name, {})) or ("" if self.followed.learns(part) else STAYS)

    def _show(self, part: Part | None) -> None:
        """Show the form of a part."""
        self._part = part
        if part is None:
            return
        settings = self.followed.settings(part, self.own)
        fresh = Form(settings)
        fresh.edited.connect(self._edit)
        self._column.replaceWidget(self.form, fresh)
        fresh.show()
        self.form.hide()
        self.form.deleteLater()
        self.form = fresh
        self._name.setText(part.name)
        self._refresh(part)

    def _refresh(self, part: Part) -> None:
        own = self.own.get(part.name, {})
        self.form.show_values(own, {}, complaints(replace(self.stage, own=self.own), part.name))
        self.form.setEnabled(bool(own) or self.followed.learns(part))
        self.clear.setVisible(bool(own))

    def _edit(self, name: str, value: object) -> None:
        if self._part is not None:
            self._change(self._part, with_own(self.own, self._part.name, self.form.rows[name].setting, value))

    def _clear(self) -> None:
        if self._part is not None:
            self._change(self._part, without(self.own, self._part.name))
            self.tree.setFocus()

    def _change(self, part: Part, own: Own) -> None:
        self.own = own
        self._refresh(part)
        for each, item in self.tree.items.items():
            if each.name == part.name:
                item.setText(2, self._said(each))
        self._follow()

    def _follow(self) -> None:
        stage = replace(self.stage, own=self.own)
        wrong = [f"{part}: {message}" for part in self.own for message in complaints(stage, part).values()]
        self.follow(HINT, wrong[0] if wrong else "")
