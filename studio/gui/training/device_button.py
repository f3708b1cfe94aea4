"""Chooses where the network is trained, and on how many devices at once, where there are several."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from studio.gui.training.session import Session
from studio.gui.widgets.button import Button, Kind
from studio.training.machine import cores
from studio.training.messages import Event, Ready

AUTO = "auto"
MOST_LISTED = 8
"""Numbers of devices of which each is offered; beyond, every doubling is."""


class DeviceButton(Button):
    """Shows what is chosen; the session keeps it."""

    def __init__(self, session: Session) -> None:
        super().__init__("Device", icon="chip", name="Where the network is trained", kind=Kind.QUIET)
        self._session = session
        self._counts: Mapping[str, int] = {"cpu": cores()}
        session.told.connect(self._take)
        session.device_chosen.connect(self._show)
        self._show()

    @property
    def _kind(self) -> str:
        """The kind of device that is meant."""
        return next(iter(self._counts)) if self._session.device == AUTO else self._session.device

    def _take(self, event: Event) -> None:
        """What was chosen another time may not be there any more."""
        if isinstance(event, Ready):
            self._counts = event.devices
            device = self._session.device if self._session.device in self._counts else AUTO
            self._choose(device, self._session.processes if device == self._session.device else 1)

    def _choose(self, device: str, processes: int = 1) -> None:
        self._session.device, self._session.processes = device, processes
        self._session.device_chosen.emit()

    def _show(self) -> None:
        kind, processes = self._kind, self._session.processes
        menu = QMenu(self)
        self._offer(menu, {"Best available": AUTO, **{name.upper(): name for name in self._counts}})
        numbers = _numbers(max(self._counts.get(kind, 1), processes))
        if len(numbers) > 1:
            menu.addSeparator()
            self._offer_numbers(menu, numbers)
        before = self.menu()
        self.setMenu(menu)
        if before is not None:
            before.deleteLater()
        if processes > 1:
            self.setText(f"{processes} × {kind.upper()}")
        else:
            self.setText(f"CPU, {cores()} cores" if kind == "cpu" else kind.upper())
        alone = self._counts.keys() == {"cpu"}
        self.setToolTip(
            "No GPU was found: the network is trained on the CPU." if alone else self.accessibleName() + "."
        )

    def _offer(self, menu: QMenu, devices: Mapping[str, str]) -> None:
        group = QActionGroup(menu)
        for title, name in devices.items():
            action = group.addAction(menu.addAction(title))
            action.setCheckable(True)
            action.setChecked(name == self._session.device)
            action.triggered.connect(lambda _=False, name=name: self._choose(name))

    def _offer_numbers(self, menu: QMenu, numbers: list[int]) -> None:
        group = QActionGroup(menu)
        one, many = ("process", "processes") if self._kind == "cpu" else ("device", "devices")
        for number in numbers:
            action = group.addAction(menu.addAction(f"{number} {one if number == 1 else many}"))
            action.setCheckable(True)
            action.setChecked(number == self._session.processes)
            action.triggered.connect(lambda _=False, number=number: self._choose(self._session.device, number))


def _numbers(most: int) -> list[int]:
    """How many devices may be chosen."""
    each = range(1, min(most, MOST_LISTED) + 1)
    doubled = [MOST_LISTED * 2**power for power in range(1, most.bit_length())]
    return [*each, *(number for number in doubled if number <= most)]
