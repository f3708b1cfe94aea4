"""The project speaks of itself alone."""

from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.architecture.traces import text_files, traces

# The only file that must spell the words out in order to find them.
SPELLED_OUT = Path("tests/architecture/traces.py")


def test_no_file_tells_of_a_machine_or_of_how_it_was_made():
    found = [each for path, text in text_files(ROOT) if path != SPELLED_OUT for each in traces(path, text)]
    assert not found, "\n" + "\n".join(found)


def test_code_settings_and_prose_are_all_read():
    seen = {path.name for path, _ in text_files(ROOT)}
    assert {"README.md", "pyproject.toml", "Makefile", "run", "constraints.txt", "conftest.py"} <= seen


# In two halves, so that this file keeps the rule itself.
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("open('/root", "/digits.npz')"),
        ("see /home", "/alice/projects"),
        ("SCRATCH = '/tmp", "/scratch'"),
        ("--index-url https://pypi", ".org/simple"),
        ("# fix for issue", " #12"),
        ("# TO", "DO: later"),
    ],
)
def test_a_trace_would_be_noticed(before: str, after: str):
    found = traces(Path("a.py"), f"first\n{before}{after}\n")
    assert len(found) == 1
    assert found[0].startswith("a.py:2: ")


@pytest.mark.parametrize("line", ["#!/usr/bin/env bash", "~/tmp/run", "color: #212", "n /tmp / m", "layers/work/"])
def test_ordinary_lines_pass(line: str):
    assert traces(Path("a.py"), line) == []
