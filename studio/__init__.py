"""Layerloom: draw neural networks, watch them train, look inside them, and leave with real PyTorch.

From Python, with the same engine as the window and the command line::

    project = studio.open_project("lenet5", preset="laptop")
    network = studio.build_network(project)
    run = studio.train(project, epochs=3, device="cpu")
    run.metrics["accuracy"], run.network()
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studio.core.project import Project
    from studio.engine import build as _build
    from studio.engine import folds as _folds
    from studio.engine import train as _train

    cross_validate = _folds.cross_validate
    build_network, train, resume, fork = _build.build_network, _train.train, _train.go_on, _train.fork

FROM_ENGINE = {
    "build_network": "studio.engine.build.build_network",
    "train": "studio.engine.train.train",
    "resume": "studio.engine.train.go_on",
    "fork": "studio.engine.train.fork",
    "cross_validate": "studio.engine.folds.cross_validate",
}
"""Functions that need torch; every room imports this package, so they are imported when somebody asks for them."""


def open_project(source: str | Path, /, *, preset: str | None = None, **settings: Any) -> Project:
    """The project of a template's name, a .loom file or a run's folder.

    ``settings`` are those of the template or variables of the file. Raises ProjectError with a sentence.
    """
    from studio.core.opening import open_project as opened

    return opened(source, preset=preset, settings=settings)


def __getattr__(name: str) -> Any:
    if name not in FROM_ENGINE:
        raise AttributeError(f"module 'studio' has no attribute {name!r}")
    # Idle OpenMP threads that spin make a shared machine many times slower; torch reads this when it is imported.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    module, _, function = FROM_ENGINE[name].rpartition(".")
    return getattr(import_module(module), function)
