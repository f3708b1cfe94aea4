"""What a training process tells, in the past tense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from studio.core.drawn_weights import deviation_of, is_drawn

Figures = Mapping[str, float]
"""Measured numbers by name: ``loss``, ``accuracy``."""

Classes = Mapping[str, Mapping[str, Any]]
"""Figures of single classes by the name of what tells them apart."""


class Event:
    """Base of what a training process tells; ``kind`` is its name in files and on the command line."""

    kind: ClassVar[str] = ""
    known: ClassVar[dict[str, type[Event]]] = {}

    def __init_subclass__(cls) -> None:
        Event.known[cls.kind] = cls


@dataclass(frozen=True)
class Ready(Event):
    """The process has imported what it needs and waits for Start.

    ``devices`` counts those of this machine by their kind, the fastest first; of processors, the cores.
    """

    kind = "ready"
    torch: str
    devices: Mapping[str, int]


@dataclass(frozen=True)
class Started(Event):
    """A training begins, or goes on from a checkpoint at ``step``: what was told of later steps counts no more.

    ``series`` names the live curves by their number in the ring. ``measures`` says of each figure: title, percent,
    higher_is_better. ``samples`` counts the samples of each part, ``weights`` those of each network. ``steps`` is 0
    where the number of all steps is not known, and so are those of a stage; ``at`` is the time in seconds since 1970.
    ``steps_per_epoch`` are those of the first stage, ``epoch_steps`` those of each.
    """

    kind = "started"
    run: str
    project: str
    device: str
    stages: tuple[str, ...]
    series: tuple[str, ...]
    measures: Mapping[str, Mapping[str, Any]]
    samples: Mapping[str, int]
    weights: Mapping[str, int]
    batch: int
    steps_per_epoch: int
    steps: int
    seed: int
    precision: str
    step: int = 0
    at: float = 0.0
    checkpoint: str = ""
    stage_steps: tuple[int, ...] = ()
    epoch_steps: tuple[int, ...] = ()


@dataclass(frozen=True)
class WeightsLoaded(Event):
    """A network begins with weights of a file, a package or torchvision, or drawn; names are those of state dicts.

    ``digest`` is the SHA-256 sum of the file. ``loaded`` names what in the source each tensor of the network was taken
    from, ``weights`` counts what is learned of it. ``missing`` keeps its fresh values, ``unused`` is left over in the
    source, and ``refused`` holds a sentence for each pair whose shapes differ. Where only shapes were compared,
    ``megabytes`` says how much is to be fetched.
    """

    kind = "weights"
    network: str
    source: str
    digest: str
    loaded: Mapping[str, str]
    weights: int
    missing: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    megabytes: float = 0.0

    def in_words(self) -> str:
        """``ResNet-18 begins with 11,176,512 weights of torchvision:resnet18: 120 of its 122 tensors.``"""
        count, whole = len(self.loaded), len(self.loaded) + len(self.missing) + len(self.refused)
        share = f"all {whole}" if count == whole else f"{count} of {whole}"
        if is_drawn(self.source):
            how = f"drawn with a deviation of {deviation_of(self.source):g}"
            return f"{self.network} begins with {self.weights:,} weights {how}: {share} of its tensors."
        return f"{self.network} begins with {self.weights:,} weights of {self.source}: {share} of its tensors."


@dataclass(frozen=True)
class ClassesWeighed(Event):
    """A loss weighs each class by the reciprocal of how often it occurs in the training part."""

    kind = "class-weights"
    loss: str
    classes: tuple[str, ...]
    counts: tuple[int, ...]
    weights: tuple[float, ...]

    def in_words(self) -> str:
        """``Cross entropy weighs each class by its count: cat 90 × 0.56, dog 10 × 5.``"""
        rows = zip(self.classes, self.counts, self.weights, strict=True)
        return f"{self.loss} weighs each class by its count: {', '.join(f'{n} {c:,} × {w:.3g}' for n, c, w in rows)}."


@dataclass(frozen=True)
class Tuned(Event):
    """Steps of the first stage were timed, in Fast mode in many ways: how many times as fast each change made them on
    top of those chosen before it. ``failed`` says why a change was not timed; of what was found earlier, and is only
    remembered, there are no speeds.
    """

    kind = "tuned"
    device: str
    speeds: Mapping[str, float]
    failed: Mapping[str, str] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()

    def in_words(self) -> str:
        """``Chosen, as faster here: 2 threads (1.71 times as fast); not channels first (0.80).``"""
        timed = {name: f" ({speed:.2f} times as fast)" for name, speed in self.speeds.items()}
        chosen = [f"{name}{timed.get(name, '')}" for name in self.chosen]
        slower = [f"{name} ({speed:.2f})" for name, speed in self.speeds.items() if name not in self.chosen]
        failed = [f"{name} ({why.rstrip('.')})" for name, why in self.failed.items()]
        words = f"Chosen, as faster here: {', '.join(chosen) or 'nothing new'}"
        words += f"; not {', '.join(slower)}" if slower else ""
        return f"{words}; could not try {', '.join(failed)}." if failed else f"{words}."


@dataclass(frozen=True)
class StepDone(Event):
    """The training reached ``step``; ``values`` are the live figures, losses averaged over the last steps."""

    kind = "step"
    step: int
    epoch: int
    stage: int
    values: Figures
    learning_rate: float
    samples_per_second: float


@dataclass(frozen=True)
class EpochEnded(Event):
    """A pass over the training part ended: ``metrics`` on the validation part, ``training`` on the batches seen.

    ``squares`` sums the squares of what each network has learned, biases and norms left out.

    ``classes`` says of what tells classes apart, by name: ``names`` of the classes, how often each was ``right``,
    ``answered`` and ``present``, its ``precision``, ``recall`` and ``f1``, and the ``mistakes`` as label, answer and
    count, the most frequent first.
    """

    kind = "epoch"
    epoch: int
    epochs: int
    stage: int
    step: int
    metrics: Figures
    training: Figures
    seconds: float
    best: bool = False
    classes: Classes = field(default_factory=dict)
    squares: Figures = field(default_factory=dict)


@dataclass(frozen=True)
class Previewed(Event):
    """What the Preview nodes of an objective show of held-out samples lies in files of the run's folder.

    ``names`` are the nodes, ``files`` their arrays as .npy in float32, (samples, ...), and ``shapes`` the axes of a
    sample: ``C H W``, ``D``, ``S C H W`` for films, empty for a number.
    """

    kind = "preview"
    step: int
    epoch: int
    stage: int
    objective: str
    names: tuple[str, ...]
    files: tuple[str, ...]
    shapes: tuple[str, ...]


@dataclass(frozen=True)
class StageEnded(Event):
    """A stage ended, and why: all its epochs, early, stopped."""

    kind = "stage"
    stage: int
    name: str
    step: int
    epoch: int
    reason: str
    restored: int | None = None
    """Step of the best epoch, where its weights were put back."""
    metrics: Figures = field(default_factory=dict)
    """What the stage reached on the test part, where another follows: a result, by which nothing is chosen."""


@dataclass(frozen=True)
class CheckpointSaved(Event):
    """A checkpoint lies complete in this folder."""

    kind = "checkpoint"
    path: str
    step: int
    why: str


@dataclass(frozen=True)
class Paused(Event):
    """The training waits at this step; ``reason`` is empty where a person asked for it."""

    kind = "paused"
    step: int
    reason: str = ""


@dataclass(frozen=True)
class Resumed(Event):
    """The training goes on after a pause."""

    kind = "resumed"
    step: int


@dataclass(frozen=True)
class LearningRateSet(Event):
    """A person changed the learning rate."""

    kind = "learning-rate"
    step: int
    value: float


@dataclass(frozen=True)
class EndSet(Event):
    """A person lets the present stage end otherwise; the settings are named as in the stage. ``stage_steps`` are all
    steps that it has now, 0 where only time or patience ends it.
    """

    kind = "end"
    step: int
    stage: int
    epochs: int
    steps: int
    minutes: float
    patience: int
    min_delta: float
    stage_steps: int


@dataclass(frozen=True)
class Finished(Event):
    """The training is over: ``metrics`` and ``classes`` on the test part, the goal with what was measured."""

    kind = "finished"
    metrics: Figures
    run: str
    seconds: float
    samples_per_second: float
    step: int
    reason: str
    checkpoint: str = ""
    goal: Mapping[str, Any] | None = None
    classes: Classes = field(default_factory=dict)


@dataclass(frozen=True)
class CrossValidated(Event):
    """All folds were trained: of each figure on the fold that was left out the mean and the standard deviation.

    ``values`` holds the figures of each fold, ``runs`` the folders. The goal is that of the mean.
    """

    kind = "cross-validated"
    folds: int
    metrics: Figures
    deviations: Figures
    values: Mapping[str, tuple[float, ...]]
    runs: tuple[str, ...]
    seconds: float
    goal: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Failed(Event):
    """The training ended in a way nobody wanted: a sentence, where it happened, and what to do."""

    kind = "failed"
    message: str
    hint: str = ""
    graph: str = ""
    node: str = ""
    step: int = 0
    traceback: str = ""


@dataclass(frozen=True)
class WorkerDied(Event):
    """The process ended without a word; what happened in words, and the last lines it wrote."""

    kind = "died"
    message: str
    code: int
    output: str = ""


@dataclass(frozen=True)
class DataProgress(Event):
    """What is being done to get the data, and the share that is done, 0 to 1."""

    kind = "data"
    what: str
    share: float


@dataclass(frozen=True)
class Log(Event):
    """A line for the log."""

    kind = "log"
    message: str
    level: Literal["info", "warning"] = "info"
