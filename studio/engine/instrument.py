"""Looks into running modules: their own forward, of the very same source, with a recorder behind every node's line."""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from torch import Tensor, nn

from studio.compiler.source import Source
from studio.core.names import identifier, identifiers
from studio.engine.build import Built
from studio.engine.places import Place, all_places

Values = dict[tuple[str, str], Tensor]
"""What a pass computed, in order, by graph and path of the node; of several passes through a node, the first."""

RECORD = "_layerloom_record"
Forward = Callable[..., Any]


@dataclass(frozen=True)
class _Watched:
    """A module with what its values are called."""

    root: str
    place: Place


class Instrument:
    """The modules of a built project with a second forward each, which tells every node's value."""

    def __init__(self, built: Built) -> None:
        self._watched = {id(place.module): _Watched(root, place) for root, place in all_places(built)}
        self._forwards: dict[type[nn.Module], Forward] = {}
        self._values: Values | None = None
        self._only: Container[object] | None = None
        sources = {**built.network_sources, **built.objective_sources}
        for watched in self._watched.values():
            cls = type(watched.place.module)
            if cls not in self._forwards:
                self._forwards.update(self._instrumented(cls, sources[watched.root]))

    @contextmanager
    def telling(self, values: Values, *, only: Container[object] | None = None) -> Iterator[None]:
        """Within this context every forward pass adds the values of its nodes, or ``only`` those of these places."""
        before = {cls: cls.forward for cls in self._forwards}
        self._values, self._only = values, only
        for cls, forward in self._forwards.items():
            cls.forward = forward
        try:
            yield
        finally:
            for cls, forward in before.items():
                cls.forward = forward

    def _instrumented(self, cls: type[nn.Module], source: Source) -> dict[type[nn.Module], Forward]:
        tree = ast.parse(source.text)
        body = next(part for part in tree.body if isinstance(part, ast.ClassDef) and part.name == cls.__name__)
        function = next(part for part in body.body if isinstance(part, ast.FunctionDef) and part.name == "forward")
        arguments = [argument.arg for argument in function.args.args[1:]]
        function.body = [*_arguments_told(arguments), *_told(function.body, source)]
        module = ast.fix_missing_locations(ast.Module([function], []))
        names: dict[str, Any] = {**_globals(cls), RECORD: self._record}
        exec(compile(module, source.filename, "exec"), names)
        return {cls: names["forward"]}

    def _record(self, module: nn.Module, nodes: Sequence[str], values: object) -> None:
        """A line of this module has computed these values: of a node, of the arguments, or of what is returned."""
        watched = self._watched.get(id(module))
        if watched is None or self._values is None:
            return
        values = values if isinstance(values, tuple) else (values,)
        for node, value in zip(self._names(watched.place, nodes, len(values)), values, strict=False):
            at = watched.root, watched.place.prefix + node
            if isinstance(value, Tensor) and node and (self._only is None or at in self._only):
                self._values.setdefault(at, value)

    def _names(self, place: Place, nodes: Sequence[str], count: int) -> Sequence[str]:
        match nodes:
            case ["", "<returned>"]:
                outputs = place.graph.outputs()
                return outputs if count == len(outputs) else place.graph.answers()
            case ["", *arguments]:
                known = {argument: name for name, argument in identifiers(place.graph.nodes).items()}
                return [known.get(argument, "") for argument in arguments]
        return nodes


def _arguments_told(arguments: Sequence[str]) -> list[ast.stmt]:
    values = ast.Tuple([ast.Name(name, ast.Load()) for name in arguments], ast.Load())
    return [_call(["", *arguments], values)]


def _told(body: Sequence[ast.stmt], source: Source) -> Iterator[ast.stmt]:
    """The statements of a forward pass, each assignment of a node followed by a call that tells its value."""
    for statement in body:
        if isinstance(statement, ast.For | ast.If):
            statement.body = list(_told(statement.body, source))
            statement.orelse = list(_told(statement.orelse, source))
        place = source.node_at(statement.lineno)
        if isinstance(statement, ast.Return) and not isinstance(statement.value, ast.Dict | None):
            yield ast.Assign([ast.Name(RECORD + "_value", ast.Store())], statement.value, lineno=statement.lineno)
            value = ast.Name(RECORD + "_value", ast.Load())
            yield _call(["", "<returned>"], value)
            yield ast.copy_location(ast.Return(value), statement)
            continue
        yield statement
        if isinstance(statement, ast.Assign) and place is not None:
            target = _first_target(statement.targets[0])
            if target != f"{identifier(place[1])}_both":  # what several outputs are taken from, and no output itself
                yield _call([place[1]], ast.Name(target, ast.Load()))


def _first_target(target: ast.expr) -> str:
    name = target.elts[0] if isinstance(target, ast.Tuple) else target
    assert isinstance(name, ast.Name)
    return name.id


def _call(nodes: Sequence[str], values: ast.expr) -> ast.stmt:
    names = ast.List([ast.Constant(node) for node in nodes], ast.Load())
    call = ast.Call(ast.Name(RECORD, ast.Load()), [ast.Name("self", ast.Load()), names, values], [])
    return ast.Expr(call)


def _globals(cls: type[nn.Module]) -> Mapping[str, Any]:
    forward = cls.forward
    assert isinstance(forward, FunctionType)
    return forward.__globals__
