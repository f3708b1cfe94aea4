"""What is wrong with the project: a click goes there, buttons repair it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from studio.core.problem import Problem, Repair
from studio.core.project import Project
from studio.gui.emptying import empty
from studio.gui.panels.panel import Context, Panel
from studio.gui.panels.scrolling import scrolling
from studio.gui.style.measures import CARD_GAP, CARD_PADDING, GRID
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.lines import Lines
from studio.gui.widgets.repair_button import RepairButton

MOST, MOST_LOOKED, MOST_TOGETHER = 100, 24, 4
"""Problems that are listed, those around which is looked for repairs, and repairs that are offered for several."""
HINTS = "This can be meant, and keeps nothing from being trained:"


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
        self._is_filling = False
        """Rows go: the keyboard passes from button to button, and nobody points at any of them."""
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
        problems, hints = self._offering(), self.context.document.diagnosis.hints
        shown = (*problems, *hints)
        if shown == self._shown:
            self._shown = shown  # the same labels, and edits of the project as it is now
            return
        self._shown, self._is_filling = shown, True
        empty(self._column)
        self._is_filling = False
        self.context.place.foresee(None)
        self._column.addWidget(self._together(problems))
        for index, problem in enumerate(problems[:MOST]):
            self._column.addWidget(self._row(index, problem))
        if len(problems) > MOST:
            self._column.addWidget(label(f"{len(problems) - MOST} more problems follow from these.", Role.HINT))
        if hints:
            self._column.addWidget(label(HINTS, Role.HINT, wrap=True))
        for index, hint in enumerate(hints, len(problems)):
            self._column.addWidget(self._row(index, hint, is_hint=True))
        self._column.addStretch()
        self._stack.setCurrentIndex(1 if shown else 0)

    def _offering(self) -> tuple[Problem, ...]:
        """The problems; the first ones with repairs that need a look at the graph around them."""
        from studio.compiler.offers import offers_in  # late: not before the first painted window

        document = self.context.document
        found, project = document.diagnosis.problems, document.project
        looked = (replace(each, repairs=offers_in(each, project, document.diagnosis)) for each in found[:MOST_LOOKED])
        return (*looked, *found[MOST_LOOKED:])

    def _together(self, problems: tuple[Problem, ...]) -> QWidget:
        """Buttons that mend all problems with the same repair at once."""
        labels = Counter(repair.label for problem in problems[:MOST] for repair in problem.repairs[:1])
        several = [(text, count) for text, count in labels.items() if count > 1]
        area = QWidget()
        row = Lines(area, GRID // 2)
        for text, count in several[:MOST_TOGETHER]:
            button = RepairButton(f"{text}, all {count}", is_first=False)
            self._connect(button, partial(_for_all, text))
            row.addWidget(button)
        area.setVisible(bool(several))
        return area

    def _row(self, index: int, problem: Problem, *, is_hint: bool = False) -> QWidget:
        card = QFrame()
        card.setProperty("role", "card")
        place = Button(_place(problem), icon="info" if is_hint else "warning", kind=Kind.LINK, small=True)
        place.setAccessibleDescription(problem.message)
        place.clicked.connect(lambda: self._go_to(problem))
        head = QHBoxLayout()
        head.addWidget(place)
        head.addStretch()
        column = QVBoxLayout(card)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(GRID // 2)
        column.addLayout(head)
        column.addWidget(label(problem.message, Role.BODY, wrap=True))
        if problem.repairs:
            area = QWidget()
            buttons = Lines(area, GRID // 2)
            for at, repair in enumerate(problem.repairs):
                button = RepairButton(repair.label, is_first=at == 0 and not is_hint)
                self._connect(button, partial(self._repair, index, at))
                buttons.addWidget(button)
            column.addWidget(area)
        return card

    def _go_to(self, problem: Problem) -> None:
        if problem.stage is not None:
            self.context.place.go_to_stage(problem.stage)
        else:
            self.context.place.go_to(problem.graph, problem.node, problem.inside)

    def _repair(self, index: int, at: int) -> Repair:
        """The repair as it is for the project as it is now."""
        return self._shown[index].repairs[at]

    def _connect(self, button: RepairButton, repair: Callable[[], Repair]) -> None:
        """Let a button take a repair, and show what it would do while it is pointed at."""
        button.pointed.connect(lambda is_pointed: self._point(repair if is_pointed else None))
        button.clicked.connect(lambda: self.context.place.mend(repair()))

    def _point(self, repair: Callable[[], Repair] | None) -> None:
        """Show what a repair would do, or no longer."""
        if not self._is_filling:
            self.context.place.foresee(repair() if repair is not None else None)


def _place(problem: Problem) -> str:
    if problem.stage is not None:
        return f"Stage {problem.stage + 1}"
    return " / ".join(filter(None, (problem.graph, problem.node, *problem.inside))) or "Project"


def _for_all(text: str) -> Repair:
    """The repair of all problems that this label mends, as one step."""
    return Repair(f"{text}, all of them", partial(_mended, label=text))


def _mended(project: Project, *, label: str) -> Project:
    from studio.compiler.offers import mend_all  # late: not before the first painted window

    return mend_all(project, label)
