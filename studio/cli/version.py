"""``layerloom --version``."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer


def options(*, asked: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False) -> None:
    """What may stand before a command."""
    if not asked:
        return
    try:
        print(f"layerloom {version('layerloom')}")
    except PackageNotFoundError:
        print("layerloom, from its source: it is not installed")
    raise typer.Exit
