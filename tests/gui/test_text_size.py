"""Text of another size, chosen while the window is open: everything grows with it, and nothing is cut."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea

from studio.gui import fonts, theme
from studio.gui.preferences import Preferences
from studio.gui.style.measures import INSPECTOR_WIDTH, PALETTE_WIDTH, STATUS_HEIGHT, TABS_HEIGHT, TOOLBAR_HEIGHT
from studio.gui.training.session import Session
from studio.gui.widgets.search import SearchField
from studio.gui.window import Window, dress


def settle() -> None:
    """Let docks find their places: Qt moves them in the turns after it was asked to, which may be long ones."""
    for _ in range(8):
        QTest.qWait(5)


@pytest.fixture(scope="module")
def shared(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """Opening a window and changing its text takes seconds: the tests share one, and come in the order of sizes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAYERLOOM_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr(Session, "warm", lambda _: None)
        patch.setattr("studio.gui.asking.ask", lambda *_: "Discard changes")
        preferences = Preferences()
        preferences.appearance, preferences.motion = "dark", "reduced"
        dress(preferences)
        window = Window("lenet5", preferences)
        window.resize(1600, 1000)
        window.show()
        while not window.at_work:
            qapp.processEvents()
        settle()
        window.workbench.reset_layout()
        yield window
        window.document.let_go()
        window.close()
        window.deleteLater()
        theme.apply(qapp, theme.DARK)


@pytest.fixture(scope="module", params=[1.0, 0.75, 1.5, 3.0])
def scaled(request: pytest.FixtureRequest, shared: Window) -> Window:
    """The window with text of a size."""
    shared.set_text_scale(request.param)
    return shared


@pytest.fixture
def window(scaled: Window) -> Window:
    """The window of 1600 × 1000 on LeNet-5, with a node selected."""
    scaled.resize(1600, 1000)
    scaled.workbench.inspector_tabs.setCurrentIndex(0)
    scaled.workspace.canvas.select({"C1"})
    settle()
    return scaled


def test_bars_are_as_high_as_their_text_needs(window: Window) -> None:
    bench = window.workbench
    head = bench.workspace.tabs.parentWidget()
    assert head is not None
    for bar, height in ((bench.controls, TOOLBAR_HEIGHT), (bench.status, STATUS_HEIGHT), (head, TABS_HEIGHT)):
        assert bar.height() == fonts.scaled(height)


def test_docks_are_as_wide_as_their_text_needs_and_leave_room_for_the_graph(window: Window) -> None:
    docks, whole = window.workbench.docks, window.width()
    assert docks["Palette"].width() == min(max(PALETTE_WIDTH, fonts.scaled(PALETTE_WIDTH)), round(0.25 * whole))
    assert docks["Inspector"].width() == min(max(INSPECTOR_WIDTH, fonts.scaled(INSPECTOR_WIDTH)), round(0.34 * whole))
    assert window.workspace.canvas.width() >= whole // 3


def test_a_button_that_was_pressed_elsewhere_chooses_no_size_when_it_is_released(window: Window) -> None:
    sizes = window.workbench._dock_sizes
    wanted = dict(sizes._wanted)
    QTest.mouseRelease(window.workbench, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    settle()
    assert sizes._wanted == wanted


def test_no_label_is_cut(window: Window) -> None:
    labels = [each for each in window.workbench.findChildren(QLabel) if not each.visibleRegion().isEmpty()]
    lines = [each for each in labels if not each.wordWrap()]
    assert len(lines) > 5
    assert [each.text() for each in lines if each.width() < each.sizeHint().width() - 1] == []


def test_what_scrolls_downwards_is_never_wider_than_its_panel(window: Window) -> None:
    for page in range(3):
        window.workbench.inspector_tabs.setCurrentIndex(page)
        settle()
        areas = [each for each in window.workbench.inspector.findChildren(QScrollArea) if each.isVisible()]
        assert areas, page
        for area in areas:
            inside = area.widget()
            assert inside is not None
            assert inside.width() <= area.viewport().width(), (page, type(area).__name__)


def test_the_key_of_a_search_stands_beside_what_it_is_for_or_not_at_all(window: Window) -> None:
    for field in window.findChildren(SearchField):
        margins = field.textMargins()
        free = field.width() - margins.left() - margins.right()
        if field.isVisible() and margins.right():
            assert free >= field.fontMetrics().horizontalAdvance(field.placeholderText())


def test_the_window_may_be_as_narrow_as_a_small_screen(window: Window) -> None:
    window.resize(1280, 720)
    settle()
    assert window.width() == 1280
    train = window.workbench.controls.train
    assert train.visibleRegion().boundingRect().size() == train.size()


def test_nothing_of_a_graph_that_is_fitted_lies_under_the_controls(window: Window) -> None:
    canvas = window.workspace.canvas
    canvas.lens.fit()
    bounds = canvas.lens.bounds
    assert bounds is not None
    drawn = QRectF(*canvas.lens.camera.rect_to_view(bounds))
    assert QRectF(canvas.viewport().rect()).contains(drawn)
    assert not [area for area in canvas.lens.covered() if area.intersects(drawn)]


def test_a_form_that_was_made_before_stands_as_the_text_needs(window: Window) -> None:
    form = window.workbench.inspector.node._form
    assert form is not None
    row = form.rows["filters"]
    assert (row.field.x() == 0) is (window.preferences.text_scale > 1.2)
    assert (row.field.y() > 0) is (window.preferences.text_scale > 1.2)


def test_the_controls_over_another_graph_are_of_the_new_size_too(shared: Window) -> None:
    shared.set_text_scale(1.0)
    shared.workspace.graphs.add("network")
    shared.workspace.show_graph("LeNet-5")
    shared.set_text_scale(2.0)
    shared.workspace.show_graph("Network")
    assert shared.workspace.canvas.lens.camera.unit == 2.0
    shared.document.undo()


def test_an_edge_that_was_moved_stays_in_proportion(shared: Window) -> None:
    shared.set_text_scale(1.0)
    shared.resize(1600, 1000)
    settle()
    bench = shared.workbench
    palette = bench.docks["Palette"]
    edge = QPoint(palette.geometry().right() + 1, palette.geometry().center().y())
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    steps = [(QEvent.Type.MouseButtonPress, 0), (QEvent.Type.MouseMove, 30), (QEvent.Type.MouseMove, 60)]
    for kind, by in (*steps, (QEvent.Type.MouseButtonRelease, 60)):
        at = QPointF(edge + QPoint(by, 0))
        held = none if kind == QEvent.Type.MouseButtonRelease else left
        changed = none if kind == QEvent.Type.MouseMove else left
        event = QMouseEvent(kind, at, bench.mapToGlobal(at), changed, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(bench, event)
        settle()
    settle()
    moved = palette.width()
    assert moved > PALETTE_WIDTH
    for scale in (1.25, 1.0):
        shared.set_text_scale(scale)
        settle()
        assert palette.width() == pytest.approx(scale * moved, abs=1)
