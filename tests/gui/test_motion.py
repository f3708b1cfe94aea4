"""Things move as long as designed, or not at all."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from studio.gui import motion
from studio.gui.window import Window


def test_less_motion_means_none():
    motion.choose("full")
    assert motion.duration(240) == 240
    motion.choose("reduced")
    assert motion.duration(240) == 0


def test_what_moves_begins_where_it_is_and_arrives(qtbot: QtBot):
    motion.choose("full")
    shares: list[float] = []
    owner, arrived = QObject(), []
    moving = motion.animate(owner, 40, shares.append, done=lambda: arrived.append(shares[-1]))
    assert moving is not None
    with qtbot.waitSignal(moving.finished):
        assert moving.is_moving
    assert arrived == [1.0]
    assert shares == sorted(shares)
    assert all(0.0 <= share <= 1.0 for share in shares)


def test_what_is_stopped_stays_where_it_is(qtbot: QtBot):
    motion.choose("full")
    shares: list[float] = []
    arrived: list[bool] = []
    moving = motion.animate(owner := QObject(), 10_000, shares.append, done=lambda: arrived.append(True))
    assert moving is not None
    moving.stop()
    assert not moving.is_moving
    assert not arrived
    assert all(share < 1.0 for share in shares)
    assert moving.parent() is owner


def test_what_is_finished_early_arrives():
    motion.choose("full")
    shares: list[float] = []
    arrived: list[bool] = []
    moving = motion.animate(owner := QObject(), 10_000, shares.append, done=lambda: arrived.append(True))
    assert moving is not None
    moving.finish()
    assert shares[-1] == 1.0
    assert arrived == [True]
    assert moving.parent() is owner


def test_with_less_motion_all_of_it_happens_at_once():
    told: list[float | str] = []
    assert motion.animate(QObject(), 240, told.append, done=lambda: told.append("done")) is None
    assert told == [1.0, "done"]


@pytest.mark.parametrize(
    ("file", "text", "less"),
    [
        ("kdeglobals", "[KDE]\nAnimationDurationFactor=0\n", True),
        ("kdeglobals", "[KDE]\nAnimationDurationFactor=0.5\n", False),
        ("gtk-4.0/settings.ini", "[Settings]\ngtk-enable-animations=0\n", True),
        ("gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations=true\n", False),
    ],
)
@pytest.mark.skipif("sys.platform in ('win32', 'darwin')")
def test_the_desktop_is_asked(home: Path, file: str, text: str, less: bool):
    path = home / ".config" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    motion.system_wants_less.cache_clear()
    motion.choose("system")
    assert motion.is_reduced() == less
    motion.system_wants_less.cache_clear()


def test_the_view_menu_switches_motion_and_the_choice_is_kept(window: Window):
    window.run("Reduce motion")
    assert not motion.is_reduced()
    assert window.preferences.motion == "full"
    window.run("Reduce motion")
    assert motion.is_reduced()
    assert window.preferences.motion == "reduced"
