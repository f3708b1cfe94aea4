"""Messages as lines of JSON: what goes over the socket, into a run's file and to scripts that read ``--json``."""

from __future__ import annotations

import dataclasses
import json
import math
import sys
from collections.abc import Mapping
from typing import Any

import studio.training.answers  # noqa: F401 - its messages make themselves known
from studio.training.commands import Command
from studio.training.messages import Event


def plain(message: Event | Command) -> dict[str, Any]:
    """The message as plain data for JSON; a number that JSON has no word for becomes None."""
    fields = {f.name: _plain(getattr(message, f.name)) for f in dataclasses.fields(message)}  # type: ignore[arg-type]
    head = {"event": message.kind} if isinstance(message, Event) else {"command": type(message).__name__}
    return {**head, **fields}


def line(message: Event | Command, **more: Any) -> bytes:
    """The message as one line of JSON, with whatever else the line should hold."""
    text = json.dumps({**plain(message), **more}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode() + b"\n"


def tell(event: Event) -> None:
    """Write the message to standard output, at once."""
    sys.stdout.buffer.write(line(event))
    sys.stdout.buffer.flush()


def content_of(data: bytes) -> dict[str, Any]:
    """What a line holds; nothing where it is torn or no line of ours."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def message_of(content: Mapping[str, Any]) -> Event | Command | None:
    """The message that a line held; None where it is foreign or of a version that says it otherwise."""
    cls: type[Event] | type[Command] | None
    cls = Event.known.get(str(content.get("event"))) or Command.known.get(str(content.get("command")))
    if cls is None:
        return None
    names = {f.name for f in dataclasses.fields(cls)}  # type: ignore[arg-type]
    try:
        return cls(**{name: _value(value) for name, value in content.items() if name in names})
    except TypeError:
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _value(value: Any) -> Any:
    """JSON's lists as tuples; a figure that was no number is one again."""
    if isinstance(value, dict):
        return {key: math.nan if item is None else _value(item) for key, item in value.items()}
    return tuple(_value(item) for item in value) if isinstance(value, list) else value
