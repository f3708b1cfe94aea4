"""Paints nodes: faces from the atlas where they can be read, one batch of rectangles by colour where they cannot."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from studio.gui.canvas.batch import draw_copies, draw_rects
from studio.gui.canvas.detail import Detail
from studio.gui.canvas.faces import Coat, paint_face, paint_found, paint_selection
from studio.gui.canvas.geometry import OVERHANG, TILE, TILE_GAP, TILE_PADDING, TILE_TOP, Box, Point, Rect, grown
from studio.gui.canvas.routes import Floats
from studio.gui.canvas.rows import Rows
from studio.gui.canvas.scene import Scene
from studio.gui.icons import draw_icon
from studio.gui.style.measures import RADIUS_NODE
from studio.gui.style.tokens import mix

LEAST_ICON = 16.0
SPECK = 2.0
DIMMED = 0.45
"""How much is left of what does not stand out."""


def paint_nodes(painter: QPainter, scene: Scene, area: Rect) -> list[Rect]:
    """Paint the nodes that touch an area, in view pixels; answers the areas that the next frame has to finish."""
    nodes = scene.drawing.nodes
    rows = nodes.within(scene.camera.rect_to_scene(area))
    if scene.detail <= Detail.BLOCKS:
        _blocks(painter, scene, rows)
        for names, color in ((scene.found, scene.theme.series2), (scene.selected, scene.theme.accent)):
            _boxes(painter, scene, [row for row in rows.tolist() if nodes.names[row] in names], color)
        return []
    ordered = sorted(rows.tolist(), key=lambda row: nodes.names[row] in scene.selected)
    return [rect for row in ordered if (rect := _face(painter, scene, row)) is not None]


def _blocks(painter: QPainter, scene: Scene, rows: Rows) -> None:
    """Nodes as rectangles in the colour of their family, with its icon where it can be told."""
    nodes, camera, theme = scene.drawing.nodes, scene.camera, scene.theme
    rects = nodes.place[rows] * camera.scale + np.array([camera.x, camera.y, 0.0, 0.0])
    rects[:, 2:] = np.maximum(rects[:, 2:], SPECK)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    index, wrong = scene.inks.index[rows], nodes.problem[rows]
    strong = np.ones(len(rows), np.bool_) if scene.trace is None else scene.trace.nodes[rows]
    for at, (color, icon) in enumerate(zip(scene.inks.colors, scene.inks.icons, strict=True)):
        some = (index == at) & ~wrong
        _batch(painter, rects[some & ~strong], mix(theme.canvas, color, DIMMED))
        _batch(painter, rects[some & strong], color)
        if scene.detail is Detail.BLOCKS and icon:
            _icons(painter, scene, rects[some], icon)
    _batch(painter, rects[wrong & ~strong], mix(theme.canvas, theme.problem, DIMMED))
    _batch(painter, rects[wrong & strong], theme.problem)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _boxes(painter: QPainter, scene: Scene, rows: list[int], color: QColor) -> None:
    """Outlines of selected or found nodes from afar, in one batch."""
    if not rows:
        return
    camera = scene.camera
    rects = scene.drawing.nodes.place[rows] * camera.scale + np.array([camera.x - 1, camera.y - 1, 2.0, 2.0])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(color)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    draw_rects(painter, np.round(rects))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _batch(painter: QPainter, rects: Floats, color: QColor) -> None:
    painter.setBrush(color)
    draw_rects(painter, rects)


def _icons(painter: QPainter, scene: Scene, rects: Floats, icon: str) -> None:
    large = rects[np.minimum(rects[:, 2], rects[:, 3]) >= LEAST_ICON]
    if len(large) == 0:
        return
    square = QRectF(0, 0, LEAST_ICON, LEAST_ICON)
    ink = scene.theme.canvas
    key = ("icon", icon, scene.ratio, scene.theme.name)
    pixmap = scene.atlas.get(key, square, 1.0, scene.ratio, lambda p: draw_icon(p, icon, square, ink))
    draw_copies(painter, pixmap, np.round(large[:, :2] + large[:, 2:] / 2))


def prepare(scene: Scene, area: Rect) -> bool:
    """Paint faces that an area needs, as far as this frame's time goes; answers whether none is missing."""
    if scene.detail <= Detail.BLOCKS:
        return True
    rows = scene.drawing.nodes.within(scene.camera.rect_to_scene(area)).tolist()
    return all(_pixmap(scene, row) is not None for row in rows)


def _pixmap(scene: Scene, row: int) -> QPixmap | None:
    """The face of a node; None where it has to wait for the next frame."""
    nodes, scale, ratio = scene.drawing.nodes, scene.camera.scale, scene.ratio
    coat = coat_of(scene, row)
    key = (nodes.faces[row], scale, ratio, scene.theme.name, coat and (coat.color.rgb(), coat.text))
    card, box = nodes.cards[row], nodes.boxes[row]
    paint = partial(paint_face, card=card, box=box, theme=scene.theme, detail=scene.detail, scale=scale, coat=coat)
    return scene.atlas.find(key, _face_area(box), scale, ratio, paint)


def coat_of(scene: Scene, row: int) -> Coat | None:
    """What a node wears in place of the colour of its family."""
    return None if scene.coloring is None else Coat(scene.coloring.color(row), *scene.coloring.note(row))


def _face_area(box: Box) -> QRectF:
    return QRectF(-OVERHANG, -OVERHANG, box.width + 2 * OVERHANG, box.height + 2 * OVERHANG)


def _face(painter: QPainter, scene: Scene, row: int) -> Rect | None:
    """Paint one node; answers its area where its face has to wait for the next frame."""
    nodes, scale, ratio = scene.drawing.nodes, scene.camera.scale, scene.ratio
    card, box = nodes.cards[row], nodes.boxes[row]
    x, y = _whole(scene, nodes.place[row].tolist()[:2])
    rect = QRectF(x, y, box.width * scale, box.height * scale)
    if nodes.names[row] in scene.selected:
        paint_selection(painter, rect, scene.theme, scale)
    elif nodes.names[row] in scene.found:
        paint_found(painter, rect, scene.theme, scale)
    pixmap = _pixmap(scene, row)
    if pixmap is None:
        _plain(painter, scene, rect, scene.inks.color(row))
        return grown((x, y, rect.width(), rect.height()), OVERHANG * scale)
    inset = round(OVERHANG * scale * ratio) / ratio
    is_dimmed = scene.trace is not None and not scene.trace.nodes[row]
    painter.setOpacity(DIMMED if is_dimmed else 1.0)
    painter.drawPixmap(QPointF(x - inset, y - inset), pixmap)
    painter.setOpacity(1.0)
    if card.strip and scene.detail is Detail.ALL:
        paint_strip(painter, scene, nodes.names[row], (x, y + (box.strip_top + TILE_TOP) * scale))
    return None


def _whole(scene: Scene, place: Iterable[float]) -> Point:
    """A scene point in the view, at a whole pixel of the screen."""
    x, y = place
    left, top = scene.camera.to_view((x, y))
    return round(left * scene.ratio) / scene.ratio, round(top * scene.ratio) / scene.ratio


def _plain(painter: QPainter, scene: Scene, rect: QRectF, color: QColor) -> None:
    """A node whose face is not painted yet."""
    radius = RADIUS_NODE * scene.camera.scale
    painter.setPen(scene.theme.node_line)
    painter.setBrush(scene.theme.raised)
    painter.drawRoundedRect(rect, radius, radius)
    painter.fillRect(QRectF(rect.left() + radius, rect.top(), rect.width() - 2 * radius, 2), color)


def paint_strip(painter: QPainter, scene: Scene, name: str, corner: Point) -> None:
    """Paint the pictures of a node beside each other, the first with its corner here."""
    scale = scene.camera.scale
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale != 1.0)
    for index, image in enumerate(scene.strips.get(name, ())):
        left = corner[0] + (TILE_PADDING + index * (TILE + TILE_GAP)) * scale
        painter.drawImage(QRectF(left, corner[1], TILE * scale, TILE * scale), image)
