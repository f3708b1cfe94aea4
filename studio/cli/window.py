"""``layerloom [PROJECT|RUN]``: opens the window, or does its main job in the terminal where none can be shown."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from studio.cli.console import say
from studio.cli.display import why_no_window
from studio.core.names import identifiers
from studio.core.opening import open_project
from studio.core.problem import ProjectError
from studio.training.run import Run

STARTER = "lenet5"


def open_window(source: str | None, *, commands: Iterable[str]) -> int:
    """Open the window on what is named, or on the start page; the exit status. Raises ProjectError."""
    if source is not None and not Path(source).exists():
        _refuse_unknown(source, commands)
    reason = why_no_window()
    if reason is not None:
        say(reason)
        work_in_terminal(source or STARTER)
        return 0
    from studio.gui import libraries

    missing = libraries.advice()
    if missing is not None:
        say(missing)
        return 1
    from studio.app import main

    return main(source)


def work_in_terminal(source: str) -> None:
    """Train what is named, export its networks as Python source and say where everything is. Raises ProjectError.

    A run that is named has been trained, so it is only exported.
    """
    from studio.cli.arguments import run_folder
    from studio.cli.export import export_with_bar, in_words

    folder = run_folder(source)
    run = Run.open(folder) if folder is not None else _train(source)
    say(f"The run with its checkpoints: {run.folder}")
    networks = run.project().networks
    for name, key in identifiers(networks).items():
        done = export_with_bar(str(run.folder), "python", run.folder / f"{key}.py", name)
        say(f"{name} as {in_words(done)}: {done['path']}")


def _train(source: str) -> Run:
    import studio
    from studio.cli.seeing_through import checked, see_through

    project = checked(open_project(source))
    return see_through(lambda outside: studio.train(project, outside=outside), json=False).run


def _refuse_unknown(source: str, commands: Iterable[str]) -> None:
    """Raises ProjectError where this is no template's name; a mistyped command ends here as well."""
    from studio.core.catalog import catalog

    templates = catalog().templates
    if source in templates:
        return
    near = get_close_matches(source, [*commands, *templates], n=1)
    hint = f"Did you mean {near[0]}?" if near else "layerloom --help says what there is."
    raise ProjectError(f"There is no command, template or file {source!r:.80}. {hint}")
