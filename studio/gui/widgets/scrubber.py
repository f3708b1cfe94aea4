"""A slider through moments in order, with a button that plays them."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from studio.gui.style.measures import GRID
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label

FRAME_MS = 125
"""Of a moment while it plays: ten a second at most change before one's eyes."""


class Scrubber(QWidget):
    """Stands at one of ``count`` moments. Who stands at the last one goes along where further ones come."""

    moved = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(name)
        self.slider.setRange(0, 0)
        self.play = Button(icon="play", name=f"Play: {name}", kind=Kind.QUIET, small=True)
        self._said = label("", Role.HINT)
        self._timer = QTimer(self, interval=FRAME_MS)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        for part, stretch in ((self.play, 0), (self.slider, 1), (self._said, 0)):
            row.addWidget(part, stretch)
        self.play.clicked.connect(self._toggle)
        self.slider.valueChanged.connect(self.moved)
        self._timer.timeout.connect(self._step)

    @property
    def at(self) -> int:
        return self.slider.value()

    @property
    def is_playing(self) -> bool:
        return self._timer.isActive()

    def set_count(self, count: int) -> None:
        """So many moments there are; ``moved`` tells where that makes it stand elsewhere."""
        was_last = self.at == self.slider.maximum()
        self.slider.setMaximum(max(0, count - 1))
        self.setEnabled(count > 1)
        if was_last and not self.is_playing:
            self.slider.setValue(self.slider.maximum())

    def say(self, text: str) -> None:
        """Say at which moment it stands."""
        self._said.setText(text)
        self.slider.setAccessibleDescription(text)

    def rest(self) -> None:
        """Play no longer."""
        self._timer.stop()
        self.play.show_icon("play")

    def _toggle(self) -> None:
        if self.is_playing:
            self.rest()
            return
        if self.at == self.slider.maximum():
            self.slider.setValue(0)
        self._timer.start()
        self.play.show_icon("pause")

    def _step(self) -> None:
        self.slider.setValue(self.at + 1)
        if self.at == self.slider.maximum():
            self.rest()
