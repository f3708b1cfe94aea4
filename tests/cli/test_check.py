"""Checking and listing: the shapes of the data that scripts depend on, and that torch stays out of it."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from studio.core import loom
from tests.cli.hostile import good, setting
from tests.cli.layerloom import ROOT, status

WITHOUT_TORCH = """
import sys
from studio.cli import main
try:
    main(sys.argv[1:])
finally:
    heavy = {"torch", "torchvision", "PySide6", "onnx", "lightning_fabric"} & set(sys.modules)
    if heavy:
        raise RuntimeError(f"imported {heavy}")
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "lenet5", "--preset", "paper", "--json"],
        ["templates", "--json"],
        ["nodes"],
        ["code", "mlp"],
        ["--help"],
    ],
    ids=" ".join,
)
def test_what_needs_no_torch_never_imports_it(arguments: list[str]):
    command = [sys.executable, "-c", WITHOUT_TORCH, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_check_answers_in_less_than_a_second_and_a_half():
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "studio", "check", "lenet5", "--json"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Time on a processor: what else runs on the machine does not count.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.5


@pytest.mark.parametrize(("variant", "weights"), [("common", 61_706), ("paper", 60_000)])
def test_a_check_counts_the_weights_of_the_paper(variant: str, weights: int, capsys: pytest.CaptureFixture[str]):
    assert status("check", "lenet5", "--preset", "paper", "--set", f"variant={variant}", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    network = found["networks"]["LeNet-5"]
    assert (found["ok"], found["problems"], network["weights"]) == (True, [], weights)
    assert (network["inputs"], network["outputs"]) == ({"Image": [1, 32, 32]}, {"Scores": [10]})
    assert sum(node["weights"] for node in network["nodes"]) == weights
    assert {"path": "C1", "type": "Conv2d", "outputs": {"out": [6, 28, 28]}, "weights": 156} in network["nodes"]


def test_problems_come_with_place_and_repairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    project = good()
    graph = project.graphs["Net"]
    flat = project.with_graph("Net", graph.remove(["Flatten"], heal=True))
    loom.save(flat, tmp_path / "flat.loom")
    assert status("check", tmp_path / "flat.loom", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is False
    (problem,) = [each for each in found["problems"] if each["node"] == "Hidden"]
    assert problem.keys() == {"graph", "node", "message", "repairs"}
    assert (problem["graph"], problem["repairs"]) == ("Net", ["Insert Flatten"])


def test_a_person_sees_shapes_weights_and_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "odd.loom").write_bytes(setting("Hidden", "features", 0))
    assert status("check", tmp_path / "odd.loom") == 1
    shown = capsys.readouterr()
    assert "Net: " in shown.out
    assert "1×8×8" in shown.out
    assert shown.err.startswith("Net / Hidden: Features should be")


def test_templates_say_what_they_hold_and_reach(capsys: pytest.CaptureFixture[str]):
    assert status("templates", "--json") == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert {"mlp", "lenet5", "cnn"} <= rows.keys()
    lenet = rows["lenet5"]
    assert lenet.keys() >= {"name", "title", "section", "presets", "networks", "dataset", "figure"}
    assert (lenet["networks"], lenet["dataset"], lenet["presets"]) == (["LeNet-5"], "Digits", ["laptop", "paper"])
    assert lenet["figure"].keys() == {"metric", "op", "value", "seconds"}


def test_nodes_say_their_ports_and_settings(capsys: pytest.CaptureFixture[str]):
    assert status("nodes", "--json") == 0
    rows = {row["type"]: row for row in json.loads(capsys.readouterr().out)}
    conv = rows["Conv2d"]
    assert conv.keys() == {"type", "title", "family", "inputs", "outputs", "settings", "doc"}
    assert [port["name"] for port in conv["inputs"]] == ["image"]
    assert {"filters", "kernel", "stride"} <= {setting["name"] for setting in conv["settings"]}


@pytest.mark.parametrize("command", ["templates", "nodes"])
def test_lists_are_readable_too(command: str, capsys: pytest.CaptureFixture[str]):
    assert status(command) == 0
    assert {"templates": "LeNet-5", "nodes": "Conv2d"}[command] in capsys.readouterr().out


def test_code_is_the_source_that_runs(capsys: pytest.CaptureFixture[str]):
    assert status("code", "lenet5", "--network", "LeNet-5") == 0
    source = capsys.readouterr().out
    assert "self.c1 = nn.Conv2d(1, 6, 5)" in source
    compile(source, "code", "exec")


def test_a_check_counts_what_training_takes_of_memory(capsys: pytest.CaptureFixture[str]):
    assert status("check", "lenet5", "--json") == 0
    memory = json.loads(capsys.readouterr().out)["memory"]
    assert memory["batch"] == 64
    assert memory["weights"] == memory["gradients"] == 61_706 * 4
    assert memory["moments"] == 2 * memory["weights"], "Adam remembers two numbers of every weight"
    assert memory["total"] == sum(memory[part] for part in ("weights", "gradients", "moments", "activations"))
    assert memory.keys() == {"batch", "weights", "gradients", "moments", "activations", "total"}
    assert status("check", "lenet5") == 0
    said = capsys.readouterr()
    assert "MB of memory with a batch of 64." in said.out + said.err
