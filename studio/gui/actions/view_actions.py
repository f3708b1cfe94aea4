"""What is shown, and how: panels, appearance, text size, search."""

from __future__ import annotations

from studio.gui import motion
from studio.gui.actions.action import Action, Choice
from studio.gui.actions.file_actions import at_work
from studio.gui.actions.host import Host
from studio.gui.actions.look_actions import LOOK
from studio.gui.windows import come_forward

PANELS = (
    "Curves", "Samples & predictions", "Previews", "Classes", "Runs", "Log", "Stages", "History",
    "Layer view", "Filters", "In and out", "Problems", "Code",
)  # fmt: skip
APPEARANCES = {
    "System": "system",
    "Dark": "dark",
    "Light": "light",
    "High contrast dark": "contrast-dark",
    "High contrast light": "contrast-light",
}
TEXT_STEPS = 0.1


def _panel(title: str, *, apart: bool) -> Action:
    return Action(
        title=f"Show {title[0].lower()}{title[1:]}",
        icon="eye",
        do=lambda host: host.workbench.show_panel(title),
        when=at_work,
        words="panel dock",
        apart=apart,
    )


def _appearance(title: str, name: str) -> Action:
    return Action(
        title=f"{title} appearance",
        do=lambda host: host.set_appearance(name),
        checked=lambda host: host.preferences.appearance == name,
        words="theme colours light dark accessibility",
        apart=name == "system",
    )


def _scale(host: Host, steps: int) -> None:
    host.set_text_scale(round(host.preferences.text_scale + steps * TEXT_STEPS, 2))


def _switch_motion(host: Host) -> None:
    host.preferences.motion = "full" if motion.is_reduced() else "reduced"
    motion.choose(host.preferences.motion)


def _windows(host: Host) -> list[Choice]:
    """Every open window by the project it shows."""
    return [_window(other, is_here=other is host) for other in host.windows]


def _window(other: Host, *, is_here: bool) -> Choice:
    name = other.document.project.name if other.at_work else "Start page"
    edited = " · edited" if other.at_work and other.document.is_edited else ""
    return Choice(title=f"{name}{edited}", do=lambda _: come_forward(other.widget), is_checked=is_here)


VIEW = (
    Action(
        title="Search everything",
        keys=("Ctrl+Shift+P",),
        icon="search",
        do=lambda host: host.search_everything(),
        typing=True,
        words="command palette find",
    ),
    Action(
        title="Show objective",
        icon="loss",
        do=lambda host: host.workspace.show_objective(),
        when=at_work,
        words="loss graph",
        apart=True,
    ),
    *LOOK,
    *(_panel(title, apart=title == PANELS[0]) for title in PANELS),
    *(_appearance(title, name) for title, name in APPEARANCES.items()),
    Action(title="Larger text", icon="plus", do=lambda host: _scale(host, 1), words="font size scale", apart=True),
    Action(title="Smaller text", icon="minus", do=lambda host: _scale(host, -1), words="font size scale"),
    Action(title="Text at normal size", do=lambda host: host.set_text_scale(1.0), words="font size scale reset"),
    Action(
        title="Reduce motion",
        do=_switch_motion,
        checked=lambda _: motion.is_reduced(),
        words="animation accessibility still",
        apart=True,
    ),
)
WINDOW = (
    Action(
        title="Reset the layout",
        icon="grid",
        do=lambda host: host.workbench.reset_layout(),
        when=at_work,
        words="docks panels",
    ),
    Action(title="Go to window", choices=_windows, words="windows projects switch"),
)
