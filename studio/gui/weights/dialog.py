"""Chooses the weights with which a network begins: fresh or drawn ones, those of a file, or torchvision's."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studio.core.catalog import catalog
from studio.core.drawn_weights import NORMAL, is_drawn
from studio.gui.document import Document
from studio.gui.style.measures import GRID, PANEL_PADDING
from studio.gui.weights.comparison import Comparison, begun_with
from studio.gui.weights.report import Report
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label, set_role
from studio.gui.widgets.progress import Progress
from studio.training.messages import WeightsLoaded

FRESH, FILE, PUBLISHED = "Fresh weights", "A file", "torchvision, learned from ImageNet"
ONE_DEVIATION, USUAL = "Drawn with one deviation", "0.02"
"""All layers alike, as adversarial networks begin, and the deviation that these usually have."""
TORCHVISION = "torchvision"
KINDS = "Weights (*.safetensors *.pth *.pt);;All files (*)"
WIDTH = 560
CHOOSE = "Choose a .safetensors, .pth or .pt file that holds a state dict."
DRAWN = "The weights are drawn at random, from the seed of the training."


class WeightsDialog(QDialog):
    """What is chosen is compared at once in a process of its own; only what fits can be used."""

    def __init__(self, parent: QWidget, document: Document, file: Path | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Load pretrained weights")
        self.setMinimumWidth(WIDTH)
        self._document = document
        self._comparison = Comparison(self)
        self.found: WeightsLoaded | None = None
        self._compared = ""
        self.network, self.source, self.path = QComboBox(), QComboBox(), QLineEdit()
        self.deviation = QLineEdit(USUAL)
        self.browse = Button("Choose…", small=True)
        self.report, self.progress = Report(), Progress(name="Progress of the weights")
        self.outcome = label("", Role.BODY, wrap=True)
        self.go, self.leave = Button("Use these weights", icon="check", kind=Kind.PRIMARY), Button("Close")
        project = document.project
        self.network.addItems(list(project.networks))
        template = catalog().templates.get(project.template)
        self.source.addItems(
            [FRESH, ONE_DEVIATION, FILE, *((PUBLISHED,) if template is not None and template.torchvision else ())]
        )
        self._lay_out()
        self._connect()
        self._show_present()
        if file is not None:
            self.choose(file)

    def _lay_out(self) -> None:
        named = (self.network, "Network"), (self.source, "Weights"), (self.deviation, "Deviation"), (self.path, "File")
        for widget, name in named:
            widget.setAccessibleName(name)
        place = QHBoxLayout()
        place.addWidget(self.path, 1)
        place.addWidget(self.browse)
        self._form = form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(GRID)
        form.addRow("Network", self.network)
        form.addRow("Weights", self.source)
        form.addRow("Deviation", self.deviation)
        form.addRow("File", place)
        self._place = place
        form.setRowVisible(self.network, self.network.count() > 1)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.leave)
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING, PANEL_PADDING)
        column.setSpacing(GRID)
        column.addLayout(form)
        for part in (self.outcome, self.report, self.progress):
            column.addWidget(part, 1 if part is self.report else 0)
        column.addLayout(buttons)

    def _connect(self) -> None:
        for button in (self.browse, self.leave):
            button.setAutoDefault(False)  # Enter in the field is meant for the weights
        self.network.activated.connect(self._show_present)
        self.source.activated.connect(self._compare)
        for field in (self.path, self.deviation):
            field.editingFinished.connect(self._follow_field)
        self.browse.clicked.connect(self._browse)
        self.go.clicked.connect(self.use)
        self.leave.clicked.connect(self.close)
        self._comparison.progressed.connect(lambda what, share: self.progress.show_progress(share, left=what))
        self._comparison.done.connect(self._show_found)
        self._comparison.failed.connect(self._show_failure)

    def choose(self, file: Path) -> None:
        """Take this file as the source, and compare."""
        self.source.setCurrentText(FILE)
        self.path.setText(str(file))
        self._compare()

    def use(self) -> None:
        """Let the network begin so; what torchvision publishes is fetched first."""
        if self.found is not None and self.found.megabytes:
            self._start(fetch=True)
        else:
            self._apply()

    def done(self, result: int) -> None:
        self._comparison.close()
        super().done(result)

    @property
    def _chosen(self) -> str:
        """The source as a project names it; empty for fresh weights, or where none is named yet."""
        named = {PUBLISHED: TORCHVISION, FILE: self.path.text().strip(), ONE_DEVIATION: NORMAL + self.deviation.text()}
        return named.get(self.source.currentText(), "")

    def _show_present(self) -> None:
        """The source that the network has now."""
        present = self._document.project.training.weights.get(self.network.currentText(), "")
        kind = _kind_of(present)
        self.source.setCurrentText(kind)
        self.path.setText(present if kind == FILE else "")
        self.deviation.setText(present.removeprefix(NORMAL) if kind == ONE_DEVIATION else USUAL)
        self._compare()

    def _follow_field(self) -> None:
        """Compare what was typed; leaving the field as it was changes nothing."""
        if self._chosen != self._compared:
            self._compare()

    def _compare(self) -> None:
        """Find out what of the source fits."""
        self._comparison.end()
        self.found, self._compared = None, self._chosen
        self.report.show_report(None)
        is_file = self.source.currentText() == FILE
        self._form.setRowVisible(self._place, is_file)
        self._form.setRowVisible(self.deviation, self.source.currentText() == ONE_DEVIATION)
        self.progress.hide()
        if self._chosen:
            self._start()
        else:
            self._say(CHOOSE if is_file else DRAWN, Role.HINT)
            self._allow()

    def _start(self, *, fetch: bool = False) -> None:
        self._say("Fetching the weights." if fetch else "Comparing shapes.", Role.HINT)
        self.progress.setVisible(fetch)
        self._comparison.start(self._document.project, self.network.currentText(), self._chosen, fetch=fetch)
        self._allow()

    def _show_found(self, found: WeightsLoaded, fetched: bool) -> None:
        self.found = found
        self.report.show_report(found)
        self.progress.hide()
        to_fetch = f" {found.megabytes:,.1f} MB are to be fetched." if found.megabytes else ""
        is_whole = not (found.missing or found.refused)
        self._say(found.in_words() + to_fetch, Role.SUCCESS if is_whole else Role.WARN)
        self._allow()
        if fetched:
            self._apply()

    def _show_failure(self, sentence: str) -> None:
        self.progress.hide()
        self._say(sentence, Role.PROBLEM)
        self._allow()

    def _allow(self) -> None:
        """Whether what is chosen can be used."""
        self.go.setText("Fetch and use these weights" if self.found and self.found.megabytes else "Use these weights")
        begins = self.network.currentText() in self._document.project.training.weights
        can_be_used = begins if self.source.currentText() == FRESH else self.found is not None
        self.go.setEnabled(can_be_used and not self._comparison.is_running)

    def _apply(self) -> None:
        project, name = self._document.project, self.network.currentText()
        sources = {each: source for each, source in project.training.weights.items() if each != name}
        if self.found is not None:
            sources[name] = self.found.source
        text = "Load pretrained weights" if self.found is not None else "Begin with fresh weights"
        self._document.apply(begun_with(project, sources), text)
        self.close()

    def _browse(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Weights", self.path.text(), KINDS)
        if name:
            self.choose(Path(name))

    def _say(self, sentence: str, role: Role) -> None:
        """Show a sentence about the source; without a report the dialog is small."""
        set_role(self.outcome, role)
        self.outcome.setText(sentence)
        self.adjustSize()


def _kind_of(source: str) -> str:
    """What the box of kinds shows for a source; empty means fresh weights."""
    if not source:
        return FRESH
    return PUBLISHED if source.startswith(TORCHVISION) else ONE_DEVIATION if is_drawn(source) else FILE
