"""A layer that an export carries along stands alone in its file."""

import ast
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, SourceFile, read

PRESENT_WITH_TORCH = {"torch", "torchvision"} | sys.stdlib_module_names


def foreign_imports(file: SourceFile) -> list[str]:
    """What the file imports beyond the standard library and torch, each with its place."""
    found = []
    for statement in file.nodes(ast.Import, ast.ImportFrom):
        alone = isinstance(statement, ast.ImportFrom)
        names = [statement.module or "."] if alone else [alias.name for alias in statement.names]
        relative = alone and statement.level > 0
        found += [
            f"{file.at(statement)} imports {name}"
            for name in names
            if relative or name.partition(".")[0] not in PRESENT_WITH_TORCH
        ]
    return found


def test_carried_layers_import_torch_and_the_standard_library_alone():
    found = [each for file in read(ROOT, ("nodes/modules",)) for each in foreign_imports(file)]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("line", ["import numpy", "from studio.core import shape", "from . import neighbour"])
def test_a_foreign_import_would_be_noticed(line: str):
    assert len(foreign_imports(SourceFile(Path("nodes/modules/planted.py"), line))) == 1


def test_torch_and_the_standard_library_pass():
    text = "import math\nimport torch.nn.functional as F\nfrom torch import nn\nfrom collections.abc import Iterator"
    assert foreign_imports(SourceFile(Path("nodes/modules/planted.py"), text)) == []
