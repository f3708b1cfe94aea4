"""``layerloom import``: models from elsewhere as editable projects."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from studio.cli.arguments import Json
from studio.core.problem import ProjectError


def import_(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="module:Class, torchvision:NAME, .onnx or .pt2.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE.loom", help="The project to write.")],
    *,
    json: Json = False,
) -> None:
    """Turn a model from elsewhere into an editable project (comes later)."""
    raise ProjectError(
        f"Importing comes in a later version; {source!r:.80} was not read and {output.name} was not written. "
        "Until then, begin with a template: layerloom templates lists them."
    )
