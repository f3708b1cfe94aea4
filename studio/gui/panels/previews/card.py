"""One preview: its name, how it is looked at, and what it shows at the step that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import partial

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.panels.previews.cloud import Cloud, CloudView, Points, off_normal, principal_axes
from studio.gui.panels.previews.loading import Loader, Numbers, Prepare, Wish
from studio.gui.panels.previews.picture_view import STRIP_LARGEST, PictureView
from studio.gui.panels.previews.sheet import Sheet, evenly, history_of, sheet_of
from studio.gui.panels.previews.spread import SpreadView
from studio.gui.panels.previews.tracks import Group, Shown
from studio.gui.panels.scrolling import scrolling
from studio.gui.style.measures import GRID
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.choice import ChoiceBox
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.scrubber import Scrubber

COLUMNS = 16
"""Steps side by side in the film strip of a training."""
DENSITY = 2


class Way(Enum):
    """How a preview is looked at."""

    FILM = "Film strip"
    GRID = "Pictures"
    HISTORY = "Over the training"
    POINTS = "Points"
    CODES = "Against N(0, 1)"
    SPREAD = "Histogram"


class PreviewCard(QWidget):
    """Asks the loader for what is to be seen, and keeps what is there until it comes."""

    def __init__(self, loader: Loader) -> None:
        super().__init__()
        self.group: Group | None = None
        self.data: Points | None = None
        """Points of the data, where it has two numbers as well."""
        self._loader, self._step = loader, 0
        self._wish: Wish | None = None
        self._arrays: Sequence[Numbers] = ()
        self.title, self.caption = label("", Role.CAPTION), label("", Role.HINT, wrap=True)
        self.way = ChoiceBox("How it is looked at")
        self.alike = Button("One scale", kind=Kind.QUIET, small=True)
        self.frames = Scrubber("Frame")
        self.pictures, self.cloud, self.spread = PictureView(), CloudView(), SpreadView()
        self.trouble = EmptyState("warning", "")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.way.setMinimumContentsLength(max(len(way.value) for way in Way))
        self.alike.setCheckable(True)
        self.alike.setChecked(True)
        self.alike.setToolTip("Black and white stand for the same values in all pictures, or for each one's own.")
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch()
        head.addWidget(self.alike)
        head.addWidget(self.way)
        area = scrolling(self.pictures)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.area, self._stack = area, QStackedWidget()
        for page in (area, self.cloud, self.spread, self.trouble):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.caption, 1)
        foot.addWidget(self.frames, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.way.activated.connect(self._ask)
        self.alike.toggled.connect(self._ask)
        self.frames.moved.connect(self._show_frame)
        self.pictures.frame_chosen.connect(self.frames.slider.setValue)
        self._loader.loaded.connect(self._take)
        self._loader.failed.connect(self._fail)

    @property
    def chosen_way(self) -> Way:
        return Way(self.way.currentText())

    def show_group(self, group: Group, data: Points | None) -> None:
        """Look at these tracks from now on."""
        self.group, self.data = group, data
        self.title.setText(group.title)
        self.setAccessibleName(group.title)
        self._offer_ways()

    def show_step(self, step: int) -> None:
        """Show what was to be seen at a step."""
        self._step = step
        self._ask()

    def picture(self) -> QImage:
        """What is shown, all of it, at twice the pixels of the screen."""
        shown = self._stack.currentWidget()
        content = self.pictures if shown is self.area else shown
        assert content is not None
        image = QImage(content.size() * DENSITY, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(DENSITY)
        image.fill(theme.current().panel)
        painter = QPainter(image)
        content.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
        painter.end()
        return image

    def _offer_ways(self) -> None:
        self.way.clear()
        self.way.addItems([way.value for way in self._ways()])
        self.way.setVisible(self.way.count() > 1)

    def _ways(self) -> list[Way]:
        assert self.group is not None
        track = self.group.tracks[0]
        if track.is_picture:
            return [*([Way.FILM] if track.is_film else []), Way.GRID, Way.HISTORY]
        if track.inner != ("D",):
            return [Way.SPREAD]
        if self.data is not None or len(self.group.tracks) > 1:
            return [Way.POINTS, Way.CODES, Way.SPREAD]
        return [Way.CODES, Way.POINTS, Way.SPREAD]

    def _ask(self) -> None:
        """Wish for the files of the step, or of many for the film strip of the training."""
        if self.group is None:
            return
        track, common = self.group.tracks[0], self.alike.isChecked()
        files = tuple(each.at(self._step).file for each in self.group.tracks)
        prepare: Prepare = tuple
        if track.is_picture:
            prepare = partial(sheet_of, track, common=common)
        if self.chosen_way is Way.HISTORY:
            chosen = self._history()
            files = tuple(each.file for each in chosen)
            names = tuple(f"{each.step:,}" for each in chosen)
            prepare = partial(history_of, track, names=names, common=common)
        self._wish = Wish(files, prepare)
        self._loader.ask(self, self._wish)

    def _history(self) -> list[Shown]:
        assert self.group is not None
        shown = self.group.tracks[0].shown
        return [shown[at] for at in evenly(len(shown), COLUMNS)]

    def _take(self, wish: Wish, made: object) -> None:
        """What was wished for last has come."""
        if wish is not self._wish or self.group is None:
            return
        self.alike.setVisible(isinstance(made, Sheet))
        if isinstance(made, Sheet):
            self._show_sheet(made)
        elif isinstance(made, tuple):
            self._arrays = made
            if self.data is not None and made[0].shape[-1] != self.data.shape[1]:
                self.data = None  # codes, of which only the file says how many numbers they have
                self._offer_ways()
            self._show_frames(made[0].shape[1] if self.group.tracks[0].is_film else 1)
            self._show_numbers()

    def _show_sheet(self, sheet: Sheet) -> None:
        is_history = self.chosen_way is Way.HISTORY
        self.pictures.show_sheet(sheet, strip=self.chosen_way is not Way.GRID)
        self._show_frames(1 if is_history else len(sheet.frames))
        if is_history:
            steps = [each.step for each in self._history()]
            self.pictures.show_frame(max((at for at, step in enumerate(steps) if step <= self._step), default=0))
        else:
            self._show_frame(self.frames.at)
        self._stack.setCurrentWidget(self.area)
        scale = f"black {sheet.low:.3g} to white {sheet.high:.3g} in all"
        if not self.alike.isChecked():
            scale = "each from its own black to white"
        mean = f"mean of {sheet.channels} channels, " if sheet.channels not in (1, 3) else ""
        self.caption.setText(f"{self._when()}{sheet.samples} of {sheet.width} × {sheet.height}, {mean}{scale}")
        self.caption.show()

    def _show_frames(self, count: int) -> None:
        self.frames.setVisible(count > 1)
        self.frames.set_count(count)

    def _show_frame(self, frame: int) -> None:
        """Show a frame of a film."""
        last = self.frames.slider.maximum()
        self.frames.say(f"{frame + 1} of {last + 1}")
        if self._stack.currentWidget() is self.area:
            if self.chosen_way is not Way.HISTORY:
                self.pictures.show_frame(min(frame, last))
                if self.pictures.is_strip:
                    middle = round(self.pictures.column(self.pictures.frame).center().x())
                    self.area.ensureVisible(middle, self.area.verticalScrollBar().value(), STRIP_LARGEST, 0)
        elif self._arrays:
            self._show_numbers()

    def _show_numbers(self) -> None:
        """Points or numbers of the frame that is chosen."""
        assert self.group is not None
        film = self.group.tracks[0].is_film
        arrays = [array[:, min(self.frames.at, array.shape[1] - 1)] if film else array for array in self._arrays]
        names = [track.name for track in self.group.tracks]
        way = self.chosen_way
        self.caption.hide()  # the word stands beside the plot, which is high where the panel is
        if way is Way.SPREAD or arrays[0].ndim != 2 or arrays[0].shape[1] < 2:
            self.caption.setText(f"{self._when()}{len(arrays[0])} samples")
            self.spread.show_numbers(list(zip(names, arrays, strict=True)), self.caption.text())
            self._stack.setCurrentWidget(self.spread)
            return
        self._show_cloud(names, [np.asarray(array, np.float64) for array in arrays], circles=way is Way.CODES)

    def _show_cloud(self, names: Sequence[str], arrays: list[Points], *, circles: bool) -> None:
        said, features = f"{len(arrays[0])} points", arrays[0].shape[1]
        axes = ("", "")
        if circles:
            said = f"{len(arrays[0])} codes: {off_normal(arrays[0])}"
        if features > 2:
            turned = principal_axes(arrays[0])
            arrays = [array @ turned for array in arrays]
            axes = ("1st principal axis", "2nd principal axis")
        data = self.data if features == 2 and not circles else None
        self.caption.setText(f"{self._when()}{said}")
        self.cloud.show_cloud(Cloud(tuple(zip(names, arrays, strict=True)), data, circles, axes, self.caption.text()))
        self._stack.setCurrentWidget(self.cloud)

    def _when(self) -> str:
        """``Step 240: ``"""
        assert self.group is not None
        return f"Step {self.group.tracks[0].at(self._step).step:,}: "

    def _fail(self, wish: Wish, why: str) -> None:
        if wish is self._wish:
            self.trouble.say(why)
            self._stack.setCurrentWidget(self.trouble)
            self.caption.setText("")
            self.frames.hide()
