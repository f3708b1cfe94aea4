"""Prints the classes of a program, inner ones first, and keeps which line stands for which node."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from studio.compiler.carried import carried_names, carried_source
from studio.compiler.classes import Classes, ProgramClass, inner_first
from studio.compiler.program import Aside, ClassProgram, Line

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
    if program.is_objective:
        show = ", show: bool = False" if program.previews else ""
        lines.append((f"    def forward(self{arguments}, measure: bool = False{show}) -> dict[str, Tensor]:", None))
        return lines + [_placed(program, line) for line in program.lines] + _objective_end(program)
    answers = [_answer(results) for results in (program.results, program.training_results) if results]
    lines.append((f"    def forward(self{arguments}) -> {' | '.join(answers)}:", None))
    lines += [_placed(program, line) for line in program.lines]
    returned = f"return {', '.join(program.results)}"
    if not program.training_results:
        return [*lines, (f"        {returned}", None)]
    lines += [("        if not self.training:", None), (f"            {returned}", None)]
    lines += [_placed(program, line) for line in program.training]
    return [*lines, (f"        return {', '.join(program.training_results)}", None)]


def _answer(results: Sequence[str]) -> str:
    """The type of what is returned."""
    return "Tensor" if len(results) == 1 else f"tuple[{', '.join(['Tensor'] * len(results))}]"


def _signature(arguments: list[str]) -> Placed:
    """The head of the constructor, on several lines where one would be long."""
    line = f"    def __init__({', '.join(['self', *arguments])}) -> None:"
    if len(line) <= LONGEST:
        return [(line, None)]
    inside = f"        {', '.join(['self', *arguments])}"
    parts = [inside] if len(inside) < LONGEST else [f"        {part}," for part in ("self", *arguments)]
    return [(text, None) for text in ("    def __init__(", *parts, "    ) -> None:")]


def _objective_end(program: ClassProgram) -> Placed:
    """What an objective answers: the loss, when asked to measure every loss and metric by name, and what it shows."""
    loss = ["loss"] if program.losses else []
    figures = _figures([*loss, *(variable for variable, _ in (*program.losses, *program.metrics))])
    more = [line for aside in program.asides for line in _measured_aside(aside)] + _shown(program)
    ends: Placed = [(f"        return {figures}", None)]
    if more:
        ends = [(f"        figures = {figures}", None), *more, ("        return figures", None)]
    return [*_loss(program), *(_placed(program, line) for line in program.measured), *ends]


def _loss(program: ClassProgram) -> Placed:
    """The sum of the losses, which is all that a step needs; nothing where an objective only measures."""
    if not program.losses:
        return []
    return [
        (f"        loss = {' + '.join(variable for variable, _ in program.losses)}", None),
        *(line for aside in program.asides for line in _aside(program, aside)),
        ("        if not measure:", None),
        ('            return {"loss": loss}', None),
    ]


def _shown(program: ClassProgram) -> Placed:
    """What is computed only when it shall be shown, and what is shown."""
    if not program.previews:
        return []
    pairs = ", ".join(f'"{key}": {variable}' for key, variable in program.previews)
    lines: Placed = [_placed(program, line, "    ") for line in program.shown]
    return [("        if show:", None), *lines, (f"            figures |= {{{pairs}}}", None)]


def _aside(program: ClassProgram, aside: Aside) -> Iterator[tuple[str, tuple[str, str] | None]]:
    """What is added to the loss while networks learn."""
    yield _learning(aside), None
    for line in aside.lines:
        yield _placed(program, line, "    ")
    if aside.losses:
        yield f"            loss = {' + '.join(['loss', *(variable for variable, _ in aside.losses)])}", None


def _measured_aside(aside: Aside) -> Placed:
    figures = _figures([variable for variable, _ in aside.losses])
    return [(_learning(aside), None), (f"            figures |= {figures}", None)] if aside.losses else []


def _learning(aside: Aside) -> str:
    return f"        if {' and '.join(f'self.{network}.training' for network in aside.networks)}:"


def _figures(variables: Iterable[str]) -> str:
    """A dictionary of these variables by their names."""
    return "{" + ", ".join(f'"{variable}": {variable}' for variable in variables) + "}"


def _placed(program: ClassProgram, line: Line, indent: str = "") -> tuple[str, tuple[str, str]]:
    note = f"  # {line.note}" if line.note else ""
    return f"        {indent}{line.text}{note}", (program.graph, line.node)


def _imports(text: str, carried: Iterable[str]) -> list[str]:
    """The import lines that the text needs, in the usual order."""
    wanted = set(carried)
    if _names(text, "torch."):
        wanted.add("import torch")
    if _names(text, "F."):
        wanted.add("import torch.nn.functional as F")
    wanted.add("from torch import Tensor, nn")
    wanted.discard("from torch import nn")
    return ordered_imports(wanted)


def _names(text: str, module: str) -> bool:
    """Whether a module is named; looking for the plain text first is quicker by far."""
    return module in text and re.search(rf"\b{re.escape(module)}", text) is not None


def ordered_imports(lines: Iterable[str]) -> list[str]:
    """Import lines as isort has them: the standard library, an empty line, torch; ``import`` before ``from``."""
    ordered = sorted(lines, key=lambda line: (line.startswith("from"), line))
    standard = [line for line in ordered if "torch" not in line]
    return [*standard, *([""] if standard else []), *(line for line in ordered if "torch" in line)]


def plain(text: str) -> str:
    """A name as it may stand in a docstring: no quotes, backslashes or line ends."""
    return re.sub(r"[\"\\\x00-\x1f\x7f\u0085\u2028\u2029]", "_", text)
