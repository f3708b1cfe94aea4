"""What each Preview node of a training has shown so far, step by step, as files of the run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from studio.training.messages import Previewed
from studio.training.run import Run

FRAMES = "S"
"""The axis along which a film runs."""

REAL = frozenset({"real", "true", "data", "original", "originals"})
MADE = frozenset({"generated", "made", "fake", "sampled", "samples", "rebuilt", "reconstructed"})
"""Words by which the names of two nodes differ that are looked at together: ``Real answers``, ``Generated answers``."""


@dataclass(frozen=True)
class Shown:
    """What a node showed at a step."""

    step: int
    file: Path


@dataclass(eq=False)
class Track:
    """A Preview node: what it showed, oldest first, and the axes of a sample."""

    objective: str
    name: str
    axes: tuple[str, ...]
    shown: list[Shown] = field(default_factory=list)

    @property
    def is_film(self) -> bool:
        return self.axes[:1] == (FRAMES,)

    @property
    def inner(self) -> tuple[str, ...]:
        """The axes of a frame."""
        return self.axes[1:] if self.is_film else self.axes

    @property
    def is_picture(self) -> bool:
        return self.inner[-2:] == ("H", "W") and len(self.inner) in (2, 3)

    def at(self, step: int) -> Shown:
        """What was to be seen at a step: the newest until then, or the first of all."""
        return next((each for each in reversed(self.shown) if each.step <= step), self.shown[0])


@dataclass(frozen=True)
class Group:
    """Tracks that are looked at together: one, or what is made beside what is real."""

    tracks: tuple[Track, ...]
    title: str


class Tracks:
    """Collects the tracks of one run."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self._tracks: dict[tuple[str, str], Track] = {}

    def show(self, run: Run | None) -> None:
        """Take up a run with all that it has told, or none."""
        self.folder = run.folder if run is not None else None
        self._tracks.clear()
        for event in run.outline() if run is not None else ():
            if isinstance(event, Previewed):
                self.take(event)

    def take(self, event: Previewed) -> None:
        """Add what was shown at a step."""
        if self.folder is None:
            return
        for name, file, axes in zip(event.names, event.files, event.shapes, strict=True):
            key, named = (event.objective, name), tuple(axes.split())
            track = self._tracks.get(key)
            if track is None or track.axes != named:
                track = self._tracks[key] = Track(event.objective, name, named)
            track.shown[:] = [each for each in track.shown if each.step < event.step]  # a step may be shown twice
            track.shown.append(Shown(event.step, self.folder / file))

    def groups(self) -> list[Group]:
        """What is looked at together, in the order in which it came."""
        return grouped(list(self._tracks.values()))

    def steps(self) -> list[int]:
        """Every step at which anything was shown."""
        return sorted({each.step for track in self._tracks.values() for each in track.shown})


def grouped(tracks: Sequence[Track]) -> list[Group]:
    """Each track, points and numbers that are made with those that are real where their names say so."""
    groups, left = list[tuple[Track, ...]](), list(tracks)
    while left:
        track = left.pop(0)
        other = next((each for each in left if _belong(track, each)), None)
        if other is None:
            groups.append((track,))
            continue
        left.remove(other)
        groups.append((track, other) if _sides(track.name)[0] == "made" else (other, track))
    names = Counter(" and ".join(track.name for track in group) for group in groups)
    return [Group(group, _title(group, names)) for group in groups]


def _title(group: Sequence[Track], names: Mapping[str, int]) -> str:
    """The names of the nodes; before them the objective, where nodes of several are called alike."""
    title = " and ".join(track.name for track in group)
    return title if names[title] == 1 else f"{group[0].objective}: {title}"


def _belong(one: Track, other: Track) -> bool:
    (side, rest), (across, there) = _sides(one.name), _sides(other.name)
    alike = one.axes == other.axes and one.objective == other.objective and not one.is_picture
    return alike and rest == there and {side, across} == {"real", "made"}


def _sides(name: str) -> tuple[str, tuple[str, ...]]:
    """Which side a name says it is on, ``real`` or ``made``, and its other words."""
    words = re.findall(r"[^\W_]+", name.lower())
    real, made = (_among(words, known) for known in (REAL, MADE))
    side = "" if bool(real) == bool(made) else "real" if real else "made"
    return side, tuple(word for word in words if word not in REAL | MADE)


def _among(words: Iterable[str], known: frozenset[str]) -> list[str]:
    return [word for word in words if word in known]
