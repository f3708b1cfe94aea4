"""The PyTorch source of the graph, in step with the project; lines and nodes select each other."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QTextCursor, QTextFormat
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPlainTextEdit, QStackedLayout, QTextEdit, QVBoxLayout, QWidget

from studio.compiler.source import Source, network_source, objective_source
from studio.core.problem import ProjectError
from studio.gui import fonts, theme
from studio.gui.panels.highlighter import PythonHighlighter
from studio.gui.panels.panel import Context, Panel
from studio.gui.style.measures import CARD_PADDING, GRID, LABEL
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.label import Role, label

PAUSE_MS = 150
"""The source follows an edit after a pause this long."""


class CodePanel(Panel):
    """Printed only while it is seen."""

    title, side = "Code", "right"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.source: Source | None = None
        self._stale = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._print)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName("PyTorch source")
        self.text.setFont(fonts.mono(LABEL))
        self.text.document().setDocumentMargin(CARD_PADDING)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._highlighter = PythonHighlighter(self.text.document())
        self._empty = EmptyState("code", "")
        self._note = label("", Role.HINT)
        self._lay_out()
        self.text.cursorPositionChanged.connect(self._choose_node)
        for signal in (context.document.changed, context.document.opened, context.place.moved):
            signal.connect(self._expire)
        context.place.selected_changed.connect(self._mark)
        theme.switch().changed.connect(self._mark)

    def _lay_out(self) -> None:
        copy = Button("Copy", icon="copy", kind=Kind.QUIET, small=True)
        copy.clicked.connect(lambda: QApplication.clipboard().setText(self.source.text if self.source else ""))
        page = QWidget()
        head = QHBoxLayout()
        head.setContentsMargins(GRID, 0, GRID, 0)
        head.addWidget(self._note, 1)
        head.addWidget(copy)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, GRID // 2, 0, 0)
        column.setSpacing(GRID // 2)
        column.addLayout(head)
        column.addWidget(self.text)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(page)

    def appear(self) -> None:
        if self._stale:
            self._print()

    def _expire(self) -> None:
        self._stale = True
        if self.is_seen:
            self._timer.start()

    def _print(self) -> None:
        self._stale = False
        try:
            source = self._source()
        except ProjectError as error:
            self.source = None
            self._empty.say(f"The code appears when the problems are mended. {error}")
            self._stack.setCurrentIndex(0)
            return
        if self.source is None or source.text != self.source.text:
            self.source = source
            self._highlighter.read(source.text)
            self.text.blockSignals(True)
            self.text.setPlainText(source.text)
            self.text.blockSignals(False)
        self.source = source
        self._note.setText(f"class {source.class_name}: what trains and what is exported")
        self._stack.setCurrentIndex(1)
        self._mark()

    def _source(self) -> Source:
        """The source of the tab's graph; for a block opened on its own, that of the first network."""
        document, root = self.context.document, self.context.place.root
        project, diagnosis = document.project, document.diagnosis
        if root in diagnosis.objectives:
            return objective_source(project, root, diagnosis)
        name = root if root in project.networks else next(iter(project.networks), root)
        return network_source(project, name, diagnosis)

    def _choose_node(self) -> None:
        place = self.source.node_at(self.text.textCursor().blockNumber() + 1) if self.source else None
        if place is not None and place != (self.context.place.graph_name, self.context.place.node):
            self.context.place.go_to(*place)

    def _mark(self) -> None:
        """Fill the lines of the selected nodes, and bring the first into view."""
        place = self.context.place
        lines = [line for name in place.selected for line in self._lines(place.graph_name, name)]
        self.text.setExtraSelections([self._filled(line) for line in lines])
        if lines and self.is_seen and not self.text.hasFocus():
            self.text.blockSignals(True)
            self.text.setTextCursor(QTextCursor(self.text.document().findBlockByNumber(min(lines) - 1)))
            self.text.blockSignals(False)
            self.text.centerCursor()

    def _lines(self, graph: str, node: str) -> tuple[int, ...]:
        return self.source.lines_of(graph, node) if self.source else ()

    def _filled(self, line: int) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        selection.cursor = QTextCursor(self.text.document().findBlockByNumber(line - 1))
        chars = selection.format
        chars.setBackground(QColor(theme.current().accent_bg))
        chars.setProperty(QTextFormat.Property.FullWidthSelection, True)
        selection.format = chars
        return selection
