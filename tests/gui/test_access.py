"""The window for those who do not see it, do not use a pointer, or need larger letters."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLineEdit, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.zoom_control import ZoomControl
from studio.gui.window import Window
from tests.gui.canvas.conftest import Hand
from tests.gui.conftest import OpenWindow

Name, Role = QAccessible.Text.Name, QAccessible.Role
INTERACTIVE = {
    Role.Button,
    Role.ButtonMenu,
    Role.ButtonDropDown,
    Role.CheckBox,
    Role.RadioButton,
    Role.ComboBox,
    Role.EditableText,
    Role.SpinBox,
    Role.Slider,
    Role.PageTabList,
    Role.Tree,
    Role.List,
    Role.Table,
    Role.Link,
}


def named(widget: QWidget) -> bool:
    """Whether a screen reader has a name for a widget: its own, or that of the control whose part it is."""
    parent: QWidget | None = widget
    for _ in range(3):
        if parent is None:
            return False
        interface = QAccessible.queryAccessibleInterface(parent)
        if interface is not None and interface.text(Name):
            return True
        parent = parent.parentWidget() if is_part(parent) else None
    return False


def is_part(widget: QWidget) -> bool:
    """Parts that Qt makes for itself, such as the field of a spin box and the scroll buttons of tabs."""
    if widget.objectName().startswith(("qt_", "Scroll")):
        return True
    return all(type(each).__module__.startswith("PySide6") for each in (widget, widget.parentWidget()))


def controls(window: Window) -> Iterator[tuple[QWidget, Role]]:
    for widget in window.findChildren(QWidget):
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is None or (widget.isHidden() and not widget.property("text")):
            continue  # what gets its words when it is shown
        if interface.role() in INTERACTIVE or widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield widget, interface.role()


def test_no_control_of_the_window_is_without_a_name(window: Window) -> None:
    window.run("Find in the graph…")
    window.workspace.canvas.select({"C1"})
    found = list(controls(window))
    assert len(found) > 50
    nameless = [
        f"{type(each).__name__} {each.objectName()} in {type(each.parent()).__name__}, {role}"
        for each, role in found
        if not named(each)
    ]
    assert not nameless


def test_a_control_without_a_name_would_be_noticed(window: Window) -> None:
    field = QLineEdit(window.workbench.controls)
    field.show()
    assert field in [each for each, _ in controls(window)]
    assert not named(field)


@pytest.fixture(params=[0.75, 1.5, 2.0])
def scaled(request: pytest.FixtureRequest, open_window: OpenWindow, qapp: QApplication) -> Iterator[Window]:
    """A window with text of another size."""
    theme.apply(qapp, theme.DARK, request.param)
    yield open_window("lenet5")
    theme.apply(qapp, theme.DARK)


def test_what_lies_over_the_graph_grows_with_the_text_and_is_pressed_where_it_is_seen(scaled: Window) -> None:
    canvas, unit = scaled.workspace.canvas, theme.switch().scale
    control = next(overlay for overlay in canvas.overlays if isinstance(overlay, ZoomControl))
    area = canvas.lens.from_room(control.area())
    assert area.width() == pytest.approx(control.area().width() * unit)
    assert QRectF(canvas.viewport().rect()).contains(area)
    canvas.lens.look(Camera(unit, 0.0, 0.0, unit))
    target = control.targets()[0]
    Hand(canvas).click(canvas.lens.from_room(target.rect).center().toPoint())
    assert canvas.lens.camera.zoom == pytest.approx(0.75)


def test_the_tabs_of_the_docks_have_room_for_their_words(scaled: Window) -> None:
    if theme.switch().scale > 1.5:
        pytest.skip("a window of 1400 pixels is narrow for letters of twice the size")
    QApplication.processEvents()
    for title in ("Palette", "Inspector"):
        bar = scaled.workbench.docks[title].titleBarWidget().findChild(QTabBar)
        assert isinstance(bar, QTabBar)
        assert bar.tabRect(bar.count() - 1).right() <= bar.width()


def test_the_search_of_the_menu_bar_is_not_cut(scaled: Window) -> None:
    QApplication.processEvents()
    search, menu = scaled.menu.search, scaled.menu
    top = search.mapTo(menu, QPoint(0, 0)).y()
    assert top >= 0
    assert top + search.height() <= menu.height()
    assert search.height() >= search.fontMetrics().height()


def test_the_focus_is_seen_wherever_tab_leads(window: Window, qtbot: QtBot) -> None:
    window.activateWindow()
    field = next(each for each in window.workbench.palette_panel.findChildren(QLineEdit) if each.isVisible())
    field.setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[QWidget] = []
    for _ in range(12):
        widget = QApplication.focusWidget()
        if widget is None or widget in seen or widget is window.workspace.canvas:
            break
        seen.append(widget)
        focused = window.grab().toImage()
        widget.clearFocus()
        assert focused != window.grab().toImage(), f"{type(widget).__name__} {widget.accessibleName()}"
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert len(seen) > 3
