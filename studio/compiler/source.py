"""The PyTorch source of a network or objective: the text that trains, that the code view shows and that is exported."""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from studio.compiler.check import Checker
from studio.compiler.objective import sources_of
from studio.compiler.objective_program import compile_objective
from studio.compiler.program import ClassProgram, Compilation, Line, without_notes
from studio.compiler.results import Diagnosis
from studio.core.graph import Node
from studio.core.names import class_name, identifiers
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
    return _Classes(Compilation(result).compile()).source(title, name)


def objective_source(project: Project, name: str, diagnosis: Diagnosis | None = None) -> ObjectiveSource:
    """The source of an objective. Raises ProjectError, with the problems, where it cannot run."""
    diagnosis = diagnosis or Checker().check(project)
    result = diagnosis.graphs.get(name)
    if name not in diagnosis.objectives or result is None or diagnosis.problems:
        first = diagnosis.problems[0] if diagnosis.problems else f"there is no objective {name!r:.80}."
        raise ProjectError(f"This cannot be trained yet: {first}", diagnosis.problems)
    program = compile_objective(result, identifiers(project.networks))
    source = _Classes(program).source(f"Objective {name}.", name)
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
    )


class _Classes:
    """The classes of one module of source, each program once, inner ones first."""

    def __init__(self, program: ClassProgram) -> None:
        self._programs: dict[str, tuple[ClassProgram, dict[str, str]]] = {}
        self._carried = _carried_by(program)
        self._taken = {name for module in self._carried for name in _carried_names(module)}
        self._main = self._add(program)

    def _add(self, program: ClassProgram) -> str:
        """The name of the class that runs this program; one that differs only in shapes serves both."""
        inner = {key: self._add(each) for key, each in program.inner}
        for name, (known, names) in self._programs.items():
            if names == inner and known == program:
                return name
            if names == inner and without_notes(known) == without_notes(program):
                self._programs[name] = (without_notes(known), names)
                return name
        name, stem, number = class_name(program.graph), class_name(program.graph), 2
        while name in self._taken:
            name, number = f"{stem}{number}", number + 1
        self._taken.add(name)
        self._programs[name] = (program, inner)
        return name

    def source(self, title: str, graph: str) -> Source:
        imports, parts = _carried(sorted(self._carried))
        body: list[tuple[str, tuple[str, str] | None]] = [(line, None) for line in parts]
        for name, (program, inner) in self._programs.items():
            body += [("", None), ("", None), *_class_lines(name, program, inner)]
        text = "\n".join(line for line, _ in body)
        head = [f'"""{_plain(title)}"""', "", *_imports(text, imports)]
        lines = [*((line, None) for line in head), *body]
        nodes = {number: place for number, (_, place) in enumerate(lines, 1) if place is not None}
        joined = "\n".join(line for line, _ in lines) + "\n"
        return Source(joined, self._main, f"<layerloom {_plain(graph)}>", nodes)


Placed = list[tuple[str, tuple[str, str] | None]]


def _class_lines(name: str, program: ClassProgram, inner: Mapping[str, str]) -> Placed:
    """The lines of one class, each with the graph and node it stands for."""
    objective = bool(program.losses)
    lines: Placed = [(f"class {name}(nn.Module):", None), (f'    """{_plain(program.graph)}."""', None), ("", None)]
    networks = "".join(f", {attribute}: nn.Module" for attribute, _ in program.networks)
    if program.owns or networks:
        lines += [(f"    def __init__(self{networks}) -> None:", None), ("        super().__init__()", None)]
        lines += [(f"        self.{attribute} = {attribute}", None) for attribute, _ in program.networks]
        lines += [_placed(program, line, inner) for line in program.owns]
        lines.append(("", None))
    arguments = "".join(f", {argument}: Tensor" for argument in program.arguments)
    if objective:
        lines.append((f"    def forward(self{arguments}, measure: bool = False) -> dict[str, Tensor]:", None))
        return lines + [_placed(program, line, inner) for line in program.lines] + _objective_end(program)
    answer = "Tensor" if len(program.results) == 1 else f"tuple[{', '.join(['Tensor'] * len(program.results))}]"
    lines.append((f"    def forward(self{arguments}) -> {answer}:", None))
    lines += [_placed(program, line, inner) for line in program.lines]
    return [*lines, (f"        return {', '.join(program.results)}", None)]


def _objective_end(program: ClassProgram) -> Placed:
    """What an objective answers: the loss, and when asked to measure every loss and metric by name."""
    total = " + ".join(variable for variable, _ in program.losses)
    judged = [variable for variable, _ in (*program.losses, *program.metrics)]
    answers = "".join(f', "{variable}": {variable}' for variable in judged)
    return [
        (f"        loss = {total}", None),
        ("        if not measure:", None),
        ('            return {"loss": loss}', None),
        *(_placed(program, line, {}) for line in program.measured),
        (f'        return {{"loss": loss{answers}}}', None),
    ]


def _placed(program: ClassProgram, line: Line, inner: Mapping[str, str]) -> tuple[str, tuple[str, str] | None]:
    text = re.sub("«[^»]*»", lambda found: inner[found[0]], line.text) if "«" in line.text else line.text
    note = f"  # {line.note}" if line.note else ""
    return f"        {text}{note}", (program.graph, line.node)


def _imports(text: str, carried: Iterable[str]) -> list[str]:
    """The import lines that the text needs, in the usual order."""
    wanted = set(carried)
    if re.search(r"\btorch\.", text):
        wanted.add("import torch")
    if re.search(r"\bF\.", text):
        wanted.add("import torch.nn.functional as F")
    wanted.add("from torch import Tensor, nn")
    wanted.discard("from torch import nn")
    standard = sorted(line for line in wanted if "torch" not in line)
    third_party = sorted((line for line in wanted if "torch" in line), key=lambda line: (line.startswith("from"), line))
    return [*standard, *([""] if standard else []), *third_party]


def _carried(modules: Iterable[str]) -> tuple[set[str], list[str]]:
    """Import lines and text of the layers that torch.nn lacks."""
    imports: set[str] = set()
    lines: list[str] = []
    for module in modules:
        text, tree = _carried_tree(module)
        for part in tree.body:
            if isinstance(part, ast.Import | ast.ImportFrom):
                imports.add(ast.unparse(part))
            elif not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)):
                start = min([part.lineno, *(d.lineno for d in getattr(part, "decorator_list", []))])
                gap = [""] if not lines and isinstance(part, ast.Assign | ast.AnnAssign) else ["", ""]
                lines += [*gap, *text.splitlines()[start - 1 : part.end_lineno]]
    imports.discard("from __future__ import annotations")
    return imports, lines


def _carried_by(program: ClassProgram) -> set[str]:
    return set(program.carried).union(*(_carried_by(inner) for _, inner in program.inner))


def _carried_names(module: str) -> set[str]:
    _, tree = _carried_tree(module)
    return {part.name for part in tree.body if isinstance(part, ast.ClassDef | ast.FunctionDef)}


@cache
def _carried_tree(module: str) -> tuple[str, ast.Module]:
    spec = find_spec("nodes")
    folders = spec.submodule_search_locations if spec is not None else None
    text = (Path(next(iter(folders or []))) / "modules" / f"{module}.py").read_text(encoding="utf-8")
    return text, ast.parse(text)


def _plain(text: str) -> str:
    """A name as it may stand in a docstring: no quotes, backslashes or line ends."""
    return re.sub(r"[\"\\\x00-\x1f\x7f\u0085\u2028\u2029]", "_", text)
