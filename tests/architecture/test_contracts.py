"""The import contracts hold, and each of them notices a violation planted in a copy of the project."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import PRODUCT, ROOT

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"

# Contract, the file that breaks it, and the line that does so; a lazy import counts like any other.
PLANTED = [
    ("rooms", "studio/core/__init__.py", "import studio.compiler"),
    ("rooms", "studio/compiler/__init__.py", "import studio.training"),
    ("rooms", "studio/training/__init__.py", "def late():\n    import studio.engine"),
    ("rooms", "studio/gui/__init__.py", "import studio.engine"),
    ("rooms", "studio/engine/__init__.py", "import studio.gui"),
    ("rooms", "studio/exporters/__init__.py", "import studio.engine"),
    ("rooms", "studio/gui/__init__.py", "import studio.app"),
    ("rooms", "studio/attic.py", '"""A room that nobody planned."""'),
    ("packages", "studio/core/__init__.py", "def late():\n    import nodes"),
    ("packages", "studio/app.py", "import templates"),
    ("packages", "nodes/__init__.py", "import templates"),
    ("declarations", "nodes/__init__.py", "import studio.compiler"),
    ("declarations", "templates/__init__.py", "def late():\n    import studio.engine"),
    ("acyclic", "studio/app.py", "def late():\n    import studio.cli"),
    ("qt", "studio/training/__init__.py", "from PySide6 import QtCore"),
    ("qt", "studio/engine/__init__.py", "import pyqtgraph"),
    ("torch", "studio/gui/__init__.py", "import torch"),
    ("torch", "studio/core/__init__.py", "def late():\n    import torchvision"),
    ("torch", "nodes/__init__.py", "from torch import nn"),
    ("torch", "templates/__init__.py", "import lightning_fabric"),
    ("carried", "nodes/__init__.py", "import nodes.modules"),
]


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LINT, "--no-cache", "--no-logo", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PRODUCT:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_project_keeps_its_contracts():
    checked = lint(ROOT)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(("contract", "file", "line"), PLANTED)
def test_a_violation_would_be_noticed(copy: Path, contract: str, file: str, line: str):
    with (copy / file).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    checked = lint(copy, "--contract", contract)
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert "0 kept, 1 broken" in checked.stdout


def test_every_contract_has_a_planted_violation():
    declared = (ROOT / "pyproject.toml").read_text().split("[[tool.importlinter.contracts]]")[1:]
    assert {part.split('"')[1] for part in declared} == {contract for contract, _, _ in PLANTED}
