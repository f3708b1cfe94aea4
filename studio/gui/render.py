"""Draws a graph into a picture file, as the canvas does, on a machine with or without a screen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSizeF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from studio.compiler import ports
from studio.compiler.results import GraphResult
from studio.core.blocks import frames_of
from studio.core.fragments import part_of
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui.canvas import lettering
from studio.gui.canvas.atlas import Atlas
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.card import Subject
from studio.gui.canvas.detail import Detail
from studio.gui.canvas.drawing import Drawing
from studio.gui.canvas.faces import paint_face
from studio.gui.canvas.geometry import TILE_TOP, Rect, chip_width
from studio.gui.canvas.ground import paint_frames
from studio.gui.canvas.inks import Coloring, Inks
from studio.gui.canvas.links import CHIP_HEIGHT, chips_in, paint_chip, paint_links
from studio.gui.canvas.look import ColorBy
from studio.gui.canvas.nodes import coat_of, paint_nodes, paint_strip
from studio.gui.canvas.rows import NodeRows
from studio.gui.canvas.scene import Scene
from studio.gui.style.tokens import DARK, LIGHT, Theme

MARGIN = 32.0
RATIO = 2.0
"""Pixels of a picture for one of the canvas: sharp in print and on fine screens."""

FORMATS = (".svg", ".png")
LARGEST = 16_384
"""Pixels of a picture along a side at most; a larger graph is drawn smaller."""


@dataclass(frozen=True)
class Finish:
    """How a graph looks as a picture: as the canvas shows it, in a theme of choice."""

    theme: Theme = LIGHT
    background: bool = True
    """Without it the picture is transparent where nothing is drawn."""
    shapes: bool = True
    colors: ColorBy = "family"
    strips: Mapping[str, tuple[QImage, ...]] = field(default_factory=dict)
    """The pictures on nodes."""
    inks: Callable[[NodeRows, Theme], Inks] | None = None
    """Colours that say something else, in place of ``colors``."""


def render(project: Project, result: GraphResult, path: Path, *, dark: bool = False) -> None:
    """Draw a graph of the project, as it was checked, into a .svg or .png file. Raises ProjectError."""
    refuse_other_formats(path)
    # Fonts and pixmaps need an application; this one asks for no screen.
    application = QGuiApplication.instance() or QGuiApplication(["layerloom", "-platform", "offscreen"])
    subject = Subject(project, result.name, result.graph, result, ports)
    write(path, drawing_of(subject), Finish(DARK if dark else LIGHT))
    del application


def refuse_other_formats(path: Path) -> None:
    """Raises ProjectError for a file that is no picture which can be drawn."""
    if path.suffix.lower() not in FORMATS:
        raise ProjectError(f"{path.name} should end with .svg or .png: these are the pictures that can be drawn.")


def drawing_of(subject: Subject, strips: Mapping[str, tuple[QImage, ...]] | None = None) -> Drawing:
    """The graph of a subject, drawn anew, with room for the pictures on its nodes."""
    drawing = Drawing(lettering.width, subject)
    drawing.strips.update({name: len(images) for name, images in (strips or {}).items() if images})
    drawing.rebuild()
    return drawing


def part_drawn(subject: Subject, names: Collection[str]) -> Subject:
    """The subject with these nodes alone, what links them and the frames around them; what was found in them stays."""
    graph = subject.graph
    part = replace(part_of(graph, names), frames=frames_of(graph, names))
    return replace(subject, graph=part)


def write(path: Path, drawing: Drawing, finish: Finish) -> None:
    """Write a picture of what is drawn. Raises ProjectError where it cannot be written."""
    refuse_other_formats(path)
    data = svg_of(drawing, finish) if path.suffix.lower() == ".svg" else _png(image_of(drawing, finish))
    try:
        path.write_bytes(data)
    except OSError as error:
        raise ProjectError(f"{path} cannot be written: {error.strerror or error}. Choose another place.") from None


def image_of(drawing: Drawing, finish: Finish) -> QImage:
    """What is drawn in pixels, drawn smaller where it would have too many of them."""
    _, _, width, height = _bounds(drawing)
    scale = min(1.0, (LARGEST / RATIO - 2 * MARGIN) / max(width, height, 1.0))
    scene, area = _scene(drawing, finish, scale)
    kind = QImage.Format.Format_RGB32 if finish.background else QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(round(area[2] * RATIO), round(area[3] * RATIO), kind)
    image.setDevicePixelRatio(RATIO)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        _ground(painter, scene, area, background=finish.background)
        scene.atlas.begin_frame(patient=True)
        paint_links(painter, scene, area)
        paint_nodes(painter, scene, area)
    return image


def svg_of(drawing: Drawing, finish: Finish) -> bytes:
    """What is drawn as strokes and letters, so that it stays sharp at any size and its words can be found."""
    scene, area = _scene(drawing, finish, 1.0)
    size, buffer, generator = QSizeF(area[2], area[3]), QBuffer(), QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size.toSize())
    generator.setViewBox(QRectF(*area))
    generator.setTitle(drawing.subject.name)
    with QPainter(generator) as painter:
        _ground(painter, scene, area, background=finish.background)
        paint_links(painter, replace(scene, shapes=False), area)  # kept pixmaps of shapes have no place here
        if finish.shapes:
            _chips(painter, scene, area)
        for name, row in drawing.nodes.row.items():
            _node(painter, scene, name, row)
    return bytes(buffer.data().data())


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def _chips(painter: QPainter, scene: Scene, area: Rect) -> None:
    rows = scene.drawing.links.within(scene.camera.rect_to_scene(area))
    for text, (x, y), mismatch in chips_in(scene, rows, area):
        width = chip_width(text, lettering.width)
        chip = QRectF(x - width / 2, y - CHIP_HEIGHT / 2, width, CHIP_HEIGHT)
        paint_chip(painter, chip, text, scene.theme, mismatch=mismatch)


def _node(painter: QPainter, scene: Scene, name: str, row: int) -> None:
    nodes = scene.drawing.nodes
    card, box = nodes.cards[row], nodes.boxes[row]
    x, y = scene.camera.to_view(nodes.rect(name)[:2])
    painter.save()
    painter.translate(x, y)
    paint_face(painter, card, box, scene.theme, Detail.ALL, 1.0, coat_of(scene, row))
    painter.restore()
    if card.strip:
        paint_strip(painter, scene, name, (x, y + box.strip_top + TILE_TOP))


def _bounds(drawing: Drawing) -> Rect:
    return drawing.bounds() or (0.0, 0.0, 0.0, 0.0)


def _scene(drawing: Drawing, finish: Finish, scale: float) -> tuple[Scene, Rect]:
    """The whole graph at a scale, with a margin around it, and the area that it takes."""
    left, top, width, height = _bounds(drawing)
    camera = Camera(scale, MARGIN - left * scale, MARGIN - top * scale)
    area = 0.0, 0.0, width * scale + 2 * MARGIN, height * scale + 2 * MARGIN
    if finish.inks is not None:
        coloring: Inks | None = finish.inks(drawing.nodes, finish.theme)
    else:
        coloring = Coloring().inks(drawing.subject, drawing.nodes, finish.colors, finish.theme)
    return (
        Scene(
            drawing,
            camera,
            finish.theme,
            Atlas(),
            RATIO,
            shapes=finish.shapes,
            coloring=coloring,
            strips=finish.strips,
        ),
        area,
    )


def _ground(painter: QPainter, scene: Scene, area: Rect, *, background: bool) -> None:
    """What lies behind the graph: on paper the dots of the grid would only disturb."""
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    if background:
        painter.fillRect(QRectF(*area), scene.theme.canvas)
    paint_frames(painter, scene, area)
