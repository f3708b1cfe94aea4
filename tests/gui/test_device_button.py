"""Where a network is trained, and on how many devices at once: a choice where there is one, and remembered."""

from __future__ import annotations

import pytest

from studio.gui.training.session import Session
from studio.gui.window import Window
from studio.training.commands import Command, Start
from studio.training.messages import Ready
from tests.gui.conftest import OpenWindow


def offered(window: Window) -> list[str]:
    menu = window.workbench.controls.device.menu()
    assert menu is not None
    return [action.text() for action in menu.actions() if action.text() and not action.isSeparator()]


def checked(window: Window) -> list[str]:
    menu = window.workbench.controls.device.menu()
    assert menu is not None
    return [action.text() for action in menu.actions() if action.isChecked()]


def choose(window: Window, text: str) -> None:
    menu = window.workbench.controls.device.menu()
    assert menu is not None
    next(action for action in menu.actions() if action.text() == text).trigger()


def test_the_number_of_devices_is_a_choice_only_where_there_are_several(window: Window) -> None:
    window.session._take(Ready("2.15", {"cuda": 1, "cpu": 2}))
    assert offered(window) == ["Best available", "CUDA", "CPU"]
    assert window.workbench.controls.device.text() == "CUDA"
    choose(window, "CPU")
    assert offered(window) == ["Best available", "CUDA", "CPU", "1 process", "2 processes"]
    window.session._take(Ready("2.15", {"cuda": 4, "cpu": 20}))
    assert offered(window)[-3:] == ["7 processes", "8 processes", "16 processes"]
    choose(window, "CUDA")
    assert offered(window)[3:] == ["1 device", "2 devices", "3 devices", "4 devices"]
    choose(window, "4 devices")
    assert window.workbench.controls.device.text() == "4 × CUDA"
    assert checked(window) == ["CUDA", "4 devices"]
    choose(window, "Best available")
    assert (window.session.device, window.session.processes) == ("auto", 1)


def test_what_is_chosen_is_trained_on_and_remembered(open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Command] = []
    monkeypatch.setattr(Session, "send", lambda _, command: sent.append(command))
    window = open_window("lenet5")
    window.session._take(Ready("2.15", {"cpu": 4}))
    choose(window, "CPU")
    choose(window, "4 processes")
    window.run("Train")
    assert [(each.device, each.devices) for each in sent if isinstance(each, Start)] == [("cpu", 4)]
    again = open_window("lenet5")
    assert (again.session.device, again.session.processes) == ("cpu", 4)
    assert again.workbench.controls.device.text() == "4 × CPU"


def test_a_device_that_is_gone_gives_way_to_the_best_there_is(window: Window) -> None:
    window.session._take(Ready("2.15", {"cuda": 2, "cpu": 2}))
    choose(window, "CUDA")
    choose(window, "2 devices")
    window.session._take(Ready("2.15", {"cpu": 2}))
    assert (window.session.device, window.session.processes) == ("auto", 1)
