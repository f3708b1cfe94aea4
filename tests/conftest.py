"""Every test runs offscreen, on one thread, and in a home folder of its own."""

import itertools
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Qt reads the platform when its first application starts; OpenMP reads the rest when torch is imported.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
os.environ["OMP_NUM_THREADS"] = "1"

# Shared machines stall now and then; what a test may cost is a matter for the benchmarks.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

HOMES = itertools.count()

NEEDS_XVFB = "needs a virtual X server: sudo apt-get install --no-install-recommends xvfb xauth"


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("xvfb") is None or shutil.which("xvfb-run"):
        return
    if os.environ.get("CI") and sys.platform == "linux":
        pytest.fail(NEEDS_XVFB, pytrace=False)
    pytest.skip(NEEDS_XVFB)


def _move_home(monkeypatch: pytest.MonkeyPatch, home: Path) -> Path:
    monkeypatch.setenv("HOME", str(home))
    folders = {"CONFIG": ".config", "CACHE": ".cache", "DATA": ".local/share", "STATE": ".local/state"}
    for name, folder in folders.items():
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    return home


@pytest.fixture(scope="session", autouse=True)
def _home_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a module or a session shares is kept away from the person's own settings as well."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        _move_home(monkeypatch, tmp_path_factory.mktemp("home"))
        yield


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty home folder: no settings, no recent projects, no recovery copies."""
    # numbered by us: pytest would look through all folders that there are for the next number
    return _move_home(monkeypatch, tmp_path_factory.mktemp(f"home-{next(HOMES)}", numbered=False))


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """One style everywhere, whatever the desktop of the person who runs the tests."""
    return ["layerloom", "-style", "fusion"]
