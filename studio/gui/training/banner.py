"""What a person has to know about the training, over the canvas: it failed, it died, its data is missing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from studio.gui.style.measures import CARD_PADDING, GRID
from studio.gui.training.session import Session
from studio.gui.training.state import State
from studio.gui.training.wording import sentence
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label
from studio.training.messages import Event, Failed, Paused, WorkerDied


class Banner(QFrame):
    """One sentence with the buttons that help; hidden while all is well."""

    wanted = Signal(str)
    """The title of an action to do."""
    place_wanted = Signal(str, str)
    """Graph and node where it happened."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._session = session
        self._place = ("", "")
        self.sentence = label("", Role.PROBLEM, wrap=True)
        self.resume = Button("Resume from the last checkpoint", icon="resume", kind=Kind.PRIMARY, small=True)
        self.go = Button("Go to the node", icon="arrow-right", small=True)
        self.again = Button("Train from the beginning", icon="play", small=True)
        close = Button(icon="close", name="Close the message", kind=Kind.QUIET, small=True)
        self.resume.clicked.connect(lambda: self.wanted.emit("Train"))
        self.again.clicked.connect(lambda: self.wanted.emit("Train from the beginning"))
        self.go.clicked.connect(lambda: self.place_wanted.emit(*self._place))
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(CARD_PADDING, GRID // 2, GRID // 2, GRID // 2)
        row.setSpacing(GRID)
        row.addWidget(self.sentence, 1)
        for button in (self.resume, self.go, self.again, close):
            row.addWidget(button)
        self.hide()
        session.told.connect(self._take)
        session.state_changed.connect(self._follow)

    def _take(self, event: Event) -> None:
        match event:
            case Failed():
                self._show(sentence(event), graph=event.graph, node=event.node, can_resume=event.step > 0)
            case WorkerDied() if self._session.state is not State.IDLE:
                run = self._session.run
                self._show(sentence(event), can_resume=run is not None and run.newest() is not None)
            case Paused() if event.reason:
                self._show(event.reason, can_resume=True)

    def _show(self, text: str, *, graph: str = "", node: str = "", can_resume: bool) -> None:
        self._place = (graph, node)
        self.sentence.setText(text)
        self.setAccessibleName(text)
        self.go.setVisible(bool(node))
        self.resume.setVisible(can_resume)
        self.again.setVisible(not can_resume)
        self.show()

    def _follow(self, state: State) -> None:
        if state in (State.STARTING, State.TRAINING):
            self.hide()
