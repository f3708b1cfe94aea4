"""Exports a network in a process of its own: format, place, progress, and the sentence that says how exact it is."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studio.core import loom
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui.line_process import LineProcess
from studio.gui.style.measures import GRID, PANEL_PADDING
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.progress import Progress
from studio.training.run import Run

BEGINNING, EXPORTERS = "studio.engine.beginning", "studio.exporters"


@dataclass(frozen=True, slots=True)
class Format:
    """A file format as the dialog offers it."""

    name: str
    title: str
    suffix: str
    about: str


FORMATS = (
    Format(
        "python",
        "Python source",
        ".py",
        "Readable PyTorch with its weights beside it; runs where only torch is installed.",
    ),
    Format("safetensors", "Weights (safetensors)", ".safetensors", "The weights alone, by the names of the nodes."),
    Format(
        "pt2",
        "PyTorch program (.pt2)",
        ".pt2",
        "The network as torch.export keeps it, to be loaded without its source.",
    ),
    Format("onnx", "ONNX", ".onnx", "For other runtimes. The file is run by onnxruntime and compared."),
)


class ExportDialog(QDialog):
    """Weights come from the run where there is one, else they are fresh. Closing the dialog cancels what runs."""

    def __init__(self, parent: QWidget, project: Project, run: Run | None, folder: Path) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export")
        self.setMinimumWidth(520)
        self._project, self._run, self._folder = project, run, folder
        self._process = LineProcess(self)
        self._process.told.connect(self._take)
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._begun: Path | None = None
        """A run that is made for this export, of a project that begins with weights from elsewhere."""
        self.network, self.format, self.path = QComboBox(), QComboBox(), QLineEdit()
        self._about = label("", Role.HINT, wrap=True)
        self.progress = Progress(name="Progress of the export")
        self.outcome = label("", Role.BODY, wrap=True)
        self.go = Button("Export", icon="export", kind=Kind.PRIMARY)
        self.cancel = Button("Close")
        self._show_file = Button("Show the folder", icon="folder", kind=Kind.LINK)
        self._lay_out()
        self.network.addItems(list(project.networks))
        for one in FORMATS:
            self.format.addItem(one.title)
        self.format.currentIndexChanged.connect(self._propose)
        self.network.currentIndexChanged.connect(self._propose)
        self.go.clicked.connect(self.start)
        self.cancel.clicked.connect(self._cancel)
        self._process.ended.connect(self._ended)
        self._propose()

    def _lay_out(self) -> None:
        for widget, name in ((self.network, "Network"), (self.format, "Format"), (self.path, "File")):
            widget.setAccessibleName(name)
        browse = Button("Choose…", small=True)
        browse.clicked.connect(self._browse)
        place = QHBoxLayout()
        place.addWidget(self.path, 1)
        place.addWidget(browse)
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(GRID)
        form.addRow("Network", self.network)
        form.addRow("Format", self.format)
        form.addRow("", self._about)
        form.addRow("File", place)
        form.addRow("", label(self._whose_weights(), Role.HINT, wrap=True))
        buttons = QHBoxLayout()
        buttons.addWidget(self._show_file)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING, PANEL_PADDING)
        column.setSpacing(GRID)
        column.addLayout(form)
        column.addWidget(self.progress)
        column.addWidget(self.outcome)
        column.addLayout(buttons)
        self._show_file.hide()
        self._show_file.clicked.connect(self._open_folder)
        self.progress.hide()

    @property
    def chosen(self) -> Format:
        return FORMATS[self.format.currentIndex()]

    def _whose_weights(self) -> str:
        if self._run is not None:
            return f"Weights of the run {self._run.name}."
        sources = self._project.training.weights
        named = ", ".join(f"{name}: {source}" for name, source in sources.items())
        return (
            f"Not trained yet; first weights are from {named}." if named else "Not trained yet: the weights are fresh."
        )

    def start(self) -> None:
        """Start the exporting process, behind that which makes a run where the project names its first weights."""
        try:
            source = self._source()
        except ProjectError as error:
            self._end(str(error), Role.PROBLEM)
            return
        if self._run is None and self._project.training.weights:
            self._begun = Path(source).with_name("run")
            self._process.start(BEGINNING, source, "--out", str(self._begun), "--download")
        else:
            self._export(source)
        self.progress.show()
        self.progress.show_progress(0.0, left="Starting")
        self.outcome.setText("")
        self.go.setEnabled(False)
        self.cancel.setText("Cancel")
        self._show_file.hide()

    def _export(self, source: str) -> None:
        where = ["--format", self.chosen.name, "-o", self.path.text(), "--network", self.network.currentText()]
        self._process.start(EXPORTERS, source, *where)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._kill()
        super().closeEvent(event)

    def _source(self) -> str:
        """The run's folder, or the project as it is now in a file. Raises ProjectError where it cannot be written."""
        if self._run is not None:
            return str(self._run.folder)
        self._temporary = tempfile.TemporaryDirectory(prefix="layerloom-")
        path = Path(self._temporary.name) / "project.loom"
        loom.save(self._project, path)
        return str(path)

    def _propose(self) -> None:
        """Propose a file's name that fits network and format."""
        self._about.setText(self.chosen.about)
        name = self.network.currentText() or self._project.name
        self.path.setText(str(self._folder / f"{name.lower().replace(' ', '-')}{self.chosen.suffix}"))

    def _browse(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "Export to", self.path.text(), f"{self.chosen.title} (*{self.chosen.suffix})"
        )
        if name:
            self.path.setText(name)

    def _take(self, said: dict[str, object]) -> None:
        if "progress" in said:
            self.progress.show_progress(float(str(said["progress"])), left=str(said.get("doing", "")).capitalize())
        elif "share" in said:
            self.progress.show_progress(float(str(said["share"])), left=str(said.get("what", "")))
        elif "failed" in said or "message" in said:
            self._end(str(said.get("failed") or said["message"]), Role.PROBLEM)
        elif "path" in said:
            error = float(str(said["max_abs_error"]))
            self._show_file.show()
            self._end(
                f"Written to {said['path']}, loaded again and compared: the outputs differ by at most {error:.2g}.",
                Role.SUCCESS,
            )

    def _ended(self, code: int) -> None:
        if self._begun is not None and code == 0:
            begun, self._begun = self._begun, None
            self._export(str(begun))
            return
        if not self.outcome.text():
            self._end(
                f"The exporting process ended with exit code {code} before it was done. Nothing was written.",
                Role.PROBLEM,
            )
        self._be_ready()

    def _be_ready(self) -> None:
        """Nothing runs: another export may be started."""
        self._begun = None
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None
        self.go.setEnabled(True)
        self.cancel.setText("Close")

    def _end(self, sentence: str, role: Role) -> None:
        self.outcome.setProperty("role", role.value)
        self.outcome.style().unpolish(self.outcome)
        self.outcome.style().polish(self.outcome)
        self.outcome.setText(sentence)
        self.progress.setVisible(role is Role.SUCCESS)
        self.progress.show_progress(1.0, strong="Done")

    def _cancel(self) -> None:
        if not self._process.is_running:
            self.close()
            return
        self._kill()
        self._end("Cancelled. Nothing was written.", Role.WARN)

    def _kill(self) -> None:
        if self._process.is_running:
            self._process.kill()
            self._be_ready()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self.path.text()).parent)))
