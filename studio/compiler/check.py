"""Checks a whole project, and after an edit only what the edit touched."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from studio.compiler.inference import Inference
from studio.compiler.objective import objectives_of
from studio.compiler.repairs import variable_problem
from studio.compiler.results import Diagnosis, GraphResult
from studio.compiler.rules import rule_problems
from studio.compiler.scope import scope_of
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
        self._recent: deque[tuple[Project, Diagnosis]] = deque(maxlen=RECENT)

    def check(self, project: Project) -> Diagnosis:
        """What is wrong with a project; of one that undo or redo brings back, what was found then."""
        known = next((diagnosis for one, diagnosis in self._recent if one is project), None)
        diagnosis = known or self._check(project)
        if known is None:
            self._recent.append((project, diagnosis))
        self._graphs = diagnosis.graphs
        return diagnosis

    def _check(self, project: Project) -> Diagnosis:
        """Infer every graph on its own, blocks also where they stand, and gather what is wrong."""
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
        problems += [problem for result in found.values() for problem in self._problems(project, result)]
        if not problems:
            problems += complaints
        return Diagnosis(tuple(dict.fromkeys(problems)), found, objectives)

    def _problems(self, project: Project, result: GraphResult) -> tuple[Problem, ...]:
        return result.problems + rule_problems(project, result)


def check(project: Project) -> Diagnosis:
    """Check a project from scratch."""
    return Checker().check(project)
