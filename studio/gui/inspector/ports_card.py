"""The inputs or outputs of a graph, as every node that stands for it has them: added, renamed, put in order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from studio.core.interface import Border
from studio.gui.inspector.card import Card
from studio.gui.widgets.button import Button, Kind


class PortsCard(Card):
    """One row a port. The signals carry what a person wants; whoever owns the graph shows it anew."""

    added = Signal(str)
    """Of the kind Input or Output."""
    renamed = Signal(str, str)
    removed = Signal(str)
    ordered = Signal(object)
    """The names in their new order."""

    def __init__(self, kind: Border) -> None:
        super().__init__(f"{kind}s")
        self._kind = kind
        self._shown: tuple[str, tuple[str, ...]] | None = None

    def show_ports(self, owner: str, names: Sequence[str]) -> None:
        """Show the ports of a graph."""
        shown = (owner, tuple(names))
        if shown == self._shown:
            return
        self._shown = shown
        add = Button(f"Add an {self._kind.lower()}", icon="plus", kind=Kind.QUIET, small=True)
        add.clicked.connect(lambda: self.added.emit(self._kind))
        self.refill(*(self._row(list(names), at) for at in range(len(names))), add)

    def _row(self, names: list[str], at: int) -> QWidget:
        row, name = QWidget(), names[at]
        called = QLineEdit(name)
        called.setAccessibleName(f"Name of the {self._kind.lower()} {name}")
        called.editingFinished.connect(lambda: self._rename(called, name))
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(called, 1)
        for icon, title, by in (("chevron-up", f"Move {name} up", -1), ("chevron-down", f"Move {name} down", 1)):
            move = Button(icon=icon, name=title, kind=Kind.QUIET, small=True)
            move.setEnabled(0 <= at + by < len(names))
            move.clicked.connect(lambda _=False, by=by: self.ordered.emit(_swapped(names, at, at + by)))
            line.addWidget(move)
        remove = Button(icon="close", name=f"Remove {name}", kind=Kind.QUIET, small=True)
        remove.clicked.connect(lambda: self.removed.emit(name))
        line.addWidget(remove)
        return row

    def _rename(self, line: QLineEdit, old: str) -> None:
        new = line.text().strip()
        line.setText(old)  # until the owner agrees
        if new and new != old:
            self.renamed.emit(old, new)


def _swapped(names: list[str], left: int, right: int) -> tuple[str, ...]:
    order = list(names)
    order[left], order[right] = order[right], order[left]
    return tuple(order)
