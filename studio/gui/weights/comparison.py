"""Finds out in a process of its own what of a source of weights fits a network, and fetches it where that is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal

from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui.project_process import ProjectProcess
from studio.training.messages import Event
from studio.training.options import with_weights


class Comparison(ProjectProcess):
    """One at a time; a new one ends the one before."""

    module = "studio.engine.beginning"
    trouble = "The weights could not be compared"

    done = Signal(object, bool)
    """A WeightsLoaded, and whether it was fetched for it."""

    def start(self, project: Project, network: str, source: str, *, fetch: bool = False) -> None:
        """Compare; ``failed`` follows at once where that cannot begin."""
        self._fetching = fetch
        try:
            self.ask(begun_with(project, {network: source}), *(["--download"] if fetch else []))
        except ProjectError as error:
            self.failed.emit(str(error))

    def hand_over(self, answer: Event) -> None:
        self.done.emit(answer, self._fetching)


def begun_with(project: Project, sources: Mapping[str, str]) -> Project:
    """The project whose networks begin with these sources, and all others with fresh weights."""
    bare = replace(project, training=replace(project.training, weights={}))
    return with_weights(bare, [f"{network}={source}" for network, source in sources.items()])
