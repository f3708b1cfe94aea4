"""Questions whose buttons say what they do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QMessageBox, QWidget

from studio.gui.icons import icon
from studio.gui.theme import current

CANCEL = "Cancel"


def ask(parent: QWidget, title: str, sentence: str, answers: Sequence[str]) -> str:
    """The answer whose button was pressed, the first being proposed; empty where the person cancelled."""
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    box.setText(sentence)
    box.setAccessibleName(sentence)
    box.setIconPixmap(icon("info", current().accent).pixmap(32, 32))
    roles = QMessageBox.ButtonRole
    buttons = {
        box.addButton(answer, roles.AcceptRole if not at else roles.ActionRole): answer
        for at, answer in enumerate(answers)
    }
    box.setDefaultButton(next(iter(buttons)))
    box.setEscapeButton(box.addButton(CANCEL, roles.RejectRole))
    box.exec()
    chosen = box.clickedButton()
    answer = next((text for button, text in buttons.items() if button is chosen), "")
    box.deleteLater()
    return answer
