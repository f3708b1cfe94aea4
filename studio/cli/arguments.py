"""Arguments that several commands share, and the project they name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, get_origin

import typer

from studio.core.catalog import catalog
from studio.core.declaration import Setting
from studio.core.expressions import is_expression
from studio.core.literals import value_of
from studio.core.opening import IN_RUN, file_of, open_project
from studio.core.project import Project
from studio.core.template import Template
from studio.training.options import with_weights
from studio.training.run import Run, runs_folder

Source = Annotated[str, typer.Argument(metavar="PROJECT", help="A .loom file or the name of a template.")]
Preset = Annotated[
    str | None,
    typer.Option("--preset", metavar="laptop|paper", help="Which sizes of a template; laptop where none is given."),
]
Assignments = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Setting of the template or variable of the file. Repeatable."),
]
Weights = Annotated[
    list[str] | None,
    typer.Option(
        "--weights",
        metavar="[NETWORK=]FILE|torchvision[:NAME]|package:NAME|normal:DEVIATION",
        help="Weights to begin with: a .safetensors, .pth or .pt file, torchvision's, those of a Python package, or "
        "drawn. Repeatable.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print machine-readable output.")]
NetworkName = Annotated[str | None, typer.Option("--network", metavar="NAME", help="Which network, of several.")]


def given_project(
    source: str, preset: str | None, assignments: list[str] | None, weights: list[str] | None = None
) -> Project:
    """The project that the command line names, with its settings and first weights. Raises ProjectError."""
    settings = given_settings(source, assignments)
    return with_weights(open_project(source, preset=preset, settings=settings), weights or ())


def given_template(source: str) -> type[Template] | None:
    """The template of this name; None where a file is meant, or there is none."""
    return catalog().templates.get(source) if file_of(source) is None else None


def given_settings(source: str, assignments: list[str] | None) -> dict[str, Any]:
    """The settings of a template, or variables of a file, by name."""
    template = given_template(source)
    known = {setting.name: setting for setting in template.settings()} if template else {}
    settings: dict[str, Any] = {}
    for assignment in assignments or ():
        name, equals, text = assignment.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{assignment!r:.80} is not NAME=VALUE, for example --set width=64.")
        settings[name] = _typed(text, known.get(name))
    return settings


def _typed(text: str, setting: Setting | None) -> Any:
    """The value that the text means: text itself where the setting takes text, else a number, a yes or no, a tuple."""
    if is_expression(text) or (setting is not None and (setting.type is str or text in setting.choices)):
        return text
    if "," in text or (setting is not None and get_origin(setting.type) is tuple):
        return tuple(_typed(part.strip(), None) for part in text.split(",") if part.strip())
    return value_of(text)


def given_run(source: str) -> Run:
    """The run in this folder, or of this name where runs are kept. Raises ProjectError."""
    return Run.open(run_folder(source) or Path(source))


def run_folder(source: str) -> Path | None:
    """The folder of a run that is meant, here or where runs are kept; None where there is none."""
    return next((place for place in (Path(source), runs_folder() / source) if (place / IN_RUN).is_file()), None)
