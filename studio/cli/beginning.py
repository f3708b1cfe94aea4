"""Gives commands that need a run one that has made no step: a project with the weights that its networks begin with."""

from __future__ import annotations

from pathlib import Path

import typer

from studio.cli.console import progress_bar
from studio.core.project import Project
from studio.training.run import Run


def beginning(project: Project, folder: Path, *, quiet: bool = False) -> Run:
    """A run of the project in this folder; weights that are missing are fetched. Raises ProjectError."""
    with progress_bar(quiet=quiet) as bar:
        task = bar.add_task("preparing", total=1.0)

        def tell(what: str, share: float) -> None:
            bar.update(task, completed=share, description=what)

        from studio.engine.beginning import begun_run

        return begun_run(project, folder, tell, download=True)


def refuse_weights(run: Path, weights: list[str] | None) -> None:
    """A run has learned its own. Raises BadParameter where others are given."""
    if weights:
        raise typer.BadParameter(f"{run.name} is a run and has weights of its own: leave --weights out.")
