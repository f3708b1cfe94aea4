"""What a process answers when it is asked about a project, its data or its network, in the past tense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studio.training.messages import Event


@dataclass(frozen=True)
class Measured(Event):
    """How fast a project would be trained: seconds of a step and of an epoch of its first stage, the latter with
    measuring on held-out samples. ``why_not`` says why that could not be found out; all figures are 0 then.

    ``memory`` are the bytes that the steps took at most on the device, of ``there`` in all; 0 where nobody counts
    them. ``fits`` is the largest batch that memory has room for, where that of the project has none.
    """

    kind = "measured"
    number: int
    step_seconds: float = 0.0
    epoch_seconds: float = 0.0
    device: str = ""
    memory: int = 0
    there: int = 0
    fits: int = 0
    why_not: str = ""


@dataclass(frozen=True)
class Predicted(Event):
    """What the network makes of held-out samples: class numbers and probabilities, most probable first.

    The samples themselves lie in the picture slot. ``labels`` and ``classes`` are empty where the data has none.
    ``errors`` are mean squared differences of the answers, which then lie in a slot too, from the samples where they
    shall be the samples again; or from ``numbers`` that the data wants: then the slot holds answers and targets as
    (2, samples, numbers). ``read`` is what an output of the network, ``reading``, reads off its numbers, and ``wanted``
    what it would read off the targets.
    """

    kind = "predicted"
    step: int
    slot: int
    samples: tuple[int, ...]
    labels: tuple[int, ...]
    top: tuple[tuple[int, ...], ...]
    probabilities: tuple[tuple[float, ...], ...]
    classes: tuple[str, ...] = ()
    errors: tuple[float, ...] = ()
    numbers: bool = False
    reading: str = ""
    read: tuple[float, ...] = ()
    wanted: tuple[float, ...] = ()


@dataclass(frozen=True)
class DataShown(Event):
    """Some samples of a dataset lie in the .npz file that was asked for, those of each part under its name.

    ``train``, ``validation`` and ``test`` are images as bytes (N, C, H, W), or values as read (N, …), and ``varied``
    those of ``train`` as they are varied while training. Behind a part's name stand ``rows``, the numbers of its
    samples in the dataset, ``labels``, their class numbers, and ``targets``, the numbers to predict (N, D), where there
    are such. ``samples`` and ``counts`` count all of a part: its samples, and those of each of ``classes``.
    """

    kind = "data-shown"
    shape: str
    sizes: tuple[int, ...]
    samples: Mapping[str, int]
    classes: tuple[str, ...]
    counts: Mapping[str, tuple[int, ...]]
    names: tuple[str, ...] = ()
    """Of the numbers of a sample."""


OVERTAKEN = "Something else was asked for meanwhile."


@dataclass(frozen=True)
class RatesTried(Event):
    """The losses of a stage, smoothed, at learning rates that grew step by step; all so far, of ``steps`` at most.

    ``suggested`` is the rate at which the loss fell fastest, 0 where it never fell; known once it is ``over``.
    ``why_not`` says what kept it from being found out.
    """

    kind = "rates"
    number: int
    rates: tuple[float, ...] = ()
    losses: tuple[float, ...] = ()
    steps: int = 0
    suggested: float = 0.0
    over: bool = False
    why_not: str = ""


@dataclass(frozen=True)
class Descended(Event):
    """Where an optimizer came by on its way down, from its start on, and the error there; fewer steps than asked for
    where it leads beyond all bounds. ``why_not`` says why there is no way.
    """

    kind = "descended"
    number: int
    path: tuple[tuple[float, float], ...] = ()
    errors: tuple[float, ...] = ()
    why_not: str = ""
