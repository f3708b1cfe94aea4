"""Live figures in shared memory: a ring of records with one writer and one reader, who never wait for each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from mmap import mmap
from typing import TYPE_CHECKING, Any

from studio.training.memory import numbers

if TYPE_CHECKING:
    import numpy

RECORDS = 1 << 16
HEADER = 64
RECORD = 32
RING_BYTES = HEADER + RECORDS * RECORD

FIELDS = [("stamp", "u8"), ("step", "i8"), ("value", "f8"), ("series", "i8")]
MIX = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
"""Odd constants: equal stamps by chance are as rare as equal 64-bit hashes."""


@dataclass(frozen=True)
class Records:
    """Figures read at once, arrays of one length, oldest first; ``lost`` were overwritten before they could be read."""

    series: numpy.ndarray[Any, Any]
    steps: numpy.ndarray[Any, Any]
    values: numpy.ndarray[Any, Any]
    lost: int = 0


class RingWriter:
    """The training process's end: writes over the oldest records when nobody reads."""

    def __init__(self, memory: mmap) -> None:
        self._records = _records(memory)
        self._written = numbers(memory)
        self._count = self._written[0]

    def write(self, series: int, steps: Sequence[int], values: Sequence[float]) -> None:
        """Add the values of one series at these steps."""
        import numpy as np  # late, here and below: the window paints before it has numpy

        for start in range(0, len(steps), RECORDS):
            chunk = slice(start, start + RECORDS)
            rows = np.empty(len(steps[chunk]), FIELDS)
            rows["series"], rows["step"], rows["value"] = series, steps[chunk], values[chunk]
            places = np.arange(self._count, self._count + len(rows))
            rows["stamp"] = _stamps(places, rows)
            self._records[places % RECORDS] = rows
            self._count += len(rows)
            self._written[0] = self._count


class RingReader:
    """The window's end. A record is believed only if its stamp fits its place and its content.

    So a record that is being overwritten while it is read is recognised on every processor, whatever it reorders.
    """

    def __init__(self, memory: mmap) -> None:
        self._memory, self._written, self._read = memory, numbers(memory), 0

    def read(self) -> Records:
        """Everything written since the last call."""
        import numpy as np

        count = self._written[0]
        places = np.arange(max(self._read, count - RECORDS), count)
        rows = _records(self._memory)[places % RECORDS]
        whole = rows["stamp"] == _stamps(places, rows)
        lost = count - self._read - int(whole.sum())
        self._read = count
        rows = rows[whole]
        return Records(rows["series"], rows["step"], rows["value"], lost)


def _records(memory: mmap) -> numpy.ndarray[Any, Any]:
    import numpy as np

    return np.frombuffer(memory, FIELDS, RECORDS, HEADER)


def _stamps(places: numpy.ndarray[Any, Any], rows: numpy.ndarray[Any, Any]) -> Any:
    import numpy as np

    mixed = (places + 1).astype("u8") * np.uint64(MIX[0])
    mixed ^= rows["step"].astype("u8") * np.uint64(MIX[1])
    mixed ^= rows["value"].view("u8") ^ (rows["series"].astype("u8") * np.uint64(MIX[2]))
    return mixed
