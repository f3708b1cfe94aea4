"""What the program says of itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QMessageBox

from studio.gui.actions.action import Action
from studio.gui.actions.host import Host
from studio.gui.keymap.keymap import Keymap


def _tell(host: Host, title: str, text: str) -> None:
    QMessageBox.information(host.widget, title, text)


def _about(host: Host) -> None:
    from importlib.metadata import version

    _tell(
        host,
        "Layerloom",
        f"Version {version('layerloom')}. "
        "Draw neural networks, watch them train, look inside them, and leave with real PyTorch.",
    )


def _gestures(host: Host) -> None:
    from studio.gui.shortcuts.overview import Overview

    _open(Overview(host.widget, host.shortcuts.keymap, lambda: _edit_keys(host)))


def _descend(host: Host) -> None:
    from studio.gui.descent.dialog import DescentDialog

    _open(DescentDialog(host.widget, host.session))


def _edit_keys(host: Host) -> None:
    from studio.gui.shortcuts.dialog import ShortcutDialog

    dialog = ShortcutDialog(host.widget, host.shortcuts)
    dialog.used.connect(lambda keymap: _share(host, keymap))
    _open(dialog)


def _share(host: Host, keymap: Keymap) -> None:
    """What a person changes in one window holds in all of them."""
    for other in host.windows:
        if other is not host and other.ready:
            other.shortcuts.use(keymap)


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _teach(host: Host) -> None:
    """The card of what is selected, pointed at or chosen in the palette; the gestures where there is no such thing."""
    if host.at_work:
        host.workbench.teacher.toggle()
    else:
        _gestures(host)


HELP = (
    Action(
        title="Teaching card",
        keys=("F1",),
        icon="book",
        do=_teach,
        typing=True,
        words="explain formula weights slide paper learn what is",
    ),
    Action(
        title="Gestures and keys",
        keys=("Shift+F1",),
        icon="info",
        do=_gestures,
        typing=True,
        words="shortcuts help keyboard mouse",
    ),
    Action(
        title="Shortcuts…",
        icon="settings",
        do=_edit_keys,
        words="keys keyboard bindings keymap preset blender comfyui change customize",
    ),
    Action(
        title="Ways down an error…",
        icon="loss",
        do=_descend,
        words="optimizer momentum zig-zag gradient descent learning rate trajectory surface adam teach",
    ),
    Action(title="About Layerloom", icon="logo", do=_about, words="version", apart=True),
)
