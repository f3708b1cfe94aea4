"""LeNet-5 from nothing, by keyboard alone and by mouse alone, as a person would who knows the window."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QStyle, QStyleOptionSpinBox, QWidget
from pytestqt.qtbot import QtBot

from studio.compiler.check import check
from studio.core.catalog import catalog
from studio.core.project import Project
from studio.core.shape import Shape
from studio.gui import motion
from studio.gui.inspector.number import NumberEdit
from studio.gui.palette.popup import SearchPopup
from studio.gui.window import Window
from tests.gui.canvas.conftest import Hand
from tests.gui.conftest import OpenWindow
from tests.gui.test_story import drop_from_palette

Key, Modifier = Qt.Key, Qt.KeyboardModifier
NONE, CONTROL, SHIFT, ALT = (
    Modifier.NoModifier,
    Modifier.ControlModifier,
    Modifier.ShiftModifier,
    Modifier.AltModifier,
)

NODES = (
    ("Input", {"Sizes": "1, 32, 32"}),
    ("Conv2d", {"Filters": "6", "Kernel, height": "5", "Kernel, width": "5"}),
    ("Tanh", {}),
    ("AvgPool2d", {}),
    ("Conv2d", {"Filters": "16", "Kernel, height": "5", "Kernel, width": "5"}),
    ("Tanh", {}),
    ("AvgPool2d", {}),
    ("Flatten", {}),
    ("Linear", {"Features": "120"}),
    ("Tanh", {}),
    ("Linear", {"Features": "84"}),
    ("Tanh", {}),
    ("Linear", {"Features": "10"}),
    ("Output", {}),
)
"""The common form of LeNet-5: types in order, and what is set of them."""

MOUSE = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.Wheel,
    QEvent.Type.Drop,
)
KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)


class Witness(QObject):
    """Counts events of some kinds, wherever in the program they arrive."""

    def __init__(self, kinds: tuple[QEvent.Type, ...]) -> None:
        super().__init__()
        self._kinds = kinds
        self.seen: list[QEvent.Type] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        if event.type() in self._kinds:
            self.seen.append(event.type())
        return False


@pytest.fixture
def start(open_window: OpenWindow, qtbot: QtBot) -> Window:
    """A window on its start page, with the keyboard."""
    motion.choose("reduced")
    window = open_window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def shapes(project: Project) -> list[tuple[str, Shape]]:
    """Types along the network with what leaves each."""
    (result,) = check(project).networks.values()
    return [(node.node.type, shape) for _, node in result.walk() for shape in node.outputs.values()]


def assert_is_lenet(window: Window) -> None:
    (result,) = window.document.diagnosis.networks.values()
    assert result.problems == ()
    assert result.weights == 61_706
    assert shapes(window.document.project) == shapes(catalog().make_project("lenet5"))
    assert window.workbench.status.facts["weights"].text() == "61,706 weights"


# --- by keyboard


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    """A key, wherever the keyboard is, and what the window does before the next."""
    QTest.keyClick(focused(), key, keys)
    QApplication.processEvents()


def type_text(text: str) -> None:
    QTest.keyClicks(focused(), text)


def tab_to(name: str) -> None:
    """Go on from control to control until this one has the keyboard."""
    for _ in range(60):
        if focused().accessibleName() == name:
            return
        press(Key.Key_Tab)
    pytest.fail(f"Tab never comes to {name!r}; it is at {focused().accessibleName()!r}.")


def back_to_canvas(window: Window) -> None:
    for _ in range(80):
        if focused() is window.workspace.canvas:
            return
        press(Key.Key_Backtab, SHIFT)
    pytest.fail(f"Shift+Tab never comes to the canvas; it is at {focused().accessibleName()!r}.")


def add_by_keyboard(window: Window, kind: str) -> None:
    press(Key.Key_Tab)
    assert isinstance(focused().parent(), SearchPopup)
    type_text(kind)
    press(Key.Key_Return)
    assert focused() is window.workspace.canvas


def set_by_keyboard(window: Window, values: dict[str, str]) -> None:
    press(Key.Key_F2)
    for name, value in values.items():
        tab_to(name)
        press(Key.Key_A, CONTROL)
        type_text(value)
        press(Key.Key_Return)
    back_to_canvas(window)


@pytest.mark.slow
def test_lenet_is_built_by_keyboard_alone(start: Window) -> None:
    window, witness = start, Witness(MOUSE)
    QApplication.instance().installEventFilter(witness)  # type: ignore[union-attr]
    QTest.keyClick(window, Key.Key_N, CONTROL)
    assert window.at_work
    back_to_canvas(window)
    press(Key.Key_A, CONTROL)
    press(Key.Key_Delete)
    for kind, values in NODES:
        press(Key.Key_A, CONTROL)
        press(Key.Key_Left, ALT)  # those before it make room, so that they stand in order
        add_by_keyboard(window, kind)
        if values:
            set_by_keyboard(window, values)
    press(Key.Key_A, CONTROL)
    press(Key.Key_J)
    press(Key.Key_F, CONTROL | SHIFT)
    QApplication.instance().removeEventFilter(witness)  # type: ignore[union-attr]
    assert_is_lenet(window)
    assert witness.seen == []


# --- by mouse

PLACES = {
    "Conv2d": (220, 60),
    "Tanh": (400, 60),
    "AvgPool2d": (520, 60),
    "Conv2d 2": (220, 190),
    "Tanh 2": (400, 190),
    "AvgPool2d 2": (520, 190),
    "Flatten": (680, 190),
    "Linear": (120, 320),
    "Tanh 3": (260, 320),
    "Linear 2": (380, 320),
    "Tanh 4": (520, 320),
    "Linear 3": (640, 320),
}
"""Where in the view each node is dropped; Input and Output are there."""

TURNED = {
    "Conv2d": {"Filters": 6, "Kernel, height": 5, "Kernel, width": 5, "Padding, height": 2, "Padding, width": 2},
    "Conv2d 2": {"Filters": 16, "Kernel, height": 5, "Kernel, width": 5},
    "Linear": {"Features": 120},
    "Linear 2": {"Features": 84},
    "Linear 3": {"Features": 10},
}
"""What is set by the arrows of spin boxes."""

FAMILIES = {
    "Conv2d": "Convolution",
    "Tanh": "Activation",
    "AvgPool2d": "Pooling & resize",
    "Flatten": "Combine & reshape",
    "Linear": "Linear & embedding",
}


def spin_box(window: Window, name: str) -> NumberEdit:
    """The field of the inspector that is called so."""
    page = window.workbench.inspector.node
    return next(box for box in page.findChildren(NumberEdit) if box.accessibleName() == name and box.isVisible())


def click_arrow(box: NumberEdit, part: QStyle.SubControl) -> None:
    option = QStyleOptionSpinBox()
    box.initStyleOption(option)
    rect = box.style().subControlRect(QStyle.ComplexControl.CC_SpinBox, option, part, box)
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=rect.center())


def turn_to(window: Window, name: str, value: int) -> None:
    """Click the arrows of a number until it has this value."""
    while (box := spin_box(window, name)).value != value:
        is_less = box.value < value
        click_arrow(box, QStyle.SubControl.SC_SpinBoxUp if is_less else QStyle.SubControl.SC_SpinBoxDown)
        QApplication.processEvents()


def link_by_mouse(window: Window, first: str, second: str) -> None:
    canvas = window.workspace.canvas
    output, target = (canvas.drawing.subject.ports(name) for name in (first, second))
    Hand(canvas).drag(canvas.point_of(first, output.outputs[0]), canvas.point_of(second, target.inputs[0].name))
    QApplication.processEvents()


@pytest.mark.slow
def test_lenet_is_built_by_mouse_alone(start: Window) -> None:
    """On digits of 28 × 28: the first convolution adds the border that the textbooks draw."""
    window, witness = start, Witness(KEYS)
    QApplication.instance().installEventFilter(witness)  # type: ignore[union-attr]
    button = next(
        each for each in window.start.findChildren(QAbstractButton) if each.text().startswith("Empty network")
    )
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert window.at_work
    canvas = window.workspace.canvas
    hand = Hand(canvas)
    for _ in range(4):
        hand.wheel(canvas.viewport().rect().center(), QPoint(0, -120))
    hand.drag(canvas.point_of("Input"), QPoint(60, 60))
    hand.drag(canvas.point_of("Output"), QPoint(760, 320))
    for name, at in PLACES.items():
        title = name.rstrip(" 0123456789") if name not in FAMILIES else name
        drop_from_palette(window, FAMILIES[title], title, QPoint(*at))
        QApplication.processEvents()
        assert window.workspace.place.selected == (name,)
        for setting, value in TURNED.get(name, {}).items():
            turn_to(window, setting, value)
    hand.click(QPoint(30, 250))  # nothing is selected, so that no callout lies over what is linked
    for first, second in pairwise(("Input", *PLACES, "Output")):
        link_by_mouse(window, first, second)
    QApplication.instance().removeEventFilter(witness)  # type: ignore[union-attr]
    (result,) = window.document.diagnosis.networks.values()
    assert window.document.diagnosis.problems == ()
    assert result.weights == 61_706
    assert shapes(window.document.project)[1:] == shapes(catalog().make_project("lenet5"))[1:]
    assert witness.seen == []
