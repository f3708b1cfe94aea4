"""Edits of one graph and of its training, chosen at random, as the window makes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
)

from nodes.activation import ReLU
from nodes.combine import Add, Flatten
from nodes.convolution import Conv2d
from nodes.data.small_digits import SmallDigits
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import Accuracy, CrossEntropy
from nodes.norm import BatchNorm2d
from nodes.pooling import AvgPool2d
from studio.compiler import ports
from studio.core.builder import GraphBuilder, node_of
from studio.core.graph import Frame, Graph, Link, Node
from studio.core.problem import Mismatch, ProjectError
from studio.core.project import Project, Stage, Training
from studio.core.renaming import rename_node
from studio.gui.canvas import edits
from studio.gui.document import Document
from studio.gui.inspector.node_settings import graph_with, settings_of
from studio.gui.workspace import Workspace

T = TypeVar("T")

TYPES = (
    "Conv2d",
    "ReLU",
    "AvgPool2d",
    "Flatten",
    "Linear",
    "Add",
    "Concat",
    "BatchNorm2d",
    "Dropout",
    "Input",
    "Output",
)
VALUES = (1, 2, 3, 8, 0, -1, 0.5, True, "=width", "=width*2", "=nothing", "=2+", "", "same", (3, 3))
NAMES = ("Conv2d", "ReLU", "a", "ü 1", "class", "x" * 40, "", "Input")

number = st.integers(0, 999)
flag = st.booleans()
place = st.tuples(st.integers(-40, 160), st.integers(-40, 90)).map(lambda at: (at[0] * 8.0, at[1] * 8.0))


def drawn() -> Project:
    """A network with a residual block that stands three times, sizes computed from variables, and a frame."""
    block = GraphBuilder(role="block", width=4)
    x = block.add(Input(kind="image", sizes=("=width", 8, 8)), name="x")
    inside = block.add(Conv2d(kernel=3, padding="same"), x, filters="=width")
    block.add(Output(), block.add(Add(), block.chain(inside, BatchNorm2d(), ReLU()), x), name="y")
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(1, 8, 8)), name="Image")
    with net.frame("Features"):
        stem = net.add(Conv2d(kernel=3, padding="same"), image, name="Stem", filters="=width")
        stage = net.add_graph("Stage", "Residual", block.graph(), stem, repeat=3, width="=width")
        last = net.chain(stage, AvgPool2d(), Flatten())
    net.add(Output(), net.add(Linear(features=10), last, name="Scores"))
    training = Training(batch=32, loss=node_of(CrossEntropy()), metrics=(node_of(Accuracy()),))
    graphs = {"Net": net.graph(), "Residual": block.graph()}
    return Project("Random", graphs, {"width": 4}, node_of(SmallDigits()), training)


@dataclass(frozen=True)
class Bench:
    """What is edited, what shows it, and what went wrong behind Qt's back."""

    document: Document
    workspace: Workspace
    errors: list[Any]


class Editing(RuleBasedStateMachine):
    """Edits a project as the window does, through the window's own parts."""

    bench: Bench

    @initialize(empty=flag)
    def open(self, empty: bool) -> None:
        self.document, self.workspace = self.bench.document, self.bench.workspace
        project = Project("Empty", {"Net": Graph()}, {"width": 4}) if empty else drawn()
        self.document.open(project)
        self.edits = 0

    @property
    def graph(self) -> Graph:
        return self.workspace.place.graph

    @property
    def name(self) -> str:
        return self.workspace.place.graph_name

    @property
    def project(self) -> Project:
        return self.document.project

    def pick(self, items: Sequence[T], at: int) -> T | None:
        return items[at % len(items)] if items else None

    def node(self, at: int) -> str | None:
        return self.pick(sorted(self.graph.nodes), at)

    def choose(self, *at: int) -> None:
        self.workspace.canvas.select({name for each in at if (name := self.node(each)) is not None})

    def edit(self, graph: Graph, label: str) -> None:
        self.workspace.canvas.commands.edit(graph, label)

    def attempt(self, make: Callable[[], Project], label: str) -> None:
        """An edit that may be refused with a sentence, and then leaves everything as it is."""
        try:
            edited = make()
        except (ProjectError, Mismatch):
            return
        self.document.apply(edited, label)

    # --- nodes and links

    @rule(kind=st.sampled_from(TYPES), at=place, inserts=flag)
    def add(self, kind: str, at: tuple[float, float], inserts: bool) -> None:
        self.workspace.canvas.commands.add_node(Node(kind), kind, at, inserts=inserts)

    @rule(start=number, end=number, output=number, port=number)
    def connect(self, start: int, end: int, output: int, port: int) -> None:
        first, second = self.node(start), self.node(end)
        if first is None or second is None or self.name not in self.project.graphs:
            return
        leaving = self.pick(ports.ports_in(self.project, self.graph, first).outputs, output)
        arriving = self.pick(ports.ports_in(self.project, self.graph, second).inputs, port)
        if leaving is None or arriving is None:
            return
        link = Link(first, leaving, second, arriving.name)
        if ports.refusal(self.project, self.name, link) is None:
            self.edit(*edits.connect(self.graph, link, variadic=arriving.variadic))

    @rule(at=number)
    def disconnect(self, at: int) -> None:
        link = self.pick(self.graph.links, at)
        if link is not None:
            self.workspace.canvas.select(())
            self.workspace.canvas.commands.select_link(link)
            self.workspace.canvas.commands.delete()

    @rule(at=number, via=st.lists(place, max_size=3))
    def lead(self, at: int, via: list[tuple[float, float]]) -> None:
        link = self.pick(self.graph.links, at)
        if link is not None:
            self.edit(self.graph.lead(link, via), "Lead")

    @rule(first=number, second=number, to=place)
    def move(self, first: int, second: int, to: tuple[float, float]) -> None:
        names = {name for at in (first, second) if (name := self.node(at)) is not None}
        if names:
            self.edit(
                *edits.move(self.graph, {name: (to[0] + 16.0 * i, to[1]) for i, name in enumerate(sorted(names))})
            )

    @rule(first=number, second=number, heal=flag)
    def delete(self, first: int, second: int, heal: bool) -> None:
        self.choose(first, second)
        self.workspace.canvas.commands.delete(heal=heal)

    @rule(at=number, to=place)
    def detach(self, at: int, to: tuple[float, float]) -> None:
        name = self.node(at)
        if name is not None:
            self.edit(*edits.detach(self.graph, {name: to}))

    @rule(at=number, new=st.sampled_from(NAMES))
    def rename(self, at: int, new: str) -> None:
        old = self.node(at)
        if old is not None and new and self.name in self.project.graphs:
            self.attempt(lambda: rename_node(self.project, self.name, old, new), "Rename")

    @rule(first=number, second=number, third=number)
    def join(self, first: int, second: int, third: int) -> None:
        self.choose(first, second, third)
        self.workspace.rewiring.join()

    @rule(at=number, kind=st.sampled_from(TYPES))
    def swap(self, at: int, kind: str) -> None:
        self.choose(at)
        if self.workspace.rewiring.swappable():
            self.workspace.rewiring.swap(kind)

    @rule(first=number, second=number, linked=flag)
    def duplicate(self, first: int, second: int, linked: bool) -> None:
        self.choose(first, second)
        if len(self.graph.nodes) < 40 and self.workspace.place.selected:
            self.workspace.selection.duplicate(linked=linked)

    @rule(first=number, second=number, cuts=flag)
    def copy_and_paste(self, first: int, second: int, cuts: bool) -> None:
        self.choose(first, second)
        if len(self.graph.nodes) < 40 and self.workspace.place.selected:
            self.workspace.clipboard.cut() if cuts else self.workspace.clipboard.copy()
            self.workspace.clipboard.paste()

    @rule(first=number, second=number)
    def bypass(self, first: int, second: int) -> None:
        self.choose(first, second)
        if self.workspace.place.selected:
            self.workspace.selection.bypass()

    @rule(first=number, second=number)
    def collapse(self, first: int, second: int) -> None:
        self.choose(first, second)
        if self.workspace.place.selected:
            self.workspace.selection.collapse()

    @rule(first=number, second=number, third=number, side=st.sampled_from(("left", "top", "middle")))
    def align(self, first: int, second: int, third: int, side: Any) -> None:
        self.choose(first, second, third)
        self.workspace.rewiring.align(side)

    @rule(alone=flag, first=number, second=number)
    def tidy(self, alone: bool, first: int, second: int) -> None:
        self.choose(*(() if alone else (first, second)))
        self.workspace.selection.tidy()

    # --- settings, variables, frames, training

    @rule(at=number, which=number, value=st.sampled_from(VALUES))
    def set(self, at: int, which: int, value: Any) -> None:
        name = self.node(at)
        found = self.pick(settings_of(self.project, self.graph.nodes[name]), which) if name is not None else None
        if found is not None and name is not None:
            value = value is True if found.name == "share_weights" else value  # a switch gives nothing else
            self.edit(graph_with(self.graph, [name], {found.name: found}, found.name, value), f"Set {found.name}")

    @rule(at=number, other=number)
    def share(self, at: int, other: int) -> None:
        name, owner = self.node(at), self.node(other)
        if name is not None and owner is not None:
            shared = replace(self.graph.nodes[name], shares_with="" if owner == name else owner)
            self.edit(self.graph.put({name: shared}), "Share weights")

    @rule(name=st.sampled_from(("width", "depth")), value=st.sampled_from((2, 4, 6, 0.5, "=width+1", "=2+", "")))
    def set_variable(self, name: str, value: Any) -> None:
        self.document.apply(
            replace(self.project, variables={**self.project.variables, name: value}), f"Variable {name}"
        )

    @rule(name=st.sampled_from(("width", "depth")))
    def remove_variable(self, name: str) -> None:
        kept = {key: value for key, value in self.project.variables.items() if key != name}
        self.document.apply(replace(self.project, variables=kept), f"Remove {name}")

    @rule(at=place, size=place, which=number, adds=flag)
    def frame(self, at: tuple[float, float], size: tuple[float, float], which: int, adds: bool) -> None:
        frames = self.graph.frames
        if adds:
            frames = (*frames, Frame(f"Frame {len(frames)}", (*at, abs(size[0]) + 80.0, abs(size[1]) + 80.0)))
        elif (gone := self.pick(frames, which)) is not None:
            frames = tuple(frame for frame in frames if frame is not gone)
        self.edit(replace(self.graph, frames=frames), "Frames")

    @rule(batch=st.sampled_from((1, 64, "=width", "=2+", 0)), seed=st.integers(0, 3))
    def train_otherwise(self, batch: Any, seed: int) -> None:
        training = replace(self.project.training, batch=batch, seed=seed)
        self.document.apply(replace(self.project, training=training), "Training")

    @rule(learns=st.sampled_from(((), ("Net",), ("Net/Stem",), ("Residual",))), second=flag)
    def stages(self, learns: tuple[str, ...], second: bool) -> None:
        stages = (Stage(learns=learns), *((Stage(name="second"),) if second else ()))
        self.document.apply(replace(self.project, training=replace(self.project.training, stages=stages)), "Stages")
