"""Checks a whole project, and after an edit only what the edit touched."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace

from studio.compiler.inference import Inference
from studio.compiler.objective import objectives_of
from studio.compiler.repairs import variable_problem
from studio.compiler.results import Diagnosis, GraphResult
from studio.compiler.rules import rule_problems
from studio.compiler.scope import scope_of
from studio.compiler.stage_hints import stage_hints
from studio.compiler.stage_rules import stage_problems
from studio.core.graph import Graph
from studio.core.problem import Mismatch, Problem
from studio.core.project import Project

RECENT = 8
"""Projects whose findings are kept, so that going back and forth between them costs nothing."""


class Checker:
    """Keeps what it found in a project, so that the next check of an edited project is quick."""

    def __init__(self) -> None:
        self._inference = Inference()
        self._graphs: Mapping[str, GraphResult] = {}
        self._recent: deque[tuple[Project, Diagnosis, Mapping[str, GraphResult]]] = deque(maxlen=RECENT)

    def check(self, project: Project) -> Diagnosis:
        """What is wrong with a project; of one that undo or redo brings back, what was found then."""
        known = next((each for each in self._recent if each[0] is project), None)
        if known is None:
            known = (project, *self._check(project))
            self._recent.append(known)
        _, diagnosis, self._graphs = known
        return diagnosis

    def _check(self, project: Project) -> tuple[Diagnosis, Mapping[str, GraphResult]]:
        """Infer every graph on its own, blocks also where they stand, and gather what is wrong.

        The graphs as inferred are answered too: in the diagnosis, nodes also say what experience has against them.
        """
        self._inference.begin(project)
        before, found = self._graphs, dict[str, GraphResult]()
        problems: list[Problem] = []
        objectives, complaints = objectives_of(project)
        graphs: Mapping[str, Graph] = {**project.graphs, **objectives}
        for name, graph in graphs.items():
            try:
                scope = scope_of(project, graph)
            except Mismatch as error:
                problems.append(variable_problem(name, error))
                continue
            found[name] = self._inference.graph(name, graph, scope, {}, before.get(name))
        ruled = [problem for result in found.values() for problem in rule_problems(project, result)]
        problems += [problem for result in found.values() for problem in result.problems] + ruled
        if not problems:
            problems += complaints
            problems += stage_problems(project, found, objectives)
        hints = () if problems else tuple(stage_hints(project, found, objectives))
        return Diagnosis(tuple(dict.fromkeys(problems)), _told(found, ruled), objectives, hints), found


def _told(found: Mapping[str, GraphResult], ruled: list[Problem]) -> dict[str, GraphResult]:
    """The graphs, with each problem at its node too, so that it is drawn there."""
    told = dict(found)
    for problem in dict.fromkeys(ruled):
        result = told.get(problem.graph)
        node = result.nodes.get(problem.node) if result is not None else None
        if result is not None and node is not None:
            nodes = {**result.nodes, problem.node: replace(node, problems=(*node.problems, problem))}
            told[problem.graph] = replace(result, nodes=nodes)
    return told


def check(project: Project) -> Diagnosis:
    """Check a project from scratch."""
    return Checker().check(project)
