"""What a card says of a template, found out by building and checking it."""

from __future__ import annotations

import re
from functools import cache

from studio.compiler.check import check
from studio.compiler.results import Diagnosis
from studio.core.catalog import Catalog, catalog
from studio.core.names import identifier
from studio.core.node_class import Metric
from studio.core.problem import ProjectError
from studio.core.project import Goal, Project
from studio.gui.start.sketch import sketch
from studio.gui.start.strokes import Facts


@cache
def facts_of(name: str) -> Facts:
    """Build the template at paper size, or as it opens where it has no such preset, and read off its facts."""
    known = catalog()
    presets = known.templates[name].presets
    try:
        opened = known.make_project(name)
        drawn = known.make_project(name, preset="paper") if "paper" in presets else opened
    except ProjectError as error:
        return Facts(None, str(error), "")
    diagnosis = check(drawn)
    results = list(diagnosis.networks.values())
    return Facts(
        sketch(results[0]) if results else None,
        _weights(diagnosis),
        _data(known, opened),
        _figure(known, opened.goal) if opened.goal else "",
        _published(known.templates[name].paper),
    )


def _figure(known: Catalog, goal: Goal) -> str:
    """``Accuracy 98 % in 120 s``; of a figure that should be small, the most that it is."""
    metrics = (cls for cls in known.nodes.values() if issubclass(cls, Metric))
    found = next((cls for cls in metrics if identifier(cls.title()) == goal.metric), None)
    title = found.title() if found else goal.metric.capitalize()
    value = f"{100 * goal.value:g} %" if found and found.percent else f"{goal.value:g}"
    return f"{title} {'' if goal.op == '>=' else '≤ '}{value} in {goal.seconds:g} s"


def _published(paper: str) -> str:
    """Authors and year at the beginning of a paper's words."""
    year = re.search(r"\b(1[89]|20)\d\d\b", paper)
    return paper[: year.end()] if year else ""


def _weights(diagnosis: Diagnosis) -> str:
    counts = [f"{result.weights:,}" for result in diagnosis.networks.values() if result.weights]
    return f"{' + '.join(counts)} weights" if counts else ""


def _data(known: Catalog, project: Project) -> str:
    if project.data is not None:
        cls = known.nodes.get(project.data.type)
        return cls.title() if cls else project.data.type
    datasets = known.datasets
    used = [node.type for graph in project.graphs.values() for node in graph.nodes.values() if node.type in datasets]
    return ", ".join(dict.fromkeys(datasets[name].title() for name in used))
