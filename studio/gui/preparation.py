"""What a window fetches once it is seen, in steps between which it answers."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.gui.window import Window

SLOW = ("numpy", "pyqtgraph")
"""Libraries that take a noticeable time, each fetched in a step of its own."""


def steps(window: Window) -> Iterator[None]:
    """Give the window its project, its training and its workbench, one step after the other."""
    from studio.core.catalog import catalog

    catalog()
    yield
    from studio.gui.document import Document

    document = window.document = Document()
    yield
    from studio.gui.training.session import Session

    window.session = Session(window)
    window.session.warm()
    yield
    window.start.gallery.show_catalog()
    for name in SLOW:
        yield
        importlib.import_module(name)
    yield
    from studio.gui.workbench import Workbench

    window.workbench = Workbench(document, window.session, window.preferences)
    window.stack.addWidget(window.workbench)
    yield
    _join(window)


def _join(window: Window) -> None:
    """Let the parts of the window hear of each other."""
    from studio.gui.files import Files
    from studio.gui.opening import Opener
    from studio.gui.searching import Searches

    document, bench, run = window.document, window.workbench, window.actions_bar.run
    window.files = Files(window, document, window.preferences, window.say)
    window.opener = Opener(window)
    window.searches = Searches(window, bench, window.actions_bar.menus)
    window.searches.action_wanted.connect(run)
    window.searches.template_wanted.connect(window.opener.open_template)
    window.start.gallery.chosen.connect(window.opener.open_template)
    bench.template_wanted.connect(window.opener.open_template)
    bench.action_wanted.connect(run)
    bench.said.connect(window.say)
    bench.runs.open_wanted.connect(lambda chosen: window.opener.open_run(chosen.folder))
    bench.runs.resume_wanted.connect(window.opener.resume_run)
    document.failed.connect(window.say)
    document.titled.connect(window.show_title)
    document.opened.connect(window.session.forget)
    window.opener.list_recent()
    window.start.machine.setText(f"CPU, {os.cpu_count() or 1} cores")
