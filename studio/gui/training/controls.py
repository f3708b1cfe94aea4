"""The bar over the canvas: train, pause, stop, where it runs, and how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QMenu, QWidget

from studio.core.project import Precision
from studio.gui import fonts
from studio.gui.document import Document
from studio.gui.style.measures import GRID, TOOLBAR_HEIGHT
from studio.gui.training.device_button import DeviceButton
from studio.gui.training.pace import Pace
from studio.gui.training.session import Session
from studio.gui.training.state import State
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.number import IntegerField
from studio.gui.widgets.progress import Progress
from studio.gui.widgets.text_size import follow_text, give_way, together
from studio.training.messages import Event

TRAIN_TEXTS = {
    State.STARTING: "Starting",
    State.TRAINING: "Training",
    State.PAUSING: "Training",
    State.PAUSED: "Paused",
    State.STOPPING: "Stopping",
}
MOST_BATCH, BATCH_WIDTH = 1_000_000, 84


class Controls(QWidget):
    """Buttons ask the window, which knows what may be done now; ``wanted`` carries the title of the action."""

    wanted = Signal(str)

    def __init__(self, document: Document, session: Session) -> None:
        super().__init__()
        self.setObjectName("controls")
        self._document, self._session = document, session
        self._pace = Pace()
        self.train = self._button("Train", "play", "Train")
        self.pause = self._button("Pause", "pause", "Pause")
        self.stop = self._button("Stop", "stop", "Stop")
        self.steer = self._button("Steer", "settings", "Steer the training…", Kind.QUIET)
        self.device = DeviceButton(session)
        self.precision = Button("", name="How numbers are kept while training", kind=Kind.QUIET)
        self._batch_name = label("Batch", Role.LABEL)
        self.batch = IntegerField("Samples in one step", 1, MOST_BATCH)
        self.progress = Progress(name="Progress of the training")
        self.code = self._button("Code", "code", "Show code", Kind.QUIET)
        self.export = self._button("Export", "export", "Export…", Kind.QUIET)
        self.train.setCheckable(True)
        self.batch.valueChanged.connect(self._set_batch)
        self.precision.setMenu(self._precision_menu())
        self._shared: tuple[object, ...] = ()
        """What the room was shared out for."""
        self._lay_out()
        session.state_changed.connect(self.refresh)
        session.told.connect(self._take)
        session.ticked.connect(self._show_progress)
        session.device_chosen.connect(self._share_out)
        for signal in (document.changed, document.opened):
            signal.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(GRID + 2, 0, GRID + 2, 0)
        row.setSpacing(GRID // 2)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        first, second = _line(), _line()
        parts: tuple[QWidget, ...] = (self.train, self.pause, self.stop, self.steer, first, self.device, self.precision)
        for part in (*parts, self._batch_name, self.batch, second, self.progress):
            row.addWidget(part)
        row.insertSpacing(row.indexOf(self.progress), GRID // 2)
        row.addStretch()
        row.addWidget(self.code)
        row.addWidget(self.export)
        follow_text(self, self._size)

    def _size(self) -> None:
        self.setFixedHeight(fonts.scaled(TOOLBAR_HEIGHT))
        self.batch.setFixedWidth(fonts.scaled(BATCH_WIDTH))
        self._share_out()

    def minimumSizeHint(self) -> QSize:
        """The window may be narrower than all of this: what is elsewhere too gives way."""
        return QSize(0, fonts.scaled(TOOLBAR_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        """Leave out what has no room. That takes long, and an edit of the project changes none of it."""
        trainers = (self.train, self.pause, self.stop)
        buttons = (*trainers, self.steer, self.device, self.precision, self.code, self.export)
        wanted = (self.width(), fonts.scaled(100), *((button.text(), button.key) for button in buttons))
        if wanted == self._shared:
            return
        self._shared = wanted
        keys = together(button.spare_key for button in trainers)
        texts = [
            button.spare_text for button in (self.steer, self.code, self.export, self.pause, self.stop, self.device)
        ]
        batch = together((self._batch_name.setVisible, self.batch.setVisible))
        hidden = (self.precision.setVisible, batch, self.progress.setVisible)
        give_way(self._row, self.width(), (keys, *texts, *hidden, self.train.spare_text, self.device.setVisible))

    def _button(self, text: str, icon: str, action: str, kind: Kind = Kind.SECONDARY) -> Button:
        button = Button(text, icon=icon, kind=kind)
        button.clicked.connect(lambda: self.wanted.emit(action))
        return button

    def show_keys(self, hint: Callable[[str], str]) -> None:
        """Show the keys in force; ``hint`` gives that of an action."""
        for button, action in ((self.train, "Train"), (self.pause, "Pause"), (self.stop, "Stop")):
            button.show_key(hint(action))
        self._share_out()

    def refresh(self) -> None:
        """Show the state of the training, and the settings of the project."""
        state, project = self._session.state, self._document.project
        self.train.setText(TRAIN_TEXTS.get(state, "Resume" if self._session.can_resume else "Train"))
        self.train.setChecked(state.is_busy)
        why_not = State.ELSEWHERE.value if state is State.ELSEWHERE else ""
        unfit = "" if self._document.diagnosis.can_run else "The problems have to be mended first."
        self.train.setEnabled(state.is_busy or not (why_not or unfit))
        self.train.setToolTip(why_not or unfit)
        self.pause.setToolTip(why_not)
        self.stop.setToolTip(why_not)
        paused = state in (State.PAUSED, State.PAUSING)
        self.pause.setText("Resume" if paused else "Pause")
        self.pause.show_icon("resume" if paused else "pause")
        self.pause.setEnabled(state in (State.TRAINING, State.PAUSED, State.PAUSING))
        self.stop.setEnabled(state.is_busy)
        self.steer.setVisible(state.is_busy)
        self.export.setEnabled(bool(project.networks))
        self.precision.setText(f"Precision {project.training.precision}")
        self.batch.blockSignals(True)
        self.batch.setEnabled(isinstance(project.training.batch, int))
        self.batch.setValue(project.training.batch if isinstance(project.training.batch, int) else 1)
        self.batch.blockSignals(False)
        for widget in (self.device, self.precision, self.batch):
            widget.setEnabled(not state.is_busy)
        self._share_out()
        self._show_progress()

    def _take(self, event: Event) -> None:
        self._pace.take(event)
        self._show_progress()

    def _show_progress(self) -> None:
        state = self._session.state
        if state is State.ELSEWHERE and self._session.started is None:
            state = State.STARTING
        text = self._pace.texts(state)
        self.progress.show_progress(text.share, strong=text.strong, left=text.left, right=text.right)

    def _precision_menu(self) -> QMenu:
        menu = QMenu(self)
        for name in get_args(Precision):
            menu.addAction(name).triggered.connect(lambda _=False, name=name: self._set(precision=name))
        return menu

    def _set_batch(self, count: int) -> None:
        self._set(batch=count)

    def _set(self, **changes: object) -> None:
        project = self._document.project
        training = replace(project.training, **changes)  # type: ignore[arg-type]
        self._document.apply(replace(project, training=training), f"Training: {' '.join(changes)}", merge=True)


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "line")
    line.setFixedSize(1, 20)
    return line
