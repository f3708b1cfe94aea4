"""Runs the command as a shell does, in a process of its own, or within the test where that shows the same."""

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from studio.cli import main

ROOT = Path(__file__).parents[2]


def start(*arguments: str | Path, **environ: str) -> subprocess.Popen[str]:
    """The command as a process, its output in pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", "studio", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Tests may run in processes that do not hear Ctrl+C, and a child would inherit that.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )


def status(*arguments: str | Path) -> int:
    """The exit status of the command, run within this process."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    code = ended.value.code
    assert isinstance(code, int)
    return code


def lines(text: str) -> list[dict[str, Any]]:
    """What machine-readable output holds, line by line."""
    return [json.loads(line) for line in text.splitlines()]
