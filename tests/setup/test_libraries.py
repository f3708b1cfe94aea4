"""A system library that Qt lacks is named together with the line that installs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio.gui import libraries

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="other systems bring these libraries with Qt")


@linux_only
def test_a_machine_that_can_show_a_window_gets_no_advice():
    assert libraries.advice({"QT_QPA_PLATFORM": "offscreen"}) is None


@linux_only
def test_every_missing_library_is_named_with_the_apt_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    linker = tmp_path / "ldd"
    linker.write_text("#!/bin/sh\nprintf '\\tlibEGL.so.1 => not found\\n\\tlibxcb-cursor.so.0 => not found\\n'\n")
    linker.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    advice = libraries.advice({"QT_QPA_PLATFORM": "a-platform-without-a-plugin"})
    assert advice is not None
    assert "libEGL.so.1, libxcb-cursor.so.0" in advice
    assert advice.endswith("sudo apt-get install --no-install-recommends libegl1 libxcb-cursor0")


@linux_only
def test_the_linker_tells_which_library_a_file_lacks(tmp_path: Path):
    source, needed, needing = tmp_path / "empty.c", tmp_path / "libgone.so", tmp_path / "libneeding.so"
    source.write_text("")
    compiler = ["cc", "-shared", "-fPIC", "-o"]
    try:
        subprocess.run([*compiler, str(needed), "-Wl,-soname,libgone.so", str(source)], check=True)
    except FileNotFoundError:
        pytest.skip("needs a C compiler")
    subprocess.run([*compiler, str(needing), str(source), "-Wl,--no-as-needed", str(needed)], check=True)
    needed.unlink()
    assert libraries.missing_libraries([needing]) == ["libgone.so"]


def test_an_unknown_library_is_named_without_an_invented_package():
    assert libraries.explain(["libodd.so.3"]).endswith("libodd.so.3. Install them with your system's package manager.")


@pytest.mark.parametrize(
    ("environ", "platforms"),
    [
        ({}, ["offscreen"]),
        ({"DISPLAY": ":0"}, ["xcb"]),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, ["wayland", "xcb"]),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "vnc:size=800x600"}, ["vnc"]),
    ],
)
def test_the_platform_is_the_one_that_qt_would_choose(environ: dict[str, str], platforms: list[str]):
    assert libraries.platforms(environ) == platforms


def test_asking_imports_nothing_of_qt():
    seen = "import sys, studio.gui.libraries as it; it.advice(); sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", seen], check=False).returncode == 0
