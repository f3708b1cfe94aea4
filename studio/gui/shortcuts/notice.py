"""One sentence about keys, with buttons that answer it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.gui import fonts, icons, theme
from studio.gui.style.measures import GRID
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label

Answer = tuple[str, Callable[[], object]]
TONES = {Role.WARN: ("warning", "warn"), Role.PROBLEM: ("warning", "problem"), Role.SUCCESS: ("check", "success")}


class Notice(QWidget):
    """Takes its room even when it says nothing, so that nothing moves under the pointer; ``answered`` by a button."""

    answered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sentence = label("", wrap=True)
        self.yes, self.no = Button(small=True, kind=Kind.PRIMARY, name="Yes"), Button(small=True, name="No")
        self._do: dict[Button, Callable[[], object]] = {}
        self._tone = Role.WARN
        row = QHBoxLayout(self)
        row.setContentsMargins(fonts.scaled(icons.SIZE) + GRID, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.sentence, 1)
        for button in (self.yes, self.no):
            row.addWidget(button)
            button.clicked.connect(lambda _=False, button=button: self._answer(button))
        self.setMinimumHeight(self.yes.sizeHint().height())
        self.say("")

    def say(
        self, sentence: str, tone: Role = Role.SUCCESS, yes: Answer | None = None, no: Answer | None = None
    ) -> None:
        """Show a sentence and what can be answered; an empty one clears the line."""
        self._tone, self._do = tone, {}
        self.sentence.setText(sentence)
        self.sentence.setAccessibleName(sentence)
        for button, answer in ((self.yes, yes), (self.no, no)):
            button.setVisible(answer is not None)
            if answer is not None:
                button.setText(answer[0])
                button.setAccessibleName(answer[0])
                button.setToolTip("")
                button.updateGeometry()
                self._do[button] = answer[1]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.sentence.text():
            icon, color = TONES[self._tone]
            side = fonts.scaled(icons.SIZE)
            place = QRectF(0, (self.height() - side) / 2, side, side)
            icons.draw_icon(QPainter(self), icon, place, theme.current().named(color))

    def _answer(self, button: Button) -> None:
        do = self._do[button]
        self.say("")
        do()
        self.answered.emit()
