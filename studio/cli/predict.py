"""``layerloom predict``: what a trained network makes of files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli.arguments import (
    Assignments,
    Json,
    NetworkName,
    Preset,
    Weights,
    given_project,
    given_run,
    run_folder,
)
from studio.cli.beginning import beginning, refuse_weights
from studio.cli.console import print_json, progress_bar, say
from studio.core.catalog import catalog
from studio.core.dataset import DataError
from studio.core.drawn_weights import is_drawn
from studio.core.problem import ProjectError
from studio.training.run import Run

if TYPE_CHECKING:
    from studio.engine.predict import Answer, Predictor

SHOWN, LEAST = 3, 0.001


def predict(
    source: Annotated[
        str,
        typer.Argument(metavar="RUN|PROJECT", help="The folder of a training or its name; a project needs --weights."),
    ],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Images, or .npy files of one sample each.")],
    preset: Preset = None,
    assignments: Assignments = None,
    network: NetworkName = None,
    weights: Weights = None,
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Folder of downloaded data.")] = None,
    *,
    json: Json = False,
) -> None:
    """Ask a trained network about files; they are prepared as the samples were from which it learned."""
    with _run(source, preset, assignments, weights, json=json) as run:
        predictor = _predictor(run, network, data, json=json)
    failed = False
    for path in files:
        try:
            answer = predictor.answer(path)
        except DataError as error:
            failed = True
            say(str(error))
            if json:
                print_json({"file": str(path), "error": str(error)})
            continue
        if json:
            print_json(described(path, answer))
        else:
            print(f"{path}: {in_words(answer)}")
    if failed:
        raise typer.Exit(1)


def described(path: Path, answer: Answer) -> dict[str, Any]:
    """An answer as data: the most probable class where there are classes, and the numbers themselves."""
    best = next(iter(answer.classes.items()), None)
    classes = {"class": best[0], "probability": best[1], "probabilities": dict(answer.classes)} if best else {}
    return {"file": str(path), **classes, "outputs": dict(answer.outputs)}


def in_words(answer: Answer) -> str:
    """The most probable classes, or the numbers where they are few."""
    if answer.classes:
        first, *others = list(answer.classes.items())[:SHOWN]
        best = [first, *(each for each in others if each[1] >= LEAST)]
        return ", ".join(f"{name} ({probability:.1%})" for name, probability in best)
    return "; ".join(f"{name} {_shown(value)}" for name, value in answer.outputs.items())


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}… (--json prints all)"


@contextmanager
def _run(
    source: str, preset: str | None, assignments: list[str] | None, weights: list[str] | None, *, json: bool
) -> Iterator[Run]:
    """The run that is named, or one that begins with the weights of a project. Raises ProjectError."""
    folder = run_folder(source)
    if folder is not None:
        refuse_weights(folder, weights)
    if folder is not None or not (Path(source).is_file() or source in catalog().templates):
        yield given_run(source)
        return
    project = given_project(source, preset, assignments, weights)
    if all(is_drawn(each) for each in project.training.weights.values()):
        raise ProjectError(f"{project.name} has not learned anything yet. Name a run of it, or give it --weights.")
    with TemporaryDirectory(prefix="layerloom-") as place:
        yield beginning(project, Path(place, "run"), quiet=json)


def _predictor(run: Run, network: str | None, data: Path | None, *, json: bool) -> Predictor:
    with progress_bar(quiet=json) as bar:
        task = bar.add_task("preparing", total=1.0)

        def tell(what: str, share: float) -> None:
            bar.update(task, completed=share, description=what)

        from studio.engine.predict import Predictor

        return Predictor.of(run, network, data, tell)
