"""``layerloom export``: a network in a format that others read, reloaded and compared, in a process of its own."""

from __future__ import annotations

import json as lines
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Annotated, Any

import typer

from studio.cli.arguments import Assignments, Json, NetworkName, Preset, Weights, given_project, run_folder
from studio.cli.beginning import beginning, refuse_weights
from studio.cli.console import print_json, progress_bar
from studio.core import loom
from studio.core.problem import ProjectError
from studio.exporters.exporter import exporter_for, exporters
from studio.training.processes import module_command, module_environment

Tell = Callable[[float, str], None]


def export(
    source: Annotated[str, typer.Argument(metavar="PROJECT|RUN", help="A .loom file, a template's name or a run.")],
    format: Annotated[str, typer.Option("--format", metavar="|".join(exporters()), help="What to write.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="PATH", help="The file to write.")],
    preset: Preset = None,
    assignments: Assignments = None,
    network: NetworkName = None,
    weights: Weights = None,
    *,
    json: Json = False,
) -> None:
    """Write a network for use elsewhere; it is loaded again and compared before it is kept."""
    if format not in exporters():
        raise typer.BadParameter(f"There is no format {format!r:.80}. There are: {', '.join(exporters())}.")
    exporter_for(format, output).prepare()
    with _source(source, preset, assignments, weights) as opened:
        done = export_with_bar(opened, format, output, network, quiet=json)
    if json:
        print_json(done)
    else:
        print(f"{done['path']}: {in_words(done)}")


def in_words(done: dict[str, Any]) -> str:
    """What was written, and how exact it is."""
    return f"{exporters()[done['format']].title}; loaded again, it differs by at most {done['max_abs_error']:.2g}"


def export_with_bar(
    source: str, format: str, output: Path, network: str | None, *, quiet: bool = False
) -> dict[str, Any]:
    """Export in a fresh process and show how far it is; what the process says at last. Raises ProjectError."""
    with progress_bar(quiet=quiet) as bar:
        task = bar.add_task("exporting", total=1.0)

        def tell(share: float, doing: str) -> None:
            bar.update(task, completed=share, description=doing)

        return _run_exporter(source, format, output, network, tell)


def _run_exporter(source: str, format: str, output: Path, network: str | None, tell: Tell) -> dict[str, Any]:
    """Export in a fresh process, which is ended when this one is interrupted. Raises ProjectError with what it says."""
    named = ["--network", network] if network is not None else []
    command = module_command("studio.exporters", source, "--format", format, "-o", str(output), *named)
    last: dict[str, Any] = {}
    with (
        TemporaryFile() as log,
        subprocess.Popen(command, env=module_environment(), stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        assert process.stdout is not None
        try:
            for line in process.stdout:
                last = lines.loads(line)
                if "progress" in last:
                    tell(last["progress"], last["doing"])
        finally:
            process.terminate()
            process.wait()
            if "path" not in last:
                _clear_away(output)
        if "path" not in last:
            raise ProjectError(last.get("failed") or f"The export ended early: {_end_of(log)}")
    return last


def _clear_away(output: Path) -> None:
    """Remove what an export may leave beside its place that was ended in the middle of a call into a library."""
    for folder in output.absolute().parent.glob(f".{escape(output.name)}.*"):
        rmtree(folder, ignore_errors=True)


@contextmanager
def _source(source: str, preset: str | None, assignments: list[str] | None, weights: list[str] | None) -> Iterator[str]:
    """What the exporter is given: the run; the project with its settings as a file, or as a run that begins."""
    if (run := run_folder(source)) is not None:
        refuse_weights(run, weights)
        yield str(run)
        return
    project = given_project(source, preset, assignments, weights)
    with TemporaryDirectory(prefix="layerloom-") as folder:
        if project.training.weights:
            yield str(beginning(project, Path(folder, "run")).folder)
            return
        file = Path(folder, "project.loom")
        loom.save(project, file)
        yield str(file)


def _end_of(log: Any) -> str:
    log.seek(0)
    said = log.read().decode(errors="replace").strip()
    return said.splitlines()[-1][:300] if said else "it was ended from outside."
