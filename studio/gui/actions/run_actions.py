"""What the table of runs does with the runs that are selected there."""

from __future__ import annotations

from functools import partial

from studio.gui.actions.action import Action
from studio.gui.actions.condition import needs
from studio.gui.actions.file_actions import at_work
from studio.gui.actions.host import Host
from studio.gui.runs.bar import BUSY, ENDED, GOES_ON, ONE, SEVERAL, SOME


def _in_the_panel(sentence: str) -> str:
    """What the panel itself says, said elsewhere."""
    return sentence.replace(" first.", " in the Runs panel first.")


def _do(host: Host, button: str) -> None:
    host.workbench.runs.do(button)


@needs(_in_the_panel(ONE), at_work)
def _has_one(host: Host) -> bool:
    return len(host.workbench.runs.selected) == 1


@needs(_in_the_panel(SEVERAL), at_work)
def _has_several(host: Host) -> bool:
    return len(host.workbench.runs.selected) > 1


@needs(_in_the_panel(SOME), at_work)
def _has_some(host: Host) -> bool:
    runs = host.workbench.runs
    return bool(runs.selected or runs.overlaid)


@needs(ENDED, _has_one)
def _was_interrupted(host: Host) -> bool:
    return host.workbench.runs.table.selected[0].summary.state in GOES_ON


@needs(BUSY, _was_interrupted)
def _can_resume(host: Host) -> bool:
    return not host.session.state.is_busy


RUNS = (
    Action(
        title="Open the selected run",
        icon="open",
        do=partial(_do, button="Open"),
        when=_has_one,
        apart=True,
        words="runs training results show",
    ),
    Action(
        title="Resume the selected run",
        icon="resume",
        do=partial(_do, button="Resume"),
        when=_can_resume,
        words="runs go on interrupted failed continue",
    ),
    Action(
        title="Checkpoints of the selected run…",
        icon="fork",
        do=partial(_do, button="Checkpoints"),
        when=_has_one,
        words="runs fork branch earlier step",
    ),
    Action(
        title="Compare the selected runs…",
        icon="combine",
        do=partial(_do, button="Compare"),
        when=_has_several,
        words="runs differences settings changed nodes side by side",
    ),
    Action(
        title="Lay the selected runs over the curves",
        icon="loss",
        do=partial(_do, button="Overlay"),
        when=_has_some,
        words="runs overlay curves together",
    ),
)
