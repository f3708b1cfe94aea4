"""The command ``layerloom``: one module per command, imported when it is asked for; torch only where it is needed."""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from studio.cli.console import complain
from studio.core.problem import ProjectError

if TYPE_CHECKING:
    import typer

COMMANDS = {
    "templates": "templates.templates",
    "nodes": "nodes.nodes",
    "check": "check.check",
    "code": "code.code",
    "train": "train.train",
    "resume": "train.resume",
    "fork": "train.fork",
    "sweep": "sweep.sweep",
    "find-rate": "find_rate.find_rate",
    "predict": "predict.predict",
    "export": "export.export",
    "import": "importing.import_",
    "render": "render.render",
}
"""Module and function by the name of the command."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process: status 0 done, 1 problems, 2 wrong usage, 130 interrupted."""
    given = sys.argv[1:] if arguments is None else arguments
    # Idle OpenMP threads that spin make a shared machine many times slower; torch reads this when it is imported.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        if is_for_window(given):
            from studio.cli.window import open_window

            sys.exit(open_window(given[0] if given else None, commands=COMMANDS))
        app(given)(given, prog_name="layerloom")
    except ProjectError as error:
        complain(error)
        sys.exit(1)


def is_for_window(arguments: list[str]) -> bool:
    """Whether no command is named: a bare ``layerloom [PROJECT|RUN]`` opens the window."""
    return not arguments or (len(arguments) == 1 and arguments[0] not in COMMANDS and not arguments[0].startswith("-"))


def app(arguments: list[str]) -> typer.Typer:
    """The command that is asked for; all of them where none is, for the help."""
    import typer

    from studio.cli.version import options

    made = typer.Typer(
        help="Draw neural networks, watch them train, look inside them, and leave with real PyTorch.\n\n"
        "layerloom, or layerloom PROJECT or RUN, opens the window. "
        "PROJECT is a .loom file or the name of a template; RUN is the folder of a training.",
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback(invoke_without_command=True)(options)
    for name in arguments[:1] if arguments[0] in COMMANDS else COMMANDS:
        module, _, function = COMMANDS[name].rpartition(".")
        made.command(name)(getattr(import_module(f"{__name__}.{module}"), function))
    return made
