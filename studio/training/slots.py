"""Pictures in shared memory: slots in which the newest wins, so that a slow window never holds the training up."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from mmap import mmap
from typing import TYPE_CHECKING, Any

from studio.training.memory import numbers

if TYPE_CHECKING:
    import numpy

SLOTS = 16
PICTURE = 4 << 20
"""Bytes of the largest picture: 64 maps of 128×128 in float32."""
HEADER = 4096
HALF = HEADER + PICTURE
SLOT = HEADER + 2 * HALF
PICTURES_BYTES = SLOTS * SLOT

# A slot: the number of pictures written so far, then two halves that are written in turn. Each half begins with a
# sequence number, odd while it is being written, and the length of the JSON that describes the array behind it.


@dataclass(frozen=True)
class Picture:
    """An array of the running network, at which step it was taken, and whatever else describes it."""

    array: numpy.ndarray[Any, Any]
    step: int
    about: Mapping[str, Any] = field(default_factory=dict)
    """``graph``, ``node``, ``sample``, ``look_at``, ``low``, ``high``; what the writer had to say."""


class SlotWriter:
    """The training process's end: never waits, whoever reads or does not."""

    def __init__(self, memory: mmap) -> None:
        self._memory, self._numbers = memory, numbers(memory)

    def write(self, slot: int, picture: Picture) -> None:
        """Put the picture into the slot. Raises ValueError where its array is larger than PICTURE bytes."""
        import numpy as np

        array = np.ascontiguousarray(picture.array)
        head = json.dumps(
            {"shape": array.shape, "dtype": array.dtype.str, "step": picture.step, **picture.about}
        ).encode()
        if array.nbytes > PICTURE or len(head) > HEADER - 16:
            raise ValueError(f"a picture of {array.nbytes} bytes does not fit into a slot")
        start = slot * SLOT
        count = self._numbers[start // 8]
        half = start + HEADER + (count + 1) % 2 * HALF
        sequence = self._numbers[half // 8] | 1
        self._numbers[half // 8] = sequence
        self._numbers[half // 8 + 1] = len(head)
        self._memory[half + 16 : half + 16 + len(head)] = head
        self._memory[half + HEADER : half + HEADER + array.nbytes] = array.tobytes()
        self._numbers[half // 8] = sequence + 1
        self._numbers[start // 8] = count + 1


class SlotReader:
    """The window's end."""

    def __init__(self, memory: mmap) -> None:
        self._memory, self._numbers = memory, numbers(memory)
        self._seen = [0] * SLOTS

    def read(self, slot: int) -> Picture | None:
        """The newest picture of the slot; None where nothing came since the last call."""
        for _ in range(3):
            count = self._numbers[slot * SLOT // 8]
            if count == self._seen[slot]:
                return None
            picture = self._copy(slot * SLOT + HEADER + count % 2 * HALF)
            if picture is not None:
                self._seen[slot] = count
                return picture
            time.sleep(0)  # it was written meanwhile, twice: the next one is on its way
        return None

    def _copy(self, half: int) -> Picture | None:
        """The picture of a half, or None where it changed while it was copied."""
        import numpy as np

        before, length = self._numbers[half // 8], self._numbers[half // 8 + 1]
        if before % 2 or length > HEADER - 16:
            return None
        try:
            about = json.loads(self._memory[half + 16 : half + 16 + length])
            shape, dtype, step = tuple(about.pop("shape")), np.dtype(about.pop("dtype")), int(about.pop("step"))
        except (ValueError, KeyError, TypeError):
            return None
        size = prod(shape) * dtype.itemsize
        array = np.frombuffer(self._memory[half + HEADER : half + HEADER + size], dtype)
        after = self._numbers[half // 8]
        return Picture(array.reshape(shape), step, about) if after == before and size <= PICTURE else None
