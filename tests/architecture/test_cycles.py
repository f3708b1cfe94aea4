"""No module imports itself through others, however late it does so."""

from pathlib import Path

import pytest

from tests.architecture.cycles import import_cycles
from tests.architecture.source import PRODUCT, ROOT, SourceFile, read


def project(**modules: str) -> list[SourceFile]:
    """Files named like `core__graph`, beside a package that imports one of its own modules."""
    package = SourceFile(Path("studio/core/__init__.py"), "from studio.core.graph import Graph")
    named = [SourceFile(Path("studio", *name.split("__")).with_suffix(".py"), text) for name, text in modules.items()]
    return [package, *named]


def test_no_modules_import_each_other():
    found = import_cycles(read(ROOT, PRODUCT))
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    "back",
    [
        "import studio.core.graph",
        "from studio.core.graph import Graph",
        "from studio.core import graph",
        "from studio.core import Graph",
        "from . import graph",
        "from .graph import Graph",
        "def late():\n    from studio.core.graph import Graph",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from studio.core.graph import Graph",
    ],
)
def test_a_cycle_would_be_noticed(back: str):
    found = import_cycles(project(core__graph="import studio.core.shape", core__shape=back))
    assert len(found) == 1
    assert "studio/core/shape.py:" in found[0]
    assert "studio/core/graph.py:1 imports studio.core.shape" in found[0]


def test_a_cycle_over_three_rooms_would_be_noticed():
    found = import_cycles(project(a="import studio.b", b="from studio import c", c="def late():\n    import studio.a"))
    assert found == [
        "studio.a, studio.b, studio.c import each other: studio/a.py:1 imports studio.b; "
        "studio/b.py:1 imports studio.c; studio/c.py:2 imports studio.a"
    ]


def test_a_module_may_import_its_neighbours_through_the_package():
    assert import_cycles(project(core__graph="from studio.core import shape", core__shape="import dataclasses")) == []
