"""Draws a graph into a picture file, as the canvas does, on a machine with or without a screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSizeF
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from studio.compiler import ports
from studio.compiler.results import GraphResult
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui.canvas import lettering
from studio.gui.canvas.atlas import Atlas
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.card import Subject
from studio.gui.canvas.detail import Detail
from studio.gui.canvas.drawing import Drawing
from studio.gui.canvas.faces import paint_face
from studio.gui.canvas.geometry import Rect, chip_width
from studio.gui.canvas.ground import paint_frames
from studio.gui.canvas.links import CHIP_HEIGHT, chips_in, paint_chip, paint_links
from studio.gui.canvas.nodes import paint_nodes
from studio.gui.canvas.scene import Scene
from studio.gui.style.tokens import DARK, LIGHT, Theme

MARGIN = 32.0
RATIO = 2.0
"""Pixels of a picture for one of the canvas: sharp in print and on fine screens."""

LARGEST = 16_384
"""Pixels of a picture along a side at most; a larger graph is drawn smaller."""


def render(project: Project, result: GraphResult, path: Path, *, dark: bool = False) -> None:
    """Draw a graph of the project, as it was checked, into a .svg or .png file. Raises ProjectError."""
    if path.suffix not in (".svg", ".png"):
        raise ProjectError(f"{path.name} should end with .svg or .png: these are the pictures that can be drawn.")
    # Fonts and pixmaps need an application; this one asks for no screen.
    application = QGuiApplication.instance() or QGuiApplication(["layerloom", "-platform", "offscreen"])
    drawing = Drawing(lettering.width, Subject(project, result.name, result.graph, result, ports))
    drawing.rebuild()
    data = (_svg if path.suffix == ".svg" else _png)(drawing, DARK if dark else LIGHT)
    del application
    try:
        path.write_bytes(data)
    except OSError as error:
        raise ProjectError(f"{path} cannot be written: {error.strerror or error}. Choose another place.") from None


def _png(drawing: Drawing, theme: Theme) -> bytes:
    """The graph in pixels, drawn smaller where it would have too many of them."""
    _, _, width, height = _bounds(drawing)
    scale = min(1.0, (LARGEST / RATIO - 2 * MARGIN) / max(width, height, 1.0))
    scene, area = _scene(drawing, theme, scale)
    image = QImage(round(area[2] * RATIO), round(area[3] * RATIO), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(RATIO)
    painter = QPainter(image)
    _ground(painter, scene, area)
    scene.atlas.begin_frame(patient=True)
    paint_links(painter, scene, area)
    paint_nodes(painter, scene, area)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def _svg(drawing: Drawing, theme: Theme) -> bytes:
    """The graph as strokes and letters, so that it stays sharp at any size and its words can be found."""
    scene, area = _scene(drawing, theme, 1.0)
    scene = replace(scene, shapes=False)  # kept pixmaps of shapes have no place here
    size, buffer, generator = QSizeF(area[2], area[3]), QBuffer(), QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size.toSize())
    generator.setViewBox(QRectF(*area))
    generator.setTitle(drawing.subject.name)
    painter = QPainter(generator)
    _ground(painter, scene, area)
    paint_links(painter, scene, area)
    for text, (x, y), mismatch in chips_in(scene, drawing.links.within(scene.camera.rect_to_scene(area)), area):
        width = chip_width(text, lettering.width)
        chip = QRectF(x - width / 2, y - CHIP_HEIGHT / 2, width, CHIP_HEIGHT)
        paint_chip(painter, chip, text, theme, mismatch=mismatch)
    for name, row in drawing.nodes.row.items():
        painter.save()
        painter.translate(*scene.camera.to_view(drawing.nodes.rect(name)[:2]))
        paint_face(painter, drawing.nodes.cards[row], drawing.nodes.boxes[row], theme, Detail.ALL, 1.0)
        painter.restore()
    painter.end()
    return bytes(buffer.data().data())


def _bounds(drawing: Drawing) -> Rect:
    return drawing.bounds() or (0.0, 0.0, 0.0, 0.0)


def _scene(drawing: Drawing, theme: Theme, scale: float) -> tuple[Scene, Rect]:
    """The whole graph at a scale, with a margin around it, and the area that it takes."""
    left, top, width, height = _bounds(drawing)
    camera = Camera(scale, MARGIN - left * scale, MARGIN - top * scale)
    area = 0.0, 0.0, width * scale + 2 * MARGIN, height * scale + 2 * MARGIN
    return Scene(drawing, camera, theme, Atlas(), RATIO), area


def _ground(painter: QPainter, scene: Scene, area: Rect) -> None:
    """What lies behind the graph: on paper the dots of the grid would only disturb."""
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.fillRect(QRectF(*area), scene.theme.canvas)
    paint_frames(painter, scene, area)
