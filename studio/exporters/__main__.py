"""Exports one network in a process of its own, and tells in lines of JSON how far it is.

Lines of standard output are ``{"progress": 0.4, "doing": "…"}`` and at last what was exported, or ``{"failed": "…"}``
with exit status 1. Ending the process leaves nothing behind.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from studio.core.problem import ProjectError
from studio.exporters.exporter import exporter_for, exporters


def main() -> int:
    """Export what the command line names; the exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    options = _options()
    stdout = sys.stdout

    def tell(**content: Any) -> None:
        _tell(stdout, content)

    # Libraries print what they like; only lines of JSON may reach whoever reads this.
    with contextlib.redirect_stdout(sys.stderr):
        try:
            exporter_for(options.format, options.output).prepare()
            tell(progress=0.0, doing="loading the network")
            from studio.exporters.exporting import export, subject_of_project, subject_of_run

            subject_of = subject_of_run if Path(options.source).is_dir() else subject_of_project
            subject = subject_of(options.source, options.network)
            done = export(subject, options.format, options.output, lambda share, what: tell(progress=share, doing=what))
        except ProjectError as error:
            traceback.print_exc()
            tell(failed=str(error))
            return 1
    tell(**asdict(done))
    return 0


def _tell(stdout: TextIO, content: dict[str, Any]) -> None:
    print(json.dumps(content), file=stdout, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m studio.exporters", description="Export one network.")
    parser.add_argument("source", metavar="PROJECT_OR_RUN", help="a .loom file, a template's name or a run's folder")
    parser.add_argument("--format", required=True, metavar="|".join(exporters()))
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="PATH")
    parser.add_argument("--network", metavar="NAME", help="which network, of several")
    return parser.parse_args()


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    sys.exit(main())
