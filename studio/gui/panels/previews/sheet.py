"""Pictures of samples and frames as one image: samples below each other, their frames side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from studio.gui.panels.previews.loading import Numbers
from studio.gui.panels.previews.tracks import Track
from studio.gui.pictures import cividis, shades_image

MOST_FRAMES = 64
"""Of a film; a longer one is shown in steps."""
MOST_ROWS = 16
"""Samples that are followed over a training."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """``frames`` says what each column is; where all share one scale, ``low`` is drawn black and ``high`` white."""

    image: QImage
    samples: int
    frames: tuple[str, ...]
    height: int
    width: int
    low: float
    high: float
    channels: int

    def part(self, sample: int, frame: int) -> QRectF:
        """Where a picture lies in the image."""
        return QRectF(frame * self.width, sample * self.height, self.width, self.height)


def sheet_of(track: Track, arrays: Iterable[Numbers], *, common: bool) -> Sheet:
    """The frames of a film, or the pictures as one frame each."""
    pictures = _with_all_axes(track, next(iter(arrays)))
    count = pictures.shape[1]
    chosen = evenly(count, MOST_FRAMES)
    names = tuple(str(frame + 1) for frame in chosen) if track.is_film else ("",)
    return _sheet(pictures[:, chosen], names, common=common)


def history_of(track: Track, arrays: Iterable[Numbers], *, names: tuple[str, ...], common: bool) -> Sheet:
    """What the same samples were at several steps, a column each; of films their last frames."""
    pictures = [_with_all_axes(track, array)[:MOST_ROWS, -1].copy() for array in arrays]
    samples = min(len(each) for each in pictures)
    return _sheet(np.stack([each[:samples] for each in pictures], 1), names, common=common)


def evenly(count: int, most: int) -> list[int]:
    """At most so many of ``count`` numbers from 0 on, the first and the last among them."""
    return sorted({round(at) for at in np.linspace(0, count - 1, min(count, most)).tolist()})


def _with_all_axes(track: Track, array: Numbers) -> Numbers:
    """Samples, frames, channels, height and width. Raises ValueError where the array has other axes than its track."""
    if array.ndim != 1 + len(track.axes):
        raise ValueError(f"it has {array.ndim} axes, and its samples should have {' '.join(track.axes)}")
    array = array if track.is_film else array[:, None]
    return array if "C" in track.axes else array[:, :, None]


def _sheet(pictures: Numbers, frames: tuple[str, ...], *, common: bool) -> Sheet:
    """Of samples, frames, channels, height, width; other than 1 or 3 channels are shown by their mean.

    A scale for all is that of the last frames: the noise where a film begins would leave little of it for them.
    """
    samples, count, channels, height, width = pictures.shape
    if channels not in (1, 3):
        pictures = pictures.mean(2, keepdims=True)
    low, high = _bounds(pictures[:, -1:] if common else pictures, common=common)
    room = np.where(high > low, high - low, 1)
    shades = np.nan_to_num((pictures - low) * (255 / room)).clip(0, 255).astype(np.uint8)
    # Rows of all samples below each other, columns of all frames side by side, channels last.
    laid = shades.transpose(0, 3, 1, 4, 2).reshape(samples * height, count * width, -1)
    shown = laid if channels == 3 else laid[..., 0] if channels == 1 else cividis()[laid[..., 0]]
    return Sheet(
        shades_image(shown), samples, frames, height, width, float(low.min()), float(high.max()), int(channels)
    )


def _bounds(pictures: Numbers, *, common: bool) -> tuple[Numbers, Numbers]:
    """Lowest and highest finite value of all pictures, or of each."""
    axes, finite = None if common else (2, 3, 4), np.isfinite(pictures)
    low = np.where(finite, pictures, np.inf).min(axes, keepdims=True)
    high = np.where(finite, pictures, -np.inf).max(axes, keepdims=True)
    return np.where(np.isfinite(low), low, 0), np.where(np.isfinite(high), high, 1)
