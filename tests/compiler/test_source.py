"""Source: it runs, it reads, its lines map back to nodes, and no name can become code."""

from __future__ import annotations

import ast
import linecache
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.compiler.check import check
from studio.compiler.loading import load_class
from studio.compiler.source import Source, network_source
from studio.core.builder import GraphBuilder
from studio.core.catalog import catalog
from studio.core.graph import Graph
from studio.core.project import Project

NODES = catalog().nodes


def variants() -> list[tuple[str, dict[str, object]]]:
    """Every template as it comes, and with each choice that one of its settings offers."""
    found: list[tuple[str, dict[str, object]]] = []
    for name, template in sorted(catalog().templates.items()):
        choices = [{setting.name: choice} for setting in template.settings() for choice in setting.choices]
        found += [(name, settings) for settings in ({}, *choices)]
    return found


TEMPLATES = pytest.mark.parametrize(("name", "chosen"), variants())


def run(source: Source) -> torch.nn.Module:
    module: torch.nn.Module = load_class(source)()
    return module


def branched(*names: str) -> Graph:
    """image → a → add, image → b → add, with these four names for image, a, b and add."""
    image, first, second, both = names or ("image", "left", "right", "sum")
    builder = GraphBuilder()
    start = builder.add(NODES["Input"](kind="image", sizes=(3, 8, 8)), name=image)
    left = builder.add(NODES["Conv2d"](filters=3, kernel=1), start, name=first)
    right = builder.add(NODES["Conv2d"](filters=3, kernel=3, padding=1), start, name=second)
    builder.add(NODES["Output"](), builder.add(NODES["Add"](), left, right, name=both), name="answer")
    return builder.graph()


def imported(text: str) -> set[str]:
    """Top names of all packages that the source imports."""
    tree = list(ast.walk(ast.parse(text)))
    plain = {alias.name for node in tree if isinstance(node, ast.Import) for alias in node.names}
    return {name.split(".")[0] for name in plain | {str(n.module) for n in tree if isinstance(n, ast.ImportFrom)}}


@TEMPLATES
def test_every_template_runs_and_has_the_weights_and_shapes_the_check_promised(
    name: str, chosen: dict[str, object]
) -> None:
    project = catalog().make_project(name, settings=chosen)
    for network, report in check(project).networks.items():
        with torch.device("meta"):
            module = run(network_source(project, network))
            dtypes = ((shape.sizes, torch.long if shape.dtype == "int" else None) for shape in report.inputs.values())
            answer = module(*(torch.zeros(2, *sizes, dtype=dtype) for sizes, dtype in dtypes))
        learned = sum(weights.numel() for weights in module.parameters() if weights.requires_grad)
        assert learned == report.weights
        answers = answer if isinstance(answer, tuple) else (answer,)
        assert [tuple(a.shape[1:]) for a in answers] == [shape.sizes for shape in report.outputs.values()]


@TEMPLATES
def test_the_source_is_clean_and_imports_only_torch(name: str, chosen: dict[str, object], tmp_path: Path) -> None:
    project = catalog().make_project(name, settings=chosen)
    for network in project.networks:
        text = network_source(project, network).text
        assert imported(text) <= {"torch", *sys.stdlib_module_names}
        file = tmp_path / f"{name}.py"
        file.write_text(text)
        command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "E4,E7,E9,F,I", str(file)]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stdout


def test_a_branch_keeps_its_value_under_the_name_of_its_node() -> None:
    text = network_source(Project("p", {"N": branched()}), "N").text
    assert "left = self.left(image)" in text
    assert "x = left + right" in text


def test_a_line_maps_to_its_node_and_back() -> None:
    source = network_source(Project("p", {"N": branched()}), "N")
    lines = source.text.splitlines()
    for number in source.lines_of("N", "left"):
        assert "self.left" in lines[number - 1]
        assert source.node_at(number) == ("N", "left")
    assert len(source.lines_of("N", "left")) == 2
    assert source.node_at(1) is None


def test_a_traceback_in_the_forward_pass_shows_the_line_of_the_node() -> None:
    source = network_source(Project("p", {"N": branched()}), "N")
    module = run(source)
    with pytest.raises(RuntimeError) as failed:
        module(torch.zeros(1, 5, 8, 8))
    frame = next(f for f in traceback.extract_tb(failed.value.__traceback__) if f.filename == source.filename)
    assert frame.lineno is not None
    assert source.node_at(frame.lineno) == ("N", "left")
    assert "self.left(image)" in linecache.getline(source.filename, frame.lineno)


def test_state_dict_keys_are_the_names_of_the_nodes() -> None:
    module = run(network_source(Project("p", {"N": branched("in", "C 1", "Über", "s")}), "N"))
    assert set(module.state_dict()) == {"c_1.weight", "c_1.bias", "uber.weight", "uber.bias"}


HOSTILE = [
    '"""',
    "__import__('os').system('true')",
    "a\\",
    "x",
    "self",
    "nn",
    "forward",
    "class",
    "a\u2028b",
    "1",
    "«a»",
]


@settings(max_examples=40)
@given(st.lists(st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=9), min_size=6, max_size=6, unique=True))
def test_no_name_becomes_code(names: list[str]) -> None:
    network, other, *inside = names
    graph = branched(*inside)
    if "answer" in inside:
        return
    source = network_source(Project(other, {network: graph}), network)
    calls = {ast.unparse(n.func) for n in ast.walk(ast.parse(source.text)) if isinstance(n, ast.Call)}
    assert all(call.startswith(("nn.", "self.", "super")) for call in calls)
    assert run(source)(torch.zeros(1, 3, 8, 8)).shape == (1, 3, 8, 8)
