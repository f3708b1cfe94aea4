"""Forms made from settings, and what the inspector says of nodes."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from studio.core.catalog import catalog
from studio.core.dataset import Dataset
from studio.core.graph import Node
from studio.core.node_class import NodeClass
from studio.gui import fonts
from studio.gui.inspector.fields import AxesField, ChoiceField, NumberField, SwitchField, TextField
from studio.gui.inspector.form import Form
from studio.gui.inspector.kinds import field_for, parse_sizes, parse_words
from studio.gui.moment import MOMENT_MS
from studio.gui.style.measures import INSPECTOR_WIDTH, PANEL_PADDING
from studio.gui.window import Window

SCROLL_BAR = 12


def form_of(window: Window) -> Form:
    form = window.workbench.inspector.node._form
    assert form is not None
    return form


def node(window: Window, name: str) -> Node:
    return window.document.project.graphs["LeNet-5"].nodes[name]


def write(qtbot: QtBot, field: Any, text: str) -> None:
    """Type into a field as a person does, and press Enter."""
    edit = field.edit if hasattr(field, "edit") else field.edits[0]
    line = edit.lineEdit()
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


@pytest.fixture
def c1(window: Window) -> Window:
    window.workspace.canvas.select({"C1"})
    return window


@pytest.mark.parametrize("cls", catalog().nodes.values(), ids=list(catalog().nodes))
def test_every_setting_of_every_node_has_a_field_that_shows_its_default(qtbot: QtBot, cls: type[NodeClass]):
    given: list[object] = []
    for setting in cls.settings():
        field = field_for(setting)
        qtbot.addWidget(field)
        field.committed.connect(given.append)
        field.show_value(setting.default)
    assert not given


def test_the_type_decides_the_field(qtbot: QtBot):
    fields = {setting.name: type(field_for(setting)) for setting in catalog().nodes["Conv2d"].settings()}
    assert fields["filters"] is NumberField
    assert fields["kernel"] is AxesField
    assert fields["bias"] is SwitchField
    assert fields["padding_mode"] is ChoiceField
    shares = {setting.name: field_for(setting) for setting in Dataset.settings()}
    assert isinstance(shares["test"], NumberField)
    assert shares["test"].slider is not None
    sizes = {setting.name: type(field_for(setting)) for setting in catalog().nodes["Input"].settings()}
    assert sizes["sizes"] is TextField


def test_a_number_that_is_typed_changes_the_node_and_its_shapes(c1: Window, qtbot: QtBot):
    write(qtbot, form_of(c1).rows["filters"].field, "8")
    assert node(c1, "C1").settings["filters"] == 8
    QTest.qWait(2 * MOMENT_MS)
    card = c1.workbench.inspector.node.teaching.card
    assert card is not None
    assert card.numbers is not None
    assert str(card.numbers.outputs["out"]) == "8×28×28"
    c1.document.undo()
    assert node(c1, "C1").settings["filters"] == 6


def test_an_expression_shows_what_it_comes_to_while_it_is_typed(c1: Window, qtbot: QtBot):
    c1.document.apply(replace(c1.document.project, variables={"width": 3}), "Variable")
    row = form_of(c1).rows["filters"]
    assert isinstance(row.field, NumberField)
    line = row.field.edit.lineEdit()
    line.selectAll()
    qtbot.keyClicks(line, "=width*4")
    assert row.note.text() == "= width*4 → 12"
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert node(c1, "C1").settings["filters"] == "=width*4"
    assert row.note.text() == "= width*4 → 12"


def test_an_unknown_variable_is_said_below_its_field(c1: Window, qtbot: QtBot):
    write(qtbot, form_of(c1).rows["filters"].field, "=widht")
    assert "There is no variable 'widht'" in form_of(c1).rows["filters"].note.text()
    assert c1.document.diagnosis.problems


def test_a_word_where_a_number_belongs_is_put_back(c1: Window, qtbot: QtBot):
    write(qtbot, form_of(c1).rows["filters"].field, "many")
    assert node(c1, "C1").settings["filters"] == 6
    assert form_of(c1).rows["filters"].field.edit.lineEdit().text() == "6"  # type: ignore[attr-defined]


def test_numbers_stay_within_their_bounds(c1: Window, qtbot: QtBot):
    write(qtbot, form_of(c1).rows["filters"].field, "0")
    assert node(c1, "C1").settings["filters"] == 1


def test_sizes_of_both_axes_are_kept_as_one_number_where_they_are_equal(c1: Window, qtbot: QtBot):
    write(qtbot, form_of(c1).rows["kernel"].field, "3")
    assert node(c1, "C1").settings["kernel"] == (3, 5)
    form_of(c1).rows["kernel"].field.edits[1].stepBy(-2)  # type: ignore[attr-defined]
    assert "kernel" not in node(c1, "C1").settings  # 3 is the default


def test_the_way_back_to_the_default_is_one_click(c1: Window, qtbot: QtBot):
    row = form_of(c1).rows["kernel"]
    assert not row.reset.isHidden()
    qtbot.mouseClick(row.reset, Qt.MouseButton.LeftButton)
    assert "kernel" not in node(c1, "C1").settings
    assert row.reset.isHidden()


def test_several_nodes_are_set_at_once(window: Window, qtbot: QtBot):
    window.workspace.canvas.select({"C1", "C3"})
    row = form_of(window).rows["filters"]
    assert row.field.edit.lineEdit().text() == "–"  # type: ignore[attr-defined]
    write(qtbot, row.field, "10")
    assert [node(window, name).settings["filters"] for name in ("C1", "C3")] == [10, 10]
    window.document.undo()
    assert node(window, "C1").settings["filters"] == 6
    assert "filters" not in node(window, "C3").settings  # 16 is the default


def test_nodes_of_two_kinds_share_only_what_both_have(window: Window):
    window.workspace.canvas.select({"C1", "S2"})
    shared = set(form_of(window).rows)
    classes = catalog().nodes
    both = {s.name for s in classes["Conv2d"].settings() if s in classes["AvgPool2d"].settings()}
    assert shared == both


def test_the_name_can_be_changed_and_a_taken_one_is_refused(c1: Window, qtbot: QtBot):
    said: list[str] = []
    c1.workbench.said.connect(said.append)
    name = c1.workbench.inspector.node._head._name
    name.setText("First")
    name.editingFinished.emit()
    assert "First" in c1.document.project.graphs["LeNet-5"].nodes
    name.setText("S2")
    name.editingFinished.emit()
    assert said == ["There is a node called 'S2' already."]


def test_the_network_page_lists_every_node_with_its_shape(window: Window):
    window.workbench.inspector_tabs.setCurrentIndex(1)
    table = window.workbench.inspector.network._nodes
    rows = {
        table.topLevelItem(row).text(0): table.topLevelItem(row).text(2) for row in range(table.topLevelItemCount())
    }
    assert rows["C5"] == "48,120"
    texts = [found.text() for found in window.workbench.inspector.network.findChildren(QLabel)]
    assert "61,706" in texts


def test_the_training_page_edits_the_stage_and_refuses_what_cannot_be(window: Window, qtbot: QtBot):
    window.workbench.inspector_tabs.setCurrentIndex(2)
    page = window.workbench.inspector.training
    write(qtbot, page._stage.rows["epochs"].field, "3")
    assert window.document.project.training.stages[0].epochs == 3
    page._edit_stage("learning_rate", -1.0)
    assert "Learning rate should be" in page._complaint.text()
    assert window.document.project.training.stages[0].learning_rate > 0


def test_another_dataset_brings_its_own_settings(window: Window):
    window.workbench.inspector_tabs.setCurrentIndex(2)
    page = window.workbench.inspector.training
    index = next(at for at in range(page._data.box.count()) if page._data.box.itemText(at) == "Small digits")
    page._data.box.setCurrentIndex(index)
    page._data.box.activated.emit(index)
    assert window.document.project.data == Node("SmallDigits")
    window.document.undo()
    assert page._data.box.currentText() == "Digits"


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("1 × 28 × 28", (1, 28, 28)),
        ("3x32x32", (3, 32, 32)),
        ("=width, 4", ("=width", 4)),
        ("T × 16", ("T", 16)),
        ("0.5, 1, .25", (0.5, 1, 0.25)),
        ("1 ! × 2", None),
    ],
)
def test_sizes_are_read_as_people_write_them(text: str, sizes: object):
    assert parse_sizes(text) == sizes


def test_words_are_read_between_commas():
    assert parse_words("one, two ,") == ("one", "two")


def test_a_node_of_the_objective_that_the_studio_made_can_be_set(window: Window, qtbot: QtBot):
    window.run("Show objective")
    loss = next(name for name, each in window.workspace.place.graph.nodes.items() if each.type == "CrossEntropy")
    window.workspace.canvas.select({loss})
    row = form_of(window).rows["label_smoothing"]
    write(qtbot, row.field, "0.1")
    assert window.document.project.graphs["Training"].nodes[loss].settings == {"label_smoothing": 0.1}


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("cls", catalog().nodes.values(), ids=list(catalog().nodes))
def test_a_form_is_not_wider_than_the_inspector(qtbot: QtBot, cls: type[NodeClass], scale: float):
    fonts.set_scale(scale)
    try:
        form = Form(cls.settings())
        qtbot.addWidget(form)
        form.show()
        assert form.minimumSizeHint().width() <= INSPECTOR_WIDTH - 2 * PANEL_PADDING - SCROLL_BAR
    finally:
        fonts.set_scale(1.0)


def test_tab_goes_from_field_to_field_of_a_node_that_was_just_selected(c1: Window, qtbot: QtBot):
    c1.activateWindow()
    qtbot.waitUntil(c1.isActiveWindow)
    c1.workspace.canvas.select({"F6"})
    c1.workspace.canvas.select({"C1"})
    QApplication.processEvents()
    c1.workbench.inspector.node.focus_name()
    QApplication.processEvents()
    names = []
    for _ in range(4):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        names.append(QApplication.focusWidget().accessibleName())
    assert names == ["Filters", "Back to 16", "Kernel, height", "Kernel, width"]
