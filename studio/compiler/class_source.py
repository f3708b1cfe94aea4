"""Prints the classes of a program, inner ones first, and keeps which line stands for which node."""

from __future__ import annotations

import re
from collections.abc import Iterable

from studio.compiler.carried import carried_names, carried_source
from studio.compiler.classes import Classes, ProgramClass, inner_first
from studio.compiler.program import ClassProgram, Line

Placed = list[tuple[str, tuple[str, str] | None]]
"""Lines, each with the graph and node it stands for."""

LONGEST = 110
"""Characters of a line that is not folded."""


class ClassSource:
    """The text of a module whose last class runs a program."""

    def __init__(self, program: ClassProgram) -> None:
        every = inner_first(program)
        self._carried = sorted({module for each in every for module in each.carried})
        taken = {name for module in self._carried for name in carried_names(module)} | {"Tensor", "F"}
        self._classes = Classes(every, taken)
        self.main = self._classes.of(program).name

    def lines(self, title: str) -> Placed:
        """Docstring, imports, carried layers and classes."""
        imports, carried = carried_source(self._carried)
        body: Placed = [(line, None) for line in carried]
        for found in self._classes.all:
            body += [("", None), ("", None), *_class_lines(found, self._classes.owned(found))]
        text = "\n".join(line for line, _ in body)
        return [(line, None) for line in (f'"""{plain(title)}"""', "", *_imports(text, imports))] + body


def _class_lines(found: ProgramClass, owned: Iterable[tuple[Line, str]]) -> Placed:
    """The lines of one class, each with the graph and node it stands for."""
    program = found.program
    lines: Placed = [
        (f"class {found.name}(nn.Module):", None),
        (f'    """{plain(program.graph)}."""', None),
        ("", None),
    ]
    if program.owns or program.networks:
        given = [f"{attribute}: nn.Module" for attribute, _ in program.networks]
        lines += _signature([*given, *(argument.declared for argument in found.arguments)])
        lines += [("        super().__init__()", None)]
        lines += [(f"        self.{attribute} = {attribute}", None) for attribute, _ in program.networks]
        lines += [(f"        {text}", (program.graph, line.node)) for line, text in owned]
        lines.append(("", None))
    arguments = "".join(f", {argument}: Tensor" for argument in program.arguments)
    if program.losses:
        lines.append((f"    def forward(self{arguments}, measure: bool = False) -> dict[str, Tensor]:", None))
        return lines + [_placed(program, line) for line in program.lines] + _objective_end(program)
    answer = "Tensor" if len(program.results) == 1 else f"tuple[{', '.join(['Tensor'] * len(program.results))}]"
    lines.append((f"    def forward(self{arguments}) -> {answer}:", None))
    lines += [_placed(program, line) for line in program.lines]
    return [*lines, (f"        return {', '.join(program.results)}", None)]


def _signature(arguments: list[str]) -> Placed:
    """The head of the constructor, on several lines where one would be long."""
    line = f"    def __init__({', '.join(['self', *arguments])}) -> None:"
    if len(line) <= LONGEST:
        return [(line, None)]
    inside = f"        {', '.join(['self', *arguments])}"
    parts = [inside] if len(inside) < LONGEST else [f"        {part}," for part in ("self", *arguments)]
    return [(text, None) for text in ("    def __init__(", *parts, "    ) -> None:")]


def _objective_end(program: ClassProgram) -> Placed:
    """What an objective answers: the loss, and when asked to measure every loss and metric by name."""
    total = " + ".join(variable for variable, _ in program.losses)
    judged = [variable for variable, _ in (*program.losses, *program.metrics)]
    answers = "".join(f', "{variable}": {variable}' for variable in judged)
    return [
        (f"        loss = {total}", None),
        ("        if not measure:", None),
        ('            return {"loss": loss}', None),
        *(_placed(program, line) for line in program.measured),
        (f'        return {{"loss": loss{answers}}}', None),
    ]


def _placed(program: ClassProgram, line: Line) -> tuple[str, tuple[str, str]]:
    note = f"  # {line.note}" if line.note else ""
    return f"        {line.text}{note}", (program.graph, line.node)


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


def plain(text: str) -> str:
    """A name as it may stand in a docstring: no quotes, backslashes or line ends."""
    return re.sub(r"[\"\\\x00-\x1f\x7f\u0085\u2028\u2029]", "_", text)
