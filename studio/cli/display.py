"""Whether a window could be shown, found out without Qt: it ends the process where its display does not answer."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from studio.gui import libraries

WITHOUT_A_SCREEN = {"offscreen", "minimal"}


def why_no_window(environ: Mapping[str, str] = os.environ) -> str | None:
    """What keeps a window from opening and how to get one, in a sentence; None where nothing does."""
    if sys.platform != "linux":
        return None
    asked = environ.get("QT_QPA_PLATFORM", "")
    if asked.split(":")[0] in WITHOUT_A_SCREEN:
        return f"QT_QPA_PLATFORM={asked} shows no window. Unset it on a machine with a display to get the window."
    if asked and not {"xcb", "wayland"} & set(libraries.platforms(environ)):
        return None
    if not environ.get("DISPLAY") and not environ.get("WAYLAND_DISPLAY"):
        return (
            "There is no display here, so no window was opened. "
            "Start layerloom on a desktop, or connect with ssh -X, to get the window."
        )
    if not _x_answers(environ) and not _wayland_answers(environ):
        shown = environ.get("WAYLAND_DISPLAY") or environ.get("DISPLAY")
        return f"The display {shown} does not answer, so no window was opened. Start layerloom on a desktop to get it."
    return None


def _x_answers(environ: Mapping[str, str]) -> bool:
    """Whether the X server lets us in; true where its library is missing, which is told elsewhere."""
    if not environ.get("DISPLAY"):
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(environ["DISPLAY"].encode(), None)
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)


def _wayland_answers(environ: Mapping[str, str]) -> bool:
    if not environ.get("WAYLAND_DISPLAY"):
        return False
    place = Path(environ.get("XDG_RUNTIME_DIR", "/"), environ["WAYLAND_DISPLAY"])
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(place))
        except OSError:
            return False
    return True
