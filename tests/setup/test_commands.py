"""The commands that README gives exist, and say in a sentence what a machine lacks."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APT = "sudo apt-get install"

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=60
    )


def commands_of_readme() -> list[str]:
    """Every `make ...` line inside a code block of README, in order."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    return [line.split("#")[0].strip() for block in blocks for line in block.splitlines() if line.startswith("make ")]


def program(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_readme_opens_with_one_command_to_run_and_one_to_test():
    assert commands_of_readme()[:2] == ["make run", "make test"]


@pytest.mark.parametrize("command", sorted(set(commands_of_readme())))
def test_every_make_command_of_readme_has_a_target(command: str):
    planned = make("--dry-run", *command.split()[1:2])
    assert planned.returncode == 0, planned.stderr


def test_a_command_without_a_target_would_be_noticed():
    assert make("--dry-run", "dance").returncode != 0


def test_a_python_that_cannot_make_environments_is_told_the_apt_line(tmp_path: Path):
    python = program(tmp_path, "python3", "exit 1")
    told = make("run", f"VENV={tmp_path}/venv", f"PYTHON={python}")
    assert told.returncode != 0
    assert f"{APT} python3-venv" in told.stdout


def test_a_machine_without_a_fitting_python_is_told_the_apt_line(tmp_path: Path):
    told = make("test", f"VENV={tmp_path}/venv", "PYTHON=")
    assert told.returncode != 0
    assert "Python 3.11, 3.12 or 3.13" in told.stdout
    assert f"{APT} python3 python3-venv" in told.stdout


def test_the_continuous_check_is_a_program_that_runs_what_readme_says():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "\njob make test\n" in script.read_text()
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
