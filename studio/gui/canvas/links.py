"""Paints links in batches by colour: curves clipped to the view, thin lines where dense, shapes at mid-length."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from studio.gui.canvas import lettering, routes
from studio.gui.canvas.batch import draw_lines, polyline
from studio.gui.canvas.detail import Detail
from studio.gui.canvas.geometry import Rect, grown
from studio.gui.canvas.routes import Floats
from studio.gui.canvas.rows import FLOW_NAMES, LinkStyle, Rows
from studio.gui.canvas.scene import Scene
from studio.gui.style.measures import RADIUS_CHIP
from studio.gui.style.tokens import Theme, mix

WIDTH, MARKED_WIDTH = 2.0, 3.0
MISMATCH_DASHES, UNKNOWN_DASHES = (3.5, 2.5), (1.0, 2.0)
STEPS = {Detail.ALL: 20, Detail.SHAPES: 14, Detail.TITLES: 8, Detail.BLOCKS: 4}
DENSE = 2500
"""Pieces from which on lines are drawn without smoothing."""
CHIP_HEIGHT, CHIP_PADDING, CHIP_ROOM = 18.0, 8.0, 12.0
SEAM = 0.3
"""Pixels by which pieces of one curve overlap, so that no seam shows."""


def paint_links(painter: QPainter, scene: Scene, area: Rect) -> None:
    """Paint the links that touch an area, in view pixels."""
    links, detail = scene.drawing.links, scene.detail
    rows = links.within(scene.camera.rect_to_scene(grown(area, MARKED_WIDTH)))
    if scene.hidden is not None:
        rows = rows[rows != links.row.get(scene.hidden, -1)]
    styles = links.style[rows]
    plain = rows if detail < Detail.SHAPES else rows[styles == LinkStyle.SOLID]
    for color, some in _by_color(scene, plain):
        _lines(painter, scene, some, area, _pen(scene, color))
    if detail >= Detail.SHAPES:
        for style in (LinkStyle.UNKNOWN, LinkStyle.MISMATCH):
            _dashed(painter, scene, rows[styles == style], area, style)
        _marked(painter, scene, area)
        if scene.shapes:
            _chips(painter, scene, rows)


def link_color(theme: Theme, kind: str) -> QColor:
    """The colour of a link, mixed with the canvas, so that crossing pieces do not show."""
    return mix(theme.canvas, theme.flow(kind), theme.link_opacity())


def _by_color(scene: Scene, rows: Rows) -> Iterator[tuple[QColor, Rows]]:
    """Links in groups of one colour; from afar also those that do not fit or are unknown."""
    theme, links = scene.theme, scene.drawing.links
    styles, flows = links.style[rows], links.flow[rows]
    for flow, kind in enumerate(FLOW_NAMES):
        some = rows[(flows == flow) & (styles == LinkStyle.SOLID)]
        if len(some):
            yield link_color(theme, kind), some
    yield theme.line_strong, rows[styles == LinkStyle.UNKNOWN]
    yield theme.problem, rows[styles == LinkStyle.MISMATCH]


def _pen(scene: Scene, color: QColor, width: float = WIDTH) -> QPen:
    pen = QPen(color, max(width * scene.camera.scale, 1.0) if scene.detail >= Detail.SHAPES else 1.0)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setCosmetic(True)
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
    ends, gap = links.ends[rows], links.gap[rows]
    straight = (ends[:, 1] == ends[:, 3]) & ~routes.is_backwards(ends)
    groups = [ends] if scene.detail is Detail.SPECKS else [ends[straight]]
    if scene.detail > Detail.SPECKS:
        bent = routes.points_of(ends[~straight], gap[~straight], STEPS[scene.detail])
        groups += [routes.segments_of(points) for points in bent]
    offset = np.array([camera.x, camera.y] * 2)
    pieces = np.concatenate(groups) * camera.scale + offset
    if scene.detail >= Detail.SHAPES:
        along = pieces[:, 2:] - pieces[:, :2]
        along *= SEAM / np.maximum(np.hypot(*along.T), 1e-6)[:, None]
        pieces += np.concatenate([-along, along], axis=1)
    return routes.clipped(pieces, area)


def _dashed(painter: QPainter, scene: Scene, rows: Rows, area: Rect, style: LinkStyle) -> None:
    if len(rows) == 0:
        return
    theme, links = scene.theme, scene.drawing.links
    pen = _pen(scene, theme.problem if style is LinkStyle.MISMATCH else theme.line_strong)
    pen.setDashPattern(MISMATCH_DASHES if style is LinkStyle.MISMATCH else UNKNOWN_DASHES)
    painter.setPen(pen)
    shift, scale = np.array([scene.camera.x, scene.camera.y]), scene.camera.scale
    for points in routes.points_of(links.ends[rows], links.gap[rows], STEPS[scene.detail]):
        for line in points * scale + shift:
            inside = _within(line, grown(area, 2000.0))
            painter.drawPolyline(polyline(inside))


def _within(line: Floats, area: Rect) -> Floats:
    """The stretch of a line that may touch an area: dashes far outside cost as much as those inside."""
    x, y = line.T
    near = (x > area[0]) & (x < area[0] + area[2]) & (y > area[1]) & (y < area[1] + area[3])
    found = np.flatnonzero(near)
    return line[max(found[0] - 1, 0) : found[-1] + 2] if len(found) else line


def _marked(painter: QPainter, scene: Scene, area: Rect) -> None:
    """The link that is selected or under the pointer."""
    row = scene.drawing.links.row.get(scene.marked) if scene.marked else None
    if row is not None:
        _lines(painter, scene, np.array([row]), area, _pen(scene, scene.theme.accent, MARKED_WIDTH))


def _chips(painter: QPainter, scene: Scene, rows: Rows) -> None:
    links, camera = scene.drawing.links, scene.camera
    places = routes.middles(links.ends[rows], links.gap[rows])
    for row, (x, y, room) in zip(rows.tolist(), places.tolist(), strict=True):
        text = links.texts[row]
        if not text or chip_width(text) + CHIP_ROOM > room:
            continue
        pixmap = _chip(scene, text, mismatch=links.style[row] == LinkStyle.MISMATCH)
        size = pixmap.deviceIndependentSize()
        corner = x * camera.scale + camera.x - size.width() / 2, y * camera.scale + camera.y - size.height() / 2
        painter.drawPixmap(QPointF(*(round(value * scene.ratio) / scene.ratio for value in corner)), pixmap)


def chip_width(text: str) -> float:
    """How much of a link the shape hides, at 100 %."""
    return lettering.width(text, "shape") + 2 * CHIP_PADDING


def _chip(scene: Scene, text: str, *, mismatch: bool) -> QPixmap:
    rect = QRectF(1, 1, chip_width(text), CHIP_HEIGHT)
    theme, scale = scene.theme, scene.camera.scale

    def paint(painter: QPainter) -> None:
        painter.setPen(QPen(theme.problem, 1) if mismatch else Qt.PenStyle.NoPen)
        painter.setBrush(theme.canvas)
        inside = rect.adjusted(0.5, 0.5, -0.5, -0.5) if mismatch else rect
        painter.drawRoundedRect(inside, RADIUS_CHIP, RADIUS_CHIP)
        painter.setFont(lettering.font("shape"))
        painter.setPen(theme.problem if mismatch else theme.text2)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), text)

    key = ("chip", text, mismatch, scale, scene.ratio, theme.name)
    return scene.atlas.get(key, rect.adjusted(-1, -1, 1, 1), scale, scene.ratio, paint)
