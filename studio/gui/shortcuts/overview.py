"""What the pointer does on the canvas, and every key in force, to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby

from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from studio.gui.keymap.combination import shown
from studio.gui.keymap.keymap import Keymap
from studio.gui.style.measures import GRID, PANEL_PADDING
from studio.gui.widgets.button import Button
from studio.gui.widgets.label import Role, label

SIZE = (880, 680)
POINTER = (
    ("Add a node", "Drag it from the palette; double-click or right-click on the empty canvas"),
    ("Connect", "Drag from port to port; let go on the empty canvas to search what fits"),
    ("Insert a node", "Drop it on a link; Alt keeps it off"),
    ("Detach a node", "Alt-drag"),
    ("Bend a link", "Double-click on it, and drag the point; double-click on the point takes it away"),
    ("Move a frame", "Drag its title or its edges; Alt leaves what lies in it; double-click renames it"),
    ("Select", "Drag on the empty canvas; Shift- or Ctrl-click adds"),
    ("Move the view", "Middle button, Space and drag, two fingers"),
    ("Zoom", "Wheel or pinch, at the pointer"),
    ("Enter a block", "Double-click"),
)

Group = tuple[str, Iterable[tuple[str, str]]]


class Overview(QDialog):
    """Made of the keymap when it opens; ``change`` opens the editor."""

    def __init__(self, parent: QWidget, keymap: Keymap, change: Callable[[], object]) -> None:
        super().__init__(parent)
        self.setWindowTitle("Gestures and keys")
        self.resize(*SIZE)
        self.list = _list((("With the pointer", POINTER), *key_groups(keymap)))
        edit, close = Button("Change the keys…", icon="settings"), Button("Close")
        edit.clicked.connect(self.close)
        edit.clicked.connect(change)
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addWidget(label(f"Preset: {keymap.preset.title}", Role.LABEL))
        foot.addStretch()
        foot.addWidget(edit)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(PANEL_PADDING, PANEL_PADDING, PANEL_PADDING, PANEL_PADDING)
        column.setSpacing(GRID)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        self.list.setFocus()


def key_groups(keymap: Keymap) -> Iterable[Group]:
    """What has a key, by menu."""
    for menu, rows in groupby(keymap.rows, key=lambda row: row.menu):
        keyed = [(row.title, ", ".join(map(shown, keymap.keys(row.title)))) for row in rows if keymap.keys(row.title)]
        if keyed:
            yield menu, keyed


def _list(groups: Iterable[Group]) -> QTreeWidget:
    tree = QTreeWidget()
    tree.setAccessibleName("Gestures and keys")
    tree.setHeaderLabels(["What", "How"])
    tree.setRootIsDecorated(False)
    tree.setIndentation(2 * GRID)
    tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
    for title, rows in groups:
        heading = QTreeWidgetItem(tree, [title])
        heading.setExpanded(True)
        font = heading.font(0)
        font.setBold(True)
        heading.setFont(0, font)
        for texts in rows:
            QTreeWidgetItem(heading, list(texts))
    return tree
