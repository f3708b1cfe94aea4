"""Every repair of a problem, those included that need a look at the graph around it: made for whoever looks at one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import hypot

from studio.compiler.check import Checker
from studio.compiler.edits import edit_of, inserting, linking
from studio.compiler.feeding import maker_of
from studio.compiler.fits import Fit, fit_of
from studio.compiler.ports import node_class, ports_in
from studio.compiler.results import Diagnosis, GraphResult
from studio.core.graph import Graph, Link
from studio.core.problem import Assign, AtSource, Insert, LinkTo, Match, Problem, Repair, Search
from studio.core.project import Project

MOST_LINKS = 2
BACKWARDS = 3.0
"""An output to the right counts as so many times farther away: links run from left to right."""


def offers(problem: Problem, project: Project, result: GraphResult | None) -> tuple[Repair, ...]:
    """The repairs of a problem; ``result`` is what was found in its graph."""
    repairs = [*problem.repairs]
    if result is not None and problem.node in result.nodes:
        for search in problem.searches:
            repairs += _found(search, problem, project, result)
    return tuple({repair.label: repair for repair in reversed(repairs)}[label] for label in _labels(repairs))


def offers_in(problem: Problem, project: Project, diagnosis: Diagnosis) -> tuple[Repair, ...]:
    """The repairs of a problem among those of a project."""
    return offers(problem, project, diagnosis.graphs.get(problem.graph))


def mend_all(project: Project, label: str) -> Project:
    """The project after every repair of this label, one after the other, each where its problem still is."""
    checker, done = Checker(), set[tuple[str, str, str]]()
    while True:
        diagnosis = checker.check(project)
        alike = (
            ((problem.graph, problem.node, problem.message), repair)
            for problem in diagnosis.problems
            for repair in offers_in(problem, project, diagnosis)
            if repair.label == label
        )
        place, repair = next(((place, repair) for place, repair in alike if place not in done), (None, None))
        if place is None or repair is None:
            return project
        done.add(place)
        project = repair.apply(project)


def _labels(repairs: list[Repair]) -> list[str]:
    """Each label once, in order."""
    return list(dict.fromkeys(repair.label for repair in repairs))


def _found(search: Search, problem: Problem, project: Project, result: GraphResult) -> Iterator[Repair]:
    match search:
        case LinkTo():
            return _links(problem, project, result)
        case Match():
            return _matching(search, problem, result)
        case AtSource():
            return _at_source(search, problem, result)


def _links(problem: Problem, project: Project, result: GraphResult) -> Iterator[Repair]:
    """Links from the nearest outputs that fit the port, or would with one node between."""
    fit = fit_of(project, result, problem.node, problem.port)
    nearest = _outputs(problem, result)
    direct = [link for link in nearest if fit(result.nodes[link.source].outputs[link.output]).fits]
    port = ports_in(project, result.graph, problem.node).input(problem.port)
    draw = partial(linking, problem.graph, variadic=port is not None and port.variadic)
    for link in direct[:MOST_LINKS]:
        yield Repair(_linking(link, result), draw(link))
    if not direct:
        yield from _through(problem, result, nearest, fit)


def _through(problem: Problem, result: GraphResult, nearest: list[Link], fit: Callable[..., Fit]) -> Iterator[Repair]:
    """The link from the nearest output that fits once a node stands on it."""
    for link in nearest:
        insert = fit(result.nodes[link.source].outputs[link.output]).insert
        if insert is not None:
            cls = node_class(insert.node_type)
            label = f"{_linking(link, result)} through {cls.title() if cls else insert.node_type}"
            yield Repair(label, _link_through(problem.graph, link, insert))
            return


def _link_through(graph: str, link: Link, insert: Insert) -> Callable[[Project], Project]:
    def edit(project: Project) -> Project:
        linked = linking(graph, link)(project)
        return inserting(graph, link, insert)(linked)  # type: ignore[no-any-return]

    return edit


def _linking(link: Link, result: GraphResult) -> str:
    several = len(result.nodes[link.source].outputs) > 1
    return f"Link {link.source}: {link.output}" if several else f"Link {link.source}"


def _outputs(problem: Problem, result: GraphResult) -> list[Link]:
    """A link from every output that would not close a circle, the nearest first."""
    below = _downstream(result.graph, problem.node)
    links = (
        Link(source, output, problem.node, problem.port)
        for source, found in result.nodes.items()
        if source not in below
        for output in found.outputs
    )
    # What feeds the node already is not what it lacks: an answer is no target for itself.
    there = {(link.source, link.output) for link in result.graph.links.into.get(problem.node, ())}
    new = (link for link in links if (link.source, link.output) not in there)
    return sorted(new, key=lambda link: _distance(result.graph, link))


def _distance(graph: Graph, link: Link) -> float:
    (x0, y0), (x1, y1) = graph.nodes[link.source].position, graph.nodes[link.target].position
    away = hypot(x1 - x0, y1 - y0)
    return away if x0 <= x1 else away * BACKWARDS


def _downstream(graph: Graph, node: str) -> set[str]:
    seen, waiting = {node}, [node]
    while waiting:
        for link in graph.links.out_of.get(waiting.pop(), ()):
            if link.target not in seen:
                seen.add(link.target)
                waiting.append(link.target)
    return seen


def _feeding(problem: Problem, result: GraphResult) -> list[Link]:
    links = result.graph.links.into.get(problem.node, ())
    return [link for link in links if problem.port in ("", link.input)]


def _matching(search: Match, problem: Problem, result: GraphResult) -> Iterator[Repair]:
    """Let the layer that feeds the port make what is needed."""
    for link in _feeding(problem, result)[search.index : search.index + 1]:
        made = maker_of(result, link.source, link.output)
        if made is not None:
            edit = edit_of(made.graph, made.node, Assign(made.setting, search.size, ""))
            yield Repair(f"Set {made.node} to {search.size}", edit)


def _at_source(search: AtSource, problem: Problem, result: GraphResult) -> Iterator[Repair]:
    """Give the node that feeds the port another setting."""
    for link in _feeding(problem, result)[:1]:
        source = result.graph.nodes[link.source]
        cls = None if source.graph else node_class(source.type)
        settings = {setting.name: setting for setting in cls.settings()} if cls is not None else {}
        setting = settings.get(search.setting)
        if setting is not None and (not setting.choices or search.value in setting.choices):
            edit = edit_of(problem.graph, link.source, Assign(search.setting, search.value, ""))
            yield Repair(search.says.format(link.source), edit)
