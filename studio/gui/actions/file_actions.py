"""New, open, save, export."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QMessageBox

from studio.gui.actions.action import Action, Choice, nothing
from studio.gui.actions.condition import needs
from studio.gui.actions.host import Host

LATER = "Importing PyTorch and ONNX models comes with a later version. Projects (.loom) can be opened now."


MOST_RECENT = 10


def _recent(host: Host) -> list[Choice]:
    """The files that were open last; those that are gone say so."""
    paths = host.preferences.opened_projects()[:MOST_RECENT]
    files = [_recent_file(path, is_there=path.is_file()) for path in paths]
    clear = Choice(
        title="Clear the list",
        do=_clear,
        is_enabled=bool(files),
        apart=bool(files),
    )
    return [*(files or [Choice(title="No project was saved yet", do=nothing, is_enabled=False)]), clear]


def _clear(host: Host) -> None:
    host.preferences.forget_projects()
    host.opener.list_recent()


def _recent_file(path: Path, *, is_there: bool) -> Choice:
    where = path.parent if is_there else f"no longer in {path.parent}"
    return Choice(
        title=f"{path.name} – {where}",
        do=lambda host: host.opener.open(str(path)),
        is_enabled=is_there,
        hint=str(path) if is_there else f"There is no file {path} any more.",
    )


def explain_import(host: Host) -> None:
    """Say that importing comes later, and what can be opened meanwhile."""
    QMessageBox.information(host.widget, "Import", LATER)


@needs("Open a project first.")
def at_work(host: Host) -> bool:
    """For what acts on the project that is shown."""
    return host.at_work


def _export_drawing(host: Host) -> None:
    path = host.document.path
    host.workspace.picturing.export(path.parent if path is not None else Path.home())


FILE = (
    Action(
        title="New",
        keys=("Ctrl+N",),
        icon="plus",
        do=lambda host: host.opener.new(),
        typing=True,
        words="empty network project",
    ),
    Action(
        title="New window",
        keys=("Ctrl+Alt+N",),
        icon="plus",
        do=lambda host: host.windows.open(),
        words="another second project",
    ),
    Action(
        title="Open…",
        keys=("Ctrl+O",),
        icon="folder",
        do=lambda host: host.opener.ask(),
        typing=True,
        words="load file project",
    ),
    Action(
        title="Open in new window…",
        icon="folder",
        do=lambda host: host.opener.ask(elsewhere=True),
        words="load file project another second",
    ),
    Action(title="Open recent", icon="file", choices=_recent, words="last history"),
    Action(
        title="Start page",
        keys=("Ctrl+Shift+N",),
        icon="grid",
        do=lambda host: host.show_start(),
        words="templates gallery recent",
    ),
    Action(title="Import…", icon="import", do=explain_import, words="onnx pytorch torchvision"),
    Action(
        title="Use data from a file…",
        icon="data",
        do=lambda host: host.bringing.choose_data(),
        words="csv table npz npy arrays own dataset",
        apart=True,
    ),
    Action(
        title="Use a folder of images…",
        icon="image",
        do=lambda host: host.bringing.choose_folder(),
        words="pictures photos own dataset classes",
    ),
    Action(
        title="Insert a project as a block…",
        icon="layers",
        do=lambda host: host.bringing.choose_block(),
        when=at_work,
        words="loom network place file",
    ),
    Action(
        title="Ask the network about an image…",
        icon="eye",
        do=lambda host: host.bringing.choose_image(),
        when=at_work,
        words="predict picture photo trained",
    ),
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
        title="Export drawing…",
        keys=("Ctrl+Shift+E",),
        icon="image",
        do=_export_drawing,
        when=at_work,
        words="picture svg png image figure paper",
    ),
    Action(
        title="Close window",
        keys=("Ctrl+W",),
        do=lambda host: host.close(),
        typing=True,
        words="leave",
        apart=True,
    ),
    Action(
        title="Quit",
        keys=("Ctrl+Q",),
        icon="close",
        do=lambda host: host.windows.close_all(),
        typing=True,
        words="exit leave all windows",
    ),
)
