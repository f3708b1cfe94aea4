"""What every template reaches: trains each laptop preset, and prints a table: ``python -m tests.figures [NAME ...]``.

With ``--window`` each is trained from the window instead of the command line; without a screen, under ``xvfb-run -a``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from studio.core.catalog import catalog
from studio.core.template import Template
from tests.benchmarks.fresh_home import fresh_home

HEAD = ("template", "what it is", "weights", "goal on held-out data", "measured", "seconds", "reached")
SIGNS = {">=": "≥", "<=": "≤"}


def main(names: list[str], *, window: bool) -> int:
    """Print a row for each template as soon as it is trained; 1 where one does not reach its goal."""
    templates = catalog().templates
    train = trained_in_window if window else trained
    unknown = [name for name in names if name not in templates]
    if unknown:
        print(f"There is no template {', '.join(unknown)}. There are: {', '.join(templates)}.", file=sys.stderr)
        return 2
    print(row(*HEAD), row(*["---"] * len(HEAD)), sep="\n", flush=True)
    reached = []
    for name in names or templates:
        with tempfile.TemporaryDirectory() as folder:
            cells = measured(templates[name], train(name, Path(folder)))
        print(row(f"`{name}`", templates[name].title, *cells), flush=True)
        reached.append(cells[-1] == "yes")
    return 0 if all(reached) else 1


def trained(name: str, home: Path) -> dict[str, dict[str, Any]]:
    """What the command of a user tells of the training, the last event of each kind."""
    command = [sys.executable, "-m", "studio", "train", name, "--json", "--device", "cpu", "--out", str(home / "run")]
    done = subprocess.run(command, env=_environ(home), stdout=subprocess.PIPE, text=True, check=False)
    return _last_of_each(done.stdout)


def trained_in_window(name: str, home: Path) -> dict[str, dict[str, Any]]:
    """The same of a training that was started in a window, which draws it to its end."""
    command = [sys.executable, "-m", "tests.window_training", name]
    subprocess.run(command, env=_environ(home), check=False)
    return _last_of_each("".join(events.read_text(encoding="utf-8") for events in home.rglob("events.jsonl")))


def _environ(home: Path) -> dict[str, str]:
    environ = {**os.environ, **fresh_home(home)}
    environ.pop("OMP_NUM_THREADS", None)  # a training chooses its own number of threads
    return environ


def _last_of_each(lines: str) -> dict[str, dict[str, Any]]:
    """The last event of each kind."""
    return {event["event"]: event for event in map(json.loads, lines.splitlines())}


def measured(template: type[Template], told: dict[str, dict[str, Any]]) -> tuple[str, ...]:
    """The cells of a training: weights, goal, figure, seconds, and whether it reached the goal in its time."""
    goal, started, finished = template.goal, told.get("started", {}), told.get("finished", {})
    measures = started.get("measures", {}).items()  # where there are several objectives, their names come first
    percent = any(each["percent"] for name, each in measures if f": {name}".endswith(f": {goal.metric}"))
    weights = sum(started.get("weights", {}).values())
    what = goal.metric.replace("_", " ")
    aim = f"{what} {SIGNS[goal.op]} {shown(goal.value, percent=percent)} within {goal.seconds:g} s"
    if not finished.get("goal"):
        return f"{weights:,}", aim, told.get("failed", {}).get("message", "nothing"), "", "no"
    figure, seconds = finished["goal"]["measured"], finished["seconds"]
    in_time = goal.reached(figure) and seconds <= goal.seconds
    return f"{weights:,}", aim, shown(figure, percent=percent), f"{seconds:.0f}", "yes" if in_time else "no"


def shown(value: float, *, percent: bool) -> str:
    return f"{100 * value:.4g} %" if percent else f"{value:.3g}"


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="templates; all of them if none is named")
    parser.add_argument("--window", action="store_true", help="train from the window")
    chosen = parser.parse_args()
    sys.exit(main(chosen.names, window=chosen.window))
