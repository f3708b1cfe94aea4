"""What a window fetches once it is seen, in steps between which it answers."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.gui.actions.host import Host
    from studio.gui.context_menus import ContextMenus
    from studio.gui.opening import Opener
    from studio.gui.searching import Searches

SLOW = ("numpy", "pyqtgraph")
"""Libraries that take a noticeable time, each fetched in a step of its own."""

INTERRUPTED = "The training {} was saved and ended, because another project was opened. Runs can resume it."


def steps(host: Host) -> Iterator[None]:
    """Give the window its project, its training and its workbench, one step after the other."""
    host.furnish()
    yield
    from studio.core.catalog import catalog

    catalog()
    yield
    from studio.gui.document import Document

    document = host.document = Document()
    yield
    from studio.gui.training.session import Session

    host.session = Session(host.widget)
    _remember_device(host)
    host.session.warm()
    yield
    host.start.gallery.show_catalog()
    for name in SLOW:
        yield
        importlib.import_module(name)
    yield
    from studio.gui.workbench import Workbench

    host.seat(Workbench(host.stack, document, host.session, host.preferences))


def _remember_device(host: Host) -> None:
    session, preferences = host.session, host.preferences
    session.device, session.processes = preferences.device, preferences.processes

    def keep() -> None:
        preferences.device, preferences.processes = session.device, session.processes

    session.device_chosen.connect(keep)


@dataclass(frozen=True)
class Assistants:
    """What acts on a window that is complete."""

    opener: Opener
    searches: Searches
    context_menus: ContextMenus


def join(host: Host) -> Assistants:
    """Let the parts of the window hear of each other."""
    from studio.gui.actions.menus import MENUS
    from studio.gui.bringing import Bringing
    from studio.gui.context_menus import ContextMenus
    from studio.gui.file_drops import FileDrops
    from studio.gui.files import Files
    from studio.gui.opening import Opener
    from studio.gui.searching import Searches

    document, bench = host.document, host.workbench
    session = host.session
    may_end = bench.sweeps.may_end
    host.files = Files(host.widget, document, host.preferences, host.say, lambda: session.state.is_busy, may_end)
    opener, searches = Opener(host), Searches(host, MENUS)
    bringing = host.bringing = Bringing(host)
    FileDrops(host, bringing)
    for signal in (host.start.gallery.chosen, bench.template_wanted):
        signal.connect(opener.open_template)
    bench.action_wanted.connect(host.run)
    bench.said.connect(host.say)
    bench.runs.open_wanted.connect(lambda chosen: opener.open_run(chosen.folder))
    bench.runs.resume_wanted.connect(opener.resume_run)
    bench.runs.checkpoints_wanted.connect(opener.show_checkpoints)
    document.failed.connect(host.say)
    document.titled.connect(host.show_title)
    document.opened.connect(session.forget)
    session.state_changed.connect(
        lambda state: document.note_run(session.run.folder if state.is_busy and session.run is not None else None)
    )
    session.interrupted.connect(lambda name: host.say(INTERRUPTED.format(name)))
    opener.list_recent()
    host.start.machine.setText(f"CPU, {os.cpu_count() or 1} cores")
    return Assistants(opener, searches, ContextMenus(host, MENUS, host.shortcuts))
