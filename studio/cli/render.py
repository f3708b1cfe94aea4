"""``layerloom render``: the drawing of a graph as a picture, without a screen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from studio.cli.arguments import Assignments, Preset, Source, given_project
from studio.cli.console import say
from studio.compiler.check import check


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

    draw(opened, check(opened).graphs[opened.graph_called(graph)], output, dark=dark)
    print(output)
