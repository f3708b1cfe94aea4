"""``layerloom check``: whether a project will run, what it costs and which shapes it has; never imports torch."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import typer

from studio.cli.arguments import Assignments, Json, Preset, Source, given_project
from studio.cli.console import print_json, print_table, say
from studio.compiler.check import check as check_project
from studio.compiler.memory import amount, memory_of
from studio.compiler.offers import offers_in
from studio.compiler.results import Diagnosis, GraphResult
from studio.core.problem import Problem
from studio.core.project import Project
from studio.core.shape import Shape


def check(project: Source, preset: Preset = None, assignments: Assignments = None, *, json: Json = False) -> None:
    """Validate a project, infer its shapes and count what it costs."""
    given = given_project(project, preset, assignments)
    diagnosis = check_project(given)
    memory = memory_of(given, diagnosis)
    if json:
        problems, hints = (
            [_told(each, given, diagnosis) for each in of] for of in (diagnosis.problems, diagnosis.hints)
        )
        networks = {name: described(result) for name, result in diagnosis.networks.items()}
        bytes_of = {**asdict(memory), "total": memory.total}
        found = {"ok": diagnosis.can_run, "problems": problems, "hints": hints}
        print_json({**found, "networks": networks, "memory": bytes_of})
    else:
        for name, result in diagnosis.networks.items():
            _print_network(name, result)
        if diagnosis.can_run:
            say(f"Training takes about {amount(memory.total)} of memory with a batch of {memory.batch:,}.")
        for problem in diagnosis.problems:
            say(str(problem))
        for hint in diagnosis.hints:
            say(f"If this is meant, all is well: {hint}")
    if not diagnosis.can_run:
        raise typer.Exit(1)


def _told(problem: Problem, project: Project, diagnosis: Diagnosis) -> dict[str, Any]:
    repairs = [repair.label for repair in offers_in(problem, project, diagnosis)]
    return {"graph": problem.graph, "node": problem.node, "message": problem.message, "repairs": repairs}


def described(network: GraphResult) -> dict[str, Any]:
    """A network as data; shapes are lists without the batch axis."""
    return {
        "weights": network.weights,
        "multiply_adds": network.multiply_adds,
        "inputs": _sizes(network.inputs),
        "outputs": _sizes(network.answers),
        "nodes": [
            {"path": path, "type": node.node.type, "outputs": _sizes(node.outputs), "weights": node.weight_count}
            for path, node in network.walk()
        ],
    }


def _sizes(shapes: Any) -> dict[str, list[int | str]]:
    return {name: list(shape.sizes) for name, shape in shapes.items()}


def _print_network(name: str, network: GraphResult) -> None:
    title = f"{name}: {network.weights:,} weights, {network.multiply_adds:,} multiply-adds a sample"
    rows = [
        [path, node.node.type, _shown(node.outputs), f"{node.weight_count:,}" if node.weight_count else ""]
        for path, node in network.walk()
    ]
    print_table(title, ["node", "type", "shape", "weights"], rows)


def _shown(shapes: Any) -> str:
    named: dict[str, Shape] = dict(shapes)
    return ", ".join(map(str, named.values()))
