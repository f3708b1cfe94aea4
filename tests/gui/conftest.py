"""Whole windows, with or without a training process, that close without a question."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from studio.gui import garbage, motion, theme
from studio.gui.preferences import Preferences
from studio.gui.training.session import Session
from studio.gui.window import Window, dress

OpenWindow = Callable[..., Window]


@pytest.fixture(autouse=True)
def _no_garbage_within() -> Iterator[None]:
    """As in the program, garbage is looked for where Qt is not in the middle of its own work.

    What a test leaves to be deleted goes with it: no loop runs between tests that would, and styles reach all there is.
    """
    gc.disable()
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    garbage.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def _at_rest() -> Iterator[None]:
    """Nothing moves, so that a story need not wait; those about motion ask for it."""
    motion.choose("reduced")
    yield
    motion.choose("reduced")


@pytest.fixture
def preferences(home: Path) -> Preferences:
    """The person's choices, none made so far but for the dark appearance, and nothing that moves."""
    found = Preferences()
    found.appearance = "dark"
    found.motion = "reduced"
    return found


class Asked:
    """Answers questions in place of a person: as was planned, else so that changes and trainings may go."""

    def __init__(self) -> None:
        self.sentences: list[str] = []
        self._planned: list[str] = []

    def plan(self, *answers: str) -> None:
        """The answers to the next questions; an empty one cancels."""
        self._planned += answers

    def __call__(self, _: QWidget, title: str, sentence: str, answers: Sequence[str]) -> str:
        self.sentences.append(sentence)
        if self._planned:
            answer = self._planned.pop(0)
            assert answer in (*answers, "")
            return answer
        return next((answer for answer in answers if answer.startswith(("Discard", "End the training"))), "")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What a person is asked, and their answers."""
    found = Asked()
    monkeypatch.setattr("studio.gui.asking.ask", found)
    return found


@pytest.fixture
def open_window(
    qapp: QApplication, qtbot: QtBot, preferences: Preferences, monkeypatch: pytest.MonkeyPatch, asked: Asked
) -> Iterator[OpenWindow]:
    """Opens windows of 1400 × 900; ``worker`` gives them a training process."""
    opened: list[Window] = []

    def open_one(opening: str | None = None, *, worker: bool = False) -> Window:
        if not worker:
            monkeypatch.setattr(Session, "warm", lambda _: None)
        if theme.current() is not theme.DARK or not qapp.styleSheet():  # it takes a third of a second
            dress(preferences)
        window = Window(opening, preferences)
        opened.append(window)
        window.resize(1400, 900)
        with qtbot.waitSignal(window.prepared, timeout=20_000):
            window.show()
        return window

    yield open_one
    for window in {member for first in opened for member in (first, *first.windows)}:
        if isValid(window):
            window.close()
            window.deleteLater()


@pytest.fixture
def window(open_window: OpenWindow) -> Window:
    """A window on LeNet-5, without a training process."""
    return open_window("lenet5")
