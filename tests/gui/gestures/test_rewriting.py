"""Share weights, collapse linear layers: what makes other layers of those that are there."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

import studio
from studio.core.graph import Link, Node
from studio.training.checkpoints import ABOUT, Checkpoint, checkpoint_name
from studio.training.run import Run
from tests.gui.gestures.conftest import GRAPH, Stage


def test_a_locally_connected_layer_becomes_the_convolution_that_shares_its_weights(stage: Stage):
    stage.add(Node("LocallyConnected2d", {"filters": 6, "kernel": 5}), "Fields", (600.0, 700.0))
    linked = stage.graph.connect(Link("Image", "out", "Fields", "image"))
    stage.window.document.apply_graph(GRAPH, linked, "Link")
    stage.canvas.select({"Image"})
    assert not stage.window.workspace.rewiring.sharable()
    stage.canvas.select({"Fields"})
    stage.window.run("Share weights")
    fields = stage.graph.nodes["Fields"]
    assert (fields.type, fields.settings) == ("Conv2d", {"filters": 6, "kernel": 5})
    assert ("Image", "Fields") in stage.pairs
    assert stage.labels[-1] == "Share the weights of Fields"
    result = stage.window.document.diagnosis.graphs[GRAPH].nodes["Fields"]
    assert result.weight_count == 6 * (5 * 5 + 1)


@pytest.fixture
def linear(stage: Stage) -> Stage:
    """LeNet-5 without what bends between its three last layers."""
    graph = stage.graph
    bends = [name for name in graph.nodes if name in ("Tanh 3", "Tanh 4")]
    stage.window.document.apply_graph(GRAPH, graph.remove(bends, heal=True), "Straighten")
    stage.before, stage.steps = stage.window.document.project, stage.window.document.position
    return stage


def test_linear_layers_without_a_bend_between_them_become_one(linear: Stage):
    linear.canvas.select(())
    linear.window.run("Collapse linear layers")
    assert {"C5", "F6"}.isdisjoint(linear.graph.nodes)
    assert ("Flatten", "Output") in linear.pairs
    assert linear.window.document.diagnosis.graphs[GRAPH].nodes["Output"].weight_count == (400 + 1) * 10
    assert linear.canvas.selected == {"Output"}
    assert linear.said == "3 linear layers became one. The new layer has to learn anew."
    assert linear.is_undone()


def test_only_the_selected_ones_are_taken(linear: Stage):
    linear.canvas.select({"C5", "F6", "S4"})
    linear.window.run("Collapse linear layers")
    assert {"F6", "Output"} <= linear.graph.nodes.keys()
    assert "C5" not in linear.graph.nodes
    assert linear.is_undone()


def test_what_a_run_has_taught_them_goes_along(linear: Stage, tmp_path: Path):
    project = linear.window.document.project
    module = studio.build_network(project).eval()
    run = Run.create(project, tmp_path / "run")
    folder = run.checkpoint_folder / checkpoint_name(7, "stop")
    folder.mkdir()
    (folder / ABOUT).write_text(Checkpoint(folder, 7, 0, 1, "stop").about())
    save_file(module.state_dict(), folder / "lenet_5.safetensors")
    linear.window.session.adopt(run)
    linear.window.run("Collapse linear layers")
    assert linear.said == f"3 linear layers became one. {GRAPH} begins with what they had learned, multiplied."
    collapsed = linear.window.document.project
    one = studio.build_network(collapsed).eval()
    one.load_state_dict(load_file(collapsed.training.weights[GRAPH]))
    images = torch.rand(3, 1, 32, 32)
    torch.testing.assert_close(one(images), module(images), rtol=1e-4, atol=1e-5)
    assert linear.is_undone()
