"""The page of samples that are points of the plane: over what the network answers between them, while it trains."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui.panels.panel import Context
from studio.gui.panels.plane import PlaneView
from studio.gui.panels.points import points_drawn, points_told
from studio.gui.style.measures import GRID, PANEL_PADDING
from studio.gui.training.state import State
from studio.gui.widgets.label import Role, label
from studio.training.slots import Picture

PLANE = "plane"
SELDOM = 1_000_000_000
"""Steps between two pictures while nobody sees them; where a stage ends one comes all the same."""


class PointsPage(QWidget):
    """Before any training it shows the points of the data alone."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._caption, self.plane = label("", Role.CAPTION), PlaneView()
        column = QVBoxLayout(self)
        column.setContentsMargins(PANEL_PADDING, GRID, PANEL_PADDING, GRID)
        column.addWidget(self._caption)
        column.addWidget(self.plane, 1)
        context.views.pictured.connect(self._show_field)
        context.session.state_changed.connect(self._begin)

    def refresh(self) -> bool:
        """Show the newest points; answers whether the samples are any."""
        predictions, diagnosis = self._context.predictions, self._context.document.diagnosis
        points = points_told(predictions) if predictions.newest is not None else points_drawn(diagnosis)
        if points is None:
            return False
        self.plane.show_points(points)
        self._say()
        return True

    def follow(self, *, seen: bool) -> None:
        """Have the answers painted as they change, or seldom where nobody sees them."""
        if points_told(self._context.predictions) is not None:
            project = self._context.session.project or self._context.document.project
            every = 0 if seen else SELDOM
            self._context.views.watch(PLANE, next(iter(project.networks), ""), "", look_at="plane", every=every)

    def _begin(self, state: State) -> None:
        """Another training begins, or another project was opened: what was answered before is over."""
        if state in (State.STARTING, State.IDLE):
            self._context.views.unwatch(PLANE)
            self.plane.show_field(None)
            self._say()

    def _show_field(self, purpose: str, picture: Picture) -> None:
        if purpose == PLANE:
            self.plane.show_field(picture)
            self._say()

    def _say(self) -> None:
        points, field, answered = self.plane.points, self.plane.field, self.plane.answered()
        if points is None:
            return
        count = len(points.places)
        if field is None or answered is None:
            whose = "held-out points" if points.samples else "points of the data"
            self._caption.setText(f"{count} {whose}; once it trains, with what the network answers between them")
            return
        wrong = int((answered != points.classes).sum())
        where = f"lie where another class is answered, at step {field.step:,}"
        self._caption.setText(f"{wrong} of {count} held-out points {where}")
