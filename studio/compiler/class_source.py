"""Prints programs as classes, each program once, inner ones first, and keeps which line stands for which node."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from studio.compiler.carried import carried_names, carried_source
from studio.compiler.program import ClassProgram, Line, without_notes
from studio.core.names import class_name

Placed = list[tuple[str, tuple[str, str] | None]]
"""Lines, each with the graph and node it stands for."""


class ClassSource:
    """The text of a module whose last class runs a program."""

    def __init__(self, program: ClassProgram) -> None:
        self._programs: dict[str, tuple[ClassProgram, Mapping[str, str]]] = {}
        self._names: dict[int, str] = {}
        every = list(_inner_first(program))
        self._carried = sorted({module for each in every for module in each.carried})
        self._taken = {name for module in self._carried for name in carried_names(module)} | {"Tensor", "F"}
        for each in every:
            self._names[id(each)] = self._name(each)
        self.main = self._names[id(program)]

    def lines(self, title: str) -> Placed:
        """Docstring, imports, carried layers and classes."""
        imports, carried = carried_source(self._carried)
        body: Placed = [(line, None) for line in carried]
        for name, (program, inner) in self._programs.items():
            body += [("", None), ("", None), *_class_lines(name, program, inner)]
        text = "\n".join(line for line, _ in body)
        return [(line, None) for line in (f'"""{plain(title)}"""', "", *_imports(text, imports))] + body

    def _name(self, program: ClassProgram) -> str:
        """The name of the class that runs this program; one that differs only in shapes serves both."""
        inner = {key: self._names[id(each)] for key, each in program.inner}
        program = replace(program, inner=())
        for name, (known, names) in self._programs.items():
            if names == inner and without_notes(known) == without_notes(program):
                if known != program:
                    self._programs[name] = (without_notes(known), names)
                return name
        name, stem, number = class_name(program.graph), class_name(program.graph), 2
        while name in self._taken:
            name, number = f"{stem}{number}", number + 1
        self._taken.add(name)
        self._programs[name] = (program, inner)
        return name


def _class_lines(name: str, program: ClassProgram, inner: Mapping[str, str]) -> Placed:
    """The lines of one class, each with the graph and node it stands for."""
    objective = bool(program.losses)
    lines: Placed = [(f"class {name}(nn.Module):", None), (f'    """{plain(program.graph)}."""', None), ("", None)]
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
    return ordered_imports(wanted)


def ordered_imports(lines: Iterable[str]) -> list[str]:
    """Import lines as isort has them: the standard library, an empty line, torch; ``import`` before ``from``."""
    ordered = sorted(lines, key=lambda line: (line.startswith("from"), line))
    standard = [line for line in ordered if "torch" not in line]
    return [*standard, *([""] if standard else []), *(line for line in ordered if "torch" in line)]


def _inner_first(program: ClassProgram, seen: set[int] | None = None) -> Iterator[ClassProgram]:
    """Every program below this one, each once, before those that hold it."""
    seen = set() if seen is None else seen
    if id(program) not in seen:
        seen.add(id(program))
        for _, inner in program.inner:
            yield from _inner_first(inner, seen)
        yield program


def plain(text: str) -> str:
    """A name as it may stand in a docstring: no quotes, backslashes or line ends."""
    return re.sub(r"[\"\\\x00-\x1f\x7f\u0085\u2028\u2029]", "_", text)
