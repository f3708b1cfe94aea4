"""Thousands of edits of every kind, across blocks: undo, canvas, file and shapes hold after each of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    rule,
    run_state_machine_as_test,
)
from pytestqt.qtbot import QtBot

from studio.compiler.check import check
from studio.compiler.results import Diagnosis, GraphResult
from studio.core import loom
from studio.core.adopting import make_unique
from studio.core.blocks import make_block
from studio.core.dissolving import dissolve
from studio.core.interface import add_port
from studio.core.parameters import expose, remove_parameter
from studio.core.renaming import rename_graph, rename_parameter
from studio.gui import motion
from studio.gui.canvas import lettering
from studio.gui.document import Document
from studio.gui.inspector.node_settings import settings_of
from studio.gui.place import Place
from studio.gui.workspace import Workspace
from tests.gui.canvas.test_mirror import assert_shows
from tests.gui.editing import Bench, Editing, flag, number

EXAMPLES, STEPS = 40, 60
"""More than two thousand edits in a run."""


class EditingAcrossBlocks(Editing):
    """Adds blocks, levels and the history, and what holds after every step."""

    @rule(first=number, second=number, third=number)
    def make_block(self, first: int, second: int, third: int) -> None:
        names = {name for at in (first, second, third) if (name := self.node(at)) is not None}
        found = self.workspace.place.result
        nodes = found.nodes if found is not None else {}
        shapes = {(name, port): shape for name, node in nodes.items() for port, shape in node.outputs.items()}
        self.attempt(lambda: make_block(self.project, self.name, names, shapes).project, "Make block")

    @rule(at=number)
    def dissolve(self, at: int) -> None:
        name = self.block(at)
        if name is not None and len(self.graph.nodes) < 40:
            self.attempt(lambda: dissolve(self.project, self.name, name).project, "Dissolve")

    @rule(at=number)
    def make_unique(self, at: int) -> None:
        name = self.block(at)
        if name is not None:
            self.attempt(lambda: make_unique(self.project, self.name, name)[0], "Make unique")

    @rule(at=number)
    def enter(self, at: int) -> None:
        name = self.block(at)
        if name is not None:
            self.workspace.enter(name)

    @rule()
    def leave(self) -> None:
        self.workspace.leave()

    @rule(at=number)
    def go_to_tab(self, at: int) -> None:
        tabs = self.workspace.tabs
        tabs.setCurrentIndex(at % max(1, tabs.count()))

    @rule(at=number, new=st.sampled_from(("Residual", "Stage", "Part")))
    def rename_graph(self, at: int, new: str) -> None:
        old = self.pick(sorted(self.project.graphs), at)
        if old is not None:
            self.attempt(lambda: rename_graph(self.project, old, new), "Rename graph")

    @rule(kind=st.sampled_from(("Input", "Output")))
    def add_port(self, kind: Any) -> None:
        if self.name in self.project.graphs and len(self.graph.nodes) < 40:
            self.edit(add_port(self.graph, kind)[0], f"Add {kind}")

    @rule(at=number, which=number, of_project=flag)
    def expose(self, at: int, which: int, of_project: bool) -> None:
        name, found = self.node(at), self.workspace.place.result
        if name is None or found is None or self.name not in self.project.graphs:
            return
        node = self.graph.nodes[name]
        chosen = self.pick(settings_of(self.project, node), which)
        if (
            chosen is None
            or chosen.name == "share_weights"
            or not isinstance(value := node.settings.get(chosen.name, chosen.default), int | float | str)
        ):
            return
        attempt = lambda: expose(  # noqa: E731  # refused where the expression cannot be computed
            self.project, self.name, name, chosen.name, value, found.scope, of_project=of_project
        )[0]
        self.attempt(attempt, "Expose")

    @rule(at=number, new=st.sampled_from(("width", "depth", "size", "2")))
    def rename_parameter(self, at: int, new: str) -> None:
        old = self.pick(sorted(self.graph.parameters), at)
        if old is not None:
            self.attempt(lambda: rename_parameter(self.project, self.name, old, new), "Rename parameter")

    @rule(at=number)
    def remove_parameter(self, at: int) -> None:
        old = self.pick(sorted(self.graph.parameters), at)
        if old is not None:
            self.attempt(lambda: remove_parameter(self.project, self.name, old), "Remove parameter")

    def block(self, at: int) -> str | None:
        return self.pick(sorted(name for name, node in self.graph.nodes.items() if node.type == "Block"), at)

    # --- what holds

    @rule(steps=st.integers(1, 5))
    def undo_some(self, steps: int) -> None:
        for _ in range(steps):
            self.document.undo()

    @rule(steps=st.integers(1, 5))
    def redo_some(self, steps: int) -> None:
        for _ in range(steps):
            self.document.redo()

    @rule()
    def undo_all_and_redo_all(self) -> None:
        projects = [step.project for step in self.document.steps]
        now = self.document.position
        texts = loom.dumps(projects[0]), loom.dumps(projects[now])
        for at in reversed(range(now)):
            self.document.undo()
            assert self.project is projects[at]
        assert loom.dumps(self.project) == texts[0], "no edit changes a value that was there before"
        self.holds()
        for at in range(1, now + 1):
            self.document.redo()
            assert self.project is projects[at]
        assert loom.dumps(self.project) == texts[1]

    @rule()
    def save_and_open_again(self) -> None:
        text = loom.dumps(self.project)
        again = loom.loads(text)
        assert again == self.project
        assert loom.dumps(again) == text

    @invariant()
    def holds(self) -> None:
        """The canvas shows the graph, and what was found edit by edit is what a look at everything finds."""
        if not hasattr(self, "document"):
            return
        assert self.bench.errors == []
        place, drawing = self.workspace.place, self.workspace.canvas.drawing
        assert drawing.graph is place.graph or drawing.graph == place.graph
        assert drawing.subject.result is place.result
        assert_same(self.document.diagnosis, check(self.project))

    @invariant()
    def canvas_is_exact(self) -> None:
        if hasattr(self, "document"):
            self.edits += 1
            if self.edits % 4 == 0:
                assert_shows(drawing := self.workspace.canvas.drawing, drawing.subject, lettering.width)


def assert_same(found: Diagnosis, fresh: Diagnosis) -> None:
    """Two looks at a project found the same."""
    assert found.problems == fresh.problems
    assert found.objectives == fresh.objectives
    assert found.graphs.keys() == fresh.graphs.keys()
    for name, result in fresh.graphs.items():
        assert_same_graph(found.graphs[name], result)


def assert_same_graph(found: GraphResult, fresh: GraphResult) -> None:
    assert found.graph == fresh.graph
    assert dict(found.scope) == dict(fresh.scope)
    assert found.problems == fresh.problems
    assert (found.weights, found.multiply_adds) == (fresh.weights, fresh.multiply_adds)
    assert found.nodes.keys() == fresh.nodes.keys()
    for name, node in fresh.nodes.items():
        kept = found.nodes[name]
        assert kept.node == node.node, name
        assert (kept.inputs, kept.outputs, kept.weights) == (node.inputs, node.outputs, node.weights), name
        assert (kept.instance, kept.problems, kept.repeat) == (node.instance, node.problems, node.repeat), name
        assert (kept.inner is None) == (node.inner is None)
        if kept.inner is not None and node.inner is not None:
            assert_same_graph(kept.inner, node.inner)


@pytest.fixture
def bench(qtbot: QtBot, home: object) -> Iterator[Bench]:
    """A document and the centre of a window, used by one run of edits after the other."""
    motion.choose("reduced")
    document = Document()
    workspace = Workspace(document, Place(document))
    workspace.resize(900, 700)
    with qtbot.capture_exceptions() as errors:
        yield Bench(document, workspace, errors)
    document.let_go()
    workspace.deleteLater()


@pytest.mark.slow
def test_edits_at_random_lose_nothing_and_show_everything(bench: Bench) -> None:
    machine = type("EditingAcrossBlocks", (EditingAcrossBlocks,), {"bench": bench})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
