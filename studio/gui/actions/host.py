"""What actions may ask of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QStackedWidget, QWidget

    from studio.gui.document import Document
    from studio.gui.files import Files
    from studio.gui.keymap.shortcuts import Shortcuts
    from studio.gui.preferences import Preferences
    from studio.gui.start.page import StartPage
    from studio.gui.training.session import Session
    from studio.gui.windows import Windows
    from studio.gui.workbench import Workbench
    from studio.gui.workspace import Workspace
    from studio.training.run import Run


class Opening(Protocol):
    """Shows other projects, here or in a new window, as the person wishes."""

    def begin(self, opening: str | None) -> None:
        """What a crash left behind is offered once, then what the command line names is opened."""
        ...

    def new(self) -> None:
        """An empty network."""
        ...

    def ask(self, *, elsewhere: bool = False) -> None:
        """Ask for a file and open it; ``elsewhere`` means in a new window."""
        ...

    def open(self, name: str) -> None:
        """A template by name, a file or a run's folder."""
        ...

    def open_template(self, name: str) -> None: ...

    def open_run(self, folder: Path) -> None: ...

    def show_checkpoints(self, run: Run) -> None:
        """Let a person choose a checkpoint of a run, to branch off there or to go on from it."""
        ...

    def list_recent(self) -> None:
        """Fill the start page's lists."""
        ...


class Bringing(Protocol):
    """Takes in files that a person chooses or drops."""

    def take(self, paths: Sequence[Path]) -> None:
        """Do with these what they are for, and say what was done."""
        ...

    def choose_data(self) -> None:
        """Ask for a table or arrays that become the data of the project."""
        ...

    def choose_folder(self) -> None:
        """Ask for a folder of images that becomes the data of the project."""
        ...

    def choose_block(self) -> None:
        """Ask for a project's file whose network is placed as a block."""
        ...

    def choose_image(self) -> None:
        """Ask for an image about which the trained network is asked."""
        ...


class Host(Protocol):
    """The window as actions see it. Before the first paint is over ``ready`` is false and the rest is missing."""

    preferences: Preferences
    shortcuts: Shortcuts
    windows: Windows[Host]
    """This window and its neighbours."""
    agreed: bool
    """The person was asked already: the window may close."""
    prepared: SignalInstance
    """Emitted when the window is complete."""
    document: Document
    files: Files
    opener: Opening
    bringing: Bringing
    session: Session
    workbench: Workbench
    start: StartPage
    stack: QStackedWidget
    """Shows the start page or the workbench."""

    @property
    def ready(self) -> bool: ...

    @property
    def at_work(self) -> bool:
        """Whether a project is shown, and not the start page."""
        ...

    @property
    def workspace(self) -> Workspace: ...

    @property
    def widget(self) -> QWidget:
        """What dialogs and search boxes stand over."""
        ...

    def run(self, title: str) -> None:
        """Do what the action of this title says, if it may be done now."""
        ...

    def furnish(self) -> None:
        """Fill the menus and the gallery, which the first paint did not wait for."""
        ...

    def seat(self, workbench: Workbench) -> None:
        """Take the workbench in; it is shown when a project is."""
        ...

    def show_title(self) -> None: ...

    def show_start(self) -> None: ...

    def show_work(self) -> None: ...

    def set_appearance(self, name: str) -> None: ...

    def set_text_scale(self, factor: float) -> None: ...

    def say(self, sentence: str) -> None:
        """A sentence about something that went wrong."""
        ...

    def search_everything(self) -> None: ...

    def close(self) -> bool: ...
