"""Takes in what a person brings into the window: files dropped on it, or chosen in a dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QFileDialog

from studio.core import loom
from studio.core.adopting import alone
from studio.core.blocks import free_graph_name
from studio.core.graph import Graph, Node
from studio.core.own_data import data_of, with_data
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui import asking
from studio.gui.actions.file_actions import LATER
from studio.gui.asking_network import Asking
from studio.gui.files import FILTER
from studio.gui.incoming import ARRAYS, IMAGES, TABLES, WELCOME, Kind, home_of, kind_of, refusal
from studio.gui.widgets.toast import Toast, Tone

if TYPE_CHECKING:
    from studio.gui.actions.host import Host
    from studio.training.run import Run

USE_FOLDER = "Use the folder"
DATA_FILTER = f"Tables and arrays ({' '.join(f'*{ending}' for ending in (*TABLES, *ARRAYS))})"
IMAGE_FILTER = f"Images ({' '.join(f'*{ending}' for ending in IMAGES)})"


class Bringing:
    """Acts on one window. Whatever is done is said, with what to check; what is not done is said as well."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._asking: Asking | None = None
        self._told: Toast | None = None

    @property
    def trained(self) -> Run | None:
        """The run whose network can be asked."""
        run = self._host.session.run
        return run if run is not None and run.newest() is not None else None

    def take(self, paths: Sequence[Path], *, at: QPointF | None = None, as_block: bool = False) -> None:
        """Do with these what they are for; ``at`` is where they were let go, in the canvas."""
        if sentence := refusal(paths):
            self._host.say(sentence)
            return
        path = paths[0]
        match kind_of(path):
            case Kind.PROJECT if as_block and len(paths) == 1 and self._host.at_work:
                self.insert(path, at)
            case Kind.PROJECT:
                self._open(paths)
            case Kind.RUN:
                self._host.opener.open(str(path))
            case Kind.IMAGE:
                self._ask_about(path)
            case Kind.MODEL:
                self._host.say(LATER)
            case Kind.WEIGHTS if self._host.at_work:
                self._host.workbench.load_weights(path)
            case Kind.WEIGHTS:
                self._host.say(f"{path.name} holds weights: first open the project that shall begin with them.")
            case _:
                self.use_data(path)

    def use_data(self, path: Path) -> None:
        """Make a file or a folder the data of the project, as one step of the history."""
        try:
            found = data_of(path)
            if found is None:
                what = "holds no image" if path.is_dir() else "is no data that can be read"
                self._host.say(f"{path.name} {what}. Bring {WELCOME}.")
                return
            if not self._host.at_work:
                self._host.opener.new()
            if not self._host.at_work:
                return
            edited = with_data(self._host.document.project, found.node)
        except ProjectError as error:
            self._host.say(str(error))
            return
        self._host.document.apply(edited, f"Use {path.name}")
        problems = self._host.document.diagnosis.problems
        mend = f" To be mended: {problems[0]}" if problems else ""
        tone = Tone.WARN if problems else Tone.SUCCESS
        self._tell(f"{path.name} is the data now. {found.check}{mend}", tone)

    def insert(self, path: Path, at: QPointF | None = None) -> None:
        """Put the network of a project's file into the graph that is shown, as a block."""
        canvas = self._host.workspace.canvas
        if at is not None:
            canvas.hovered = at
        try:
            found = as_block(loom.load(path))
        except ProjectError as error:
            self._host.say(str(error))
            return
        self._host.workspace.clipboard.bring(found, f"Insert {path.stem}")

    def choose_data(self) -> None:
        self._choose("Use data from a file", f"{DATA_FILTER};;All files (*)", self.use_data)

    def choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self._host.widget, "Use a folder of images", self._folder())
        if name:
            self.use_data(Path(name))

    def choose_block(self) -> None:
        self._choose("Insert a project as a block", FILTER, self.insert)

    def choose_image(self) -> None:
        self._choose("Ask the trained network about an image", IMAGE_FILTER, self._ask_about)

    def _choose(self, title: str, kinds: str, use: Callable[[Path], object]) -> None:
        name, _ = QFileDialog.getOpenFileName(self._host.widget, title, self._folder(), kinds)
        if name:
            use(Path(name))

    def _folder(self) -> str:
        path = self._host.document.path
        return str(path.parent) if path is not None else ""

    def _open(self, paths: Sequence[Path]) -> None:
        """The first here or as the person wishes, the others in windows of their own."""
        first, *others = map(str, paths)
        self._host.opener.open(first)
        for name in others:
            self._host.windows.open(partial(_open_in, name=name))

    def _ask_about(self, path: Path) -> None:
        """Let the trained network say what it sees; where there is none, offer the image's folder as data."""
        run = self.trained
        if run is None:
            self._offer_folder(path)
            return
        if self._asking is not None:
            self._asking.end()
        self._tell(f"The network of {run.name} is asked about {path.name}.", Tone.INFO)
        self._asking = Asking(self._host.widget, run, path, self._answered, self._failed)

    def _answered(self, text: str) -> None:
        self._asking = None
        self._tell(text, Tone.SUCCESS)

    def _failed(self, text: str) -> None:
        self._asking = None
        self._host.say(text)

    def _tell(self, sentence: str, tone: Tone) -> None:
        """One message, in place of the one before."""
        if self._told is not None:
            self._told.close()
        told = self._told = Toast(self._host.widget, sentence, tone)
        told.destroyed.connect(lambda: self._forget(told))

    def _forget(self, gone: Toast) -> None:
        if self._told is gone:
            self._told = None

    def _offer_folder(self, path: Path) -> None:
        folder = home_of(path)
        sentence = (
            f"No network is trained here yet that could be asked about {path.name}. "
            f"Use the folder {folder.name} as the data of the project?"
        )
        if asking.ask(self._host.widget, "Use the image's folder?", sentence, (USE_FOLDER,)) == USE_FOLDER:
            self.use_data(folder)


def _open_in(host: Host, name: str) -> None:
    host.opener.open(name)


def as_block(project: Project) -> Project:
    """A fragment that places the project's network as a block. Raises ProjectError where it has none, or several."""
    name = project.network_called(None)
    found = alone(project, name)
    graph = found.graphs[name]
    block = Graph(graph.nodes, graph.links, graph.parameters, "block", graph.frames)
    title = free_graph_name(found, "Copied")
    return Project(
        title, {title: Graph({name: Node("Block", graph=name)}), **found.graphs, name: block}, found.variables
    )
