"""The PyTorch source of a network or objective: the text that trains, that the code view shows and that is exported."""

from __future__ import annotations

import linecache
from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.compiler.check import Checker
from studio.compiler.class_source import ClassSource, plain
from studio.compiler.compilation import Compilation
from studio.compiler.objective import objectives_of_stage, sources_of
from studio.compiler.objective_program import compile_objective, previews_of
from studio.compiler.program import ClassProgram
from studio.compiler.results import Diagnosis, GraphResult
from studio.core.graph import Node
from studio.core.names import identifiers
from studio.core.node_class import Metric
from studio.core.problem import ProjectError
from studio.core.project import Project


@dataclass(frozen=True)
class Source:
    """A complete module as text, and which line stands for which node."""

    text: str
    class_name: str
    filename: str
    nodes: Mapping[int, tuple[str, str]]
    """Graph and node by line number, counted from 1."""

    def node_at(self, line: int) -> tuple[str, str] | None:
        return self.nodes.get(line)

    def lines_of(self, graph: str, node: str) -> tuple[int, ...]:
        return tuple(line for line, place in self.nodes.items() if place == (graph, node))

    def register(self) -> None:
        """Let tracebacks show the lines of this source."""
        linecache.cache[self.filename] = (len(self.text), None, self.text.splitlines(keepends=True), self.filename)


@dataclass(frozen=True)
class ObjectiveSource(Source):
    """The source of an objective with what its class takes and answers."""

    networks: Mapping[str, str] = field(default_factory=dict)
    """Name of the network by keyword argument."""
    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Data node and its output by argument of forward, in order."""
    data: Mapping[str, Node] = field(default_factory=dict)
    metrics: Mapping[str, tuple[str, bool, bool]] = field(default_factory=dict)
    """Title, whether it is a share to show in per cent, and whether more is better, by key of the answer."""
    previews: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Node, and the axes of a sample of what it shows, such as ``C H W``, by key of the answer."""


def network_source(project: Project, name: str, diagnosis: Diagnosis | None = None) -> Source:
    """The source of a network. Raises ProjectError, with the problems, where it cannot run."""
    diagnosis = diagnosis or Checker().check(project)
    result = diagnosis.graphs.get(name)
    if result is None or name not in project.networks:
        known = ", ".join(project.networks) or "none"
        raise ProjectError(f"There is no network {name!r:.80} in this project; there are: {known}.", diagnosis.problems)
    if result.problems:
        raise ProjectError(f"{name} has problems: {result.problems[0]}", result.problems)
    title = f"{name}: {result.weights:,} weights."
    return _source(Compilation(result).compile(), title, name)


def objective_source(project: Project, name: str, diagnosis: Diagnosis | None = None) -> ObjectiveSource:
    """The source of an objective. Raises ProjectError, with the problems, where it cannot run."""
    diagnosis = diagnosis or Checker().check(project)
    result = diagnosis.graphs.get(name)
    problems = tuple(problem for problem in diagnosis.problems if problem.stage is None)
    if name not in diagnosis.objectives or result is None or problems:
        first = problems[0] if problems else f"there is no objective {name!r:.80}."
        raise ProjectError(f"This cannot be trained yet: {first}", problems)
    program = compile_objective(result, identifiers(project.networks))
    source = _source(program, f"Objective {name}.", name)
    data = sources_of(result.graph)
    columns = [(node, port) for node in result.order if node in data for port in result.nodes[node].outputs]
    used = [(node, port) for node, port in columns if any(k.output == port for k in result.graph.links.out_of[node])]
    metrics = {key: found for key, node in program.metrics if isinstance(found := result.nodes[node].instance, Metric)}
    return ObjectiveSource(
        source.text,
        source.class_name,
        source.filename,
        source.nodes,
        dict(program.networks),
        dict(zip(program.arguments, used, strict=True)),
        data,
        {key: (type(metric).title(), metric.percent, metric.higher_is_better) for key, metric in metrics.items()},
        _previews(result),
    )


def objective_sources(project: Project, diagnosis: Diagnosis | None = None) -> dict[str, ObjectiveSource]:
    """The sources of all objectives that the stages run, or measure. Raises ProjectError where they cannot run."""
    diagnosis = diagnosis or Checker().check(project)
    stages = project.training.stages
    names = dict.fromkeys(name for stage in stages for name in objectives_of_stage(stage))
    names |= dict.fromkeys(name for stage in stages for name in stage.measures)
    if not names:
        raise ProjectError("The training has no stages: add one.")
    return {name: objective_source(project, name, diagnosis) for name in names}


def _previews(result: GraphResult) -> dict[str, tuple[str, str]]:
    keys = identifiers(result.graph.nodes)
    nodes = {name: result.nodes[name].inputs["value"][0] for name in previews_of(result)}
    return {keys[name]: (name, " ".join(shape.axes)) for name, shape in nodes.items()}


def _source(program: ClassProgram, title: str, name: str) -> Source:
    classes = ClassSource(program)
    lines = classes.lines(title)
    nodes = {number: place for number, (_, place) in enumerate(lines, 1) if place is not None}
    text = "\n".join(line for line, _ in lines) + "\n"
    return Source(text, classes.main, f"<layerloom {plain(name)}>", nodes)
