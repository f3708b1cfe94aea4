"""Opens what a person names: a template, a project file or the folder of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from studio.core import loom
from studio.core.catalog import catalog
from studio.core.problem import ProjectError
from studio.core.project import Project

SUFFIX = ".loom"
IN_RUN = "project.loom"
"""Name of the project's file in the folder of a run."""


def open_project(
    source: str | Path, *, preset: str | None = None, settings: Mapping[str, Any] | None = None
) -> Project:
    """The project of a template's name, a .loom file or a run.

    ``settings`` are those of the template, or variables of the file.
    Raises ProjectError with a sentence for what cannot be opened, the nearest name where one is mistyped.
    """
    path = file_of(source)
    if path is None:
        return catalog().make_project(str(source), preset=preset or "laptop", settings=settings)
    variables = dict(settings or {}) if preset is None else {"preset": preset, **(settings or {})}
    return _with_variables(loom.load(path), variables, path)


def file_of(source: str | Path) -> Path | None:
    """The project file that is meant; None where it can only be a template's name."""
    path = Path(source)
    if path.is_dir() and (path / IN_RUN).exists():
        return path / IN_RUN
    named = isinstance(source, Path) or path.suffix == SUFFIX or len(path.parts) > 1
    return path if named or path.is_file() else None


def _with_variables(project: Project, values: Mapping[str, Any], path: Path) -> Project:
    for name in values:
        if name not in project.variables:
            near = get_close_matches(name, project.variables, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"It has: {', '.join(project.variables) or 'none'}."
            raise ProjectError(f"{path.name} has no variable {name!r:.80}. {hint}")
    return replace(project, variables={**project.variables, **values}) if values else project
