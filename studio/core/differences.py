"""What differs between several projects, setting by setting, as rows that a person reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any

from studio.core.catalog import catalog
from studio.core.graph import Graph, Link, Node
from studio.core.project import Project, Stage, Training

ABSENT = "–"
"""What stands where a project has no such thing."""

TYPE = "type"

Setting = tuple[str, str]
"""Where a setting is, and its name: ``LeNet-5 / C1`` and ``filters``."""


@dataclass(frozen=True)
class Difference:
    """A setting with its value in each project, in their order."""

    place: str
    name: str
    values: tuple[str, ...]


def differences(projects: Sequence[Project]) -> list[Difference]:
    """The settings that are not the same in all projects. How a drawing is laid out is no setting.

    Of a node that is not in all of them only its type is told.
    """
    told = [dict(_settings(project)) for project in projects]
    found: dict[Setting, None] = {}
    for each in told:
        found.update(dict.fromkeys(each))
    rows = [Difference(*setting, tuple(each.get(setting, ABSENT) for each in told)) for setting in found]
    partly = {row.place for row in rows if row.name == TYPE and ABSENT in row.values}
    return [row for row in rows if len(set(row.values)) > 1 and (row.name == TYPE or row.place not in partly)]


def _settings(project: Project) -> Iterator[tuple[Setting, str]]:
    yield ("Project", "name"), project.name
    yield ("Project", "template"), project.template or ABSENT
    for name, value in project.variables.items():
        yield ("Variables", name), _text(value)
    if project.data is not None:
        yield from _of_node("Data", project.data)
    yield from _of_training(project.training)
    for name, graph in project.graphs.items():
        yield from _of_graph(name, graph)


def _of_training(training: Training) -> Iterator[tuple[Setting, str]]:
    for field in fields(training):
        if field.name not in ("loss", "metrics", "stages", "checkpoint_seconds"):
            yield ("Training", field.name), _text(getattr(training, field.name))
    if training.loss is not None:
        yield from _of_node("Training / loss", training.loss)
    yield ("Training", "metrics"), _text(tuple(node.type for node in training.metrics))
    for number, stage in enumerate(training.stages, 1):
        for setting in Stage.settings():
            yield (f"Stage {number}", setting.name), _text(getattr(stage, setting.name))


def _of_graph(name: str, graph: Graph) -> Iterator[tuple[Setting, str]]:
    yield (name, "graph"), graph.role
    for variable, value in graph.parameters.items():
        yield (name, f"parameter {variable}"), _text(value)
    for title, node in graph.nodes.items():
        yield from _of_node(f"{name} / {title}", node)
    for link in graph.links:
        yield (name, _link(link)), "linked"


def _of_node(place: str, node: Node) -> Iterator[tuple[Setting, str]]:
    """The type of a node, its settings, those at their defaults included, and what is set of it as a whole."""
    yield (place, TYPE), node.graph or node.type
    cls = catalog().nodes.get(node.type)
    at_first = {setting.name: setting.default for setting in cls.settings()} if cls is not None else {}
    for name, value in {**at_first, **node.settings}.items():
        if value is not MISSING:
            yield (place, name), _text(value)
    for name in ("repeat", "share_weights", "shares_with", "bypassed"):
        yield (place, name), _text(getattr(node, name))


def _link(link: Link) -> str:
    return f"{link.source} {link.output} → {link.target} {link.input}"


def _text(value: Any) -> str:
    """A value as a form shows it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case dict():
            return ", ".join(f"{name}: {_text(each)}" for name, each in value.items()) or ABSENT
        case tuple() | list():
            return ", ".join(map(_text, value)) or ABSENT
        case Node():
            return value.type
    return ABSENT if value is None or value == "" else str(value)
