"""Turns generated source into the class it declares; running it is what imports torch."""

from __future__ import annotations

from typing import Any

from studio.compiler.source import Source


def load_class(source: Source) -> Any:
    """The main class of the source; tracebacks through it show its lines."""
    source.register()
    namespace: dict[str, Any] = {"__name__": "layerloom_network"}
    exec(compile(source.text, source.filename, "exec"), namespace)
    return namespace[source.class_name]
