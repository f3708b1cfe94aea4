"""What a node shows on the canvas, as plain text and marks: from its class, its settings and what was inferred."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field
from functools import cache
from typing import Any, Literal, Protocol, Union, cast, get_args, get_origin

from studio.compiler.fitting import kind_refusal
from studio.compiler.learned import Share
from studio.compiler.ports import Ports
from studio.compiler.results import GraphResult, NodeResult
from studio.core.declaration import Setting
from studio.core.expressions import is_expression, resolve
from studio.core.graph import Graph, Link, Node
from studio.core.node_class import NodeClass
from studio.core.problem import Mismatch
from studio.core.project import Project
from studio.core.shape import Shape
from studio.gui.canvas.lessons import Lessons
from studio.gui.style.tokens import FAMILIES

MOST_ROWS = 3
NEUTRAL = (0, 1, False, None, "", ())
BLOCK_ICON = "layers"

PortState = Literal["linked", "open", "problem"]


class Knowledge(Protocol):
    """What the canvas asks about nodes; ``studio.compiler.ports`` answers all of it."""

    def node_class(self, type_name: str, /) -> type[NodeClass] | None: ...

    def ports_in(self, project: Project, graph: Graph, name: str, /) -> Ports: ...

    def refusal(self, project: Project, graph_name: str, link: Link, /) -> str | None: ...


@dataclass(frozen=True, slots=True)
class PortMark:
    """A port as it is drawn: what flows through it ("" where unknown), and how it stands."""

    name: str
    kind: str = ""
    state: PortState = "linked"


@dataclass(frozen=True, slots=True)
class Card:
    """All that a node shows; two nodes with equal cards look alike."""

    title: str
    type_text: str = ""
    family: str = ""
    icon: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    shape: str = ""
    weights: int = 0
    inputs: tuple[PortMark, ...] = ()
    outputs: tuple[PortMark, ...] = ()
    problem: bool = False
    repeat: int = 1
    stacked: bool = False
    bypassed: bool = False
    collapsed: bool = False
    shared: bool = False
    learning: Share | None = None
    """How much of it learns in the chosen stage, where that is said at the node."""
    maps: int = 0
    """Feature maps that a strip can show while the node learns; it is wide enough for them all the time."""
    strip: int = 0
    """Tiles of the feature strip that is shown."""


@dataclass(frozen=True)
class Subject:
    """A graph that is shown: the project it belongs to, and what was found in it."""

    project: Project
    name: str
    graph: Graph
    result: GraphResult | None
    knowledge: Knowledge
    lessons: Lessons = field(default_factory=dict)

    def told_otherwise(self, before: Subject, names: Iterable[str]) -> frozenset[str]:
        """Those of these nodes about which something else was found, or that learn otherwise."""
        old, new = (each.result.nodes if each.result else {} for each in (before, self))
        found = () if before.result is self.result else (name for name in names if old.get(name) is not new.get(name))
        there, lessons = set(names), {*before.lessons, *self.lessons}
        learns = (name for name in lessons & there if before.lessons.get(name) != self.lessons.get(name))
        return frozenset((*found, *learns))

    def found(self, name: str) -> NodeResult | None:
        return self.result.nodes.get(name) if self.result else None

    def shape(self, node: str, output: str) -> Shape | None:
        """What leaves this output, where that is known."""
        found = self.found(node)
        return found.outputs.get(output) if found else None

    def ports(self, name: str) -> Ports:
        """The ports of one of its nodes."""
        return self.knowledge.ports_in(self.project, self.graph, name)

    def refusal(self, link: Link, *, without: Link | None = None) -> str | None:
        """Why a link may not be drawn, once another is taken away; None where it may."""
        graph = self.graph if without is None else self.graph.disconnect(without)
        refusal = self.knowledge.refusal(self.project.with_graph(self.name, graph), self.name, link)
        if refusal is not None or self.result is None:
            return refusal
        return kind_refusal(self.result, link)

    def is_mismatch(self, link: Link) -> bool:
        """Whether what arrives over this link is what is wrong with the node it feeds."""
        found = self.found(link.target)
        return found is not None and any(problem.port == link.input for problem in found.problems)


def card_of(subject: Subject, name: str, *, strip: int = 0) -> Card:
    """The card of one node."""
    node, found = subject.graph.nodes[name], subject.found(name)
    cls = None if node.graph else subject.knowledge.node_class(node.type)
    title, family = _titled(cast(Any, cls)) if cls else (node.graph or node.type, "")
    family = _family_inside(found) if node.graph else family
    known = FAMILIES.get(family)
    ports = subject.ports(name)
    return Card(
        title=name,
        type_text="" if name == title or name.rstrip(" 0123456789") == title else title,
        family=family,
        icon=BLOCK_ICON if node.graph else known.icon if known else "",
        rows=() if node.collapsed else _rows(subject, node, cls, found),
        shape=_shape_text(found),
        weights=found.weight_count if found else 0,
        inputs=_inputs(subject, name, ports),
        outputs=tuple(PortMark(port, _kind(subject.shape(name, port))) for port in ports.outputs),
        problem=is_wrong(subject, name),
        repeat=_repeat(subject, node, found),
        stacked=bool(node.graph),
        bypassed=node.bypassed,
        collapsed=node.collapsed,
        shared=bool(node.shares_with) or node.share_weights,
        learning=_learning(subject, name),
        maps=0 if node.collapsed or found is None else learned_maps(found),
        strip=0 if node.collapsed else strip,
    )


def is_wrong(subject: Subject, name: str) -> bool:
    """Whether a problem stands at this node, be it only that its class is unknown."""
    node, found = subject.graph.nodes[name], subject.found(name)
    if found is not None and found.problems:
        return True
    return not node.graph and subject.knowledge.node_class(node.type) is None


def learned_maps(found: NodeResult) -> int:
    """How many feature maps leave a node that learns; none where something else leaves it."""
    images = (shape.channels for shape in found.outputs.values() if shape.kind == "image")
    return next(images, 0) if found.weight_count else 0


def value_text(value: Any, hint: Any = None) -> str:
    """A setting's value in words: 5 of a pair of sizes is ``5 × 5``, True is ``Yes``."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, tuple):
        return " × ".join(map(value_text, value))
    if isinstance(value, int):
        return " × ".join([f"{value:,}" if abs(value) >= 10_000 else str(value)] * _axes(hint))
    if isinstance(value, float):
        return f"{value:g}"
    return "None" if value is None else str(value)


@cache
def _axes(hint: Any) -> int:
    """How many sizes a lone number stands for: 2 where the setting may also be a pair."""
    if get_origin(hint) not in (Union, types.UnionType):
        return 1
    lengths = (len(get_args(member)) for member in get_args(hint) if get_origin(member) is tuple)
    return max((length for length in lengths if length), default=1)


def _rows(
    subject: Subject, node: Node, cls: type[NodeClass] | None, found: NodeResult | None
) -> tuple[tuple[str, str], ...]:
    if cls is None:
        pairs = tuple(node.settings.items())[:MOST_ROWS]
        return tuple((key.replace("_", " ").capitalize(), _raw_text(subject, value)) for key, value in pairs)
    shown = _shown(cast(Any, cls))
    shown = [setting for setting in shown if _is_first(setting, shown) or _matters(setting, node)][:MOST_ROWS]
    return tuple((setting.title, _setting_text(subject, setting, node, found)) for setting in shown)


@cache
def _shown(cls: type[NodeClass]) -> list[Setting]:
    """The settings that may be shown, the ones that the class names or else all."""
    settings = {setting.name: setting for setting in cls.settings()}
    return [settings[key] for key in cls.shown or settings if key in settings]


@cache
def _titled(cls: type[NodeClass]) -> tuple[str, str]:
    """Title and family of a class."""
    return cls.title(), cls.family()


def _is_first(setting: Setting, shown: list[Setting]) -> bool:
    """Whether it always tells what the node is: no switch does that."""
    return setting is shown[0] and not isinstance(setting.default, bool)


def _matters(setting: Setting, node: Node) -> bool:
    """Whether a setting says something: not where it is left at a default that does nothing."""
    return setting.default not in NEUTRAL or node.settings.get(setting.name, setting.default) != setting.default


def _setting_text(subject: Subject, setting: Setting, node: Node, found: NodeResult | None) -> str:
    if found is not None and found.instance is not None:
        return value_text(getattr(found.instance, setting.name), setting.type)
    raw = node.settings.get(setting.name, setting.default)
    return "?" if raw is MISSING else _raw_text(subject, raw, setting.type)


def _raw_text(subject: Subject, raw: Any, hint: Any = None) -> str:
    """A raw setting evaluated where that works, else as it is written."""
    scope: Mapping[str, Any] = subject.result.scope if subject.result else {}
    try:
        return value_text(resolve(raw, scope), hint)
    except Mismatch:
        return str(raw)


def _repeat(subject: Subject, node: Node, found: NodeResult | None) -> int:
    if found and found.repeat > 1:
        return found.repeat
    if is_expression(node.repeat):
        text = _raw_text(subject, node.repeat)
        return int(text) if text.isdecimal() else 1
    return node.repeat if isinstance(node.repeat, int) else 1


def _learning(subject: Subject, name: str) -> Share | None:
    lesson = subject.lessons.get(name)
    return lesson.share if lesson is not None and lesson.is_marked else None


def _shape_text(found: NodeResult | None) -> str:
    """The first output; of a node without outputs, what arrives."""
    if found is None:
        return ""
    shapes = [*found.outputs.values(), *(shape for group in found.inputs.values() for shape in group)]
    leaves = not found.problems or bool(found.outputs)
    return str(shapes[0]) if shapes and leaves else ""


def _inputs(subject: Subject, name: str, ports: Ports) -> tuple[PortMark, ...]:
    arriving: dict[str, Link] = {}
    for link in subject.graph.links.into.get(name, ()):
        arriving.setdefault(link.input, link)
    found = subject.found(name)
    wrong = {problem.port for problem in found.problems} if found else set()
    marks = []
    for port in ports.inputs:
        feeding = arriving.get(port.name)
        kind = _kind(subject.shape(feeding.source, feeding.output)) if feeding is not None else ""
        state: PortState = "problem" if port.name in wrong else "open" if feeding is None else "linked"
        marks.append(PortMark(port.name, kind, state))
    return tuple(marks)


def _kind(shape: Shape | None) -> str:
    return shape.kind if shape else ""


def _family_inside(found: NodeResult | None) -> str:
    """The family of a placed graph: that of the node in it that has the most weights."""
    inner = found.inner if found else None
    if inner is None or not inner.nodes:
        return "Combine & reshape"
    heaviest = max(inner.nodes.values(), key=lambda result: result.weight_count)
    if heaviest.inner is not None:
        return _family_inside(heaviest)
    return type(heaviest.instance).family() if heaviest.instance else "Combine & reshape"
