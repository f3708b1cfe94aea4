"""The weights of linear layers that became one compute what the layers did."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

import studio
from nodes.activation import Tanh
from nodes.inputs import Input, Output
from nodes.linear import Linear
from studio.core.builder import GraphBuilder
from studio.core.collapsing import collapse, linear_chains
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.engine.beginning import begin
from studio.training.collapsing import write_collapsed


def network(*biases: bool) -> Project:
    """A linear row, a bend, and a layer whose identifier changes when the row is one: fc_2 becomes fc."""
    net = GraphBuilder()
    last = net.add(Input(kind="vector", sizes=(6,)), name="In")
    for number, bias in enumerate(biases):
        last = net.add(Linear(features=5 - number, bias=bias), last, name=("Fc", "second", "third")[number])
    net.add(Output(), net.add(Linear(features=3), net.add(Tanh(), last), name="fc"), name="Out")
    return Project(name="Row", graphs={"Net": net.graph()})


@pytest.mark.parametrize("biases", [(True, True, True), (True, False, True), (True, False, False), (False, False)])
def test_one_layer_answers_what_the_row_answered(biases: tuple[bool, ...], tmp_path: Path) -> None:
    torch.manual_seed(0)
    before = network(*biases)
    module = studio.build_network(before)
    save_file(module.state_dict(), tmp_path / "net.safetensors")
    chains = linear_chains(before.graphs["Net"])
    after = collapse(before, "Net", chains)
    file = write_collapsed(tmp_path / "net.safetensors", before.graphs["Net"], after.graphs["Net"], chains)
    after = replace(after, training=replace(after.training, weights={"Net": str(file)}))
    one = studio.build_network(after)
    (loaded,) = begin(after, {"Net": one}, lambda _what, _share: None, download=False)
    assert (loaded.missing, loaded.unused, loaded.refused) == ((), (), ())
    assert sum(isinstance(each, torch.nn.Linear) for each in one.modules()) == 2
    values = torch.randn(20, 6)
    torch.testing.assert_close(one(values), module(values), rtol=1e-5, atol=1e-6)


def test_no_file_is_overwritten_and_a_damaged_one_is_said(tmp_path: Path) -> None:
    before = network(True, True)
    graph = before.graphs["Net"]
    chains = linear_chains(graph)
    after = collapse(before, "Net", chains).graphs["Net"]
    save_file(studio.build_network(before).state_dict(), tmp_path / "net.safetensors")
    names = [write_collapsed(tmp_path / "net.safetensors", graph, after, chains).name for _ in range(2)]
    assert names == ["collapsed-1.safetensors", "collapsed-2.safetensors"]
    (tmp_path / "net.safetensors").write_bytes(b"no weights")
    with pytest.raises(ProjectError, match="could not be multiplied"):
        write_collapsed(tmp_path / "net.safetensors", graph, after, chains)
