"""Runs a module of the studio in a process of its own and hears what it tells in lines of JSON."""

from __future__ import annotations

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from studio.training.processes import module_command, module_environment
from studio.training.wire import content_of

PATIENCE_MS = 3_000


class LineProcess(QObject):
    """One process at a time; it ends with its parent."""

    told = Signal(object)
    """What a line held, a dict."""
    ended = Signal(int)
    """The exit code, when everything was told."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._rest = b""
        self.complaint = ""
        """The last line that an ended process wrote beside what it told."""

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def start(self, module: str, *arguments: str) -> None:
        """Run the module; what ran before is ended."""
        self.kill()
        self._rest, self.complaint = b"", ""
        process = self._process = QProcess(self)
        environment = QProcessEnvironment()
        for name, value in module_environment().items():
            environment.insert(name, value)
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._finish)
        program, *rest = module_command(module, *arguments)
        process.start(program, rest)

    def interrupt(self) -> None:
        """Ask what runs to end by itself, keeping what it has; ``ended`` follows."""
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        """End what runs, without a word."""
        if self._process is None:
            return
        process, self._process = self._process, None
        process.finished.disconnect(self._finish)
        process.readyReadStandardOutput.disconnect(self._read)
        process.terminate()
        if not process.waitForFinished(PATIENCE_MS):
            process.kill()
            process.waitForFinished(PATIENCE_MS)
        process.deleteLater()

    def _read(self) -> None:
        if self._process is None:
            return
        self._rest += bytes(self._process.readAllStandardOutput().data())
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            self.told.emit(content_of(line))

    def _finish(self, code: int) -> None:
        self._read()
        if self._process is not None:
            said = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").split("\n")
            self.complaint = next((line.strip() for line in reversed(said) if line.strip()), "")
            self._process.deleteLater()
            self._process = None
            self.ended.emit(code)
