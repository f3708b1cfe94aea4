"""``layerloom code``: the PyTorch source of a network."""

from __future__ import annotations

from studio.cli.arguments import Assignments, NetworkName, Preset, Source, given_project
from studio.compiler.source import network_source


def code(project: Source, preset: Preset = None, assignments: Assignments = None, network: NetworkName = None) -> None:
    """Print the PyTorch source of a network: what trains, and what is exported."""
    opened = given_project(project, preset, assignments)
    print(network_source(opened, opened.network_called(network)).text, end="")
