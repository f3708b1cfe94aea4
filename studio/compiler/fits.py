"""Whether a value would fit a port to which nothing fitting is linked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, product

from studio.compiler.agreeing import made_by
from studio.compiler.ports import node_class
from studio.compiler.results import GraphResult
from studio.compiler.scope import scope_of
from studio.core.expressions import Scope, resolve
from studio.core.graph import Graph, Node
from studio.core.node_class import InputPort, NodeClass, shapes_of
from studio.core.problem import Insert, Mismatch
from studio.core.project import Project
from studio.core.shape import Shape

MOST_TRIALS = 200
"""Combinations of values that are tried where several ports wait for one."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a value fits as it is, or else the node that would make it fit."""

    fits: bool
    insert: Insert | None = None


def fit_of(project: Project, result: GraphResult, at: str, port: str) -> Callable[[Shape], Fit]:
    """The question whether a shape fits a port of a node."""
    found = result.nodes[at]
    if found.node.graph:
        expected = _declared(project, found.node.graph, port) if found.node.type == "Network" else None
        return lambda shape: Fit(expected in (None, shape))
    instance = found.instance or _instance(found.node, result.scope)
    if instance is None:
        return lambda shape: Fit(False)
    ports = type(instance).inputs()
    others = _others(result, at, port, ports)

    @cache
    def fit(shape: Shape) -> Fit:
        answers = [_asked(instance, _arguments(ports, port, shape, more)) for more in islice(others(), MOST_TRIALS)]
        if any(answer is None for answer in answers):
            return Fit(True)
        inserts = (each for answer in answers if answer and answer.port == port for each in answer.repairs)
        return Fit(False, next((i for i in inserts if isinstance(i, Insert) and _mends(i, shape, fit)), None))

    return fit


def _instance(node: Node, scope: Scope) -> NodeClass | None:
    """The node class with its settings; None for one that is not known or set wrongly."""
    cls = node_class(node.type)
    try:
        return cls.of({key: resolve(value, scope) for key, value in node.settings.items()}) if cls is not None else None
    except Mismatch:
        return None


def _mends(insert: Insert, shape: Shape, fit: Callable[[Shape], Fit]) -> bool:
    made = made_by(insert, shape)
    return made is not None and made != shape and fit(made).fits


def _asked(instance: NodeClass, arguments: list[Shape | None]) -> Mismatch | None:
    """What the node has against these values."""
    try:
        instance.infer(*arguments)
    except Mismatch as error:
        return error
    return None


def _others(
    result: GraphResult, at: str, port: str, ports: tuple[InputPort, ...]
) -> Callable[[], Iterator[dict[str, tuple[Shape, ...]]]]:
    """What arrives at the other ports; where nothing does, everything that might."""
    arriving = result.nodes[at].inputs
    shapes = list(dict.fromkeys(shape for found in result.nodes.values() for shape in found.outputs.values()))
    empty = [each.name for each in ports if each.required and each.name not in (port, *arriving) and not each.variadic]

    def combinations() -> Iterator[dict[str, tuple[Shape, ...]]]:
        for some in product(shapes, repeat=len(empty)):
            yield {**arriving, **{name: (shape,) for name, shape in zip(empty, some, strict=True)}}

    return combinations


def _arguments(
    ports: tuple[InputPort, ...], port: str, shape: Shape, others: dict[str, tuple[Shape, ...]]
) -> list[Shape | None]:
    arguments: list[Shape | None] = []
    for each in ports:
        there = others.get(each.name, ())
        if each.variadic:
            arguments += [*there, *((shape,) if each.name == port else ())]
        else:
            arguments.append(shape if each.name == port else there[0] if there else None)
    return arguments


def _declared(project: Project, network: str, port: str) -> Shape | None:
    """What an Input of a network says that it takes; None where that is not known."""
    graph = project.graphs.get(network, Graph())
    node = graph.nodes.get(port)
    try:
        instance = _instance(node, scope_of(project, graph)) if node is not None else None
        return shapes_of(instance.infer())[0] if instance is not None else None
    except Mismatch:
        return None
