"""What a person has to know about the training, over the canvas: it failed, it died, its data is missing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from studio.core.catalog import catalog
from studio.core.dataset import Dataset
from studio.core.project import Project
from studio.gui.style.measures import CARD_PADDING, GRID
from studio.gui.training.session import Session
from studio.gui.training.state import State
from studio.gui.training.wording import sentence
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label
from studio.training.messages import Event, Failed, Paused, WorkerDied


def can_be_fetched(project: Project | None) -> bool:
    """Whether the project learns from a dataset, or begins with weights, that can be fetched."""
    if project is None:
        return False
    if any(source.startswith("torchvision") for source in project.training.weights.values()):
        return True
    drawn = [node for graph in project.of_role("objective").values() for node in graph.nodes.values()]
    names = {node.type for node in (*drawn, project.data) if node is not None}
    return any(name in names and cls.download is not Dataset.download for name, cls in catalog().datasets.items())


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
        self.get = Button("Get the data", icon="download", kind=Kind.PRIMARY, small=True)
        self.again = Button("Train from the beginning", icon="play", small=True)
        close = Button(icon="close", name="Close the message", kind=Kind.QUIET, small=True)
        self.resume.clicked.connect(lambda: self.wanted.emit("Train"))
        self.get.clicked.connect(lambda: self.wanted.emit("Get the data and train"))
        self.again.clicked.connect(lambda: self.wanted.emit("Train from the beginning"))
        self.go.clicked.connect(lambda: self.place_wanted.emit(*self._place))
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(CARD_PADDING, GRID // 2, GRID // 2, GRID // 2)
        row.setSpacing(GRID)
        row.addWidget(self.sentence, 1)
        for button in (self.resume, self.get, self.go, self.again, close):
            row.addWidget(button)
        self.hide()
        session.told.connect(self._take)
        session.state_changed.connect(self._follow)

    def tell(self, text: str) -> None:
        """Say something about the training, with the buttons that help now."""
        self._show(text)

    def _take(self, event: Event) -> None:
        match event:
            case Failed():
                self._show(sentence(event), graph=event.graph, node=event.node)
                # Before the start nothing but the data can be missing.
                self.get.setVisible(self._session.started is None and can_be_fetched(self._session.project))
            case WorkerDied() if self._session.state is not State.IDLE:
                self._show(sentence(event))
            case Paused() if event.reason:
                self._show(event.reason)

    def _show(self, text: str, *, graph: str = "", node: str = "") -> None:
        self._place = (graph, node)
        self.sentence.setText(text)
        self.setAccessibleName(text)
        self.go.setVisible(bool(node))
        self.get.hide()
        self.show()
        self._offer()

    def _follow(self, state: State) -> None:
        if state in (State.STARTING, State.TRAINING):
            self.hide()
        self._offer()

    def _offer(self) -> None:
        """Going on where that is possible, beginning anew where it is not."""
        goes_on = self._session.can_resume or self._session.state is State.PAUSED
        self.resume.setVisible(goes_on)
        self.again.setVisible(not goes_on)
