"""Says in words why a training ended, at which node, and what to do about it."""

from __future__ import annotations

import errno
import traceback
from collections.abc import Callable, Iterable

import torch

from studio.compiler.source import Source
from studio.core.dataset import DataError
from studio.core.problem import ProjectError
from studio.training.messages import Failed


class TrainingFailed(Exception):
    """A training ended in a way nobody wanted; the event says all there is to say."""

    def __init__(self, failure: Failed) -> None:
        super().__init__(failure.message)
        self.failure = failure


def explain(error: BaseException, sources: Iterable[Source], step: int, advice: Callable[[], str]) -> Failed:
    """What happened, as an event. ``advice`` finds out what memory has room for."""
    graph, node = where(error, sources)
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, ProjectError):
        place = next(((problem.graph, problem.node) for problem in error.problems), ("", ""))
        of_data = "Mend the data, then resume: the last checkpoint is whole." if step else ""
        hint = of_data if isinstance(error, DataError) else "Mend the project, then train again."
        return Failed(str(error), hint, *place, step)
    if is_out_of_memory(error):
        return Failed(f"There is not enough memory{_at(graph, node)}.", advice(), graph, node, step, trace)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Failed("The disk is full.", "Make room, then resume: the last checkpoint is whole.", step=step)
    if isinstance(error, OSError):
        named = f" ({error.filename})" if error.filename else ""
        said = f"The system refused: {error.strerror or error}{named}."
        return Failed(said, "Resume when it is mended: the last checkpoint is whole.", step=step, traceback=trace)
    first = (str(error).strip() or type(error).__name__).splitlines()[0]
    hint = "Look at the values that arrive there." if node else "This is a fault of the program; the log has more."
    return Failed(f"PyTorch stopped{_at(graph, node)}: {first}", hint, graph, node, step, trace)


def where(error: BaseException, sources: Iterable[Source]) -> tuple[str, str]:
    """Graph and node of the innermost line of generated source that the traceback passed; empty where there is none."""
    by_name = {source.filename: source for source in sources}
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        source = by_name.get(frame.filename)
        place = source.node_at(frame.lineno or 0) if source else None
        if place is not None:
            return place
    return "", ""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out, on the device or in the machine."""
    said = "not enough memory" in str(error) or "out of memory" in str(error)
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or (isinstance(error, RuntimeError) and said)


def _at(graph: str, node: str) -> str:
    return f" at {node} in {graph}" if node else ""
