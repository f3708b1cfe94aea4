"""What a batch costs beside the loop written by hand: `python -m tests.benchmarks.batches`."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from nodes.data.digits import Digits
from studio.engine.data.batches import Batches
from studio.engine.data.load import Loaded, load

SIZE = 64
EPOCHS = 15
MOVED = {"rotate": 10.0, "shift": 2.0, "zoom": 0.1}
CASES: dict[str, dict[str, Any]] = {
    "as they are": {},
    "mirrored": {"flip": True},
    "turned, shifted, zoomed": MOVED,
    "all of it": {**MOVED, "flip": True, "brightness": 0.2, "noise": 0.05},
}


def digits(**settings: Any) -> Loaded:
    """The digits at 32 × 32."""
    return load(Digits.of({"pad": 2, **settings}), Path(), torch.device("cpu"), lambda what, share: None)


def by_hand(images: Tensor, labels: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    order = torch.randperm(len(images))
    for start in range(0, len(images), SIZE):
        some = order[start : start + SIZE]
        yield images[some], labels[some]


def microseconds(epoch: Callable[[], Iterator[Any]]) -> float:
    """Time of one batch when an epoch is taken."""
    start, count = time.perf_counter(), 0
    for _ in epoch():
        count += 1
    return (time.perf_counter() - start) * 1e6 / count


def line(name: str, times: list[float], reference: list[float]) -> str:
    ordered = sorted(times)
    median, late = statistics.median(ordered), ordered[int(0.95 * len(ordered))]
    ratio = statistics.median(one / other for one, other in zip(times, reference, strict=True))
    return f"{name:26} {median:9.1f} {late:9.1f} {ratio:9.2f}"


def main() -> None:
    torch.set_num_threads(1)
    plain = digits()
    images, labels = (column for column in plain.train.columns if isinstance(column, Tensor))
    loaded = {name: digits(**settings) for name, settings in CASES.items()}
    ours = {name: Batches(data.train, SIZE, 0, augmentation=data.augmentation) for name, data in loaded.items()}
    hand: list[float] = []
    times: dict[str, list[float]] = {name: [] for name in CASES}
    for _ in range(EPOCHS):
        hand.append(microseconds(lambda: by_hand(images, labels)))
        for name, batches in ours.items():
            times[name].append(microseconds(lambda batches=batches: iter(batches)))  # type: ignore[misc]
    print(f"{'batches of 64 digits':26} {'median us':>9} {'p95 us':>9} {'ratio':>9}")
    print(line("by hand", hand, hand))
    for name, measured in times.items():
        print(line(name, measured, hand))


if __name__ == "__main__":
    main()
