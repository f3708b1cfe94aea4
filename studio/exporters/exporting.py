"""Exports a network: writes it beside its place, loads it anew, compares, and only then moves it there."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from studio.core.names import identifiers
from studio.core.opening import open_project
from studio.core.problem import ProjectError
from studio.exporters.exporter import Exporter, Progress, exporter_for
from studio.exporters.subject import Subject
from studio.training.run import Run

BATCHES = ((3, 8), (2, 11))
"""Sizes and lengths of the batches that are compared; neither is what an exporter traces with in both."""

FULL = (*map(os.strerror, (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)), "failed writing file", "iostream error")
"""How libraries tell that the disk is full; few of them by an OSError."""

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
"""What makes a terminal colour its letters."""


@dataclass(frozen=True)
class Exported:
    """A file that was written, reloaded and compared."""

    path: str
    format: str
    max_abs_error: float
    verified: bool


def export(subject: Subject, format: str, path: Path, progress: Progress) -> Exported:
    """Write the network in this format. Raises ProjectError; what was at the path then stays."""
    exporter = exporter_for(format, path)
    exporter.prepare()
    try:
        with _folder_beside(path) as folder:
            written = folder / path.name
            exporter.write(subject, written, progress)
            progress(0.8, "loading and comparing")
            error = _largest_difference(exporter, subject, written)
            for file in sorted(folder.iterdir()):
                file.replace(path.parent / file.name)
    except ProjectError:
        raise
    except Exception as problem:
        raise ProjectError(_in_words(problem, exporter, path)) from problem
    return Exported(str(path), format, error, verified=True)


@contextmanager
def _folder_beside(path: Path) -> Iterator[Path]:
    """A folder beside a file, so that moving the file there cannot fail halfway; gone again however this ends.

    Its name is known before it is made: a process that is ended in between leaves nothing.
    """
    folder = path.absolute().parent / f".{path.name}.{secrets.token_hex(4)}"
    try:
        folder.mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def subject_of_run(folder: str, network: str | None) -> Subject:
    """The network of a run with the weights of its newest checkpoint. Raises ProjectError."""
    run = Run.open(Path(folder))
    project = run.project()
    name = project.network_called(network)
    checkpoint = run.newest()
    if checkpoint is None:
        raise ProjectError(
            f"{run.name} holds no checkpoint yet, so there are no weights to export. Train it for longer."
        )
    return Subject.of(project, name, checkpoint.weights(identifiers(project.networks)[name]))


def subject_of_project(source: str, network: str | None) -> Subject:
    """The network of a project with fresh weights. Raises ProjectError."""
    project = open_project(source)
    return Subject.of(project, project.network_called(network))


def _largest_difference(exporter: Exporter, subject: Subject, written: Path) -> float:
    """How far the written file's outputs are from the network's. Raises ProjectError where that is too far."""
    batches = [subject.samples(size, length=length, seed=size) for size, length in BATCHES]
    answers = exporter.answers(subject, written, batches)
    largest = 0.0
    for inputs, got in zip(batches, answers, strict=True):
        wanted = subject.answers(inputs)
        largest = max(largest, _difference(wanted, got))
        scale = max(1.0, *(float(each.abs().max()) for each in wanted))
        if not _difference(wanted, got) <= exporter.tolerance * scale:
            raise ProjectError(
                f"The file was not kept: loaded again, its outputs differ by {largest:.2g} from the network's. "
                "A network that draws random numbers while it predicts cannot be compared."
            )
    return largest


def _difference(wanted: Sequence[Tensor], got: Sequence[Tensor]) -> float:
    """The largest difference between outputs; infinite where they do not even have the same shape."""
    pairs = list(zip(wanted, got, strict=True))
    if any(one.shape != other.shape for one, other in pairs):
        return float("inf")
    return max(float((one.double() - other.double()).abs().max()) for one, other in pairs)


def _in_words(problem: Exception, exporter: Exporter, path: Path) -> str:
    """What went wrong while writing; libraries wrap what was said first into errors of their own."""
    if any(phrase in str(problem) for phrase in FULL):
        return f"{path} was not written: the disk is full. Make room or choose another place."
    if isinstance(problem, OSError):
        return f"{path} was not written: {problem.strerror or problem}. Choose another place."
    first: BaseException = problem
    while first.__cause__ is not None:
        first = first.__cause__
        if isinstance(first, ProjectError):
            return str(first)
    lines = (line.strip() for line in COLOURS.sub("", str(first)).splitlines())
    reason = next(filter(None, lines), type(first).__name__)
    return f"This network cannot be written as {exporter.title}: {reason[:300]}"
