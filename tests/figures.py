"""What every template reaches: trains each laptop preset, and prints a table: `python -m tests.figures [NAME ...]`."""

from __future__ import annotations

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


def main(names: list[str]) -> int:
    """Print a row for each template as soon as it is trained; 1 where one does not reach its goal."""
    templates = catalog().templates
    unknown = [name for name in names if name not in templates]
    if unknown:
        print(f"There is no template {', '.join(unknown)}. There are: {', '.join(templates)}.", file=sys.stderr)
        return 2
    print(row(*HEAD), row(*["---"] * len(HEAD)), sep="\n", flush=True)
    reached = []
    for name in names or templates:
        with tempfile.TemporaryDirectory() as folder:
            cells = measured(templates[name], trained(name, Path(folder)))
        print(row(f"`{name}`", templates[name].title, *cells), flush=True)
        reached.append(cells[-1] == "yes")
    return 0 if all(reached) else 1


def trained(name: str, home: Path) -> dict[str, dict[str, Any]]:
    """What the command of a user tells of the training, the last event of each kind."""
    command = [sys.executable, "-m", "studio", "train", name, "--json", "--device", "cpu", "--out", str(home / "run")]
    environ = {**os.environ, **fresh_home(home)}
    environ.pop("OMP_NUM_THREADS", None)  # a training chooses its own number of threads
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=False)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    return {event["event"]: event for event in events}


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
    sys.exit(main(sys.argv[1:]))
