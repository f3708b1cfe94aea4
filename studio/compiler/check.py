"""Checks a whole project, and after an edit only what the edit touched."""

from __future__ import annotations

from collections.abc import Mapping

from studio.compiler.inference import Inference
from studio.compiler.objective import objectives_of
from studio.compiler.results import Diagnosis, GraphResult
from studio.compiler.rules import rule_problems
from studio.compiler.scope import scope_of
from studio.core.graph import Graph
from studio.core.problem import Mismatch, Problem
from studio.core.project import Project


class Checker:
    """Keeps what it found in a project, so that the next check of an edited project is quick."""

    def __init__(self) -> None:
        self._inference = Inference()
        self._graphs: dict[str, GraphResult] = {}

    def check(self, project: Project) -> Diagnosis:
        """Infer every graph on its own, blocks also where they stand, and gather what is wrong."""
        self._inference.begin(project)
        before, self._graphs = self._graphs, {}
        problems: list[Problem] = []
        objectives, complaints = objectives_of(project)
        graphs: Mapping[str, Graph] = {**project.graphs, **objectives}
        for name, graph in graphs.items():
            try:
                scope = scope_of(project, graph)
            except Mismatch as error:
                problems.append(Problem(f"A variable is wrong: {error.message}", name))
                continue
            self._graphs[name] = self._inference.graph(name, graph, scope, {}, before.get(name))
        problems += [problem for result in self._graphs.values() for problem in self._problems(result)]
        if not problems:
            problems += complaints
        return Diagnosis(tuple(dict.fromkeys(problems)), dict(self._graphs), objectives)

    def _problems(self, result: GraphResult) -> tuple[Problem, ...]:
        return result.problems + rule_problems(result)


def check(project: Project) -> Diagnosis:
    """Check a project from scratch."""
    return Checker().check(project)
