"""New, open, save, export."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox

from studio.gui.actions.action import Action
from studio.gui.actions.host import Host

LATER = "Importing PyTorch and ONNX models comes with a later version. Projects (.loom) can be opened now."


def _new(host: Host) -> None:
    if host.files.new():
        host.show_work()


def _open(host: Host) -> None:
    if host.files.open():
        host.show_work()


def explain_import(host: Host) -> None:
    """Say that importing comes later, and what can be opened meanwhile."""
    QMessageBox.information(host.widget, "Import", LATER)


def at_work(host: Host) -> bool:
    """For what acts on the project that is shown."""
    return host.at_work


FILE = (
    Action(title="New", keys=("Ctrl+N",), icon="plus", do=_new, typing=True, words="empty network project"),
    Action(title="Open…", keys=("Ctrl+O",), icon="folder", do=_open, typing=True, words="load file project"),
    Action(
        title="Start page",
        keys=("Ctrl+Shift+N",),
        icon="grid",
        do=lambda host: host.show_start(),
        words="templates gallery recent",
    ),
    Action(title="Import…", icon="import", do=explain_import, words="onnx pytorch torchvision"),
    Action(
        title="Save",
        keys=("Ctrl+S",),
        icon="save",
        do=lambda host: host.files.save(),
        when=at_work,
        typing=True,
        apart=True,
    ),
    Action(
        title="Save as…",
        keys=("Ctrl+Shift+S",),
        icon="save",
        do=lambda host: host.files.save_as(),
        when=at_work,
        typing=True,
    ),
    Action(
        title="Export…",
        keys=("Ctrl+E",),
        icon="export",
        do=lambda host: host.workbench.export(),
        when=at_work,
        words="onnx safetensors pt2 python pytorch",
        apart=True,
    ),
    Action(
        title="Quit",
        keys=("Ctrl+Q",),
        icon="close",
        do=lambda host: host.close(),
        typing=True,
        words="exit leave",
        apart=True,
    ),
)
