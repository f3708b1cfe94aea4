"""The .loom file: what goes in comes out, and a refused or interrupted save loses nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core import loom
from studio.core.catalog import catalog
from studio.core.graph import Frame, Graph, Link, Links, Node
from studio.core.problem import ProjectError
from studio.core.project import Goal, Project, Stage, Training

names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=12).filter(str.strip)
numbers = st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False)
raws = st.recursive(st.none() | st.booleans() | numbers | names, lambda inner: st.lists(inner, max_size=3).map(tuple))
points = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
nodes = st.builds(
    Node, type=names, settings=st.dictionaries(names, raws, max_size=3), position=points, bypassed=st.booleans()
)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    drawn = draw(st.dictionaries(names, nodes, min_size=1, max_size=5))
    ends = st.sampled_from(sorted(drawn))
    links = draw(
        st.lists(st.builds(Link, ends, names, ends, names, st.lists(points, max_size=2).map(tuple)), max_size=4)
    )
    return Graph(drawn, Links(links), draw(st.dictionaries(names, raws, max_size=2)))


@given(st.builds(Project, name=names, graphs=st.dictionaries(names, graphs(), max_size=3)))
def test_any_project_reads_back_equal(project: Project) -> None:
    assert loom.loads(loom.dumps(project)) == project


def test_everything_a_project_holds_reads_back_equal() -> None:
    graph = Graph(
        {"b": Node("Block", {"width": "=w*2"}, graph="Inner", repeat=3, share_weights=True), "c": Node("X")},
        role="objective",
        frames=(Frame("Features", (0.0, 1.0, 200.0, 100.0), "Attention"),),
    )
    training = Training("=b", 3, loss=Node("CrossEntropy"), metrics=(Node("Accuracy"),), stages=(Stage(epochs=3),) * 2)
    project = Project("all", {"O": graph}, {"w": 4}, Node("Digits"), training, Goal("accuracy", ">=", 0.9, 60), "mlp")
    assert loom.loads(loom.dumps(project)) == project


def test_every_template_reads_back_equal() -> None:
    for name in catalog().templates:
        project = catalog().make_project(name)
        assert loom.loads(loom.dumps(project)) == project


def test_one_changed_setting_changes_one_line() -> None:
    project = catalog().make_project("lenet5")
    ((name, graph),) = project.networks.items()
    conv = next(node for node, found in graph.nodes.items() if found.type == "Conv2d")
    edited = project.with_graph(name, graph.put({conv: graph.nodes[conv].set(filters=7)}))
    before, after = loom.dumps(project).splitlines(), loom.dumps(edited).splitlines()
    assert len(before) == len(after)
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 1


def test_saving_replaces_the_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.loom"
    loom.save(Project("first"), path)
    loom.save(Project("second"), path)
    assert loom.load(path).name == "second"
    assert os.listdir(tmp_path) == ["a.loom"]


def test_a_save_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.loom"
    loom.save(Project("first"), path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProjectError, match=r"No space left on device.*untouched"):
        loom.save(Project("second"), path)
    assert loom.load(path).name == "first"
    assert os.listdir(tmp_path) == ["a.loom"]


def content(**changes: object) -> str:
    return json.dumps({"format": "layerloom", "version": 1, "name": "x", **changes})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no valid JSON"),
        ("[" * 100_000, "nested"),
        ("{" * 100_000, "JSON"),
        ('{"format": "layerloom", "version": 1, "name": "x", "graphs": {', "no valid JSON"),
        ("[]", "not a Layerloom project"),
        ('{"nodes": []}', "not a Layerloom project"),
        (content(version=99), "newer Layerloom"),
        (content(version="1"), "version"),
        (content(variables={"w": 0}).replace("0", "NaN"), "NaN"),
        (content(variables={"w": 0}).replace("0", "9" * 400), "too large"),
        (content(graphs=3), "damaged at graphs"),
        (content(colour="red"), "damaged at colour"),
        (content(graphs={"N": {"nodes": {"a": {"type": "ReLU", "position": [0, 0, 0]}}}}), "damaged at graphs / N"),
        (content(graphs={"N": {"nodes": {"a\nb": {"type": "ReLU"}}}}), "cannot be a name"),
        (content(graphs={"N": {"role": "virus"}}), "damaged"),
    ],
)
def test_what_is_no_project_is_refused_in_a_sentence(text: str, reason: str) -> None:
    with pytest.raises(ProjectError, match=reason):
        loom.loads(text)


def test_a_file_that_is_missing_or_no_text_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="cannot be read"):
        loom.load(tmp_path / "none.loom")
    (tmp_path / "picture.loom").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(ProjectError, match="not text"):
        loom.load(tmp_path / "picture.loom")


def test_a_node_of_an_unknown_type_is_kept_as_it_is() -> None:
    text = content(graphs={"N": {"nodes": {"q": {"type": "Quantum", "settings": {"spin": [1, "up"]}}}}})
    assert json.loads(loom.dumps(loom.loads(text)))["graphs"] == json.loads(text)["graphs"]
