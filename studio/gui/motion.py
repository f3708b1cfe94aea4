"""How things move: the one place that every animation asks, and where less motion means none."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal, cast

from PySide6.QtCore import QAbstractAnimation, QEasingCurve, QObject, QSettings, QStandardPaths, QVariantAnimation

from studio.gui.style.measures import HOVER_MS, POPUP_MS, PULSE_MS, SNAP_MS, TIDY_MS

__all__ = [
    "EASE_IN_OUT",
    "EASE_OUT",
    "HOVER_MS",
    "POPUP_MS",
    "PULSE_MS",
    "SNAP_MS",
    "TIDY_MS",
    "Choice",
    "Motion",
    "animate",
    "choose",
    "duration",
    "is_reduced",
]

Choice = Literal["system", "full", "reduced"]
"""How much motion a person wants: what the system says, all of it, or none."""

EASE_OUT, EASE_IN_OUT = QEasingCurve.Type.OutCubic, QEasingCurve.Type.InOutCubic

SPI_GETCLIENTAREAANIMATION = 0x1042
_FILES = (
    ("kdeglobals", "KDE/AnimationDurationFactor", ("0",)),
    ("gtk-4.0/settings.ini", "Settings/gtk-enable-animations", ("0", "false")),
    ("gtk-3.0/settings.ini", "Settings/gtk-enable-animations", ("0", "false")),
)
"""Where desktops on Linux write down that nothing shall move: file, key, and the values that say so."""


class _Wish:
    """What the person chose."""

    choice: Choice = "system"


def choose(choice: str) -> None:
    """From now on move as the system says ("system"), in full ("full") or not at all ("reduced")."""
    _Wish.choice = cast(Choice, choice) if choice in ("full", "reduced") else "system"


def is_reduced() -> bool:
    """Whether nothing shall move."""
    return _Wish.choice == "reduced" or (_Wish.choice == "system" and system_wants_less())


def duration(milliseconds: int) -> int:
    """How long something moves that is designed to take so long: no time at all where less motion is wanted."""
    return 0 if is_reduced() else milliseconds


class Motion(QVariantAnimation):
    """Calls ``show`` with how far it has come, from 0 to 1; ``stop`` leaves everything where it is then."""

    def __init__(
        self,
        owner: QObject,
        milliseconds: int,
        show: Callable[[float], object],
        *,
        curve: QEasingCurve.Type = EASE_IN_OUT,
        done: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(owner)
        self._show = show
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setDuration(milliseconds)
        self.setEasingCurve(curve)
        self.valueChanged.connect(lambda share: self._show(float(share)))
        if done is not None:
            self.finished.connect(done)

    @property
    def is_moving(self) -> bool:
        return self.state() == QAbstractAnimation.State.Running

    def finish(self) -> None:
        """Go to the end at once."""
        if self.is_moving:
            self.setCurrentTime(self.duration())


def animate(
    owner: QObject,
    milliseconds: int,
    show: Callable[[float], object],
    *,
    curve: QEasingCurve.Type = EASE_IN_OUT,
    done: Callable[[], object] | None = None,
) -> Motion | None:
    """Move something of ``owner`` in a time that is designed to be so long; ``done`` is called when it has arrived.

    None where less motion is wanted: then all of it has happened already. Keep what is answered to ``stop`` it.
    """
    if is_reduced():
        show(1.0)
        if done is not None:
            done()
        return None
    motion = Motion(owner, milliseconds, show, curve=curve, done=done)
    motion.start(QAbstractAnimation.DeletionPolicy.KeepWhenStopped)
    return motion


@cache
def system_wants_less() -> bool:
    """Whether the system asks for less motion; asked once, since most systems tell only those who ask."""
    if sys.platform == "win32":
        return _windows_wants_less()
    if sys.platform == "darwin":
        value = QSettings("com.apple", "universalaccess").value("reduceMotion", False)
        return str(value).lower() in ("1", "true")
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    return any(_says(Path(folder) / name, key, values) for name, key, values in _FILES)


def _windows_wants_less() -> bool:
    import ctypes

    animates = ctypes.c_int(1)
    ctypes.windll.user32.SystemParametersInfoW(SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(animates), 0)  # type: ignore[attr-defined,unused-ignore]
    return not animates.value


def _says(path: Path, key: str, values: tuple[str, ...]) -> bool:
    """Whether a settings file has one of these values for a key."""
    if not path.is_file():
        return False
    return str(QSettings(str(path), QSettings.Format.IniFormat).value(key)).lower() in values
