"""``layerloom render``: the drawing of a graph as a picture, without a screen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from studio.cli.arguments import Assignments, Preset, Source, given_project
from studio.cli.console import say
from studio.compiler.check import check
from studio.core.problem import ProjectError
from studio.core.project import Project


def render(
    project: Source,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="graph.svg|png", help="The picture to write.")],
    preset: Preset = None,
    assignments: Assignments = None,
    graph: Annotated[
        str | None,
        typer.Option("--graph", "--network", metavar="NAME", help="Which graph: a network, a block or an objective."),
    ] = None,
    *,
    dark: Annotated[bool, typer.Option("--dark", help="Light on dark.")] = False,
) -> None:
    """Draw a graph into a picture, the network where none is named; problems are drawn as well."""
    opened = given_project(project, preset, assignments)
    from studio.gui import libraries

    missing = libraries.advice({"QT_QPA_PLATFORM": "offscreen"})
    if missing is not None:
        say(missing)
        raise typer.Exit(1)
    from studio.gui.render import render as draw

    draw(opened, check(opened).graphs[_called(opened, graph)], output, dark=dark)
    print(output)


def _called(project: Project, name: str | None) -> str:
    """The name if there is such a graph; the only network where none is asked for. Raises ProjectError."""
    if name is None:
        return project.network_called(None)
    if name not in project.graphs:
        there = ", ".join(project.graphs)
        raise ProjectError(f"{project.name} holds no graph {name!r:.80}. It holds: {there}.")
    return name
