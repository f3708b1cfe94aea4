"""The program of an objective: networks are given to it, columns of data are its arguments, losses its answer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from studio.compiler.compilation import Compilation
from studio.compiler.program import ClassProgram, Line
from studio.compiler.results import GraphResult, NodeResult
from studio.core.dataset import Dataset
from studio.core.names import identifier
from studio.core.node_class import Metric


def compile_objective(result: GraphResult, networks: dict[str, str]) -> ClassProgram:
    """The program of an objective: networks are given to it, data columns are its arguments.

    ``networks`` are the identifiers of the project's networks by name.
    """
    return _ObjectiveCompilation(result, network_names=networks).compile()


@dataclass
class _ObjectiveCompilation(Compilation):
    """Like that of a network, but for what enters, and for what is returned."""

    network_names: dict[str, str] = field(default_factory=dict)

    def compile(self) -> ClassProgram:
        result, linked = self.result, self.result.graph.links.out_of
        data = [name for name in result.order if isinstance(result.nodes[name].instance, Dataset)]
        arguments = [column for name in data for column in self._columns(name, several=len(data) > 1)]
        for name in result.order:
            if name not in data:
                self._node(name, result.nodes[name])
        ends = [name for name, found in result.nodes.items() if _is_loss(found) and not linked.get(name)]
        metrics = [name for name, found in result.nodes.items() if isinstance(found.instance, Metric)]
        needed = _ancestors(result, ends)
        lines = [(name, line) for name in result.order for line in self.lines.get(name, ())]
        return replace(
            self.program(),
            arguments=tuple(arguments),
            lines=tuple(line for name, line in lines if name in needed),
            measured=tuple(line for name, line in lines if name not in needed),
            networks=tuple(self._networks().items()),
            losses=tuple((self._first(name), name) for name in ends),
            metrics=tuple((self._first(name), name) for name in metrics),
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
        targets = ", ".join(self.values[name, port] for port in ports)
        self.lines[name] = [Line(f"{targets} = self.{attribute}({arguments})", name)]
        return None

    def _networks(self) -> dict[str, str]:
        placed = [node.graph for node in self.result.graph.nodes.values() if node.type == "Network"]
        return {self.network_names[graph]: graph for graph in placed}

    def _first(self, name: str) -> str:
        return self.values[name, next(iter(self.result.nodes[name].outputs))]


def _is_loss(found: NodeResult) -> bool:
    kinds = {shape.kind for shape in found.outputs.values()}
    return kinds == {"loss"} and not isinstance(found.instance, Metric)


def _ancestors(result: GraphResult, names: list[str]) -> set[str]:
    reached, waiting = set(names), list(names)
    while waiting:
        for link in result.graph.links.into.get(waiting.pop(), ()):
            if link.source not in reached:
                reached.add(link.source)
                waiting.append(link.source)
    return reached
