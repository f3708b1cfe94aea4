"""What a layout has to know of nodes as they are drawn: their sizes and the heights of their ports."""

from __future__ import annotations

from studio.core.layout import Body
from studio.gui.canvas.card import Card
from studio.gui.canvas.drawing import Drawing
from studio.gui.canvas.geometry import STRIP, Box


def bodies_of(drawing: Drawing) -> dict[str, Body]:
    """Every node of a drawing, with room for the feature maps that some show while they learn."""
    rows = drawing.nodes
    return {name: _body(rows.cards[row], rows.boxes[row]) for name, row in rows.row.items()}


def _body(card: Card, box: Box) -> Body:
    return Body(
        box.width,
        box.height + (STRIP if card.maps and not card.strip else 0),
        {mark.name: y for mark, (_, y) in zip(card.inputs, box.inputs, strict=True)},
        {mark.name: y for mark, (_, y) in zip(card.outputs, box.outputs, strict=True)},
    )
