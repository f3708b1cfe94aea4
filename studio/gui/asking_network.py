"""Asks a trained network about one file, in a process of its own, and says the answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment

from studio.training.processes import module_command, module_environment
from studio.training.run import Run

SHOWN, LEAST = 3, 0.001


class Asking(QObject):
    """One question; ``say`` gets the answer, ``complain`` why there is none. The process ends with its window."""

    def __init__(
        self, parent: QObject, run: Run, path: Path, say: Callable[[str], object], complain: Callable[[str], object]
    ) -> None:
        super().__init__(parent)
        self._run, self._path, self._say, self._complain = run, path, say, complain
        process = self._process = QProcess(self)
        environment = QProcessEnvironment()
        for name, value in module_environment().items():
            environment.insert(name, value)
        process.setProcessEnvironment(environment)
        process.finished.connect(self._finish)
        program, *arguments = module_command("studio", "predict", str(run.folder), str(path), "--json")
        process.start(program, arguments)

    def end(self) -> None:
        """Ask no longer."""
        self._process.finished.disconnect(self._finish)
        self._process.kill()
        self._process.waitForFinished()

    def _finish(self) -> None:
        lines = bytes(self._process.readAllStandardOutput().data()).decode("utf-8", "replace").splitlines()
        told = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").strip().splitlines()
        answer = _parsed(lines[-1]) if lines else {}
        if "error" in answer or not answer:
            self._complain(str(answer.get("error") or (told[-1] if told else f"{self._path.name} was not answered.")))
        else:
            self._say(f"{self._path.name}: {in_words(answer)}. So says the run {self._run.name}.")
        self.deleteLater()


def in_words(answer: dict[str, object]) -> str:
    """The most probable classes with their shares, or the numbers that came out."""
    shares = answer.get("probabilities")
    if isinstance(shares, dict) and shares:
        first, *others = sorted(shares.items(), key=lambda pair: -float(pair[1]))[:SHOWN]
        best = [first, *(pair for pair in others if float(pair[1]) >= LEAST)]
        return ", ".join(f"{name} ({float(share):.1%})" for name, share in best)
    outputs = answer.get("outputs")
    return str(outputs if not isinstance(outputs, dict) else next(iter(outputs.values()), ""))[:80]


def _parsed(line: str) -> dict[str, object]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
