"""Cut, copy and paste, and what a selection can be copied as."""

from __future__ import annotations

from studio.gui.actions.action import Action
from studio.gui.actions.file_actions import at_work
from studio.gui.actions.frame_actions import graspable, grasped
from studio.gui.actions.node_actions import selected

CLIPBOARD = (
    Action(title="Cut", keys=("Ctrl+X",), do=lambda host: host.workspace.clipboard.cut(), when=selected, apart=True),
    Action(
        title="Copy",
        keys=("Ctrl+C",),
        icon="copy",
        do=grasped(lambda host: host.workspace.clipboard.copy()),
        when=graspable,
    ),
    Action(title="Paste", keys=("Ctrl+V",), do=lambda host: host.workspace.clipboard.paste(), when=at_work),
    Action(
        title="Copy as PyTorch",
        keys=("Ctrl+Alt+C",),
        icon="code",
        do=lambda host: host.workspace.clipboard.copy_source(),
        when=at_work,
        words="source python code clipboard module",
    ),
    Action(
        title="Copy as picture",
        icon="image",
        do=lambda host: host.workspace.picturing.copy(),
        when=at_work,
        words="image png screenshot clipboard",
    ),
)
