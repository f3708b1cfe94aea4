"""What a process really loads: the window never torch, the worker never Qt."""

import subprocess
import sys

import pytest

from tests.architecture.source import PRODUCT, ROOT, read

TORCH_ROOMS = ("studio.engine", "studio.exporters", "studio.importers", "nodes.modules")
QT_ROOMS = ("studio.gui", "studio.app")

LOAD = """
import importlib, sys
wanted, unwanted = (text.split(",") for text in sys.argv[1:])
for name in wanted:
    importlib.import_module(name)
    loaded = [each for each in unwanted if each in sys.modules]
    if loaded:
        sys.exit(f"importing {name} loads {loaded[0]}")
"""


def load(modules: list[str], *, without: str) -> str:
    """Imports all in one new process; what that process says about the first that loads something unwanted."""
    command = [sys.executable, "-c", LOAD, ",".join(modules), without]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stderr


def modules_outside(*rooms: str) -> list[str]:
    names = [file.module for file in read(ROOT, PRODUCT) if file.path.name != "__main__.py"]
    return [name for name in names if not any(f"{name}.".startswith(f"{room}.") for room in rooms)]


def test_everything_outside_the_rooms_of_the_worker_leaves_torch_alone():
    assert load(modules_outside(*TORCH_ROOMS), without="torch,torchvision,lightning_fabric") == ""


def test_everything_outside_the_window_leaves_qt_alone():
    assert load(modules_outside(*QT_ROOMS), without="PySide6,pyqtgraph") == ""


def test_the_command_line_starts_without_torch_and_without_qt():
    assert load(["studio", "studio.cli"], without="torch,PySide6,onnx") == ""


@pytest.mark.parametrize(("module", "unwanted"), [("networkx", "networkx"), ("pyqtgraph", "PySide6")])
def test_an_unwanted_module_would_be_noticed(module: str, unwanted: str):
    assert load([module], without=f"torch,{unwanted}") == f"importing {module} loads {unwanted}\n"
