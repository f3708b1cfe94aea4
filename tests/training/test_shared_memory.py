"""Figures and pictures in shared memory: what was written is read, and a reader that sleeps stops nobody."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from studio.training.memory import attach, shared_memory
from studio.training.ring import RECORDS, RING_BYTES, RingReader, RingWriter
from studio.training.slots import PICTURE, PICTURES_BYTES, Picture, SlotReader, SlotWriter


def ring() -> tuple[RingWriter, RingReader]:
    handle, memory = shared_memory(RING_BYTES)
    return RingWriter(attach(handle)), RingReader(memory)


def slots() -> tuple[SlotWriter, SlotReader]:
    handle, memory = shared_memory(PICTURES_BYTES)
    return SlotWriter(attach(handle)), SlotReader(memory)


def test_figures_are_read_once_in_the_order_they_were_written() -> None:
    writer, reader = ring()
    writer.write(0, [1, 2, 3], [0.5, 0.25, float("nan")])
    writer.write(4, [3], [1e300])
    records = reader.read()
    assert records.series.tolist() == [0, 0, 0, 4]
    assert records.steps.tolist() == [1, 2, 3, 3]
    np.testing.assert_array_equal(records.values, [0.5, 0.25, np.nan, 1e300])
    assert records.lost == 0
    assert len(reader.read().steps) == 0


def test_figures_that_were_overwritten_are_counted_and_the_newest_stay() -> None:
    writer, reader = ring()
    steps = list(range(RECORDS + 1000))
    writer.write(0, steps, [float(step) for step in steps])
    records = reader.read()
    assert records.lost == 1000
    assert records.steps.tolist() == steps[1000:]
    np.testing.assert_array_equal(records.values, records.steps)


def test_a_record_that_is_half_overwritten_is_not_believed() -> None:
    handle, memory = shared_memory(RING_BYTES)
    writer, reader = RingWriter(attach(handle)), RingReader(memory)
    writer.write(0, [10, 11, 12], [1.0, 2.0, 3.0])
    memory[64 + 32 + 16] ^= 1  # one bit of the second record's value
    records = reader.read()
    assert records.steps.tolist() == [10, 12]
    assert records.lost == 1


def test_a_picture_comes_with_its_step_and_what_describes_it_and_the_newest_wins() -> None:
    writer, reader = slots()
    assert reader.read(2) is None
    writer.write(2, Picture(np.zeros((1, 2, 2), "float32"), 5, {"node": "C1"}))
    writer.write(2, Picture(np.full((3, 2, 2), 7, "uint8"), 6, {"node": "S2", "sample": 4}))
    picture = reader.read(2)
    assert picture is not None
    assert (picture.step, picture.about) == (6, {"node": "S2", "sample": 4})
    np.testing.assert_array_equal(picture.array, np.full((3, 2, 2), 7, "uint8"))
    assert picture.array.dtype == np.uint8
    assert reader.read(2) is None


def test_a_picture_too_large_for_its_slot_is_refused() -> None:
    writer, _ = slots()
    with pytest.raises(ValueError, match="does not fit"):
        writer.write(0, Picture(np.zeros(PICTURE + 1, "uint8"), 0))


WRITES_WITHOUT_END = """
import sys, time
import numpy as np
from studio.training.memory import attach
from studio.training.ring import RingWriter
from studio.training.slots import Picture, SlotWriter
ring, slots = RingWriter(attach(int(sys.argv[1]))), SlotWriter(attach(int(sys.argv[2])))
step = 0
while True:
    step += 1
    ring.write(0, [step], [float(step)])
    slots.write(0, Picture(np.full((8, 32, 32), step, "float64"), step))
"""
READS_WITHOUT_END = (
    WRITES_WITHOUT_END.split("step = 0")[0].replace("Writer", "Reader") + "while True: ring.read(); slots.read(0)"
)


def test_pictures_and_figures_are_never_torn_while_another_process_writes_at_full_speed() -> None:
    figures, ring_memory = shared_memory(RING_BYTES)
    pictures, slots_memory = shared_memory(PICTURES_BYTES)
    command = [sys.executable, "-c", WRITES_WITHOUT_END, str(figures), str(pictures)]
    with subprocess.Popen(command, pass_fds=(figures, pictures)) as process:
        try:
            seen = read_for_a_while(RingReader(ring_memory), SlotReader(slots_memory))
        finally:
            process.kill()
    os.close(figures)
    os.close(pictures)
    assert seen > 20


def read_for_a_while(ring: RingReader, slots: SlotReader, *, seconds: float = 1.0) -> int:
    """How many pictures came, each checked to be of one piece."""
    until, count, next_step = time.monotonic() + seconds + 5, 0, 1
    while time.monotonic() < until:
        records = ring.read()
        if records.lost == 0 and len(records.steps):
            assert records.steps.tolist() == list(range(next_step, next_step + len(records.steps)))
        np.testing.assert_array_equal(records.steps, records.values)
        next_step = int(records.steps[-1]) + 1 if len(records.steps) else next_step
        picture = slots.read(0)
        if picture is not None:
            until = min(until, time.monotonic() + seconds) if count == 0 else until
            count += 1
            assert (picture.array == picture.step).all()
    return count


def test_a_stopped_reader_never_holds_the_writer_up() -> None:
    figures, ring_memory = shared_memory(RING_BYTES)
    pictures, slots_memory = shared_memory(PICTURES_BYTES)
    command = [sys.executable, "-c", READS_WITHOUT_END, str(figures), str(pictures)]
    writer, maps = RingWriter(ring_memory), SlotWriter(slots_memory)
    with subprocess.Popen(command, pass_fds=(figures, pictures)) as process:
        try:
            os.kill(process.pid, signal.SIGSTOP)
            before = time.monotonic()
            for step in range(2 * RECORDS // 64):
                writer.write(0, range(64), [float(step)] * 64)
            for step in range(200):
                maps.write(0, Picture(np.zeros((8, 32, 32)), step))
            assert time.monotonic() - before < 10
        finally:
            process.kill()
    os.close(figures)
    os.close(pictures)
    assert RingReader(ring_memory).read().lost == RECORDS
    newest = SlotReader(slots_memory).read(0)
    assert newest is not None
    assert newest.step == 199
