"""Reads and writes .loom files: versioned JSON that is checked before it is believed, and saved without risk."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from studio.core.problem import ProjectError
from studio.core.project import Project

FORMAT, VERSION = "layerloom", 1
LARGEST_FILE, DEEPEST = 64 * 2**20, 40

MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""What turns a file of the version into one of the next."""

WRITABLE = 0o222
"""The bits of a file's mode that allow anybody to write."""

ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Control characters, which a terminal would obey, and what ends a line."""

SHORT = 110
"""Values that fit into a line of so many characters are written in one."""


def dumps(project: Project) -> str:
    """The project as the text of a file: stable order, short lines, what equals a default left out."""
    content = {"format": FORMAT, "version": VERSION, **_plain(project)}
    return _lines(content, "") + "\n"


def loads(text: str) -> Project:
    """The project that the text describes. Raises ProjectError with a sentence for anything else."""
    try:
        content = json.loads(text, parse_constant=_refuse_constant, parse_int=_bounded_int, parse_float=_finite)
        if "\\u" in text:
            json.dumps(content, ensure_ascii=False).encode()  # half a character could be read but never saved
    except RecursionError:
        raise ProjectError("The file is nested deeper than a project ever is; it was not opened.") from None
    except ValueError as error:
        raise ProjectError(f"This is not a Layerloom project: it is no valid JSON ({_first_line(error)}).") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ProjectError('This is not a Layerloom project: it lacks the line "format": "layerloom".')
    _refuse_depth(content)
    return _checked(_migrated(content))


def load(path: Path) -> Project:
    """The project of a file. Raises ProjectError; the file is never changed."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ProjectError(f"{path.name} is larger than a project may be ({LARGEST_FILE // 2**20} MiB).")
        return loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise ProjectError(f"{path.name} is not a Layerloom project: it is not text.") from None
    except OSError as error:
        raise ProjectError(f"{path.name} cannot be read: {error.strerror or error}.") from None


def digest(path: Path) -> str:
    """What tells a file's content from any other; empty where there is no file that can be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def save(project: Project, path: Path) -> None:
    """Write the file whole or not at all. Raises ProjectError where the disk refuses; the old file then stays.

    A link goes on pointing at its file, and a file that may not be written is not replaced.
    """
    path = path.resolve()
    if path.exists() and not path.stat().st_mode & WRITABLE:
        raise ProjectError(f"{path} is read-only. Save under another name, or allow writing to it.")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise ProjectError(f"{path} cannot be written: {error.strerror or error}. Choose another folder.") from None
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(dumps(project))
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(path.stat().st_mode if path.exists() else 0o644)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise ProjectError(f"{path} cannot be written: {error.strerror or error}. The old file is untouched.") from None


def _plain(value: Any) -> Any:
    """Dataclasses as mappings without their defaults, tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: _plain(item) for field, item in pairs if item != _default(field)}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def _default(field: Any) -> Any:
    missing = type(field.default_factory).__name__ == "_MISSING_TYPE"
    return field.default if missing else field.default_factory()


def _lines(value: Any, indent: str) -> str:
    """JSON in which whatever is short stands in one line, so that a change shows as few lines."""
    flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if len(flat) + len(indent) <= SHORT or not isinstance(value, dict | list) or not value:
        return flat
    deeper = indent + "  "
    if isinstance(value, dict):
        rows = [f"{json.dumps(key, ensure_ascii=False)}: {_lines(item, deeper)}" for key, item in value.items()]
    else:
        rows = [_lines(item, deeper) for item in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    body = ",\n".join(deeper + row for row in rows)
    return f"{opening}\n{body}\n{indent}{closing}"


def _migrated(content: dict[str, Any]) -> dict[str, Any]:
    version = content.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ProjectError("This project does not say its version; it cannot be opened.")
    if version > VERSION:
        raise ProjectError(
            f"This project was saved by a newer Layerloom (file version {version}; this one reads up to {VERSION}). "
            "Update Layerloom to open it."
        )
    while version < VERSION:
        content = MIGRATIONS[version](content)
        version += 1
    return {key: value for key, value in content.items() if key not in ("format", "version")}


def _checked(content: dict[str, Any]) -> Project:
    from pydantic import TypeAdapter, ValidationError  # late: not before the first painted window

    try:
        project = TypeAdapter(Project).validate_python(_tuples(content))
    except ValidationError as error:
        first = error.errors()[0]
        place, reason = [str(part) for part in first["loc"]], first["msg"]
        if "settings" in place:  # what follows are the types that a setting may have, each with its own complaint
            place = place[: place.index("settings") + 2]
            reason = "A setting is a number, a text, true, false, or a list of them"
        raise ProjectError(f"The project is damaged at {' / '.join(place)[:200]}: {reason}.") from None
    _refuse_odd_names(project)
    return project


def _tuples(value: Any) -> Any:
    """JSON's lists as the tuples that immutable values hold."""
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def _refuse_odd_names(project: Project) -> None:
    """Names are shown and printed everywhere, so control characters and absurd lengths end here."""
    names = [project.name, *project.variables, *project.graphs]
    for graph in project.graphs.values():
        names += [*graph.nodes, *graph.parameters, *(port for k in graph.links for port in (k.output, k.input))]
    for name in dict.fromkeys(names):
        if not name.strip() or len(name) > 200 or ODD.search(name):
            raise ProjectError(f"The project is damaged: {name[:40]!r} cannot be a name.")
    for source in project.training.weights.values():
        if ODD.search(source):
            raise ProjectError(f"The project is damaged: {source[:40]!r} cannot be where weights come from.")


def _refuse_depth(value: Any, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise ProjectError("The file is nested deeper than a project ever is; it was not opened.")
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _refuse_depth(item, depth + 1)


def _refuse_constant(text: str) -> float:
    raise ValueError(f"{text} is not a number a project may hold")


def _bounded_int(text: str) -> int:
    if len(text) > 18:
        raise ValueError(f"the number {text[:12]}… is too large")
    return int(text)


def _finite(text: str) -> float:
    if math.isinf(number := float(text)):
        raise ValueError(f"the number {text[:12]}… is too large")
    return number


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:120]
