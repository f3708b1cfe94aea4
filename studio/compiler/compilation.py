"""Writes the program of a graph that was inferred."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from studio.compiler.layers import is_number
from studio.compiler.printing import Printer, repeated
from studio.compiler.program import REPEAT, SLOT, ClassProgram, Line, Made, Number, Slot
from studio.compiler.results import GraphResult, NodeResult
from studio.compiler.ways import leading_to, reading_order
from studio.core.names import identifier, identifiers
from studio.core.node_class import values_for
from studio.core.record import Expression, is_module


@dataclass
class Compilation:
    """Writes the program of one inferred graph, which must have no problems."""

    result: GraphResult
    owns: list[Line] = field(default_factory=list)
    carried: set[str] = field(default_factory=set)
    values: dict[tuple[str, str], str] = field(default_factory=dict)
    """Variable by node and output port."""
    known: dict[int, ClassProgram] = field(default_factory=dict)
    """Programs of the insides met so far, by the identity of their results: many blocks may share one."""
    network_names: dict[str, str] = field(default_factory=dict)
    """In an objective: the attributes of the project's networks by name."""
    is_inside: bool = False
    """Whether the graph stands in another, which takes all its outputs at all times."""

    def __post_init__(self) -> None:
        self.names = identifiers(self.result.graph.nodes)
        self.taken = set(self.names.values())
        self.order = reading_order(self.result)
        self.rank = {name: at for at, name in enumerate(self.order)}
        self.lines: dict[str, list[Line]] = {}

    def compile(self) -> ClassProgram:
        """The program of a network or block."""
        graph = self.result.graph
        for name in self.order:
            self._node(name, self.result.nodes[name])
        outputs, answers = graph.outputs(), graph.outputs() if self.is_inside else graph.answers()
        extra = set[str]() if outputs == answers else self.result.nodes.keys() - leading_to(self.result, answers)
        lines = [(name, line) for name in self.order for line in self.lines.get(name, ())]
        return replace(
            self.program(),
            arguments=tuple(self.names[name] for name in graph.inputs()),
            lines=tuple(line for name, line in lines if name not in extra),
            results=self._results(answers),
            training=tuple(line for name, line in lines if name in extra),
            training_results=self._results(outputs) if outputs != answers else (),
        )

    def program(self) -> ClassProgram:
        """What networks and objectives have in common, as collected so far."""
        known = ((name, self.result.scope.get(name)) for name in self.result.graph.parameters)
        numbers = tuple((name, value) for name, value in known if is_number(value))
        return ClassProgram(
            self.result.name, owns=tuple(self.owns), carried=frozenset(self.carried), parameters=numbers
        )

    def free(self, wanted: str) -> str:
        """A variable of this name, or with a number behind it where a node has that name."""
        name, number = wanted, 2
        while name in self.taken:
            name, number = f"{wanted}_{number}", number + 1
        self.taken.add(name)
        return name

    def _node(self, name: str, found: NodeResult) -> None:
        node = found.node
        if node.type == "Output":
            return
        if node.type == "Input":
            self.values[name, "out"] = self.names[name]
        elif node.bypassed:
            self.values[name, next(iter(found.outputs))] = next(iter(self._variables(name).values()))
        elif node.graph:
            self._placed(name, found)
        else:
            self._built(name, found)

    def _built(self, name: str, found: NodeResult) -> None:
        """A node of a declared class: what it builds, printed."""
        assert found.instance is not None
        values = values_for(found.instance.inputs(), found.inputs)
        built = found.instance.build(*values)
        expressions = built if isinstance(built, tuple) else (built,)
        given = [value for value in values if value is not None]
        expressions = tuple(each(*given) if is_module(each) else each for each in expressions)
        slots: list[Slot] = []
        printer = Printer(self._variables(name), lambda text: self._own(name, text, slots), slots, self.network_names)
        lines = [] if len(expressions) == 1 else self._shared_calls(name, expressions, printer)
        for port, expression in zip(found.outputs, expressions, strict=True):
            if self._used(name, port) or len(expressions) == 1:
                variable = self.values[name, port] = self._variable(name, port, only=len(found.outputs) == 1)
                lines.append(Line(f"{variable} = {printer.text(expression)}", name, _note(found, port)))
        self.lines[name] = lines
        self.carried |= printer.carried

    def _shared_calls(self, name: str, expressions: tuple[Expression, ...], printer: Printer) -> list[Line]:
        """Lines that compute once what several outputs use."""
        ports = list(self.result.nodes[name].outputs)
        used = tuple(e for port, e in zip(ports, expressions, strict=True) if self._used(name, port))
        lines = []
        for call in repeated(used):
            variable = self.free(f"{self.names[name]}_both")
            lines.append(Line(f"{variable} = {printer.text(call)}", name))
            printer.name(call, variable)
        return lines

    def _placed(self, name: str, found: NodeResult) -> None:
        """A node that stands for a graph: an attribute holding its class, called with what arrives."""
        assert found.inner is not None
        attribute = self._attribute_of(name)
        node = found.node
        if not node.shares_with:
            text, slots = self._construction(found)
            self.owns.append(Line(f"self.{attribute} = {text}", name, slots=slots))
        inputs = self._variables(name)
        arguments = ", ".join(inputs[port, 0] for port in found.inner.graph.inputs())
        call = f"self.{attribute}({arguments})"
        ports = list(found.outputs)
        for port in ports:
            self.values[name, port] = self._variable(name, port, only=len(ports) == 1)
        targets = ", ".join(self.values[name, port] for port in ports)
        lines = [Line(f"{targets} = {call}", name, _note(found, ports[0]) if len(ports) == 1 else "")]
        if node.share_weights and found.repeat > 1:
            lines.append(Line(f"for _ in range({found.repeat - 1}):", name))
            lines.append(Line(f"    {targets} = self.{attribute}({targets})", name))
        self.lines[name] = lines

    def _construction(self, found: NodeResult) -> tuple[str, tuple[Slot, ...]]:
        """The source that makes a placed graph, once or as often as it is repeated."""
        assert found.inner is not None
        first = Made(self._program_of(found.inner))
        if found.repeat == 1 or found.node.share_weights:
            return SLOT, (first,)
        if found.later is None:
            return f"nn.Sequential(*({SLOT} for _ in range({SLOT})))", (first, Number(found.repeat, REPEAT))
        later = Made(self._program_of(found.later))
        if found.repeat == 2:
            return f"nn.Sequential({SLOT}, {SLOT})", (first, later)
        times = Number(found.repeat - 1, REPEAT)
        return f"nn.Sequential({SLOT}, *({SLOT} for _ in range({SLOT})))", (first, later, times)

    def _program_of(self, inner: GraphResult) -> ClassProgram:
        program = self.known.get(id(inner)) or Compilation(inner, known=self.known, is_inside=True).compile()
        self.known[id(inner)] = program
        return program

    def _own(self, name: str, construction: str, slots: list[Slot]) -> str:
        """Make a module an attribute; a node that shares weights uses the other's."""
        attribute = self._attribute_of(name)
        if not self.result.nodes[name].node.shares_with:
            self.owns.append(Line(f"self.{attribute} = {construction}", name, slots=tuple(slots)))
        slots.clear()
        return f"self.{attribute}"

    def _results(self, outputs: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._variables(name)["value", 0] for name in outputs)

    def _attribute_of(self, name: str) -> str:
        return self.names[self.result.nodes[name].node.shares_with or name]

    def _variables(self, name: str) -> dict[tuple[str, int], str]:
        """Variables that arrive at a node, by input port and position there."""
        found: dict[tuple[str, int], str] = {}
        for link in self.result.graph.links.into.get(name, ()):
            index = sum(port == link.input for port, _ in found)
            found[link.input, index] = self.values[link.source, link.output]
        return found

    def _used(self, name: str, port: str) -> bool:
        return any(link.output == port for link in self.result.graph.links.out_of.get(name, ()))

    def _variable(self, name: str, port: str, *, only: bool) -> str:
        """``x`` for what only the next line reads; else the node's name, and the port's where there are several."""
        if not only:
            return self.free(identifier(f"{self.names[name]} {port}"))  # of a block, the port is a name from the file
        return "x" if self._feeds_next(name) else self.names[name]

    def _feeds_next(self, name: str) -> bool:
        graph, order, rank = self.result.graph, self.order, self.rank
        links = graph.links.out_of.get(name, ())
        if len(links) != 1 or graph.role == "objective" or len(graph.links.into[links[0].target]) > 1:
            return False
        between = order[rank[name] + 1 : rank[links[0].target]]
        return all(self.result.nodes[other].node.type in ("Input", "Output") for other in between)


def _note(found: NodeResult, port: str) -> str:
    shape = found.outputs[port]
    return "x".join(map(str, shape.sizes)) if shape.sizes else ""
