"""A small project with something to vary."""

from studio.core.project import Project
from tests.cli.hostile import good


def wide() -> Project:
    """A project whose hidden layer is as wide as a variable says."""
    project = good()
    net = project.graphs["Net"]
    return project.with_graph("Net", net.put({"Hidden": net.nodes["Hidden"].set(features="=width")}))
