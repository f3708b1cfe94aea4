"""Brings programs together in classes: insides of a graph that differ in numbers alone are one, with arguments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from studio.compiler.arguments import Argument, Column, Values, expressed
from studio.compiler.layers import Value
from studio.compiler.program import SLOT, ClassProgram, Line, Made, Number, Options, Slot
from studio.core.names import class_name

Key = tuple[int, int, str]
"""Line of what a program owns, slot in it, and keyword or argument there."""


@dataclass
class ProgramClass:
    """One class with the programs that it serves, all of one graph."""

    name: str
    programs: list[ClassProgram]
    arguments: tuple[Argument, ...] = ()
    texts: dict[tuple[int, int], dict[str, str]] = field(default_factory=dict)
    """What stands at each number, as source, by line and slot: a literal, or an expression of the arguments."""
    values: dict[int, tuple[Value, ...]] = field(default_factory=dict)
    """What each program, by its identity, gives for the arguments."""

    @property
    def program(self) -> ClassProgram:
        """What all programs have in common; a shape stands as a note only where it is that of all."""
        first, *others = self.programs
        if not others:
            return first
        lines = zip(*(program.lines for program in self.programs), strict=True)
        return replace(first, lines=tuple(map(_agreed, lines)))


class Classes:
    """Every class that these programs need, which come inner ones first; so do the classes."""

    def __init__(self, programs: Sequence[ClassProgram], taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._of: dict[int, ProgramClass] = {}
        of_graph: dict[str, list[ClassProgram]] = {}
        for program in programs:
            of_graph.setdefault(program.graph, []).append(program)
        for graph in _inner_graphs_first(of_graph):
            self._gather(of_graph[graph])
        self.all = list({id(found): found for program in programs for found in (self.of(program),)}.values())

    def of(self, program: ClassProgram) -> ProgramClass:
        return self._of[id(program)]

    def owned(self, found: ProgramClass) -> Iterator[tuple[Line, str]]:
        """Each line of the constructor with its text in full."""
        for at, line in enumerate(found.programs[0].owns):
            first, *rest = line.text.split(SLOT)
            filled = (self._filled(slot, found.texts.get((at, place))) for place, slot in enumerate(line.slots))
            yield line, first + "".join(text + part for text, part in zip(filled, rest, strict=True))

    def _gather(self, programs: Sequence[ClassProgram]) -> None:
        """Make the classes of one graph, the classes of what is placed in it being known."""
        alike: dict[object, list[ClassProgram]] = {}
        for program in programs:
            alike.setdefault(self._signature(program), []).append(program)
        for members in alike.values():
            found = ProgramClass(self._free_name(members[0].graph), members)
            self._of.update({id(program): found for program in members})
            if len(members) == 1:
                found.values[id(members[0])] = ()
                continue
            rows = zip(*(self._numbers(program) for program in members), strict=True)
            columns = {row[0][0]: _beside([column for _, column in row]) for row in rows}
            found.arguments, texts = expressed(columns, _parameters(members))
            for (line, slot, name), text in texts.items():
                found.texts.setdefault((line, slot), {})[name] = text
            for at, program in enumerate(members):
                found.values[id(program)] = tuple(argument.values[at] for argument in found.arguments)

    def _signature(self, program: ClassProgram) -> object:
        """What two programs have in common that one class can serve."""
        owns = tuple((line.text, line.node, *map(self._kind, line.slots)) for line in program.owns)
        lines = tuple((line.text, line.node) for line in program.lines)
        answers = program.results, program.training, program.training_results
        ends = program.measured, program.shown, program.losses, program.previews
        return program.arguments, owns, lines, answers, ends, program.networks

    def _kind(self, slot: Slot) -> object:
        if isinstance(slot, Made):
            return id(self.of(slot.program))
        return slot.role if isinstance(slot, Number) else type(slot)

    def _numbers(self, program: ClassProgram) -> Iterator[tuple[Key, Column]]:
        """Every number of a program, as a column that is one row high."""
        for at, line in enumerate(program.owns):
            for place, slot in enumerate(line.slots):
                yield from (((at, place, name), column) for name, column in self._of_slot(line.node, slot))

    def _of_slot(self, node: str, slot: Slot) -> Iterator[tuple[str, Column]]:
        match slot:
            case Number(value, role):
                yield "", Column((value,), role, node)
            case Options(given, defaults):
                for key, default in defaults.items():
                    yield key, Column((given.get(key, default),), key, node, default, optional=True)
            case Made(program):
                found = self.of(program)
                for argument, value in zip(found.arguments, found.values[id(program)], strict=True):
                    yield argument.name, argument.passed(node, value)

    def _filled(self, slot: Slot, texts: Mapping[str, str] | None) -> str:
        """The source that stands at a mark; the numbers themselves in a class that has one object."""
        match slot:
            case Number(value):
                return texts[""] if texts else repr(value)
            case Options(given):
                options = texts or {keyword: repr(value) for keyword, value in given.items()}
                return "".join(f", {keyword}={text}" for keyword, text in options.items() if text)
            case Made(program):
                made = self.of(program)
                values = zip(made.arguments, made.values[id(program)], strict=True)
                said = texts or {each.name: "" if value == each.default else repr(value) for each, value in values}
                parts = ((each, said[each.name]) for each in made.arguments)
                words = (text if each.default is None else f"{each.name}={text}" for each, text in parts if text)
                return f"{made.name}({', '.join(words)})"

    def _free_name(self, graph: str) -> str:
        name, stem, number = class_name(graph), class_name(graph), 2
        while name in self._taken:
            name, number = f"{stem}{number}", number + 1
        self._taken.add(name)
        return name


def _beside(numbers: Sequence[Column]) -> Column:
    """One number of a class in all its objects."""
    return replace(numbers[0], values=tuple(each.values[0] for each in numbers))


def _parameters(programs: Sequence[ClassProgram]) -> dict[str, Values]:
    """The parameters that are numbers in all of them."""
    given = [dict(program.parameters) for program in programs]
    return {name: tuple(each[name] for each in given) for name in given[0] if all(name in each for each in given)}


def _agreed(lines: Sequence[Line]) -> Line:
    first = lines[0]
    return first if all(line.note == first.note for line in lines) else replace(first, note="")


def inner_first(main: ClassProgram) -> list[ClassProgram]:
    """Every program below this one, each once, before those that hold it."""
    found: dict[int, ClassProgram] = {}

    def enter(program: ClassProgram) -> None:
        for inner in program.inner:
            if id(inner) not in found:
                enter(inner)
        found[id(program)] = program

    enter(main)
    return list(found.values())


def _inner_graphs_first(programs: Mapping[str, Sequence[ClassProgram]]) -> Iterable[str]:
    """Names of the graphs, each after all that are placed in any of its programs."""
    found: dict[str, None] = {}

    def enter(graph: str) -> None:
        for program in programs[graph]:
            for inner in program.inner:
                if inner.graph not in found:
                    enter(inner.graph)
        found[graph] = None

    for graph in programs:
        if graph not in found:
            enter(graph)
    return found
