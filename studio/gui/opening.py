"""Opens what a name or a path stands for: a template, a project's file, a run's folder, what a crash left behind."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog

from studio.core.catalog import catalog
from studio.core.opening import IN_RUN
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui.document import SUFFIX
from studio.gui.files import FILTER, Room
from studio.gui.incoming import ARRAYS, IMAGES, TABLES
from studio.gui.recovery import Recovered, left_behind
from studio.gui.recovery_dialog import RecoveryDialog
from studio.gui.runs.checkpoints import CheckpointsDialog
from studio.gui.start.recent import Recent, when
from studio.gui.training.wording import figures
from studio.gui.windows import come_forward
from studio.training.checkpoints import Checkpoint
from studio.training.run import Run

if TYPE_CHECKING:
    from studio.gui.actions.host import Host

    Opens = Callable[[Host], bool]
    """Opens something in a window; answers whether it is open there."""

MOST = 5
LOOKS = {
    "finished": ("check", "success"),
    "paused": ("pause", "warn"),
    "running": ("play", "accent"),
    "failed": ("warning", "problem"),
}
"""Icon and the name of its colour by the state of a run."""

OPENABLE = (
    f"All that can be opened ({' '.join(f'*{ending}' for ending in (SUFFIX, *TABLES, *ARRAYS, *IMAGES))})"
    f";;{FILTER};;All files (*)"
)
WAIT_MS = 300
"""Between two looks at a run whose process is ending."""

CAN_GO_ON = "The training {} ended with its window. It can go on from its last checkpoint, step {:,}."
CANNOT_GO_ON = "The training {} ended with its window before its first checkpoint."


class Opener:
    """Opens into one window, or into a new one where the project here is to stay; lists what was open lately."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def begin(self, opening: str | None) -> None:
        """What a crash left behind is offered once, then what the command line names is opened."""
        windows, wanted = self._host.windows, []
        if not windows.has_offered:
            windows.has_offered = True
            wanted = self._offer(left_behind())
        for found in wanted:
            self._show(partial(_recover, found=found), is_new=self._host.at_work)
        if not opening or any(_is_of(found, opening) for found in wanted):
            return
        if wanted:
            self._host.windows.open(lambda host: host.opener.open(opening))
        else:
            self.open(opening)

    def new(self) -> None:
        """An empty network."""
        self._place("a new network", lambda host: host.files.new())

    def ask(self, *, elsewhere: bool = False) -> None:
        """Ask for a file and open it; ``elsewhere`` means in a new window."""
        name, _ = QFileDialog.getOpenFileName(self._host.widget, "Open", self._folder(), OPENABLE)
        path = Path(name)
        if name and path.suffix.lower() != SUFFIX:
            self._host.bringing.take([path])
        elif name and elsewhere and self._host.windows.showing(path) is None:
            self._host.windows.open(lambda host: host.opener.open(name))
        elif name:
            self.open(name)

    def open(self, name: str) -> None:
        """Open a template by name, a file, or a run by its folder or its project; say what it is not."""
        path = Path(name).expanduser()
        if name in catalog().templates and not path.exists():
            self.open_template(name)
        elif path.is_dir():
            self.open_run(path)
        elif path.name == IN_RUN and Run(path.parent).events_file.is_file():
            self.open_run(path.parent)  # a project that is edited there would no longer be the one that was trained
        else:
            self._open_file(path)

    def open_template(self, name: str) -> None:
        title = catalog().templates[name].title if name in catalog().templates else name
        self._place(title, lambda host: host.files.open_template(name))

    def open_run(self, folder: Path) -> None:
        """Show a run: its project as it was trained, and its curves; where a window is at it, go there."""
        try:
            run = Run.open(folder)
            run.project()
        except ProjectError as error:
            self._host.say(str(error))
            return
        if not self._go_to(run):
            self._place(f"the run {run.name}", lambda host: _show_run(host, run))

    def resume_run(self, run: Run) -> None:
        """Open a run and go on with it."""
        if there := self._go_to(run):
            there.run("Train")
            return
        self._place(f"the run {run.name}", lambda host: _show_run(host, run) and _go_on(host, run))

    def show_checkpoints(self, run: Run) -> None:
        """Let a person choose a checkpoint of a run, to branch off there or to go on from it."""
        try:
            dialog = CheckpointsDialog(self._host.widget, run, self._host.document.project)
        except ProjectError as error:
            self._host.say(str(error))
            return
        dialog.resume_wanted.connect(lambda: self.resume_run(run))
        dialog.fork_wanted.connect(self.fork)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def fork(self, checkpoint: Checkpoint, project: Project) -> None:
        """Branch off at a checkpoint: with the project that is open here, or with another that is opened first.

        A training that runs here ends only if the person says so.
        """
        if project is self._host.document.project and not self._host.session.state.is_busy:
            _fork(self._host, checkpoint, project)
        else:
            self._place("the fork", lambda host: host.files.open_project(project) and _fork(host, checkpoint, project))

    def list_recent(self) -> None:
        """Fill the start page's lists."""
        preferences = self._host.preferences
        projects = [self._project_row(path) for path in preferences.recent_projects()[:MOST]]
        runs = [self._run_row(path) for path in preferences.recent_runs()[:MOST]]
        self._host.start.show_recent(projects, runs)

    def _go_to(self, run: Run) -> Host | None:
        """Bring the window forward that trains this run, or follows its training, if there is one."""
        there = next((host for host in self._host.windows if host.ready and _is_at(host, run)), None)
        if there is not None:
            there.show_work()
            come_forward(there.widget)
        return there

    def _open_file(self, path: Path) -> None:
        there = self._host.windows.showing(path)
        if there is not None and not there.document.is_overtaken:
            come_forward(there.widget)
            return
        self._place(path.name, lambda host: host.files.open(path))

    def _place(self, what: str, opens: Opens) -> None:
        """Show something here or in a new window, as the person wishes."""
        room = self._host.files.room_for(what)
        if room is not Room.NOWHERE:
            self._show(opens, is_new=room is Room.NEW_WINDOW)

    def _show(self, opens: Opens, *, is_new: bool) -> None:
        def show(host: Host) -> None:
            if opens(host):
                host.show_work()

        self._host.windows.open(show) if is_new else show(self._host)

    def _offer(self, found: list[Recovered]) -> list[Recovered]:
        if not found:
            return []
        dialog = RecoveryDialog(self._host.widget, found)
        dialog.exec()
        dialog.deleteLater()
        return dialog.chosen

    def _folder(self) -> str:
        path = self._host.document.path
        return str(path.parent) if path is not None else ""

    def _project_row(self, path: Path) -> Recent:
        return Recent("file", "text3", path.stem, f"{when(path)} · {path.parent}", lambda: self.open(str(path)))

    def _run_row(self, folder: Path) -> Recent:
        status = Run(folder).status()
        icon, tone = LOOKS.get(status.state, ("pause", "text3"))
        tail = figures(status.metrics) or status.message
        hint = " · ".join(filter(None, (status.state.capitalize(), tail)))
        return Recent(icon, tone, folder.name, hint, lambda: self.open_run(folder))


def _is_of(found: Recovered, opening: str) -> bool:
    original = found.note.original
    return original is not None and original.resolve() == Path(opening).expanduser().resolve()


def _is_at(host: Host, run: Run) -> bool:
    session = host.session
    return (
        session.state.is_under_way and session.run is not None and session.run.folder.resolve() == run.folder.resolve()
    )


def _show_run(host: Host, run: Run) -> bool:
    if not host.files.open_project(run.project()):
        return False
    host.session.adopt(run)
    if host.session.attached is None:  # else it has told what there is to show
        _show_told(host, run)
    if damage := run.damage():
        host.workbench.banner.tell(damage)
    host.preferences.remember_run(run.folder)
    return True


def _show_told(host: Host, run: Run) -> None:
    for panel in host.workbench.panels.values():
        panel.show_run(run)


def _go_on(host: Host, run: Run) -> bool:
    if host.session.attached is not None:
        host.say(host.session.state.value)
        return True
    try:
        host.session.resume_run(run)
    except ProjectError as error:
        host.say(str(error))
    return True


def _fork(host: Host, checkpoint: Checkpoint, project: Project) -> bool:
    try:
        host.session.fork(checkpoint, project)
    except ProjectError as error:
        host.say(str(error))
    return True


def _recover(host: Host, found: Recovered) -> bool:
    """Show what was kept; a training that ended with the window can go on."""
    is_open = host.files.recover(found)
    if is_open and found.note.run is not None:
        _adopt(host, Run(found.note.run))
    return is_open


def _adopt(host: Host, run: Run) -> None:
    """Take the run once its process, which ends with its window, has let go of it; and say that it can go on."""
    if run.is_live():
        QTimer.singleShot(WAIT_MS, host.widget, lambda: _adopt(host, run))
        return
    try:
        host.session.adopt(run)
    except ProjectError as error:
        host.say(str(error))
        return
    _show_told(host, run)
    newest = run.newest()
    sentence = CAN_GO_ON.format(run.name, newest.step) if newest else CANNOT_GO_ON.format(run.name)
    host.workbench.banner.tell(sentence)
