"""Names the system libraries that Qt lacks on Linux, and the line that installs them; imports nothing of Qt."""

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

# Debian's and Ubuntu's package of each library that Qt takes from the system.
PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
BINDINGS = ("QtWidgets", "QtSvg", "QtNetwork")


def advice(environ: Mapping[str, str] = os.environ) -> str | None:
    """What to install before a window can open, in two lines; None where nothing is missing or Qt brings all itself."""
    spec = find_spec("PySide6")
    if sys.platform != "linux" or spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0])
    plugins = [folder / f"Qt/plugins/platforms/libq{platform}.so" for platform in platforms(environ)]
    if any(_loads(plugin) for plugin in plugins):
        return None
    missing = missing_libraries([*(folder / f"{name}.abi3.so" for name in BINDINGS), plugins[0]])
    return explain(missing) if missing else None


def platforms(environ: Mapping[str, str]) -> list[str]:
    """The platform plugins that Qt would try, best first."""
    if asked := environ.get("QT_QPA_PLATFORM"):
        return [name.split(":")[0] for name in asked.split(";")]
    shown = [name for name, variable in (("wayland", "WAYLAND_DISPLAY"), ("xcb", "DISPLAY")) if environ.get(variable)]
    return shown or ["offscreen"]


def missing_libraries(files: Iterable[Path]) -> list[str]:
    """The libraries that the dynamic linker does not find for these files, such as `libEGL.so.1`."""
    linked = subprocess.run(["ldd", *map(str, files)], capture_output=True, text=True, check=False)
    return sorted({line.split()[0] for line in linked.stdout.splitlines() if line.endswith("=> not found")})


def explain(missing: Iterable[str]) -> str:
    """One sentence that names the libraries, one line that installs them."""
    names = list(missing)
    known = sorted({PACKAGES[name] for name in names if name in PACKAGES})
    sentence = f"The window needs system libraries that are not installed: {', '.join(names)}."
    if not known:
        return f"{sentence} Install them with your system's package manager."
    return f"{sentence} On Debian or Ubuntu:\n    sudo apt-get install --no-install-recommends {' '.join(known)}"


def _loads(library: Path) -> bool:
    try:
        ctypes.CDLL(str(library))
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(advice())
