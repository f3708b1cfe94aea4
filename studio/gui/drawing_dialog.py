"""Exports the drawing of a graph as a picture: how much of it, in which appearance, with or without a background."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from studio.core.names import identifier
from studio.core.problem import ProjectError
from studio.gui import fonts, theme
from studio.gui.canvas.card import Subject
from studio.gui.canvas.look import Look
from studio.gui.render import Finish, drawing_of, part_drawn, write
from studio.gui.style.measures import GRID, PANEL_PADDING
from studio.gui.style.tokens import DARK, LIGHT, Theme
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label, set_role

WIDTH = 480
FORMATS = {"SVG, sharp at any size": ".svg", "PNG, in pixels": ".png"}


@dataclass(frozen=True)
class Shown:
    """What a canvas shows."""

    subject: Subject
    selected: frozenset[str]
    look: Look
    strips: Mapping[str, tuple[QImage, ...]]

    def drawn(self, *, selection: bool) -> Subject:
        """All of it, or what is selected."""
        return part_drawn(self.subject, self.selected) if selection and self.selected else self.subject

    def finish(self, chosen: Theme, *, background: bool = True) -> Finish:
        """As the canvas shows it, in this theme."""
        return Finish(chosen, background, self.look.shapes, self.look.colors, self.strips)


class DrawingDialog(QDialog):
    """Stays open after an export, so that the same graph can be written in another appearance."""

    def __init__(self, parent: QWidget, shown: Shown, folder: Path) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export the drawing")
        self._shown, self._folder = shown, folder
        self.what, self.format, self.appearance = QComboBox(), QComboBox(), QComboBox()
        self.background = QCheckBox("Paint the background")
        self.path = QLineEdit()
        self.outcome = label("", Role.BODY, wrap=True)
        self.go, self.leave = Button("Export", icon="export", kind=Kind.PRIMARY), Button("Close")
        self.what.addItem("The whole graph")
        if shown.selected:
            count = len(shown.selected)
            self.what.addItem("The selected node" if count == 1 else f"The {count} selected nodes")
        self.format.addItems(list(FORMATS))
        self._themes = {f"As shown ({theme.current().name})": theme.current(), "Light": LIGHT, "Dark": DARK}
        self.appearance.addItems(list(self._themes))
        self.background.setChecked(True)
        self._lay_out()
        self.format.currentIndexChanged.connect(self._propose)
        self.what.currentIndexChanged.connect(self._propose)
        self.path.textChanged.connect(self._follow_name)
        self.go.clicked.connect(self.export)
        self.leave.clicked.connect(self.close)
        self._propose()

    def _lay_out(self) -> None:
        names = {self.what: "What", self.format: "Format", self.appearance: "Appearance", self.path: "File"}
        browse = Button("Choose…", small=True)
        browse.clicked.connect(self._browse)
        place = QHBoxLayout()
        place.addWidget(self.path, 1)
        place.addWidget(browse)
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(GRID)
        for widget, name in names.items():
            widget.setAccessibleName(name)
            if widget is self.path:
                form.addRow("", self.background)
                form.addRow(name, place)
            else:
                form.addRow(name, widget)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.leave)
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING, PANEL_PADDING)
        column.setSpacing(GRID)
        column.addLayout(form)
        column.addWidget(self.outcome)
        column.addLayout(buttons)
        self.setMinimumWidth(fonts.scaled(WIDTH))
        self.go.setDefault(True)

    def export(self) -> None:
        """Write the picture, and say where it is or why there is none."""
        path = Path(self.path.text()).expanduser()
        subject = self._shown.drawn(selection=self.what.currentIndex() == 1)
        chosen = self._themes[self.appearance.currentText()]
        finish = self._shown.finish(chosen, background=self.background.isChecked())
        try:
            write(path, drawing_of(subject, self._shown.strips), finish)
        except ProjectError as error:
            self._say(str(error), Role.PROBLEM)
        else:
            self._say(f"Written to {path}.", Role.SUCCESS)

    def _propose(self) -> None:
        """Propose a file's name that fits the graph and the format."""
        part = "-part" if self.what.currentIndex() == 1 else ""
        suffix = FORMATS[self.format.currentText()]
        self.path.setText(str(self._folder / f"{identifier(self._shown.subject.name)}{part}{suffix}"))

    def _follow_name(self, name: str) -> None:
        """The ending of the name decides; the choice of formats shows which it is."""
        suffix = Path(name).suffix.lower()
        if suffix in FORMATS.values():
            self.format.blockSignals(True)
            self.format.setCurrentIndex(list(FORMATS.values()).index(suffix))
            self.format.blockSignals(False)

    def _browse(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Export the drawing to", self.path.text(), "Pictures (*.svg *.png)")
        if name:
            self.path.setText(name)

    def _say(self, sentence: str, role: Role) -> None:
        set_role(self.outcome, role)
        self.outcome.setText(sentence)
