"""Project files that nobody should trust, each made from a good one."""

import json
import math
from collections.abc import Callable
from typing import Any

from nodes.activation import ReLU
from nodes.combine import Flatten
from nodes.data.small_digits import SmallDigits
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import CrossEntropy
from studio.core import loom
from studio.core.builder import GraphBuilder, node_of
from studio.core.project import Project, Stage, Training

TOUCH = "__import__('os').system('touch executed')"

Content = dict[str, Any]
Change = Callable[[Content], None]


def good() -> Project:
    """A project without a fault: two layers that learn small digits."""
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(1, 8, 8)), name="Image")
    hidden = net.add(Linear(features=4), net.chain(image, Flatten()), name="Hidden")
    net.add(Output(), net.add(Linear(features=10), net.chain(hidden, ReLU()), name="Last"), name="Scores")
    training = Training(loss=node_of(CrossEntropy()), stages=(Stage(epochs=1),))
    data = node_of(SmallDigits(limit=64))
    return Project("Good", {"Net": net.graph()}, {"width": 4}, data=data, training=training)


def changed(change: Change) -> bytes:
    """The good file with a change to what it holds."""
    content = json.loads(loom.dumps(good()))
    change(content)
    return json.dumps(content).encode()


def raw(old: str, new: str) -> bytes:
    """The good file with a piece of its text exchanged."""
    text = loom.dumps(good())
    assert old in text
    return text.replace(old, new, 1).encode()


def net(content: Content) -> Content:
    graph: Content = content["graphs"]["Net"]
    return graph


def setting(node: str, name: str, value: Any) -> bytes:
    return changed(lambda content: net(content)["nodes"][node].setdefault("settings", {}).update({name: value}))


def link(source: str, output: str, target: str, input: str) -> bytes:
    return changed(lambda content: net(content)["links"].append(_link(source, output, target, input)))


def _link(source: str, output: str, target: str, input: str) -> Content:
    return {"source": source, "output": output, "target": target, "input": input}


def put(name: str, **node: Any) -> bytes:
    return changed(lambda content: net(content)["nodes"].update({name: node}))


def named(name: str) -> bytes:
    """The good file with a node of this name."""
    return raw('"Hidden"', json.dumps(name)).replace(b'"Hidden"', json.dumps(name).encode())


def _self_containing(content: Content) -> None:
    names = [("In", "out", "Inside", "In"), ("Inside", "Out", "Out", "value")]
    nodes = {"In": {"type": "Input"}, "Inside": {"type": "Block", "graph": "Endless"}, "Out": {"type": "Output"}}
    content["graphs"]["Endless"] = {"role": "block", "nodes": nodes, "links": [_link(*ends) for ends in names]}
    net(content)["nodes"]["Once"] = {"type": "Block", "graph": "Endless"}
    net(content)["links"].append(_link("Image", "out", "Once", "In"))


def _repeated(content: Content) -> None:
    nodes = {"In": {"type": "Input"}, "Out": {"type": "Output"}}
    content["graphs"]["Plain"] = {"role": "block", "nodes": nodes, "links": [_link("In", "out", "Out", "value")]}
    net(content)["nodes"]["Often"] = {"type": "Block", "graph": "Plain", "repeat": 10**9}
    net(content)["links"].append(_link("Image", "out", "Often", "In"))


def _nowhere(content: Content) -> None:
    net(content)["nodes"]["Hidden"]["position"] = [-math.inf, 0.0]


def _newer(content: Content) -> None:
    content["version"] = 99


def _variable(value: Any) -> Change:
    return lambda content: content["variables"].update({"width": value})


NOT_OPENED: dict[str, tuple[bytes, str]] = {
    "truncated": (loom.dumps(good()).encode()[:300], "not a Layerloom project: it is no valid JSON"),
    "empty": (b"", "not a Layerloom project"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe", "it is not text"),
    "archive": (b"PK\x03\x04\x14\x00\x00\x00\x08\x00\xaa\xbb", "it is not text"),
    "zeros": (bytes(5000), "not a Layerloom project"),
    "other JSON": (b'{"cells": [], "nbformat": 4}', 'lacks the line "format": "layerloom"'),
    "a list": (b"[1, 2, 3]", 'lacks the line "format": "layerloom"'),
    "100,000 brackets": (b"[" * 100_000, "nested deeper"),
    "100,000 objects": (b'{"a":' * 100_000, "nested deeper"),
    "brackets in a setting": (raw('"features": 4', '"features": ' + "[" * 100_000 + "]" * 100_000), "nested deeper"),
    "60 brackets in a setting": (raw('"features": 4', '"features": ' + "[" * 60 + "]" * 60), "nested deeper"),
    "a number of 10,000 digits": (raw('"features": 4', '"features": ' + "9" * 10_000), "is too large"),
    "infinite": (raw('"features": 4', '"features": 1e999'), "the number 1e999… is too large"),
    "not a number": (raw('"features": 4', '"features": NaN'), "NaN is not a number a project may hold"),
    "position nowhere": (changed(_nowhere), "-Infinity is not a number"),
    "a setting that is an object": (
        setting("Hidden", "features", {"a": 1}),
        "/ settings / features: A setting is a number, a text",
    ),
    "nodes that are a list": (changed(lambda content: net(content).update(nodes=[])), "damaged at graphs / Net"),
    "a node without a type": (put("Odd", settings={}), "damaged at graphs / Net / nodes / Odd"),
    "an unknown field": (changed(lambda content: content.update(on_open=TOUCH)), "damaged at on_open"),
    "a newer version": (changed(_newer), "saved by a newer Layerloom (file version 99"),
    "a version of text": (raw('"version": 1', '"version": "1"'), "does not say its version"),
    "a name with a line end": (named(f"a\n{TOUCH}"), "cannot be a name"),
    "a name with a line separator": (named(f"a\u2028{TOUCH}"), "cannot be a name"),
    "a name with a return": (named(f"a\r{TOUCH}"), "cannot be a name"),
    "a name with half a character": (named("a\ud800"), "surrogates not allowed"),
    "a name of 100,000 letters": (named("a" * 100_000), "cannot be a name"),
    "a name that commands the terminal": (named("\x1b]0;a\x07\x9b2J"), "cannot be a name"),
    "a port that commands the terminal": (link("Hidden", "\x1b[2J", "Last", "\x9b2J"), "cannot be a name"),
    "a variable with a line end": (changed(lambda content: content.update(variables={"a\nb": 1})), "cannot be a name"),
    "no name": (named(""), "cannot be a name"),
}
"""What cannot be opened, and part of the sentence that says so."""

NOT_RUNNABLE: dict[str, tuple[bytes, str]] = {
    "an unknown node type": (put("Odd", type="Teleport"), "does not know nodes of type 'Teleport'"),
    "code as a node type": (put("Odd", type=TOUCH), "does not know nodes of type"),
    "a module as a node type": (put("Odd", type="os.system"), "does not know nodes of type 'os.system'"),
    "text for a number": (setting("Hidden", "features", "five"), "Features should be a valid integer; it is 'five'"),
    "nothing for a number": (setting("Hidden", "features", None), "Features should be a valid integer"),
    "a truth for a number": (setting("Hidden", "features", True), "Features should be a valid integer"),
    "a fraction for a count": (setting("Hidden", "features", 4.5), "Features should be a valid integer"),
    "a huge count": (setting("Hidden", "features", 10**17), "Features should be less than or equal to 1000000"),
    "a negative count": (setting("Hidden", "features", -4), "Features should be greater than or equal to 1"),
    "an unknown setting": (setting("Hidden", "featurs", 4), "no setting 'featurs'. Did you mean features?"),
    "code as a setting": (setting("Hidden", "features", TOUCH), "Features should be a valid integer"),
    "code as an expression": (setting("Hidden", "features", f"={TOUCH}"), "is not allowed in an expression"),
    "a method in an expression": (setting("Hidden", "features", "=().__class__"), "is not allowed in an expression"),
    "an endless power": (setting("Hidden", "features", "=9**9**9"), "the power is too large"),
    "an endless chain": (setting("Hidden", "features", "=" + "1+" * 150 + "1"), "is longer than an expression may be"),
    "code as the name of a size": (setting("Image", "sizes", [1, TOUCH, 8]), "Sizes should"),
    "code as a variable": (changed(_variable(f"={TOUCH}")), "is not allowed in an expression"),
    "a cycle": (link("Last", "out", "Hidden", "value"), "circle"),
    "a link to nowhere": (link("Hidden", "out", "Nobody", "value"), "Nobody"),
    "a missing port": (link("Hidden", "out", "Last", "side door"), "There is no input side door"),
    "a missing output": (link("Hidden", "back", "Scores", "value"), "back"),
    "a block within itself": (changed(_self_containing), "A graph cannot hold itself"),
    "a block that is not there": (put("Odd", type="Block", graph="Ghost"), "There is no graph 'Ghost'"),
    "a block repeated a billion times": (changed(_repeated), "Repeat should be a whole number from 1 to"),
}
"""What opens with problems, and part of the sentence that says so."""

ODD_NAMES = (
    TOUCH,
    f'"""; {TOUCH}; """',
    f"'''; {TOUCH} #",
    f"x = 1); {TOUCH}; (",
    "\\",
    'a\\"""',
    "{0} %s %(x)s {__import__}",
    "self",
    "import",
    "__init__",
    "torch",
    "Net",
    "C1 # comment",
    "‮gnp.exe",
    "[bold red]x[/] \\[",
    "../../etc/passwd",
    "層",
)
"""Names that are only odd: they open, run and never become code."""
