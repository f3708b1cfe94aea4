"""How long checking and printing take, beside torch's meta device: `python -m tests.benchmarks.check`."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from itertools import count

import torch

from studio.compiler.check import Checker, check
from studio.compiler.loading import load_class
from studio.compiler.source import network_source
from studio.core.catalog import catalog
from studio.core.graph import Graph, Link, Links, Node
from studio.core.project import Project

LAYERS = 2000
SIDE = 4096


def chain(layers: int) -> Project:
    """Convolution, norm, ReLU, again and again, on a large image."""
    kinds = [("Conv2d", {"filters": 8, "kernel": 3, "padding": 1}), ("BatchNorm2d", {}), ("ReLU", {})]
    nodes = {"image": Node("Input", {"kind": "image", "sizes": (8, SIDE, SIDE)})}
    links, last = [], "image"
    for index in range(layers):
        kind, settings = kinds[index % 3]
        name = f"n{index}"
        nodes[name] = Node(kind, settings)
        links.append(Link(last, "out", name, catalog().nodes[kind].inputs()[0].name))
        last = name
    nodes["answer"] = Node("Output")
    return Project("chain", {"N": Graph(nodes, Links((*links, Link(last, "out", "answer", "value"))))})


def milliseconds(step: Callable[[], object], repeats: int = 9) -> float:
    """Median CPU time of a step."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        step()
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times)


def edits(project: Project, make: Callable[[int], Node]) -> Callable[[], object]:
    """Checks the project again and again, each time with another node in its middle."""
    checker, graph, turn = Checker(), project.graphs["N"], count(1)
    checker.check(project)
    return lambda: checker.check(project.with_graph("N", graph.put({"n999": make(next(turn))})))


def main() -> None:
    gc.disable()  # as in the window, which looks for garbage between events
    project = chain(LAYERS)
    assert not check(project).graphs["N"].problems
    full = milliseconds(lambda: check(project))
    kept = {"filters": 8, "kernel": 3, "padding": 1}
    same = milliseconds(edits(project, lambda turn: Node("Conv2d", kept, (turn, 0))))
    below = milliseconds(edits(project, lambda turn: Node("Conv2d", {**kept, "kernel": 3 + 2 * (turn % 3)})))
    printed = milliseconds(lambda: network_source(project, "N"), 3)
    with torch.device("meta"):
        module = load_class(network_source(project, "N"))()
        meta = milliseconds(lambda: module(torch.empty(1, 8, SIDE, SIDE)), 3)
    rows = [
        (f"check of {LAYERS} nodes", full, f"20, torch on meta takes {meta / full:.0f} times as long"),
        ("an edit that keeps the shape", same, "0.5"),
        (f"an edit with {LAYERS - 999} nodes below", below, f"{(LAYERS - 999) * 0.01:.0f}, 10 us a node"),
        (f"source of {LAYERS} nodes", printed, "100"),
    ]
    for what, measured, budget in rows:
        print(f"{what:32} {measured:8.2f} ms   budget {budget}")


if __name__ == "__main__":
    main()
