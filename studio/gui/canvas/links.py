"""Paints links in batches by colour: curves clipped to the view, thin lines where dense, shapes at mid-length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from studio.gui.canvas import lettering, routes
from studio.gui.canvas.batch import draw_lines
from studio.gui.canvas.detail import Detail
from studio.gui.canvas.geometry import Rect, chip_width, grown
from studio.gui.canvas.routes import Floats
from studio.gui.canvas.rows import FLOW_NAMES, LinkStyle, Rows
from studio.gui.canvas.scene import Scene
from studio.gui.style.measures import RADIUS_CHIP
from studio.gui.style.tokens import Theme, mix

WIDTH, MARKED_WIDTH = 2.0, 3.0
MISMATCH_DASHES, UNKNOWN_DASHES = (3.5, 2.5), (1.0, 2.0)
STEPS = {Detail.ALL: 24, Detail.SHAPES: 18, Detail.TITLES: 9, Detail.BLOCKS: 4}
DENSE = 2500
"""Pieces from which on lines are drawn without smoothing."""
CHIP_HEIGHT = 18.0
BEND_RADIUS, BEND_RING, BEND_GAP = 4.0, 2.0, 2.0
SEAM = 0.3
"""Pixels by which pieces of one curve overlap, so that no seam shows."""


@dataclass(frozen=True, slots=True)
class Ink:
    """How strongly links are drawn: their width at 100 %, and how much of their colour is left."""

    width: float
    share: float

    def on(self, theme: Theme, color: QColor) -> QColor:
        return color if self.share == 1.0 else mix(theme.canvas, color, self.share)


PLAIN, STRONG, WEAK = Ink(WIDTH, 1.0), Ink(MARKED_WIDTH, 1.0), Ink(WIDTH, 0.4)


def paint_links(painter: QPainter, scene: Scene, area: Rect) -> None:
    """Paint the links that touch an area, in view pixels."""
    links = scene.drawing.links
    rows = links.within(scene.camera.rect_to_scene(grown(area, MARKED_WIDTH)))
    if scene.hidden is not None:
        rows = rows[rows != links.row.get(scene.hidden, -1)]
    strong = rows if scene.trace is None else rows[scene.trace.links[rows]]
    if scene.trace is not None:
        _layer(painter, scene, rows[~scene.trace.links[rows]], area, WEAK)
    _layer(painter, scene, strong, area, PLAIN if scene.trace is None else STRONG)
    if scene.detail >= Detail.SHAPES:
        _marked(painter, scene, area)
        _bends(painter, scene, rows)
        if scene.shapes:
            _chips(painter, scene, strong, area)


def _layer(painter: QPainter, scene: Scene, rows: Rows, area: Rect, ink: Ink) -> None:
    """Paint links of equal strength."""
    styles = scene.drawing.links.style[rows]
    plain = rows if scene.detail < Detail.SHAPES else rows[styles == LinkStyle.SOLID]
    for color, some in _by_color(scene, plain):
        _lines(painter, scene, some, area, _pen(scene, ink.on(scene.theme, color), ink.width))
    if scene.detail >= Detail.SHAPES:
        for style in (LinkStyle.UNKNOWN, LinkStyle.MISMATCH):
            _dashed(painter, scene, rows[styles == style], area, style, ink)


def link_color(theme: Theme, kind: str) -> QColor:
    """The colour of a link, mixed with the canvas, so that crossing pieces do not show."""
    return mix(theme.canvas, theme.flow(kind), theme.link_opacity())


def _by_color(scene: Scene, rows: Rows) -> Iterator[tuple[QColor, Rows]]:
    """Links in groups of one colour; from afar also those that do not fit or are unknown."""
    theme, links = scene.theme, scene.drawing.links
    styles, flows = links.style[rows], links.flow[rows]
    solid = styles == LinkStyle.SOLID
    groups = [(link_color(theme, kind), rows[solid & (flows == flow)]) for flow, kind in enumerate(FLOW_NAMES)]
    groups.append((theme.line_strong, rows[styles == LinkStyle.UNKNOWN]))
    groups.append((theme.problem, rows[styles == LinkStyle.MISMATCH]))
    yield from ((color, some) for color, some in groups if len(some))


def _pen(scene: Scene, color: QColor, width: float = WIDTH) -> QPen:
    is_near = scene.detail >= Detail.SHAPES
    pen = QPen(color, max(width * scene.camera.scale, 1.0) if is_near else 1.0)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    # From afar a line is one pixel of the screen, which costs a fraction of a wider one.
    pen.setCosmetic(not is_near)
    return pen


def _lines(painter: QPainter, scene: Scene, rows: Rows, area: Rect, pen: QPen) -> None:
    pieces = _pieces(scene, rows, grown(area, pen.widthF() + 1))
    painter.setPen(pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(pieces) < DENSE)
    draw_lines(painter, pieces)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _pieces(scene: Scene, rows: Rows, area: Rect) -> Floats:
    """The visible pieces of links, in view pixels: (m, 4)."""
    links, camera = scene.drawing.links, scene.camera
    if scene.detail is Detail.SPECKS:
        groups = [links.chords(rows)]
    else:
        ends = links.ends[rows]
        straight = (ends[:, 1] == ends[:, 3]) & ~routes.is_backwards(ends) & ~links.bent[rows]
        curves = links.lines(rows[~straight], STEPS[scene.detail])
        groups = [ends[straight], *(routes.segments_of(points) for points in curves)]
    offset = np.array([camera.x, camera.y] * 2)
    pieces = np.concatenate(groups) * camera.scale + offset
    if scene.detail >= Detail.SHAPES:
        along = pieces[:, 2:] - pieces[:, :2]
        along *= SEAM / np.maximum(np.hypot(*along.T), 1e-6)[:, None]
        pieces += np.concatenate([-along, along], axis=1)
    return routes.clipped(pieces, area)


def _dashed(painter: QPainter, scene: Scene, rows: Rows, area: Rect, style: LinkStyle, ink: Ink) -> None:
    if len(rows) == 0:
        return
    theme, links = scene.theme, scene.drawing.links
    color = theme.problem if style is LinkStyle.MISMATCH else theme.line_strong
    pen = _pen(scene, ink.on(theme, color), ink.width)
    painter.setPen(pen)
    shift, scale = np.array([scene.camera.x, scene.camera.y]), scene.camera.scale
    on, off = (part * pen.widthF() for part in (MISMATCH_DASHES if style is LinkStyle.MISMATCH else UNKNOWN_DASHES))
    lines = [line * scale + shift for points in links.lines(rows, STEPS[scene.detail]) for line in points]
    # Cut here and not by Qt, whose dashes begin elsewhere for every area that is painted.
    pieces = np.concatenate([routes.dashes(line, on, off) for line in lines])
    draw_lines(painter, routes.clipped(pieces, grown(area, pen.widthF() + 1)))


def _marked(painter: QPainter, scene: Scene, area: Rect) -> None:
    """The link that is selected or under the pointer."""
    row = scene.drawing.links.row.get(scene.marked) if scene.marked else None
    if row is not None:
        _lines(painter, scene, np.array([row]), area, _pen(scene, scene.theme.accent, MARKED_WIDTH))


def _bends(painter: QPainter, scene: Scene, rows: Rows) -> None:
    """The points that links are led through."""
    links, theme, scale = scene.drawing.links, scene.theme, scene.camera.scale
    for row in rows[links.bent[rows]].tolist() if links.via else ():
        link, color = links.links[row], link_color(theme, FLOW_NAMES[links.flow[row]])
        for index, point in enumerate(links.via[row].tolist()):
            is_chosen = scene.bend is not None and link is not None and scene.bend == (link, index)
            painter.setBrush(theme.accent if is_chosen or link == scene.marked else color)
            painter.setPen(QPen(theme.canvas, BEND_RING * scale))
            radius = (BEND_RADIUS + BEND_RING) * scale
            center = QPointF(*scene.camera.to_view((point[0], point[1])))
            painter.drawEllipse(center, radius, radius)
            if is_chosen:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.accent, max(WIDTH * scale, 1.5)))
                painter.drawEllipse(center, radius + BEND_GAP * scale, radius + BEND_GAP * scale)


def chips_in(scene: Scene, rows: Rows, area: Rect) -> Iterator[tuple[str, tuple[float, float], bool]]:
    """The shapes that fit on these links in an area: text, center in view pixels, and whether they do not match."""
    links, camera = scene.drawing.links, scene.camera
    places = links.middles(rows)
    centers = places[:, :2] * camera.scale + np.array([camera.x, camera.y])
    reach = np.array([links.room[rows], np.full(len(rows), CHIP_HEIGHT)]).T * camera.scale
    low, high = np.array(area[:2]), np.array([area[0] + area[2], area[1] + area[3]])
    seen = (places[:, 2] >= links.room[rows]) & ((centers + reach > low) & (centers - reach < high)).all(axis=1)
    wrong = (links.style[rows] == LinkStyle.MISMATCH)[seen]
    for row, (x, y), mismatch in zip(rows[seen].tolist(), centers[seen].tolist(), wrong.tolist(), strict=True):
        yield links.texts[row], (x, y), mismatch


def _chips(painter: QPainter, scene: Scene, rows: Rows, area: Rect) -> None:
    ratio = scene.ratio
    for text, center, mismatch in chips_in(scene, rows, area):
        pixmap = _chip(scene, text, mismatch=mismatch)
        width, height = pixmap.width(), pixmap.height()
        corner = round(center[0] * ratio - width / 2) / ratio, round(center[1] * ratio - height / 2) / ratio
        painter.drawPixmap(QPointF(*corner), pixmap)


def _chip(scene: Scene, text: str, *, mismatch: bool) -> QPixmap:
    theme, scale = scene.theme, scene.camera.scale
    rect = QRectF(1, 1, chip_width(text, lettering.width), CHIP_HEIGHT)
    key = (text, mismatch, scale, scene.ratio, theme.name)
    paint = partial(paint_chip, rect=rect, text=text, theme=theme, mismatch=mismatch)
    return scene.atlas.get(key, rect.adjusted(-1, -1, 1, 1), scale, scene.ratio, paint)


def paint_chip(painter: QPainter, rect: QRectF, text: str, theme: Theme, *, mismatch: bool) -> None:
    """Paint the shape on a link at 100 %."""
    painter.setPen(QPen(theme.problem, 1) if mismatch else Qt.PenStyle.NoPen)
    painter.setBrush(theme.canvas)
    inside = rect.adjusted(0.5, 0.5, -0.5, -0.5) if mismatch else rect
    painter.drawRoundedRect(inside, RADIUS_CHIP, RADIUS_CHIP)
    painter.setFont(lettering.font("shape"))
    painter.setPen(theme.problem if mismatch else theme.text2)
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), text)
