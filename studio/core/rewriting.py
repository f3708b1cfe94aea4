"""Rewrites settings that are computed: which variables they read, under other names, and with values in their place."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from studio.core.declaration import Raw
from studio.core.expressions import evaluate, is_expression, parse
from studio.core.graph import Graph, Node
from studio.core.problem import Mismatch
from studio.core.project import Project

Rewrite = Callable[[Raw], Raw]


def names_in(raw: Raw) -> frozenset[str]:
    """The variables that a raw setting reads; none where it is no expression, or one that cannot be read."""
    if isinstance(raw, tuple):
        return frozenset().union(*map(names_in, raw))
    if not is_expression(raw):
        return frozenset()
    try:
        tree = parse(cast(str, raw))
    except Mismatch:
        return frozenset()
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called)


def renamed(raw: Raw, old: str, new: str) -> Raw:
    """The setting with a variable under another name; everything else is left as it was written."""
    if isinstance(raw, tuple):
        return tuple(renamed(item, old, new) for item in raw)
    return _word(old).sub(new, cast(str, raw)) if old in names_in(raw) else raw


def substituted(raw: Raw, values: Mapping[str, Raw]) -> Raw:
    """The setting with values, or expressions, in place of variables; computed where nothing is left to vary.

    Raises Mismatch where a value that is no number stands in a larger expression, or the result is too long.
    """
    if isinstance(raw, tuple):
        return tuple(substituted(item, values) for item in raw)
    read = names_in(raw)
    if not read & values.keys():
        return raw
    text = cast(str, raw)[1:].strip()
    if text in values:
        return values[text]
    words = re.compile("|".join(_word(name).pattern for name in sorted(read & values.keys())))
    result = "=" + words.sub(lambda found: _operand(found[0], values[found[0]]), text)
    parse(result)
    return result if names_in(result) else cast(Raw, evaluate(result, {}))


def reading(node: Node) -> frozenset[str]:
    """The variables that the settings of a node read, and its repeat."""
    return names_in((*node.settings.values(), node.repeat))


def with_settings(node: Node, rewrite: Rewrite) -> Node:
    """The node with every setting and its repeat rewritten; the same node where none differs."""
    settings, repeat = {name: rewrite(raw) for name, raw in node.settings.items()}, rewrite(node.repeat)
    return (
        node if settings == node.settings and repeat == node.repeat else replace(node, settings=settings, repeat=repeat)
    )


def with_all_settings(graph: Graph, rewrite: Rewrite) -> Graph:
    """The graph with the settings of all its nodes rewritten; the same graph where none differs."""
    changed = {name: new for name, node in graph.nodes.items() if (new := with_settings(node, rewrite)) is not node}
    return graph.put(changed) if changed else graph


def with_variable(project: Project, name: str, rewrite: Rewrite) -> Project:
    """The project with every raw value rewritten in which a name means the project's variable, and no parameter."""
    graphs = {key: _with_variable(graph, name, rewrite) for key, graph in project.graphs.items()}
    variables = {key: rewrite(value) for key, value in project.variables.items()}
    training = project.training
    training = replace(
        training,
        batch=rewrite(training.batch),
        loss=with_settings(training.loss, rewrite) if training.loss else None,
        metrics=tuple(with_settings(metric, rewrite) for metric in training.metrics),
    )
    data = with_settings(project.data, rewrite) if project.data else None
    return replace(project, graphs=graphs, variables=variables, training=training, data=data)


def _with_variable(graph: Graph, name: str, rewrite: Rewrite) -> Graph:
    """A parameter of the graph hides the variable inside; the defaults of parameters see variables alone."""
    parameters = {key: rewrite(value) for key, value in graph.parameters.items()}
    inside = graph if name in graph.parameters else with_all_settings(graph, rewrite)
    return inside if parameters == graph.parameters else replace(inside, parameters=parameters)


def _word(name: str) -> re.Pattern[str]:
    """The variable of this name as it stands in an expression, and not a function called so."""
    return re.compile(rf"(?<![\w.]){re.escape(name)}(?!\w)(?!\s*\()")


def _operand(name: str, value: Raw) -> str:
    """A value as part of a larger expression."""
    if is_expression(value):
        return f"({cast(str, value)[1:].strip()})"
    if isinstance(value, bool | int | float):
        return f"({value!r})" if value < 0 else repr(value)
    raise Mismatch(f"{name} is {value!r:.40}, which is no number, and stands in a larger expression.")
