"""What a person has to know about the training, over the canvas: it failed, it died, its data is missing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from studio.core.catalog import catalog
from studio.core.dataset import Dataset
from studio.core.project import Project
from studio.gui.style.measures import CARD_PADDING, GRID
from studio.gui.training.attached import Attached
from studio.gui.training.session import Session
from studio.gui.training.state import State
from studio.gui.training.wording import sentence
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.label import Role, label, set_role
from studio.training.messages import Event, Failed, Finished, Paused, Resumed, WorkerDied

FOLLOWED = "Another process is training this run{}. What it tells appears here; pause or stop it where it was started."


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
    """One sentence with the buttons that help, calm where another process trains; hidden while all is well."""

    wanted = Signal(str)
    """The title of an action to do."""
    place_wanted = Signal(str, str)
    """Graph and node where it happened."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._session = session
        self._place = ("", "")
        self._is_calm = False
        self.sentence = label("", Role.PROBLEM, wrap=True)
        self.resume = Button("Resume from the last checkpoint", icon="resume", kind=Kind.PRIMARY, small=True)
        self.go = Button("Go to the node", icon="arrow-right", small=True)
        self.get = Button("Get the data", icon="download", kind=Kind.PRIMARY, small=True)
        self.again = Button("Train from the beginning", icon="play", small=True)
        self.fork = Button("Fork from a checkpoint", icon="fork", small=True)
        close = Button(icon="close", name="Close the message", kind=Kind.QUIET, small=True)
        self.resume.clicked.connect(lambda: self.wanted.emit("Train"))
        self.get.clicked.connect(lambda: self.wanted.emit("Get the data and train"))
        self.again.clicked.connect(lambda: self.wanted.emit("Train from the beginning"))
        self.fork.clicked.connect(lambda: self.wanted.emit("Fork from a checkpoint…"))
        self.go.clicked.connect(lambda: self.place_wanted.emit(*self._place))
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(CARD_PADDING, GRID // 2, GRID // 2, GRID // 2)
        row.setSpacing(GRID)
        row.addWidget(self.sentence, 1)
        for button in (self.resume, self.get, self.go, self.again, self.fork, close):
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
            case WorkerDied() if self._session.ended is event:
                self._show(sentence(event))
            case Paused() if event.reason:
                self._show(event.reason)
            case Resumed() if self._session.attached is not None:
                self._say_where(self._session.attached)
            case Finished() if self._session.attached is not None:
                self._show(f"The training that was followed here is over. {sentence(event)}", calm=True)

    def _say_where(self, attached: Attached) -> None:
        where = attached.where
        self._show(FOLLOWED.format(f" ({where})" if where else ""), calm=True)

    def _show(self, text: str, *, graph: str = "", node: str = "", calm: bool = False) -> None:
        self._place, self._is_calm = (graph, node), calm
        self.sentence.setText(text)
        self._dress()
        self.setAccessibleName(text)
        self.go.setVisible(bool(node))
        self.get.hide()
        self.show()
        self._offer()

    def _follow(self, state: State) -> None:
        if state in (State.IDLE, State.STARTING, State.TRAINING):
            self.hide()
        if self._session.attached is not None:
            self._say_where(self._session.attached)
        self._offer()

    def _offer(self) -> None:
        """Going on where that is possible, beginning anew where it is not."""
        goes_on = self._session.can_resume or self._session.state is State.PAUSED
        self.resume.setVisible(goes_on)
        is_elsewhere = self._session.state is State.ELSEWHERE
        self.again.setVisible(not (goes_on or is_elsewhere or self._is_calm))
        failed = self._session.state is State.FAILED and goes_on  # perhaps only with other settings
        self.fork.setVisible(is_elsewhere or failed)

    def _dress(self) -> None:
        tone = "calm" if self._is_calm else "alarm"
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)
        set_role(self.sentence, Role.BODY if self._is_calm else Role.PROBLEM)
