"""Feature maps on the nodes themselves, while the network trains."""

from __future__ import annotations

from studio.compiler.results import GraphResult
from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.card import learned_maps
from studio.gui.panels.panel import Context
from studio.gui.panels.sample_view import maps_of
from studio.gui.pictures import map_image
from studio.training.slots import Picture

PREFIX = "strip:"
MOST_NODES, TILES = 8, 6


class Strips:
    """Watches the image nodes of the shown network that learn, and puts their first maps on the canvas."""

    def __init__(self, context: Context, canvas: Canvas) -> None:
        self._context, self._canvas = context, canvas
        self._shown: dict[str, str] = {}
        context.views.pictured.connect(self._show)
        context.session.state_changed.connect(self._watch)
        context.place.moved.connect(self._watch)

    def _watch(self, _: object = None) -> None:
        views, place = self._context.views, self._context.place
        trained = self._context.session.project
        known = trained is not None and place.root in trained.networks
        wanted = {f"{PREFIX}{place.path_of(name)}": name for name in looked_at(place.result)} if known else {}
        for purpose in [purpose for purpose in views.purposes() if purpose.startswith(PREFIX)]:
            if purpose not in wanted:
                views.unwatch(purpose)
        for name in set(self._shown.values()) - set(wanted.values()):
            self._canvas.set_strip(name, ())
        self._shown = wanted
        for purpose, name in wanted.items():
            views.watch(purpose, place.root, place.path_of(name))

    def _show(self, purpose: str, picture: Picture) -> None:
        name = self._shown.get(purpose)
        if name is not None and picture.array.ndim == 3:
            self._canvas.set_strip(name, [map_image(one) for one in maps_of(picture.array)[:TILES]])


def looked_at(result: GraphResult | None) -> list[str]:
    """The nodes that get a strip: those that learn and whose output is an image."""
    if result is None:
        return []
    return [name for name in result.order if learned_maps(result.nodes[name])][:MOST_NODES]
