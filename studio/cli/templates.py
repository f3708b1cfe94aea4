"""``layerloom templates``: every template, with what its laptop preset reaches."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from studio.cli.arguments import Json
from studio.cli.console import print_json, print_table
from studio.core.catalog import catalog
from studio.core.project import Project


def templates(*, json: Json = False) -> None:
    """List the templates: what each holds, the data it trains on, and the figure it reaches."""
    rows = [described(name) for name in catalog().templates]
    if json:
        print_json(rows)
        return
    for section in dict.fromkeys(row["section"] for row in rows):
        here = [row for row in rows if row["section"] == section]
        print_table(section, ["name", "title", "data", "reaches", "within"], [_cells(row) for row in here])


def described(name: str) -> dict[str, Any]:
    """A template as data; its networks and data are those of the laptop preset."""
    found = catalog()
    template = found.templates[name]
    project = found.make_project(name)
    return {
        "name": name,
        "title": template.title,
        "section": template.section(),
        "presets": list(template.presets),
        "networks": list(project.networks),
        "dataset": ", ".join(datasets_of(project)),
        "figure": asdict(template.goal),
        "doc": template.doc(),
    }


def datasets_of(project: Project) -> list[str]:
    """Types of the datasets that the project trains on, each once."""
    drawn = [node for graph in project.of_role("objective").values() for node in graph.nodes.values()]
    nodes = [project.data, *drawn] if project.data is not None else drawn
    known = catalog().datasets
    return list(dict.fromkeys(node.type for node in nodes if node.type in known))


def _cells(row: dict[str, Any]) -> list[str]:
    figure = row["figure"]
    reaches = f"{figure['metric']} {figure['op']} {figure['value']:g}"
    return [row["name"], row["title"], row["dataset"], reaches, f"{figure['seconds']:g} s"]
