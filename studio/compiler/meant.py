"""What was meant: the nearest type for one that is not known, a whole number where an expression gives a fraction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from studio.core.catalog import catalog
from studio.core.expressions import is_expression
from studio.core.graph import Node
from studio.core.node_class import NodeClass
from studio.core.problem import Mismatch, Remove, Replace, Rewrite, Suggestion


def unknown_type(at: str, node: Node) -> Mismatch:
    """The complaint about a node of a type that this program does not have, as a newer file may hold."""
    repairs = (*_nearest(node), Remove(f"Remove {at}"))
    return Mismatch(
        f"This Layerloom does not know nodes of type {node.type!r:.60}; it is kept as it is.", None, repairs
    )


def made_whole(error: Mismatch, cls: type[NodeClass], node: Node, values: Mapping[str, Any]) -> Mismatch:
    """The complaint about a setting; where its expression gives a fraction, rounding down comes first."""
    setting = error.port or ""
    raw, value = node.settings.get(setting), values.get(setting)
    if not is_expression(raw) or not isinstance(raw, str) or not isinstance(value, float):
        return error
    whole = int(value // 1)
    if not _accepts(cls, setting, whole):
        return error
    rounding = Rewrite(raw, f"=floor({raw[1:].strip()})", f"Round down to {whole}")
    return Mismatch(error.message, error.port, (rounding, *error.repairs))


def _nearest(node: Node) -> Iterator[Suggestion]:
    """The known class of the most similar name, with the settings that it has too."""
    known = {name.casefold(): name for name in catalog().nodes}
    for folded in get_close_matches(node.type.casefold(), known, n=1):
        cls = catalog().nodes[known[folded]]
        yield Replace(known[folded], f"Replace it by {cls.title()}", dict(_admitted(cls, node.settings)))


def _admitted(cls: type[NodeClass], settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The settings that a class has and accepts."""
    names = {setting.name for setting in cls.settings()}
    for name, value in settings.items():
        if name in names and (is_expression(value) or _accepts(cls, name, value)):
            yield name, value


def _accepts(cls: type[NodeClass], name: str, value: Any) -> bool:
    try:
        cls.of({name: value})
    except Mismatch:
        return False
    return True
