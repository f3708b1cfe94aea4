"""What checking a project finds: for every node its shapes, weights and cost, for every network the sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

from studio.compiler.structure import Structure
from studio.core.graph import Graph, Node
from studio.core.node_class import NodeClass
from studio.core.problem import Problem
from studio.core.shape import Shape

Fed = Mapping[str, tuple[Shape, ...]]
"""What arrives at each input port; several shapes only at a variadic one."""


@dataclass(frozen=True, slots=True)
class NodeResult:
    """One node as it was found: its settings resolved, what arrives, what leaves, what it learns."""

    node: Node
    instance: NodeClass | None = None
    inputs: Fed = field(default_factory=dict)
    outputs: Mapping[str, Shape] = field(default_factory=dict)
    weights: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    weight_count: int = 0
    """Weights, those of a block's nodes and of its repeats included; shared ones count where they first stand."""
    multiply_adds: int = 0
    problems: tuple[Problem, ...] = ()
    inner: GraphResult | None = None
    repeat: int = 1
    later: GraphResult | None = None
    """The inside of the second and further repeats, where it differs from that of the first."""


@dataclass(frozen=True)
class GraphResult:
    """A graph inferred with one set of inputs and parameter values."""

    name: str
    graph: Graph
    scope: Mapping[str, Any]
    fed: Mapping[str, Shape]
    structure: Structure
    nodes: Mapping[str, NodeResult]

    @property
    def order(self) -> tuple[str, ...]:
        """Names of the nodes, each after what feeds it."""
        return self.structure.order

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        own = tuple(problem for result in self.nodes.values() for problem in result.problems)
        return self.structure.by_node.get("", ()) + own

    @cached_property
    def weights(self) -> int:
        return sum(result.weight_count for result in self.nodes.values())

    @cached_property
    def multiply_adds(self) -> int:
        return sum(result.multiply_adds for result in self.nodes.values())

    @cached_property
    def inputs(self) -> dict[str, Shape]:
        return {name: self.nodes[name].outputs["out"] for name in self.graph.inputs() if self.nodes[name].outputs}

    @cached_property
    def outputs(self) -> dict[str, Shape]:
        arriving = {name: self.nodes[name].inputs.get("value", ()) for name in self.graph.outputs()}
        return {name: shapes[0] for name, shapes in arriving.items() if shapes}

    @cached_property
    def answers(self) -> dict[str, Shape]:
        """The outputs that are answered at all times, not while the network learns alone."""
        always = self.graph.answers()
        return {name: shape for name, shape in self.outputs.items() if name in always}

    @cached_property
    def activations(self) -> int:
        """Numbers that all nodes' outputs hold for one sample."""
        return sum(
            result.inner.activations * result.repeat
            if result.inner
            else sum(s.elements for s in result.outputs.values())
            for result in self.nodes.values()
        )

    @cached_property
    def size(self) -> int:
        """How many nodes it holds, those inside blocks included, a repeated block counted once."""
        return len(self.nodes) + sum(result.inner.size for result in self.nodes.values() if result.inner)

    def walk(self, prefix: str = "") -> Iterator[tuple[str, NodeResult]]:
        """Every node with its path, those inside blocks after the block: ``layer1/Conv``."""
        for name in self.order:
            path = f"{prefix}{name}"
            yield path, self.nodes[name]
            if (inner := self.nodes[name].inner) is not None:
                yield from inner.walk(f"{path}/")


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong with a project, and every graph as it was inferred."""

    problems: tuple[Problem, ...]
    graphs: Mapping[str, GraphResult]
    objectives: Mapping[str, Graph]
    """The objective graphs: those drawn, or the one the studio makes."""
    hints: tuple[Problem, ...] = ()
    """What is rarely meant, though it can be; it keeps nothing from running."""

    @property
    def can_run(self) -> bool:
        return not self.problems

    @property
    def networks(self) -> dict[str, GraphResult]:
        return {name: result for name, result in self.graphs.items() if result.graph.role == "network"}

    def at(self, graph: str, path: tuple[str, ...] = ()) -> GraphResult | None:
        """The inside of a block: the graph where the path starts, then the names of the blocks entered."""
        result = self.graphs.get(graph)
        for name in path:
            result = result.nodes[name].inner if result and name in result.nodes else None
        return result


def count(weights: Mapping[str, tuple[int, ...]]) -> int:
    """How many numbers these tensors hold."""
    return sum(prod(shape) for shape in weights.values())
