"""Memory that two processes share without a name, so that no way of dying can leave any of it behind."""

from __future__ import annotations

import mmap
import os
import tempfile


def shared_memory(size: int) -> tuple[int, mmap.mmap]:
    """A file descriptor that a child process may inherit, and the memory behind it, filled with zeros.

    The system frees it with the last process that holds it; pages nobody wrote cost nothing.
    """
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("layerloom")
    else:
        with tempfile.TemporaryFile() as file:
            handle = os.dup(file.fileno())
    os.ftruncate(handle, size)
    return handle, mmap.mmap(handle, size)


def attach(handle: int) -> mmap.mmap:
    """The memory behind an inherited descriptor, which is closed."""
    try:
        return mmap.mmap(handle, os.fstat(handle).st_size)
    finally:
        os.close(handle)


def numbers(memory: mmap.mmap) -> memoryview:
    """The memory as 64-bit numbers, each of which is read and written at once; ``struct`` would write zeros first."""
    return memoryview(memory).cast("B").cast("Q")
