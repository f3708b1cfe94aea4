"""Collapses rows of linear layers in the graph that is shown, with the weights that they have learned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.core.collapsing import Chain, collapse, linear_chains
from studio.core.names import identifiers
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui.widgets.toast import Tone
from studio.training.collapsing import write_collapsed

if TYPE_CHECKING:
    from studio.gui.document import Document
    from studio.gui.training.session import Session
    from studio.gui.workspace import Workspace


class Collapsing:
    """Acts on the selected linear layers, or where none is selected on all."""

    def __init__(self, document: Document, workspace: Workspace, session: Session) -> None:
        self._document, self._workspace, self._session = document, workspace, session

    def chains(self) -> tuple[Chain, ...]:
        """The rows that can become one layer each."""
        place = self._workspace.place
        if place.graph_name not in self._document.project.graphs:
            return ()
        chosen = [name for name in place.selected if place.graph.nodes[name].type == "Linear"]
        return linear_chains(place.graph, chosen or None)

    def collapse(self) -> None:
        """Make one layer of each row, and say where its weights come from."""
        before, name, chains = self._document.project, self._workspace.place.graph_name, self.chains()
        edited, layers = collapse(before, name, chains), sum(map(len, chains))
        told = "The new layer has to learn anew." if len(chains) == 1 else "The new layers have to learn anew."
        tone = Tone.INFO
        try:
            if (weights := self._multiplied(before, edited, name, chains)) is not None:
                sources = {**edited.training.weights, name: str(weights)}
                edited = replace(edited, training=replace(edited.training, weights=sources))
                told, tone = f"{name} begins with what they had learned, multiplied.", Tone.SUCCESS
        except ProjectError as error:
            told, tone = str(error), Tone.PROBLEM
        self._document.apply(edited, f"Collapse {layers} linear layers")
        self._workspace.canvas.select({chain[-1] for chain in chains})
        became = "one" if len(chains) == 1 else str(len(chains))
        self._workspace.notices.show(f"{layers} linear layers became {became}. {told}", tone)

    def _multiplied(self, before: Project, after: Project, name: str, chains: tuple[Chain, ...]) -> Path | None:
        """A file of weights, if a run has trained the very network that is drawn. Raises ProjectError."""
        run, trained = self._session.run, self._session.project
        newest = run.newest() if run is not None else None
        if newest is None or trained is None or trained.networks.get(name) != before.graphs[name]:
            return None
        weights = newest.weights(identifiers(trained.networks)[name])
        return write_collapsed(weights, before.graphs[name], after.graphs[name], chains)
