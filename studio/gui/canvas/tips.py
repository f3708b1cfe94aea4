"""Exact values in words, for what lies under the pointer or has the keyboard: links, ports, nodes and their parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING
from html import escape
from typing import Any

from studio.compiler.results import NodeResult
from studio.core.declaration import Setting
from studio.core.expressions import is_expression, resolve
from studio.core.graph import Link
from studio.core.problem import Mismatch
from studio.core.shape import AXIS_NAMES, Shape
from studio.gui.canvas.card import Card, Subject, value_text
from studio.gui.canvas.geometry import FOOTER, HEADER, ROW, ROWS_PADDING, Box, PlacedPort, Point, has_footer

BYTES = {"float": 4, "int": 8, "bool": 1}
WORDS = {"float": "32-bit floating point", "int": "64-bit whole numbers", "bool": "true or false"}
UNITS = ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB"))


def of_link(subject: Subject, link: Link) -> str:
    """Which ports a link joins, and what flows through it."""
    lines = [f"{link.source} · {link.output} → {link.target} · {link.input}"]
    shape = subject.shape(link.source, link.output)
    lines += _shape_lines(shape, _batch(subject)) if shape else ["The shape is not known yet."]
    found = subject.found(link.target)
    lines += [problem.message for problem in found.problems if problem.port == link.input] if found else []
    return "\n".join(lines)


def of_port(subject: Subject, port: PlacedPort) -> str:
    """What leaves by a port, or what arrives and what may."""
    if port.is_output:
        shape = subject.shape(port.node, port.port)
        lines = [f"{port.node} · output {port.port}"]
        return "\n".join(lines + (_shape_lines(shape, _batch(subject)) if shape else ["The shape is not known yet."]))
    lines = [f"{port.node} · input {port.port}"]
    declared = subject.ports(port.node).input(port.port)
    if declared is not None and declared.variadic:
        lines.append("Takes one link or several; their order counts.")
    elif declared is not None:
        lines.append("Takes one link." if declared.required else "Takes one link, or none.")
    found = subject.found(port.node)
    arriving = found.inputs.get(port.port, ()) if found else ()
    lines += [line for shape in arriving for line in _shape_lines(shape, _batch(subject))]
    if not arriving:
        lines.append("Nothing arrives yet.")
    lines += [problem.message for problem in found.problems if problem.port == port.port] if found else []
    return "\n".join(lines)


def of_part(subject: Subject, name: str, card: Card, box: Box, at: Point) -> str:
    """What is under a point of a node, from its corner: a setting, its sizes, or else all of it."""
    first = box.rows_top + ROWS_PADDING
    row = int((at[1] - first) // ROW)
    if card.rows and 0 <= row < len(card.rows) and at[1] >= first:
        return of_setting(subject, name, card.rows[row][0])
    if has_footer(card) and box.footer_top <= at[1] <= box.footer_top + FOOTER and at[1] > HEADER:
        return "\n".join(_cost_lines(subject, subject.found(name))) or of_node(subject, name)
    return of_node(subject, name)


def of_node(subject: Subject, name: str) -> str:
    """All of a node: what it is for, its settings, sizes, costs and problems."""
    node, found = subject.graph.nodes[name], subject.found(name)
    cls = None if node.graph else subject.knowledge.node_class(node.type)
    title = cls.title() if cls else f"block {node.graph}" if node.graph else node.type
    lines = [name if name == title else f"{name} · {title}"]
    lines += [(cls.__doc__ or "").strip().splitlines()[0]] if cls and cls.__doc__ else []
    lines += [f"{setting.title}: {_value_text(subject, name, setting)}" for setting in cls.settings()] if cls else []
    lines += [f"Repeated {found.repeat} times"] if found and found.repeat > 1 else []
    lines += _cost_lines(subject, found)
    lines += ["Bypassed: values pass it by"] if node.bypassed else []
    lines += [f"Uses the weights of {node.shares_with}"] if node.shares_with else []
    lines += [lesson.sentence] if (lesson := subject.lessons.get(name)) is not None else []
    lines += [problem.message for problem in found.problems] if found else []
    return "\n".join(lines)


def of_setting(subject: Subject, name: str, title: str) -> str:
    """What a setting means, its value as it is written and as it counts."""
    node = subject.graph.nodes[name]
    cls = None if node.graph else subject.knowledge.node_class(node.type)
    setting = next((each for each in cls.settings() if each.title == title), None) if cls else None
    if setting is None:
        return of_node(subject, name)
    lines = [f"{title}: {_value_text(subject, name, setting)}"]
    lines += [setting.meaning[:1].upper() + setting.meaning[1:]] if setting.meaning else []
    if setting.name not in node.settings and setting.default is not MISSING:
        lines.append("Left as it comes")
    return "\n".join(lines)


def rich(text: str) -> str:
    """A tooltip of these lines, the first one strong, wrapped where it is long; nothing in it is read as markup."""
    first, *rest = (escape(line) for line in text.splitlines())
    return "<br>".join([f"<b>{first}</b>", *rest])


def _value_text(subject: Subject, name: str, setting: Setting) -> str:
    """A setting's value; of an expression both what is written and what that makes."""
    node, found = subject.graph.nodes[name], subject.found(name)
    raw = node.settings.get(setting.name, setting.default)
    if raw is MISSING:
        return "not set"
    value: Any = getattr(found.instance, setting.name) if found and found.instance else raw
    text = value_text(value, setting.type)
    return f"{raw} = {text}" if is_expression(raw) and value != raw else text


def _cost_lines(subject: Subject, found: NodeResult | None) -> list[str]:
    if found is None:
        return []
    lines = [f"Output {name}: {_shape_text(shape)}" for name, shape in found.outputs.items()]
    weights = ", ".join(f"{name} {_sizes(sizes)}" for name, sizes in found.weights.items())
    if found.weight_count:
        lines.append(f"{found.weight_count:,} weights" + (f": {weights}" if weights else ""))
    if found.multiply_adds:
        lines.append(f"{found.multiply_adds:,} multiply-adds per sample")
    return lines


def _shape_lines(shape: Shape, batch: int | None) -> list[str]:
    lines = [f"{shape.kind.capitalize()} {_shape_text(shape)}", WORDS[shape.dtype].capitalize()]
    if not shape.batched:
        return lines
    symbols = sorted({size for size in shape.sizes if isinstance(size, str)})
    unit = f" for each step of {', '.join(symbols)}" if symbols else ""
    memory = shape.elements * BYTES[shape.dtype]
    lines.append(f"{shape.elements:,} numbers per sample{unit}, {memory_text(memory)}")
    if batch is not None:
        lines.append(f"{memory_text(memory * batch)} in a batch of {batch:,}{unit}")
    return lines


def memory_text(size: int) -> str:
    """Bytes in the unit in which a person would say them."""
    for unit, name in UNITS:
        if size >= unit:
            return f"{size / unit:.3g} {name}" if size < 1000 * unit else f"{size / unit:,.0f} {name}"
    return f"{size} bytes"


def _shape_text(shape: Shape) -> str:
    """A shape with the names of its axes where it has several: ``6×28×28 (channels × height × width)``."""
    names = [AXIS_NAMES.get(axis, axis) for axis in shape.axes]
    return f"{shape} ({' × '.join(names)})" if len(names) > 1 and shape.sizes else str(shape)


def _sizes(sizes: Iterable[int]) -> str:
    return "×".join(map(str, sizes)) or "1"


def _batch(subject: Subject) -> int | None:
    """How many samples a step learns from; None where that is an expression that makes no number."""
    scope = subject.result.scope if subject.result else {}
    try:
        batch = resolve(subject.project.training.batch, scope)
    except Mismatch:
        return None
    return batch if isinstance(batch, int) else None
