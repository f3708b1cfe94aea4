"""The panel of previews: pictures, films, points, codes and numbers, now and over a training."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from studio.gui.panels.previews.card import PreviewCard, Way
from studio.gui.panels.previews.cloud import Cloud, bounds_of, density, off_normal, principal_axes
from studio.gui.panels.previews.loading import MOST_NUMBERS, Loader, Numbers, Wish, read
from studio.gui.panels.previews.panel import NONE_DRAWN, NONE_KEPT, NOT_YET, PreviewsPanel
from studio.gui.panels.previews.picture_view import PictureView
from studio.gui.panels.previews.sheet import evenly, history_of, sheet_of
from studio.gui.panels.previews.spread import SpreadView
from studio.gui.panels.previews.tracks import Track, Tracks, grouped
from studio.gui.training.state import State
from studio.gui.widgets.scrubber import Scrubber
from studio.gui.window import Window
from studio.training.messages import Finished
from studio.training.run import Run
from tests.gui.conftest import OpenWindow
from tests.previews import blobs, finished, keep, ring, showing, started, told

LONG = 120_000


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture
def run(home: Path) -> Run:
    return Run.create(showing("Points"))


def panel_of(window: Window) -> PreviewsPanel:
    panel = window.workbench.panels["Previews"]
    assert isinstance(panel, PreviewsPanel)
    window.workbench.show_panel(panel.title)
    return panel


def seen(panel: PreviewsPanel, qtbot: QtBot) -> list[PreviewCard]:
    """The cards that are shown, once their files are read."""
    shown = [card for card in panel.cards if not card.isHidden()]
    qtbot.waitUntil(lambda: all(card.caption.text() for card in shown))
    panel.loader.wait()
    qtbot.wait(1)
    return shown


# What the files hold


def test_of_a_run_that_went_back_only_the_looks_that_count_are_shown(run: Run):
    look = {"Points": ("D", np.zeros((4, 2)))}
    told(run, started(run), *(keep(run, step, look) for step in (10, 20, 30)), started(run, 20), keep(run, 40, look))
    tracks = Tracks()
    tracks.show(run)
    assert tracks.steps() == [10, 20, 40]
    ((track,),) = [group.tracks for group in tracks.groups()]
    assert [track.at(step).step for step in (0, 10, 35, 99)] == [10, 10, 20, 40]


def test_what_is_made_stands_beside_what_is_real_where_names_say_so():
    names = ("Answers for real", "Answers for generated", "Reconstructed", "Real", "Codes")
    groups = grouped([Track("Look", name, ()) for name in names])
    titles = [group.title for group in groups]
    assert titles == ["Answers for generated and Answers for real", "Reconstructed and Real", "Codes"]
    pictures = [Track("Look", name, ("C", "H", "W")) for name in ("Real", "Generated")]
    assert [group.title for group in grouped(pictures)] == ["Real", "Generated"]
    layers = [Track(f"Layer {number}", "Reconstructions", ("D",)) for number in (1, 2)]
    assert [group.title for group in grouped(layers)] == ["Layer 1: Reconstructions", "Layer 2: Reconstructions"]


def test_a_large_array_is_read_coarser_and_at_most_64_samples(tmp_path: Path):
    file = tmp_path / "large.npy"
    np.save(file, np.arange(70 * 3 * 256 * 256, dtype=np.float32).reshape(70, 3, 256, 256))
    array = read(file)
    assert array.shape == (64, 3, 128, 128)
    assert array.size <= MOST_NUMBERS
    assert array[1, 0, 0, 1] == 3 * 256 * 256 + 2


def test_a_file_that_holds_objects_is_never_unpacked(tmp_path: Path):
    file = tmp_path / "objects.npy"
    np.save(file, np.array([{"a": 1}], object), allow_pickle=True)
    with pytest.raises(ValueError, match="objects"):
        read(file)


def test_a_sheet_holds_every_pixel_once_samples_down_and_frames_across(random: np.random.Generator):
    film = random.random((3, 4, 1, 5, 6)).astype(np.float32)
    film[0, 3, 0, 0, 0], film[0, 3, 0, 0, 1], film[2, 3, 0, 4, 5], film[1, 0, 0, 0, 0] = 0, 1, np.nan, 7
    sheet = sheet_of(Track("Look", "Film", ("S", "C", "H", "W")), [film], common=True)
    assert (sheet.samples, sheet.frames, sheet.low, sheet.high) == (3, ("1", "2", "3", "4"), 0.0, 1.0)
    for sample, frame, row, column in ((0, 3, 0, 1), (1, 2, 3, 4), (2, 3, 0, 0)):
        place = sheet.part(sample, frame)
        pixel = sheet.image.pixelColor(int(place.left()) + column, int(place.top()) + row)
        assert pixel.red() == int(255 * film[sample, frame, 0, row, column])
    assert sheet.image.pixelColor(sheet.image.width() - 1, sheet.image.height() - 1).red() == 0
    assert sheet.image.pixelColor(0, 5).red() == 255, "what is beyond the scale of the last frames"


def test_each_picture_takes_its_own_scale_where_that_is_chosen():
    pictures = np.zeros((2, 3, 2, 2), np.float32)
    pictures[0, 0, 0, 0], pictures[1, 2, 1, 1] = 1, 100
    track = Track("Look", "Colours", ("C", "H", "W"))
    both, own = (sheet_of(track, [pictures], common=common).image for common in (True, False))
    assert [image.pixelColor(0, 0).getRgb()[:3] for image in (both, own)] == [(2, 0, 0), (255, 0, 0)]
    assert [image.pixelColor(1, 3).getRgb()[:3] for image in (both, own)] == [(0, 0, 255), (0, 0, 255)]


def test_the_same_samples_at_several_steps_stand_side_by_side():
    track = Track("Look", "Film", ("S", "H", "W"))
    steps = [np.full((5, 3, 2, 2), value, np.float32) for value in (0.0, 0.5, 1.0)]
    steps[-1][..., 1, 1] = 0
    sheet = history_of(track, steps, names=("10", "20", "30"), common=True)
    assert (sheet.samples, sheet.frames) == (5, ("10", "20", "30"))
    assert [sheet.image.pixelColor(x, 0).red() for x in (0, 2, 4)] == [0, 127, 255]
    assert evenly(100, 4) == [0, 33, 66, 99]
    assert evenly(2, 16) == [0, 1]


# Points, codes and numbers


def test_principal_axes_are_those_of_scikit_learn(random: np.random.Generator):
    decomposition = pytest.importorskip("sklearn.decomposition")
    codes = random.standard_normal((64, 5)) * [1, 4, 2, 0.5, 0.1] + 3
    found, known = principal_axes(codes), decomposition.PCA(2).fit(codes).components_.T
    np.testing.assert_allclose(np.abs((found * known).sum(0)), 1, rtol=1e-9)
    assert found[np.abs(found).argmax(0), [0, 1]].min() > 0


def test_a_plane_is_square_and_holds_the_circles_and_every_point():
    left, right, bottom, top = bounds_of(Cloud((("Codes", np.array([[5.0, 0.0], [0.0, np.inf]])),), has_circles=True))
    assert right - left == pytest.approx(top - bottom)
    assert left < -3
    assert right > 5
    assert top > 3


def test_density_is_highest_where_points_lie(random: np.random.Generator):
    points = random.standard_normal((500, 2)) * 0.1 + [1.0, -1.0]
    dense = density(points, (-2.0, 2.0, -2.0, 2.0))
    row, column = np.unravel_index(dense.argmax(), dense.shape)
    assert dense.max() == 1
    assert (column + 0.5) / len(dense) * 4 - 2 == pytest.approx(1, abs=0.15)
    assert (row + 0.5) / len(dense) * 4 - 2 == pytest.approx(-1, abs=0.15)


def test_how_far_codes_are_from_normal_is_said_for_all_axes():
    codes = np.array([[1.0, 0.0], [-1.0, 4.0]])
    assert off_normal(codes) == "means up to 2.00 off zero, standard deviations 1.00 to 2.00 along the axes"


def test_numbers_of_two_nodes_share_their_steps(qtbot: QtBot):
    view = SpreadView()
    qtbot.addWidget(view)
    view.show_numbers([("Generated", np.array([-2.0, -2.0, np.nan])), ("Real", np.array([2.0, 1.9, 1.9, 2.0]))])
    made, real = view.counts
    assert (view.low, view.high) == (-2.0, 2.0)
    assert (made[0], real[0], real[-1]) == (1.0, 0.0, 1.0)
    assert view.said() == ["Generated: mean -2", "Real: mean 1.95"]


def test_who_stands_at_the_last_moment_goes_along_and_who_looks_back_stays(qtbot: QtBot):
    scrubber = Scrubber("Step")
    qtbot.addWidget(scrubber)
    scrubber.set_count(3)
    assert scrubber.at == 2
    scrubber.set_count(4)
    assert scrubber.at == 3
    scrubber.slider.setValue(1)
    scrubber.set_count(5)
    assert scrubber.at == 1
    qtbot.mouseClick(scrubber.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: scrubber.at == 4 and not scrubber.is_playing)


# The panel


def test_without_previews_the_panel_says_what_to_do(window: Window, home: Path):
    panel = panel_of(window)
    assert panel._empty.sentence.text() == NONE_DRAWN
    window.document.open(showing("Points"))
    assert panel._empty.sentence.text() == NOT_YET
    panel.show_run(Run.create(showing("Points")))
    assert panel._empty.sentence.text() == NONE_KEPT


def test_a_finished_run_that_was_copied_is_walked_through(
    window: Window, qtbot: QtBot, run: Run, tmp_path: Path, random: np.random.Generator
):
    looks = {step: {"Points": ("D", ring(random, 64, 10 / step))} for step in (10, 20, 30)}
    finished(run, looks)
    copied = tmp_path / "elsewhere"
    shutil.copytree(run.folder, copied)
    shutil.rmtree(run.folder)
    window.opener.open_run(copied)
    panel = panel_of(window)
    (card,) = seen(panel, qtbot)
    assert card.chosen_way is Way.POINTS, "the data are points of the plane too"
    assert card.caption.text() == "Step 30: 64 points"
    np.testing.assert_array_equal(card.cloud.cloud.points[0][1], looks[30]["Points"][1])
    assert card.cloud.cloud.data is not None
    panel.steps.slider.setValue(0)
    qtbot.waitUntil(lambda: card.caption.text() == "Step 10: 64 points")
    card.way.setCurrentText(Way.CODES.value)
    card.way.activated.emit(1)
    qtbot.waitUntil(lambda: card.cloud.cloud.has_circles)

    shutil.rmtree(copied / "previews" / "00000020")
    panel.steps.slider.setValue(1)
    qtbot.waitUntil(card.trouble.isVisible)
    missing = "previews/00000020/points.npy is missing: the run's folder was not copied whole."
    assert card.trouble.sentence.text() == missing
    panel.steps.slider.setValue(2)
    qtbot.waitUntil(card.cloud.isVisible)


def test_a_film_is_played_frame_by_frame_and_saved_whole(
    window: Window,
    qtbot: QtBot,
    run: Run,
    tmp_path: Path,
    random: np.random.Generator,
    monkeypatch: pytest.MonkeyPatch,
):
    films = np.stack([blobs(random, 6, 1, 12, share) for share in np.linspace(0, 1, 5)], 1)
    finished(run, {step: {"Film": ("S C H W", films * step / 20)} for step in (10, 20)})
    window.opener.open_run(run.folder)
    panel = panel_of(window)
    (card,) = seen(panel, qtbot)
    assert card.chosen_way is Way.FILM
    assert (card.frames.at, card.pictures.frame) == (4, 4), "the last frame is what was made"
    click = card.pictures.tile(2, 1).center().toPoint()
    qtbot.mouseClick(card.pictures, Qt.MouseButton.LeftButton, pos=click)
    assert card.frames.at == 1
    assert card.pictures.under(QPointF(click)) == (2, 1)
    qtbot.mouseClick(card.frames.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: card.pictures.frame == 4)

    card.way.setCurrentText(Way.HISTORY.value)
    card.way.activated.emit(2)
    qtbot.waitUntil(lambda: card.pictures.sheet is not None and card.pictures.sheet.frames == ("10", "20"))
    file = tmp_path / "film.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    qtbot.mouseClick(panel._save, Qt.MouseButton.LeftButton)
    saved = QImage(str(file))
    assert saved.size() == 2 * card.pictures.size()


def test_previews_that_a_person_chose_are_shown_and_saved_each_in_a_file(
    window: Window, qtbot: QtBot, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    finished(run, {10: {name: ("D", np.eye(8)) for name in ("One/half", "Two", "Three", "Four", "Five")}})
    window.opener.open_run(run.folder)
    panel = panel_of(window)
    at_first = len(seen(panel, qtbot))
    assert 1 <= at_first < 5, "as many as there is room for"
    for chip in panel.chips:
        if chip.isChecked() != (chip.text() in ("One/half", "Five")):
            qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert [card.title.text() for card in seen(panel, qtbot)] == ["One/half", "Five"]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "all.png"), ""))
    qtbot.mouseClick(panel._save, Qt.MouseButton.LeftButton)
    assert sorted(file.name for file in tmp_path.glob("*.png")) == ["all-Five.png", "all-One-half.png"]
    other = Run.create(showing("Points"))
    finished(other, {10: {"Else": ("D", np.eye(2))}})
    panel.show_run(other)
    assert [card.title.text() for card in seen(panel, qtbot)] == ["Else"]


def test_frames_that_do_not_fit_are_scrolled_to(window: Window, qtbot: QtBot, run: Run):
    films = np.zeros((2, 60, 1, 8, 8), np.float32)
    finished(run, {10: {"Film": ("S C H W", films)}})
    window.opener.open_run(run.folder)
    (card,) = seen(panel_of(window), qtbot)
    bar = card.area.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    card.frames.slider.setValue(0)
    assert bar.value() < bar.maximum() / 4
    card.frames.slider.setValue(59)
    assert bar.value() > bar.maximum() * 0.9


def test_every_sample_has_a_row_of_its_own_at_any_width(qtbot: QtBot):
    view = PictureView()
    qtbot.addWidget(view)
    for count in (7, 20, 60):
        film = np.zeros((3, count, 8, 8), np.float32)
        view.show_sheet(sheet_of(Track("Look", "Film", ("S", "H", "W")), [film], common=True), strip=True)
        for width in range(300, 2300, 37):
            view.resize(width, 200)
            first, last = view.tile(1, 0), view.tile(1, count - 1)
            assert first.left() == view.tile(0, 0).left()
            assert first.top() == last.top() > view.tile(0, count - 1).bottom()


def test_codes_stand_against_the_normal_distribution_even_where_the_data_are_points(
    window: Window, qtbot: QtBot, run: Run, random: np.random.Generator
):
    finished(run, {10: {"Codes": ("D", random.standard_normal((64, 5)))}})
    window.opener.open_run(run.folder)
    (card,) = seen(panel_of(window), qtbot)
    assert card.chosen_way is Way.CODES
    assert card.cloud.cloud.data is None
    assert card.cloud.cloud.axes == ("1st principal axis", "2nd principal axis")


def test_previews_grow_while_a_training_tells_of_them(
    window: Window, qtbot: QtBot, run: Run, random: np.random.Generator
):
    window.document.open(run.project())
    panel = panel_of(window)
    window.session.run = run
    for event in (started(run), keep(run, 10, {"Scores": ("", random.standard_normal(64))})):
        window.session._take(event)
    (card,) = seen(panel, qtbot)
    assert card.chosen_way is Way.SPREAD
    assert panel.steps.at == 0
    window.session._take(keep(run, 20, {"Scores": ("", np.full(64, 7.0))}))
    qtbot.waitUntil(lambda: card.spread.means == (7.0,))
    assert card.caption.text() == "Step 20: 64 samples"
    window.document.open(showing("Points"))
    window.session.forget()
    assert not panel.cards or panel._empty.isVisible()


def test_only_the_newest_wish_of_each_card_is_fulfilled(qtbot: QtBot, tmp_path: Path):
    view = SpreadView()
    qtbot.addWidget(view)
    loader, busy, owner, found = Loader(view), Event(), object(), list[float]()
    loader.loaded.connect(lambda _, made: found.append(made))

    def prepared(arrays: Iterable[Numbers]) -> float:
        (array,) = arrays
        busy.wait(5)
        return float(array[0])

    for number in range(3):
        file = tmp_path / f"{number}.npy"
        np.save(file, np.full(2, number))
        loader.ask(owner, Wish((file,), prepared))
        qtbot.waitUntil(lambda: bool(loader._kept))
    busy.set()
    qtbot.waitUntil(lambda: found == [0.0, 2.0])


@pytest.mark.slow
def test_what_a_real_training_shows_appears_after_every_epoch(open_window: OpenWindow, qtbot: QtBot, home: Path):
    window = open_window("perceptron", worker=True)
    window.document.open(showing("Generated points"))
    panel = panel_of(window)
    qtbot.mouseClick(window.workbench.controls.train, Qt.MouseButton.LeftButton)
    panel_of(window)
    qtbot.waitUntil(lambda: window.session.state in (State.FINISHED, State.FAILED), timeout=LONG)
    assert isinstance(window.session.ended, Finished), window.session.ended
    panel_of(window)
    (card,) = seen(panel, qtbot)
    assert len(panel.tracks.steps()) == 3
    ((_, points),) = card.cloud.cloud.points
    assert window.session.run is not None
    newest = sorted(window.session.run.previews.glob("*/*.npy"))[-1]
    np.testing.assert_array_equal(points, np.load(newest)[:64])
