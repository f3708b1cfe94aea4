"""What the program says of itself."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox

from studio.gui.actions.action import Action
from studio.gui.actions.host import Host

GESTURES = (
    ("Add a node", "Drag from the palette, Tab, double-click or right-click on the canvas"),
    ("Connect", "Drag from port to port; let go on empty canvas to search what fits"),
    ("Connect what is selected", "J, in the order of clicks or from left to right"),
    ("Insert", "Drop a node on a link; Alt keeps it off"),
    ("Detach", "Alt and drag; or Alt+D"),
    ("Swap the type", "Shift+S"),
    ("Delete, delete and heal", "Del, Ctrl+Del"),
    ("Reroute a link", "Double-click on it, and drag the point; double-click on the point takes it away"),
    ("Comment frame", "Ctrl+Shift+G; drag its title or its edges, Alt leaves what lies in it; F2 or double-click"),
    ("Pan", "Middle button, Space and drag, two fingers"),
    ("Zoom", "Wheel, Ctrl+= and Ctrl+-, Ctrl+0; Home shows all, F the selection"),
    ("From node to node", "Arrow keys; Alt and arrows move the node; Enter opens it"),
    ("Train, pause, stop", "F5, F6, F7"),
    ("Everything else", "Ctrl+Shift+P"),
)


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
    _tell(host, "Gestures and keys", "\n".join(f"{what}: {how}." for what, how in GESTURES))


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
        when=lambda host: host.ready,
        typing=True,
        words="explain formula weights slide paper learn what is",
    ),
    Action(title="Gestures and keys", icon="info", do=_gestures, words="shortcuts help keyboard"),
    Action(title="About Layerloom", icon="logo", do=_about, words="version"),
)
