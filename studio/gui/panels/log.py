"""Everything the training process said, newest last."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QPlainTextEdit, QStackedLayout

from studio.gui import fonts
from studio.gui.panels.panel import Context, Panel
from studio.gui.style.measures import CARD_PADDING, LABEL
from studio.gui.training.wording import sentence
from studio.gui.widgets.empty import EmptyState
from studio.training.messages import DataProgress, Event, Failed, WorkerDied

LONGEST = 5_000
"""Lines that are kept."""


class LogPanel(Panel):
    """Sentences with their time; what a process printed before it ended stands below its last sentence."""

    title, side = "Log", "left"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setMaximumBlockCount(LONGEST)
        self.text.setAccessibleName("Log of the training")
        self.text.setFont(fonts.mono(LABEL))
        self.text.document().setDocumentMargin(CARD_PADDING)
        self._doing = ""
        self._stack = QStackedLayout(self)
        self._stack.addWidget(EmptyState("file", "What the training process says appears here."))
        self._stack.addWidget(self.text)
        context.session.told.connect(self._take)

    def add(self, line: str) -> None:
        """Add a line with the time of now."""
        self.text.appendPlainText(f"{datetime.now():%H:%M:%S}  {line}")
        self._stack.setCurrentIndex(1)

    def _take(self, event: Event) -> None:
        line = sentence(event)
        if line and not (isinstance(event, DataProgress) and event.what == self._doing):
            self.add(line)
        self._doing = event.what if isinstance(event, DataProgress) else ""
        trace = event.traceback if isinstance(event, Failed) else event.output if isinstance(event, WorkerDied) else ""
        if trace:
            self.text.appendPlainText(trace)
