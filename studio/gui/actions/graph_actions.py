"""What is done with whole graphs: networks and objectives are added, renamed, removed."""

from __future__ import annotations

from studio.gui.actions.action import Action
from studio.gui.actions.condition import needs
from studio.gui.actions.file_actions import at_work
from studio.gui.actions.host import Host


@needs("The studio makes this objective: edit it first, and it is yours.", at_work)
def _is_drawn(host: Host) -> bool:
    return host.workspace.place.root in host.document.project.graphs


GRAPHS = (
    Action(
        title="New network",
        icon="layers",
        do=lambda host: host.workspace.graphs.add("network"),
        when=at_work,
        words="graph add model",
        apart=True,
    ),
    Action(
        title="New objective",
        icon="loss",
        do=lambda host: host.workspace.graphs.add("objective"),
        when=at_work,
        words="graph add loss training gan adversarial",
    ),
    Action(
        title="Rename the graph…",
        do=lambda host: host.workspace.graphs.rename(host.workspace.place.root),
        when=_is_drawn,
        words="network objective tab name",
    ),
    Action(
        title="Delete the graph",
        do=lambda host: host.workspace.graphs.remove(host.workspace.place.root),
        when=_is_drawn,
        words="network objective tab remove",
    ),
)
