"""The program of an objective: networks are given to it, columns of data are its arguments, losses its answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from studio.compiler.compilation import Compilation
from studio.compiler.program import Aside, ClassProgram, Line
from studio.compiler.results import GraphResult, NodeResult
from studio.compiler.ways import leading_to, training_only
from studio.core.dataset import Dataset
from studio.core.names import identifier
from studio.core.node_class import Asking, Display, Metric


def compile_objective(result: GraphResult, networks: dict[str, str]) -> ClassProgram:
    """The program of an objective: networks are given to it, data columns are its arguments.

    ``networks`` are the identifiers of the project's networks by name.
    """
    return _ObjectiveCompilation(result, network_names=networks).compile()


@dataclass
class _ObjectiveCompilation(Compilation):
    """Like that of a network, but for what enters, and for what is returned."""

    def compile(self) -> ClassProgram:
        result = self.result
        data = [name for name in result.order if isinstance(result.nodes[name].instance, Dataset)]
        arguments = [column for name in data for column in self._columns(name, several=len(data) > 1)]
        for name in result.order:
            if name not in data:
                self._node(name, result.nodes[name])
        ends, extra = losses_of(result), training_only(result)
        metrics = [name for name, found in result.nodes.items() if isinstance(found.instance, Metric)]
        judged = leading_to(result, [*ends, *metrics])
        needed = leading_to(result, ends) if ends else judged
        lines = [(name, line) for name in result.order if name not in extra for line in self.lines.get(name, ())]
        return replace(
            self.program(),
            arguments=tuple(arguments),
            lines=tuple(line for name, line in lines if name in needed),
            measured=tuple(line for name, line in lines if name in judged - needed),
            shown=tuple(line for name, line in lines if name not in judged),
            networks=tuple(self._networks().items()),
            losses=self._named([name for name in ends if name not in extra]),
            metrics=self._named(metrics),
            previews=tuple((self.names[name], self._variables(name)["value", 0]) for name in previews_of(result)),
            asides=tuple(self._asides(needed)),
            is_objective=True,
        )

    def _columns(self, name: str, *, several: bool) -> list[str]:
        """A data node: each column that is used becomes an argument."""
        used = [port for port in self.result.nodes[name].outputs if self._used(name, port)]
        for port in used:
            self.values[name, port] = self.free(identifier(f"{self.names[name]} {port}" if several else port))
        return [self.values[name, port] for port in used]

    def _placed(self, name: str, found: NodeResult) -> None:
        if found.node.type != "Network":
            return super()._placed(name, found)
        attribute = self.network_names[found.node.graph]
        assert found.inner is not None
        inputs = self._variables(name)
        arguments = ", ".join(inputs[port, 0] for port in found.inner.graph.inputs())
        ports = list(found.outputs)
        stem = {p: self.names[name] if len(ports) == 1 else identifier(f"{self.names[name]} {p}") for p in ports}
        self.values.update({(name, port): self.free(f"{stem[port]}_out") for port in ports})
        call = f"self.{attribute}({arguments})"
        answers = found.inner.graph.answers()
        texts = [f"{self._targets(name, ports)} = {call}"]
        if len(answers) < len(ports):
            when = [f"if self.{attribute}.training:", f"    {texts[0]}", "else:"]
            texts = [*when, f"    {self._targets(name, answers)} = {call}"]
        self.lines[name] = [Line(text, name) for text in texts]
        return None

    def _targets(self, name: str, ports: list[str] | tuple[str, ...]) -> str:
        return ", ".join(self.values[name, port] for port in ports)

    def _asides(self, needed: set[str]) -> Iterator[Aside]:
        """What losses need of answers that networks give only while they learn; what needs fewest networks first."""
        extra = {name: networks for name, networks in training_only(self.result).items() if name in needed}
        ends = losses_of(self.result)
        for networks in sorted(dict.fromkeys(extra.values()), key=len):
            names = [name for name in self.result.order if extra.get(name) == networks]
            graphs = dict.fromkeys(self.network_names[self.result.nodes[name].node.graph] for name in sorted(networks))
            lines = tuple(line for name in names for line in self.lines.get(name, ()))
            yield Aside(tuple(graphs), lines, self._named([name for name in names if name in ends]))

    def _networks(self) -> dict[str, str]:
        return {self.network_names[name]: name for name in networks_in(self.result)}

    def _named(self, names: list[str]) -> tuple[tuple[str, str], ...]:
        """The variable of the first output of each of these nodes, with the node."""
        return tuple((self.values[name, next(iter(self.result.nodes[name].outputs))], name) for name in names)


def networks_in(result: GraphResult) -> list[str]:
    """Names of the networks that an objective places or asks, each once, in order."""
    placed = (node.graph for node in result.graph.nodes.values() if node.type == "Network")
    asked = (found.instance.network for found in result.nodes.values() if isinstance(found.instance, Asking))
    return list(dict.fromkeys((*placed, *asked)))


def previews_of(result: GraphResult) -> list[str]:
    """The nodes of an objective that show a value."""
    return [name for name, found in result.nodes.items() if isinstance(found.instance, Display)]


def losses_of(result: GraphResult) -> list[str]:
    """The nodes whose values are added up to what a step makes small: losses that lead nowhere else."""
    linked = result.graph.links.out_of
    return [name for name, found in result.nodes.items() if _is_loss(found) and not linked.get(name)]


def _is_loss(found: NodeResult) -> bool:
    kinds = {shape.kind for shape in found.outputs.values()}
    return kinds == {"loss"} and not isinstance(found.instance, Metric)
