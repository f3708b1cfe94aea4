"""What the window asks of a training process, in the imperative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

Looked = Literal["output", "weights", "gradients", "plane", "passage"]
"""What of a node a picture shows; ``plane`` is what a whole network answers everywhere among points of the plane, and
``passage`` what goes into a node and what comes out of it."""


class Command:
    """Base of what a training process is asked to do."""

    known: ClassVar[dict[str, type[Command]]] = {}

    def __init_subclass__(cls) -> None:
        Command.known[cls.__name__] = cls


@dataclass(frozen=True)
class Start(Command):
    """Train the project of a run folder.

    ``resume`` is a checkpoint's folder to go on from, of this run or of another (a fork). ``data`` names the folder of
    downloaded data, where it is not the usual one, and ``download`` lets what is missing be fetched. ``devices`` counts
    those of each of so many ``machines``.
    """

    run: str
    device: str = "auto"
    devices: int = 1
    machines: int = 1
    data: str = ""
    download: bool = False
    resume: str = ""


@dataclass(frozen=True)
class Measure(Command):
    """Say how fast a project, given as the text of its file, would be trained here; only a process that waits does so.

    ``number`` tells the answer apart from others. What else is asked for meanwhile comes first, and ends it.
    """

    number: int
    project: str
    device: str = "auto"
    data: str = ""


@dataclass(frozen=True)
class TryRates(Command):
    """Say how the loss of a stage changes while its learning rate grows step by step; only a process that waits does.

    ``project`` is the text of its file, ``stage`` a number from 0 on. Whatever else is asked for ends it.
    """

    number: int
    project: str
    stage: int = 0
    device: str = "auto"
    data: str = ""
    lowest: float = 1e-6
    highest: float = 10.0


@dataclass(frozen=True)
class Descend(Command):
    """Say which way an optimizer takes down an error of two weights: ``surface`` is a name of core/surfaces.py,
    ``settings`` are those of an Optimization. ``number`` tells the answer apart from others.
    """

    number: int
    surface: str
    start: tuple[float, float]
    settings: Mapping[str, Any]
    steps: int = 60


@dataclass(frozen=True)
class Pause(Command):
    """Wait at the next step, with a checkpoint written."""


@dataclass(frozen=True)
class Resume(Command):
    """Go on after a pause."""


@dataclass(frozen=True)
class Stop(Command):
    """End at the next step. Kept, the weights are saved and measured on the test part; else nothing more is done."""

    keep: bool = True


@dataclass(frozen=True)
class Watch(Command):
    """Show a node of a graph (its path, ``stage 1/conv``) for a held-out sample in a picture slot, every so many steps.

    ``every`` 0 means ten times a second. The end of a stage is shown in any case.
    """

    slot: int
    graph: str
    node: str
    sample: int = 0
    every: int = 0
    look_at: Looked = "output"
    draw: int = 0
    """Which of the draws of what is random while training."""


@dataclass(frozen=True)
class Unwatch(Command):
    """Fill this picture slot no longer."""

    slot: int


@dataclass(frozen=True)
class Predict(Command):
    """Say what the network makes of these held-out samples, now and at the end of every epoch; no samples end it.

    The samples themselves, as the network reads them, go into the picture slot ``slot``; where the answers shall be
    the samples again, they go into ``answers``.
    """

    samples: tuple[int, ...]
    slot: int = 0
    answers: int = 15


@dataclass(frozen=True)
class SetLearningRate(Command):
    """Train on with another learning rate; the schedule goes on from it."""

    value: float


@dataclass(frozen=True)
class SetEnd(Command):
    """Let the present stage end otherwise than its settings say, whose names and meaning these are: 0 is no such end.

    Its schedule is stretched or shortened with it.
    """

    epochs: int = 0
    steps: int = 0
    minutes: float = 0.0
    patience: int = 0
    min_delta: float = 0.0


ENDS = tuple(setting.name for setting in fields(SetEnd))
"""Settings of a stage that say when it ends."""


@dataclass(frozen=True)
class FinishStage(Command):
    """End the present stage at the next step as if it had come to its end, and go on with what follows it."""


@dataclass(frozen=True)
class SaveCheckpoint(Command):
    """Write a checkpoint at the next step."""


@dataclass(frozen=True)
class Shutdown(Command):
    """End the process; a training that runs is saved first, and can be resumed."""
