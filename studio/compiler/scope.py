"""What expressions in a graph see: variables of the project, then parameters of the graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studio.core.expressions import resolve, resolve_variables
from studio.core.graph import Graph
from studio.core.project import Project


def scope_of(project: Project, graph: Graph, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Values by name for a graph whose parameters have these values, or else their defaults. Raises Mismatch."""
    variables = resolve_variables(project.variables)
    parameters = {key: resolve(value, variables) for key, value in graph.parameters.items()}
    return {**variables, **parameters, **(values or {})}
