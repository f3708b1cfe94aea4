"""Ways over the canvas without a pointer: links that are drawn by keys, exact values, from problem to problem."""

from __future__ import annotations

from studio.gui.actions.action import Action
from studio.gui.actions.condition import needs
from studio.gui.actions.file_actions import at_work
from studio.gui.actions.host import Host
from studio.gui.keymap.keymap import CANVAS


@needs("Nothing is wrong in this project.", at_work)
def _has_problems(host: Host) -> bool:
    return bool(host.document.diagnosis.problems)


def _go_to_problem(host: Host, by: int) -> None:
    """Go to the problem after, or before, the one whose node is selected."""
    place, problems = host.workspace.place, host.document.diagnosis.problems
    here = [at for at, each in enumerate(problems) if (each.graph, each.node) == (place.graph_name, place.node)]
    at = (here[-1 if by > 0 else 0] + by) % len(problems) if here else (0 if by > 0 else len(problems) - 1)
    place.go_to(problems[at].graph, problems[at].node, problems[at].inside)
    host.workspace.canvas.setFocus()


WAYS = (
    Action(
        title="Link by keyboard",
        keys=("L",),
        scope=CANVAS,
        do=lambda host: _link(host),
        when=at_work,
        words="connect draw port accessibility",
    ),
    Action(
        title="Show exact values",
        keys=("I",),
        scope=CANVAS,
        icon="info",
        do=lambda host: host.workspace.canvas.ways.tell(),
        when=at_work,
        words="tooltip shape memory numbers describe node link",
    ),
    Action(
        title="Next problem",
        keys=("F8",),
        icon="warning",
        do=lambda host: _go_to_problem(host, 1),
        when=_has_problems,
        words="error go to cycle",
    ),
    Action(
        title="Previous problem",
        keys=("Shift+F8",),
        do=lambda host: _go_to_problem(host, -1),
        when=_has_problems,
        words="error go to cycle",
    ),
)


def _link(host: Host) -> None:
    host.workspace.canvas.setFocus()
    host.workspace.canvas.linking.begin()
