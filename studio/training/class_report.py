"""What the events of a run say of single classes: how often each is found, and which is taken for which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio.training.messages import EpochEnded, Event, Finished


@dataclass(frozen=True)
class Mistakes:
    """So many samples of the class ``label`` were taken for ``answer``; classes by number."""

    label: int
    answer: int
    count: int


@dataclass(frozen=True)
class ClassReport:
    """Figures of each class, counted over a whole part, and the mistakes, the most frequent first."""

    names: tuple[str, ...]
    right: tuple[int, ...]
    answered: tuple[int, ...]
    present: tuple[int, ...]
    precision: tuple[float, ...]
    recall: tuple[float, ...]
    f1: tuple[float, ...]
    mistakes: tuple[Mistakes, ...]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> ClassReport:
        """The report as an event has it."""
        lists = {name: tuple(values) for name, values in told.items() if name != "mistakes"}
        return cls(**lists, mistakes=tuple(Mistakes(*each) for each in told["mistakes"]))

    def matrix(self) -> list[list[int]]:
        """Counts by label and answer."""
        size = range(len(self.names))
        rows = [[self.right[row] if row == column else 0 for column in size] for row in size]
        for each in self.mistakes:
            rows[each.label][each.answer] = each.count
        return rows


@dataclass(frozen=True)
class Told:
    """The reports of an event by the name of what was judged, and of which part and moment they are."""

    reports: Mapping[str, ClassReport]
    when: str


def class_reports(event: Event) -> Told | None:
    """What an event says of classes; None where it says nothing."""
    if not isinstance(event, EpochEnded | Finished) or not event.classes:
        return None
    when = f"Validation part, epoch {event.epoch}" if isinstance(event, EpochEnded) else "Test part, at the end"
    return Told({name: ClassReport.of(told) for name, told in event.classes.items()}, when)
