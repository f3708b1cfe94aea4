"""What is wrong with the project: a click goes there, buttons repair it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from studio.core.problem import Problem, Repair
from studio.gui.emptying import empty
from studio.gui.panels.panel import Context, Panel
from studio.gui.panels.scrolling import scrolling
from studio.gui.style.measures import CARD_GAP, CARD_PADDING, GRID
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.label import Role, label

MOST = 100


class ProblemsPanel(Panel):
    """One row a problem: place, sentence, repairs."""

    title, side = "Problems", "right"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._stack = QStackedLayout(self)
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(CARD_PADDING, CARD_PADDING, CARD_PADDING, CARD_PADDING)
        self._column.setSpacing(CARD_GAP)
        area = scrolling(self._list)
        self._stack.addWidget(EmptyState("check", "Nothing is wrong: the project can be trained and exported."))
        self._stack.addWidget(area)
        self._shown: tuple[Problem, ...] = ()
        context.document.changed.connect(self._follow)
        context.document.opened.connect(self._follow)
        self.refresh()

    def appear(self) -> None:
        self.refresh()

    def _follow(self) -> None:
        if self.is_seen:
            self.refresh()

    def refresh(self) -> None:
        """Show the problems of the project as it is now."""
        problems = self.context.document.diagnosis.problems
        if problems == self._shown:
            return
        self._shown = problems
        empty(self._column)
        for problem in problems[:MOST]:
            self._column.addWidget(self._row(problem))
        if len(problems) > MOST:
            self._column.addWidget(label(f"{len(problems) - MOST} more problems follow from these.", Role.HINT))
        self._column.addStretch()
        self._stack.setCurrentIndex(1 if problems else 0)

    def _row(self, problem: Problem) -> QWidget:
        card = QFrame()
        card.setProperty("role", "card")
        place = Button(_place(problem), icon="warning", kind=Kind.LINK, small=True)
        place.setAccessibleDescription(problem.message)
        place.clicked.connect(lambda: self.context.place.go_to(problem.graph, problem.node))
        head = QHBoxLayout()
        head.addWidget(place)
        head.addStretch()
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        for repair in problem.repairs:
            button = Button(
                repair.label, small=True, kind=Kind.PRIMARY if repair is problem.repairs[0] else Kind.SECONDARY
            )
            button.clicked.connect(lambda _=False, repair=repair: self._mend(repair))
            buttons.addWidget(button)
        buttons.addStretch()
        column = QVBoxLayout(card)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(GRID // 2)
        column.addLayout(head)
        column.addWidget(label(problem.message, Role.BODY, wrap=True))
        if problem.repairs:
            column.addLayout(buttons)
        return card

    def _mend(self, repair: Repair) -> None:
        document = self.context.document
        document.apply(repair.apply(document.project), repair.label)


def _place(problem: Problem) -> str:
    return " / ".join(filter(None, (problem.graph, problem.node))) or "Project"
