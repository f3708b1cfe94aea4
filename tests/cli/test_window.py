"""Without a screen the command does its main job in the terminal, and it never ends in a core dump."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import studio.app
from studio.cli import main
from studio.cli.display import why_no_window
from studio.gui import libraries
from studio.training.run import Run
from tests.cli.layerloom import start, status

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")


@linux_only
@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        ({}, "There is no display here, so no window was opened."),
        ({"DISPLAY": ":987"}, "The display :987 does not answer, so no window was opened."),
        ({"DISPLAY": "nonsense"}, "The display nonsense does not answer"),
        ({"WAYLAND_DISPLAY": "wayland-987", "XDG_RUNTIME_DIR": "/nowhere"}, "The display wayland-987 does not answer"),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, "QT_QPA_PLATFORM=offscreen shows no window."),
        ({"QT_QPA_PLATFORM": "minimal:size=1x1"}, "QT_QPA_PLATFORM=minimal:size=1x1 shows no window."),
        ({"QT_QPA_PLATFORM": "xcb"}, "There is no display here"),
    ],
)
def test_why_there_is_no_window_is_said(environ: dict[str, str], reason: str):
    said = why_no_window(environ)
    assert said is not None
    assert said.startswith(reason)
    assert "to get the window." in said or "to get it." in said


@linux_only
def test_a_platform_that_needs_no_display_is_left_to_qt():
    assert why_no_window({"QT_QPA_PLATFORM": "vnc:size=800x600"}) is None


@linux_only
def test_a_wayland_display_that_answers_is_enough(tmp_path: Path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-0"))
        server.listen()
        assert why_no_window({"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}) is None


@linux_only
@pytest.mark.xvfb
def test_an_x_display_that_answers_is_enough():
    ask = "import studio.cli.display as it; print(it.why_no_window())"
    command = [str(shutil.which("xvfb-run")), "-a", "env", "-u", "QT_QPA_PLATFORM", sys.executable, "-c", ask]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "None\n"


@linux_only
@pytest.mark.slow
def test_with_a_dead_display_the_project_is_trained_and_exported(project_file: Path, tmp_path: Path):
    environ = {"DISPLAY": ":987", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": "", "LAYERLOOM_HOME": str(tmp_path)}
    process = start(project_file, **environ)
    said, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    first, *_, last = told.splitlines()
    assert "no window was opened" in first
    (run,) = (tmp_path / "runs").iterdir()
    assert said == f"{run}\n"
    assert last == f"Net as Python source; loaded again, it differs by at most 0: {run / 'net.py'}"
    assert (run / "net.py").exists()


@linux_only
def test_without_a_screen_a_run_is_exported(run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    copy = Path(shutil.copytree(run.folder, tmp_path / "copy"))
    assert status(copy) == 0
    assert f"Net as Python source; loaded again, it differs by at most 0: {copy / 'net.py'}" in capsys.readouterr().err


@linux_only
def test_missing_libraries_are_named_before_qt_is_started(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("studio.cli.window.why_no_window", lambda: None)
    monkeypatch.setattr(libraries, "advice", lambda: libraries.explain(["libxcb-cursor.so.0"]))
    monkeypatch.setattr(studio.app, "main", lambda _source: pytest.fail("Qt was started"))
    assert status() == 1
    assert "sudo apt-get install --no-install-recommends libxcb-cursor0" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["lenet5"], [os.curdir]])
def test_with_a_screen_the_window_opens_on_what_is_named(arguments: list[str], monkeypatch: pytest.MonkeyPatch):
    opened: list[str | None] = []

    def window(source: str | None) -> int:
        opened.append(source)
        return 0

    monkeypatch.setattr("studio.cli.window.why_no_window", lambda: None)
    monkeypatch.setattr(libraries, "advice", lambda: None)
    monkeypatch.setattr(studio.app, "main", window)
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert (ended.value.code, opened) == (0, [arguments[0] if arguments else None])
