"""What a training will cost, before it begins: weights, work, memory, time, and what to do where memory will not do."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from studio.gui.document import Document
from studio.gui.emptying import empty
from studio.gui.inspector.card import Card
from studio.gui.style.measures import GRID
from studio.gui.training.estimate import BREAKDOWN, Estimate, amounts, pace
from studio.gui.widgets.button import Button
from studio.gui.widgets.label import Role, label


class CostCard(Card):
    """Follows the estimate."""

    def __init__(self, document: Document, estimate: Estimate) -> None:
        super().__init__("What a training costs")
        self._document, self._estimate = document, estimate
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(2 * GRID)
        self._facts.setColumnStretch(1, 1)
        grid = QWidget()
        grid.setLayout(self._facts)
        self._facts.setContentsMargins(0, 0, 0, 0)
        self._spent = label("", Role.HINT, wrap=True)
        self.warning = label("", Role.WARN, wrap=True)
        self.set_batch = Button(icon="check", name="Train with a batch that fits into memory", small=True)
        self.set_batch.clicked.connect(estimate.set_batch)
        for part in (grid, self._spent, self.warning, self.set_batch):
            self.body.addWidget(part)
        estimate.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is known now."""
        networks, estimate = self._document.diagnosis.networks.values(), self._estimate
        memory = estimate.memory
        facts = {
            "Weights": f"{sum(result.weights for result in networks):,}",
            "Multiply-adds": f"{sum(result.multiply_adds for result in networks):,} per sample",
            "Memory": f"about {amounts(memory)['total']}",
            "Time": pace(estimate.seconds) if estimate.seconds else estimate.why_not or "not measured yet",
        }
        empty(self._facts)
        for row, (name, text) in enumerate(facts.items()):
            self._facts.addWidget(label(name, Role.LABEL), row, 0)
            self._facts.addWidget(label(text, Role.BODY, wrap=True), row, 1)
        self._spent.setText(BREAKDOWN.format(**amounts(memory)))
        shortage = estimate.shortage
        self.warning.setText(shortage.sentence if shortage else "")
        self.warning.setVisible(shortage is not None)
        self.set_batch.setVisible(bool(shortage and shortage.batch))
        if shortage:
            self.set_batch.setText(f"Set batch to {shortage.batch:,}")
