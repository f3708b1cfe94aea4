"""Counts over all held-out samples which class was answered where which is right, however the batches are cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from studio.compiler.figures import figure_name
from studio.engine.build import Built
from studio.engine.crew import Crew
from studio.engine.feed import Data
from studio.engine.instrument import Instrument, Values
from studio.engine.judged import Judged, judged_in

MOST_CLASSES = 1000
"""Of so many classes at most, pairs are counted; of more, only how often each is right, answered and present."""

MOST_PAIRS = 2000
"""Pairs of classes that are told, the most frequent first."""


class ClassCounting:
    """Looks on while objectives are measured on a part of the data."""

    def __init__(self, built: Built) -> None:
        self._built = built
        self._judged = list(dict.fromkeys(each for name in built.objectives for each in judged_in(built, name)))
        self._instrument = Instrument(built) if self._judged else None
        self._values: Values = {}
        self._counts: dict[Judged, Tensor] = {}

    @contextmanager
    def looking_on(self) -> Iterator[None]:
        """Within this context what is measured is counted, from the beginning."""
        self._counts = {}
        places = {place for each in self._judged for place in (each.scores, each.labels)}
        if self._instrument is None:
            yield
        else:
            with self._instrument.telling(self._values, only=places):
                yield

    def take(self, objective: str, columns: Mapping[str, Tensor]) -> None:
        """Count the batch that the objective has just gone through."""
        known: dict[Any, Tensor] = {**self._values, **columns}
        for judged in self._judged:
            if judged.objective == objective and known.keys() >= {judged.scores, judged.labels}:
                found = pairs_counted(known[judged.scores], known[judged.labels], judged)
                self._counts[judged] = self._counts.get(judged, torch.zeros_like(found)) + found
        self._values.clear()

    def add_up(self, objectives: Iterable[str], crew: Crew) -> None:
        """Let all processes know what they have counted together."""
        wanted = set(objectives)
        for judged in (each for each in self._judged if each.objective in wanted):
            mine = self._counts.get(judged, torch.zeros(_rows(judged), judged.classes))
            totals = torch.tensor(crew.totals(mine.double().flatten().tolist()), dtype=torch.float64)
            self._counts[judged] = totals.round().long().reshape(mine.shape)

    def told(self, data: Data) -> dict[str, dict[str, Any]]:
        """Everything that was counted as plain data, by the name of what was judged."""
        found: dict[str, dict[str, Any]] = {}
        for judged, counts in self._counts.items():
            graph, node = judged.scores
            name = node if graph == judged.objective else f"{graph} / {node}"
            if counts.any():
                names = self._class_names(judged, data)
                found[figure_name(self._built.objectives, judged.objective, name)] = described(counts, names)
        return found

    def _class_names(self, judged: Judged, data: Data) -> Sequence[str]:
        names = data[self._built.dataset(judged.objective, judged.data)].class_names if judged.data else ()
        return names if len(names) == judged.classes else tuple(map(str, range(judged.classes)))


def pairs_counted(scores: Tensor, labels: Tensor, judged: Judged) -> Tensor:
    """Counts (classes, classes) of label and answer; of very many classes (3, classes): right, answered, present.

    Labels that are no class, such as those of pixels that are to be ignored, do not count.
    """
    size = judged.classes
    answers, labels = scores.argmax(judged.axis).flatten(), labels.flatten()
    there = (labels >= 0) & (labels < size)
    answers, labels = answers[there], labels[there]
    if size <= MOST_CLASSES:
        return torch.bincount(labels * size + answers, minlength=size * size).reshape(size, size)
    rows = (labels[labels == answers], answers, labels)
    return torch.stack([torch.bincount(row, minlength=size) for row in rows])


def described(counts: Tensor, names: Sequence[str]) -> dict[str, Any]:
    """Counts as plain data: figures of each class, and the most frequent mistakes as label, answer and count."""
    are_pairs = counts.shape[0] == counts.shape[1]
    right, answered, present = (counts.diagonal(), counts.sum(0), counts.sum(1)) if are_pairs else counts
    return {
        "names": list(names),
        "right": right.tolist(),
        "answered": answered.tolist(),
        "present": present.tolist(),
        "precision": (right.double() / answered.clamp(min=1)).tolist(),
        "recall": (right.double() / present.clamp(min=1)).tolist(),
        "f1": (2 * right.double() / (answered + present).clamp(min=1)).tolist(),
        "mistakes": _mistakes(counts) if are_pairs else [],
    }


def _mistakes(pairs: Tensor) -> list[list[int]]:
    wrong = pairs.clone().fill_diagonal_(0)
    best = wrong.flatten().topk(min(MOST_PAIRS, int((wrong > 0).sum())))
    places = zip(best.indices.tolist(), best.values.tolist(), strict=True)
    return [[*divmod(place, len(pairs)), count] for place, count in places]


def _rows(judged: Judged) -> int:
    return judged.classes if judged.classes <= MOST_CLASSES else 3
