"""Does the next few jobs in threads while the results of earlier ones are used."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

WORKERS = min(4, os.cpu_count() or 1)


def ahead(jobs: Iterable[Callable[[], Result]]) -> Iterator[Result]:
    """The results in the order of the jobs; a job's exception is raised in its place, and the rest is dropped."""
    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="data")
    waiting: deque[Future[Result]] = deque()
    try:
        for job in jobs:
            waiting.append(pool.submit(job))
            if len(waiting) > WORKERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
