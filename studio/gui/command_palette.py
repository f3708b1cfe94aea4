"""Everything that can be found and done: actions, nodes, templates, settings; what was used last comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QScrollArea, QWidget

from studio.core.declaration import Setting
from studio.core.project import Stage
from studio.gui.inspector.form import FormRow
from studio.gui.inspector.inspector import TABS
from studio.gui.inspector.node_settings import settings_of
from studio.gui.inspector.training_page import TRAINING
from studio.gui.palette.entry import Entry
from studio.gui.palette.everything import node_entries, template_entries
from studio.gui.palette.matching import Words
from studio.gui.widgets.section import CollapsibleSection

if TYPE_CHECKING:
    from studio.gui.actions.action import Action, Menus
    from studio.gui.actions.host import Host

REMEMBERED, LONGEST = "recently used", 8
"""The name under which the last choices are kept, and how many."""

NODE_TAB, TRAINING_TAB = TABS.index("Node"), TABS.index("Training")


class CommandPalette:
    """Makes the entries anew whenever the box opens. ``addable`` is what can be put into the graph."""

    def __init__(self, host: Host, menus: Menus, addable: Callable[[], Iterable[Entry]]) -> None:
        self._host, self._menus, self._addable = host, menus, addable

    def entries(self) -> list[Entry]:
        """Each entry once: those that were used last, then those that can be done now, then the rest."""
        found = {entry.identity: self._remembering(entry) for entry in self._all()}
        recent = [found[identity] for identity in self._recent() if identity in found]
        rest = [entry for entry in found.values() if entry not in recent]
        return [*recent, *sorted(rest, key=lambda entry: not entry.enabled)]

    def _all(self) -> Iterator[Entry]:
        host = self._host
        for menu, rows in self._menus.items():
            for row in rows:
                yield from self._choices(menu, row) if row.choices is not None else (self._action(menu, row),)
        if host.at_work:
            place = host.workspace.place
            yield from node_entries(place.graph, lambda name: place.go_to("", name))
            yield from self._addable()
            yield from self._settings()
        yield from template_entries(host.opener.open_template)

    def _action(self, menu: str, row: Action) -> Entry:
        """An action; where it cannot be done, the reason stands in place of its menu."""
        reason = row.why_not(self._host)
        called = row.called(self._host)
        return Entry(
            Words(called, (row.title,), f"{row.words} {menu}"),
            partial(self._host.run, row.title),
            row.icon,
            hint=reason or menu,
            key=self._host.shortcuts.hint(row.title),
            enabled=not reason,
            identity=f"action {row.title}",
        )

    def _choices(self, menu: str, row: Action) -> Iterator[Entry]:
        """What the row's own menu offers now: ``Open recent: mine.loom``."""
        for choice in row.choices(self._host) if row.choices is not None else ():
            words = Words(f"{row.title}: {choice.title}", (), f"{row.words} {menu}")
            yield Entry(words, partial(choice.do, self._host), row.icon, hint=menu, enabled=choice.is_enabled)

    def _settings(self) -> Iterator[Entry]:
        """Settings of the selected node and of the training; choosing one leads to its field."""
        place, project = self._host.workspace.place, self._host.document.project
        if place.node:
            for setting in settings_of(project, place.graph.nodes[place.node]):
                yield self._setting(setting, NODE_TAB, f"Setting of {place.node}")
        for setting in (*TRAINING, *Stage.settings()):
            yield self._setting(setting, TRAINING_TAB, "Setting of the training")

    def _setting(self, setting: Setting, tab: int, hint: str) -> Entry:
        words = Words(setting.title, (setting.name,), setting.meaning)
        return Entry(words, partial(self._go_to, setting.name, tab), "settings", hint=hint, tip=setting.meaning)

    def _go_to(self, name: str, tab: int) -> None:
        bench = self._host.workbench
        bench.show_panel("Inspector")
        bench.inspector_tabs.setCurrentIndex(tab)
        page = bench.inspector.currentWidget()
        rows = page.findChildren(FormRow) if page is not None else []
        for row in [row for row in rows if row.setting.name == name][:1]:
            reveal(row.field)

    def _recent(self) -> list[str]:
        text = self._host.preferences.bytes(REMEMBERED).toStdString()
        return [line for line in text.split("\n") if line]

    def _remembering(self, entry: Entry) -> Entry:
        return replace(entry, choose=partial(self._choose, entry))

    def _choose(self, entry: Entry) -> None:
        kept = [entry.identity, *(each for each in self._recent() if each != entry.identity)]
        self._host.preferences.keep_bytes(REMEMBERED, QByteArray("\n".join(kept[:LONGEST]).encode()))
        entry.choose()


def reveal(field: QWidget) -> None:
    """Unfold and scroll to a field, and give it the keyboard."""
    above = field.parentWidget()
    while above is not None:
        if isinstance(above, CollapsibleSection):
            above.set_open(True)
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(field)
        above = above.parentWidget()
    field.setFocus()
