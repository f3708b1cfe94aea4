"""Graphs of the shapes that networks have, of nodes without a class: only their links matter here."""

import random

from studio.core.graph import Graph, Link, Links, Node


class Sketch:
    """Nodes by name, each fed by earlier ones through ports in order."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._links: list[Link] = []

    def add(self, name: str, *sources: str, ports: tuple[str, ...] = ()) -> str:
        self._nodes[name] = Node("Any")
        inputs = ports or ("values",) * len(sources)
        self._links += [Link(source, "out", name, port) for source, port in zip(sources, inputs, strict=True)]
        return name

    def chain(self, last: str, *names: str) -> str:
        for name in names:
            last = self.add(name, last)
        return last

    @property
    def graph(self) -> Graph:
        return Graph(self._nodes, Links(self._links))


def chain(length: int) -> Graph:
    sketch = Sketch()
    sketch.chain(sketch.add("0"), *map(str, range(1, length)))
    return sketch.graph


def residual(blocks: int, *, joined: bool = False) -> Graph:
    """Blocks of five nodes with a link around them; every third has two nodes on that. ``joined``: no node between."""
    sketch = Sketch()
    last = sketch.chain(sketch.add("image"), "stem")
    for at in range(blocks):
        inside = sketch.chain(last, *(f"{name} {at}" for name in ("conv a", "norm a", "relu", "conv b", "norm b")))
        around = sketch.chain(last, f"conv c {at}", f"norm c {at}") if at % 3 == 2 else last
        last = sketch.add(f"add {at}", inside, around)
        last = last if joined else sketch.add(f"out {at}", last)
    sketch.add("scores", last)
    return sketch.graph


def inception(modules: int) -> Graph:
    """Modules of four branches of one, two, three and two nodes."""
    sketch = Sketch()
    last = sketch.chain(sketch.add("image"), "stem")
    for at in range(modules):
        branches = [
            sketch.chain(last, *(f"{letter}{step} {at}" for step in range(length)))
            for letter, length in zip("abcd", (1, 2, 3, 2), strict=True)
        ]
        last = sketch.add(f"join {at}", *branches)
    sketch.add("scores", last)
    return sketch.graph


def u_net(depth: int) -> Graph:
    """As many levels down as up, each linked with the one across."""
    sketch = Sketch()
    last, across = sketch.add("image"), []
    for level in range(depth):
        across.append(sketch.chain(last, f"down a {level}", f"down b {level}"))
        last = sketch.add(f"pool {level}", across[-1])
    last = sketch.add("bottom", last)
    for level in reversed(range(depth)):
        up = sketch.add(f"up {level}", last)
        joint = sketch.add(f"join {level}", across[level], up, ports=("across", "below"))
        last = sketch.chain(joint, f"up a {level}", f"up b {level}")
    sketch.add("mask", last)
    return sketch.graph


def attention() -> Graph:
    """Queries, keys and values of one input, and a mask."""
    sketch = Sketch()
    tokens, mask = sketch.add("tokens"), sketch.add("mask")
    q, k, v = (sketch.add(name, tokens) for name in ("q", "k", "v"))
    scores = sketch.add("scores", q, k, ports=("queries", "keys"))
    weights = sketch.add("softmax", sketch.add("masked", scores, mask, ports=("scores", "mask")))
    sketch.add("add", sketch.add("mix", weights, v, ports=("weights", "values")), tokens)
    return sketch.graph


def at_random(nodes: int, links: int, seed: int) -> Graph:
    """Links from any node to any later one."""
    chance = random.Random(seed)
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < links:
        first, second = sorted(chance.sample(range(nodes), 2))
        pairs.add((first, second))
    names = {str(number): Node("Any") for number in range(nodes)}
    return Graph(names, Links(Link(str(first), "out", str(second), "values") for first, second in sorted(pairs)))
