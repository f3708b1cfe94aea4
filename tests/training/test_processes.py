"""Processes of the studio take nothing from the folder where a person happens to be."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from studio.training.processes import module_command, module_environment


@pytest.mark.parametrize("module", ["studio.exporters", "studio.engine.worker"])
def test_a_file_named_like_a_library_is_not_taken_for_it(tmp_path: Path, module: str) -> None:
    for name in ("torch", "json", "numpy", "studio"):
        (tmp_path / f"{name}.py").write_text("open('taken', 'w')")
    command = module_command(module, "--help" if module.endswith("exporters") else "not a handle")
    subprocess.run(command, cwd=tmp_path, env=module_environment(), capture_output=True, check=False, timeout=60)
    assert not (tmp_path / "taken").exists()
