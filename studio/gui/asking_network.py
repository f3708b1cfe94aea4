"""Asks a trained network about one file, in a process of its own, and says the answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from studio.gui.line_process import LineProcess
from studio.training.run import Run

SHOWN, LEAST = 3, 0.001


class Asking(QObject):
    """One question; ``say`` gets the answer, ``complain`` why there is none. The process ends with its window."""

    def __init__(
        self, parent: QObject, run: Run, path: Path, say: Callable[[str], object], complain: Callable[[str], object]
    ) -> None:
        super().__init__(parent)
        self._run, self._path, self._say, self._complain = run, path, say, complain
        self._answer: dict[str, object] = {}
        self._process = LineProcess(self)
        self._process.told.connect(self._take)
        self._process.ended.connect(self._finish)
        self._process.start("studio", "predict", str(run.folder), str(path), "--json")

    def end(self) -> None:
        """Ask no longer."""
        self._process.kill()

    def _take(self, answer: dict[str, object]) -> None:
        self._answer = answer

    def _finish(self) -> None:
        answer, name = self._answer, self._path.name
        if "error" in answer or not answer:
            self._complain(str(answer.get("error") or self._process.complaint or f"{name} was not answered."))
        else:
            self._say(f"{name}: {in_words(answer)}. So says the run {self._run.name}.")
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
