"""A plot as a file: a picture, a drawing, or the numbers themselves."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsScene

from studio.gui import theme
from studio.gui.curves.series import Series

_DENSITY = 2


def write_png(scene: QGraphicsScene, area: QRectF, path: Path) -> None:
    """Save a picture at twice the pixels of the screen. Raises `OSError` when the file cannot be written."""
    image = QImage((area.size() * _DENSITY).toSize(), QImage.Format.Format_RGB32)
    image.fill(theme.current().panel)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    scene.render(painter, QRectF(image.rect()), area)
    painter.end()
    if not image.save(str(path)):
        raise OSError(f"The picture could not be written to {path}.")


def write_svg(scene: QGraphicsScene, area: QRectF, title: str, path: Path) -> None:
    """Save a drawing in lines and text. Raises `OSError` when the file cannot be written."""
    size = QSize(round(area.width()), round(area.height()))
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    painter = QPainter()
    if not painter.begin(generator):
        raise OSError(f"The drawing could not be written to {path}.")
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), theme.current().panel)
    scene.render(painter, QRectF(0, 0, size.width(), size.height()), area)
    painter.end()


def write_csv(series: Sequence[Series], path: Path) -> None:
    """Save every point of every curve as a row of curve, x and y. Raises `OSError` when it cannot be written."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("curve", "x", "y"))
        for one in series:
            points = zip(one.points.x.tolist(), one.points.y.tolist(), strict=True)
            rows.writerows((one.name, x, y) for x, y in points)
