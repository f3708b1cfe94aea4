"""Questions whose buttons say what they do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio.gui import fonts
from studio.gui.style.measures import GRID, PANEL_PADDING
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label

CANCEL = "Cancel"
WIDTH = 440


class Question(QDialog):
    """A sentence over its answers, the first being proposed; ``answer`` stays empty where the person cancels."""

    def __init__(self, parent: QWidget, title: str, sentence: str, answers: Sequence[str]) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.sentence, self.answer = sentence, ""
        self.buttons = {
            text: Button(text, kind=Kind.SECONDARY if at else Kind.PRIMARY)
            for at, text in enumerate((*answers, CANCEL))
        }
        for text, button in self.buttons.items():
            button.clicked.connect(lambda _=False, text=text: self._end(text))
        first, *others = self.buttons.values()
        first.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addStretch()
        for button in (*others, first):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING, PANEL_PADDING)
        column.setSpacing(GRID)
        column.addWidget(label(title, Role.HEADING))
        column.addWidget(label(sentence, Role.BODY, wrap=True))
        column.addSpacing(GRID)
        column.addLayout(row)
        self.setMinimumWidth(fonts.scaled(WIDTH))
        first.setFocus()

    def _end(self, text: str) -> None:
        self.answer = "" if text == CANCEL else text
        self.accept()


def ask(parent: QWidget, title: str, sentence: str, answers: Sequence[str]) -> str:
    """The answer whose button was pressed; empty where the person cancelled."""
    question = Question(parent, title, sentence, answers)
    question.exec()
    question.deleteLater()
    return question.answer
