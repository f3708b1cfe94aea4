"""The small controls can be reached by keyboard, say what they are, and are large enough to hit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.style.measures import FOCUS_RING, MIN_TARGET
from studio.gui.theme import DARK, LIGHT
from studio.gui.widgets.badge import Badge
from studio.gui.widgets.button import Button, Kind
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.label import Role, label
from studio.gui.widgets.number import DecimalField, IntegerField
from studio.gui.widgets.progress import Progress
from studio.gui.widgets.search import SearchField
from studio.gui.widgets.section import CollapsibleSection, FoldButton
from studio.gui.widgets.tabs import TabStrip
from studio.gui.widgets.toast import Toast, Tone
from studio.gui.widgets.toggle import Toggle

CONTROLS: list[Callable[[], QWidget]] = [
    lambda: Button("Train", icon="play", key="F5", kind=Kind.PRIMARY),
    lambda: Button("Stop", icon="stop"),
    lambda: Button("All 6", kind=Kind.LINK, small=True),
    lambda: Button(icon="fit", name="Show all", kind=Kind.QUIET, small=True),
    lambda: Toggle("One per filter"),
    lambda: SearchField("Search nodes", key="Tab"),
    lambda: IntegerField("Filters", 1, 100),
    lambda: DecimalField("Rate", 0, 1),
    lambda: TabStrip(["Curves", "Samples & predictions"], name="Docks"),
    lambda: FoldButton("Convolution", "convolution", "Convolution", "11"),
]


@pytest.fixture(autouse=True)
def _dark(qapp: QApplication) -> None:
    theme.apply(qapp, DARK)


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def focused(qtbot: QtBot, widget: QWidget) -> None:
    widget.show()
    widget.activateWindow()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(widget.hasFocus)


@pytest.mark.parametrize("make", CONTROLS)
def test_a_control_has_a_name_and_a_target_large_enough(qtbot: QtBot, make: Callable[[], QWidget]) -> None:
    control = make()
    qtbot.addWidget(control)
    assert control.accessibleName()
    assert min(control.sizeHint().width(), control.sizeHint().height()) >= MIN_TARGET


@pytest.mark.parametrize("make", CONTROLS)
@pytest.mark.parametrize("colors", [DARK, LIGHT], ids=lambda one: one.name)
def test_keyboard_focus_is_seen_in_both_themes(
    qtbot: QtBot, qapp: QApplication, make: Callable[[], QWidget], colors: theme.Theme
) -> None:
    theme.apply(qapp, colors)
    control = make()
    qtbot.addWidget(control)
    control.resize(control.sizeHint())
    other = QWidget()
    qtbot.addWidget(other)
    before = picture(control)
    focused(qtbot, control)
    after = picture(control)
    changed = sum(
        before.pixelColor(x, y) != after.pixelColor(x, y) for x in range(before.width()) for y in range(before.height())
    )
    assert changed >= FOCUS_RING * before.width() / 2


def test_a_button_shows_its_key_and_says_it(qtbot: QtBot) -> None:
    plain, keyed = Button("Train"), Button("Train", key="F5")
    qtbot.addWidget(plain)
    qtbot.addWidget(keyed)
    assert keyed.sizeHint().width() > plain.sizeHint().width()
    assert keyed.accessibleDescription() == "Key F5"


def test_a_button_over_a_menu_makes_room_for_its_chevron(qtbot: QtBot) -> None:
    button = Button("CPU, 8 cores", kind=Kind.QUIET)
    qtbot.addWidget(button)
    bare = button.sizeHint().width()
    button.setMenu(QMenu(button))
    assert button.sizeHint().width() > bare


@pytest.mark.parametrize("kind", list(Kind))
def test_a_button_that_cannot_be_pressed_looks_different(qtbot: QtBot, kind: Kind) -> None:
    button = Button("Train", icon="play", kind=kind)
    qtbot.addWidget(button)
    active = picture(button)
    button.setEnabled(False)
    assert picture(button) != active


def test_space_presses_a_button_and_turns_a_toggle(qtbot: QtBot) -> None:
    button, toggle = Button("Train"), Toggle("Bias")
    for control in (button, toggle):
        qtbot.addWidget(control)
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Space)
    with qtbot.waitSignal(toggle.toggled):
        qtbot.keyClick(toggle, Qt.Key.Key_Space)
    assert toggle.isChecked()


def test_a_toggle_tells_its_state_by_shape(qtbot: QtBot) -> None:
    toggle = Toggle()
    qtbot.addWidget(toggle)
    off = picture(toggle).convertToFormat(QImage.Format.Format_Grayscale8)
    toggle.setChecked(True)
    on = picture(toggle).convertToFormat(QImage.Format.Format_Grayscale8)
    middle = off.height() // 2
    left, right = FOCUS_RING + 9, FOCUS_RING + 23
    knob_was_left = off.pixelColor(left, middle) != off.pixelColor(right, middle)
    assert knob_was_left
    assert on.pixelColor(left, middle) != on.pixelColor(right, middle)


def test_escape_empties_a_search_before_it_reaches_anything_else(qtbot: QtBot) -> None:
    field = SearchField("Search nodes", key="Tab")
    qtbot.addWidget(field)
    qtbot.keyClicks(field, "conv")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_an_ampersand_in_a_tab_is_shown_and_no_mnemonic(qtbot: QtBot) -> None:
    strip = TabStrip(["Samples & predictions"], name="Docks")
    qtbot.addWidget(strip)
    assert strip.tabText(0) == "Samples && predictions"


def test_arrow_keys_move_between_tabs(qtbot: QtBot) -> None:
    strip = TabStrip(name="Graphs")
    qtbot.addWidget(strip)
    strip.add("LeNet-5", "layers")
    strip.add("Objective", "loss")
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert strip.currentIndex() == 1
    assert not strip.tabIcon(0).isNull()


def test_a_section_folds_by_keyboard_and_says_so(qtbot: QtBot) -> None:
    body = QLabel("Conv2d")
    section = CollapsibleSection("Convolution", body, icon="convolution", family="Convolution", count="11")
    qtbot.addWidget(section)
    section.show()
    assert body.isVisible()
    qtbot.keyClick(section.heading, Qt.Key.Key_Space)
    assert not body.isVisible()
    assert section.heading.accessibleDescription() == "Folded"


def test_an_empty_panel_says_why_and_offers_a_way_on(qtbot: QtBot) -> None:
    button = Button("Train", icon="play")
    empty = EmptyState("loss", "No curves yet.", button)
    qtbot.addWidget(empty)
    empty.show()
    empty.say("The run has no curves.")
    assert empty.accessibleName() == "The run has no curves."
    assert button.isVisible()


def test_a_toast_stands_inside_its_window_and_closes(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 400)
    window.show()
    toast = Toast(window, "Saved.", Tone.SUCCESS)
    assert window.rect().contains(toast.geometry())
    window.resize(400, 300)
    qtbot.waitUntil(lambda: window.rect().contains(toast.geometry()))
    with qtbot.waitSignal(toast.destroyed):
        toast.findChildren(Button)[0].click()


def test_progress_says_what_is_done_and_what_is_left(qtbot: QtBot) -> None:
    progress = Progress(name="Training")
    qtbot.addWidget(progress)
    progress.show_progress(0.5, strong="Epoch 14 of 20", left="· step 412 of 469", right="0:11 left")
    assert progress.accessibleDescription() == "Epoch 14 of 20 · step 412 of 469 0:11 left"
    progress.resize(200, progress.sizeHint().height())
    image = picture(progress)
    bottom = image.height() - 2
    assert image.pixelColor(50, bottom) == DARK.accent
    assert image.pixelColor(150, bottom) == DARK.control


def test_a_share_outside_its_bounds_fills_or_empties_the_bar(qtbot: QtBot) -> None:
    progress = Progress(name="Training")
    qtbot.addWidget(progress)
    progress.show_progress(7)
    assert progress.value() == progress.maximum()
    progress.show_progress(-1)
    assert progress.value() == progress.minimum()


def test_a_badge_grows_with_its_text(qtbot: QtBot) -> None:
    short, long = Badge("9"), Badge("2 problems", tone="problem")
    for badge in (short, long):
        qtbot.addWidget(badge)
    assert short.sizeHint().width() < long.sizeHint().width()
    assert picture(short) != picture(long)


def test_a_label_never_reads_its_text_as_markup(qtbot: QtBot) -> None:
    shown = label("<b>name</b>", Role.TITLE)
    qtbot.addWidget(shown)
    assert shown.textFormat() is Qt.TextFormat.PlainText


@pytest.mark.parametrize("field", [lambda: IntegerField("Filters", 0, 9), lambda: DecimalField("Rate", 0, 9)])
def test_scrolling_past_a_field_does_not_change_it(
    qtbot: QtBot, field: Callable[[], IntegerField | DecimalField]
) -> None:
    number = field()
    qtbot.addWidget(number)
    before = number.value()
    turn = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(number, turn)
    assert number.value() == before
