"""Opens what a name or a path stands for: a template, a project's file, a run's folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from studio.core.catalog import catalog
from studio.core.problem import ProjectError
from studio.gui.panels.curves import CurvesPanel
from studio.gui.start.recent import Recent, when
from studio.gui.training.wording import figures
from studio.training.run import Run

if TYPE_CHECKING:
    from studio.gui.actions.host import Host

MOST = 5
LOOKS = {
    "finished": ("check", "success"),
    "paused": ("pause", "warn"),
    "running": ("play", "accent"),
    "failed": ("warning", "problem"),
}
"""Icon and the name of its colour by the state of a run."""


class Opener:
    """Opens into one window, and lists what was open lately."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def open(self, name: str) -> None:
        """Open a template by name, a file or a run's folder; say what it is not."""
        path = Path(name).expanduser()
        if name in catalog().templates and not path.exists():
            self.open_template(name)
        elif path.is_dir():
            self.open_run(path)
        elif self._host.files.open(path):
            self._host.show_work()

    def open_template(self, name: str) -> None:
        if self._host.files.open_template(name):
            self._host.show_work()

    def open_run(self, folder: Path) -> None:
        """Show a run: its project as it was trained, and its curves."""
        try:
            run = Run.open(folder)
            project = run.project()
        except ProjectError as error:
            self._host.say(str(error))
            return
        if not self._host.files.open_project(project):
            return
        self._host.session.adopt(run)
        curves = self._host.workbench.panels[CurvesPanel.title]
        assert isinstance(curves, CurvesPanel)
        curves.show_run(run)
        self._host.show_work()
        self._host.preferences.remember_run(folder)

    def resume_run(self, run: Run) -> None:
        """Open a run and go on with it."""
        self.open_run(run.folder)
        try:
            self._host.session.resume_run(run)
        except ProjectError as error:
            self._host.say(str(error))

    def list_recent(self) -> None:
        """Fill the start page's lists."""
        preferences = self._host.preferences
        projects = [self._project_row(path) for path in preferences.recent_projects()[:MOST]]
        runs = [self._run_row(path) for path in preferences.recent_runs()[:MOST]]
        self._host.start.show_recent(projects, runs)

    def _project_row(self, path: Path) -> Recent:
        return Recent("file", "text3", path.stem, f"{when(path)} · {path.parent}", lambda: self.open(str(path)))

    def _run_row(self, folder: Path) -> Recent:
        status = Run(folder).status()
        icon, tone = LOOKS.get(status.state, ("pause", "text3"))
        tail = figures(status.metrics) or status.message
        hint = " · ".join(filter(None, (status.state.capitalize(), tail)))
        return Recent(icon, tone, folder.name, hint, lambda: self.open_run(folder))
