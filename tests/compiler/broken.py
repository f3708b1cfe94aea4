"""Projects with one problem each: what is said of them, and the repair that takes it away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from studio.compiler.objective import with_drawn_objective
from studio.compiler.ports import ports_in
from studio.core.graph import Graph, Link, Node
from studio.core.project import Project, Training

IMAGE = Node("Input", {"kind": "image", "sizes": (8, 12, 12)})
VECTOR = Node("Input", {"kind": "vector", "sizes": (12,)})
SEQUENCE = Node("Input", {"kind": "sequence", "sizes": ("T", 12)})
TOKENS = Node("Input", {"kind": "tokens", "sizes": ("T",)})
SIGNAL = Node("Input", {"kind": "signal", "sizes": (4, 20)})
VOLUME = Node("Input", {"kind": "volume", "sizes": (2, 6, 8, 8)})
OUTPUT = Node("Output")
MEASURES = Node("Input", {"kind": "vector", "sizes": (4,)})
NUMBERS = Node("Table", {"file": str(Path(__file__).with_name("measures.csv")), "task": "numbers"})
DIGITS = Node("Digits")
PROJECT = Project("p")


def drawn(*wires: str, role: Any = "network", **nodes: Node) -> Graph:
    """A graph of nodes by name, placed in a row; a wire ``a > b`` leads into the next free input of b."""
    graph = Graph({name: replace(node, position=(260.0 * at, 0.0)) for at, (name, node) in enumerate(nodes.items())})
    graph = replace(graph, role=role)
    project = Project(graphs={"Net": graph})
    for wire in wires:
        source, target = wire.split(" > ")
        source, _, output = source.partition(".")
        target, _, port = target.partition(".")
        outputs = ports_in(project, graph, source).outputs or ("out",)
        inputs = ports_in(project, graph, target).inputs
        taken = {link.input for link in graph.links.into.get(target, ())}
        free = [each.name for each in inputs if each.variadic or each.name not in taken]
        link = Link(source, output or outputs[0], target, port or (free[0] if free else "values"))
        graph = graph.connect(link, variadic=True)
    return graph


def chain(start: Node, *nodes: Node, **variables: Any) -> Project:
    """Input, the nodes n0, n1, … in a row, and an Output."""
    named = {f"n{at}": node for at, node in enumerate(nodes)}
    names = ["start", *named, "answer"]
    wires = [f"{a} > {b}" for a, b in pairwise(names)]
    return replace(PROJECT, graphs={"Net": drawn(*wires, start=start, **named, answer=OUTPUT)}, variables=variables)


def net(*wires: str, **nodes: Node) -> Project:
    return replace(PROJECT, graphs={"Net": drawn(*wires, **nodes)})


def taught(project: Project, loss: str, *metrics: str, data: Node = DIGITS, **training: Any) -> Project:
    """The project with data and a loss, so that the studio makes its objective."""
    judged = Training(loss=Node(loss), metrics=tuple(map(Node, metrics)), **training)
    return replace(project, data=data, training=judged)


def pair(first: Node, second: Node, join: Node) -> Project:
    """Two layers side by side that meet in one node."""
    return net(
        "start > a", "start > b", "a > join", "b > join", "join > answer",
        start=IMAGE, a=first, b=second, join=join, answer=OUTPUT,
    )  # fmt: skip


def digits(*nodes: Node, size: tuple[int, ...] = (1, 28, 28)) -> Project:
    return chain(Node("Input", {"kind": "image", "sizes": size}), *nodes)


def conv(filters: int = 8, **settings: Any) -> Node:
    return Node("Conv2d", {"filters": filters, **settings})


def linear(features: int, **settings: Any) -> Node:
    return Node("Linear", {"features": features, **settings})


def block(inside: Graph, **fields: Any) -> Project:
    """A network of one block."""
    graph = drawn(start=IMAGE, answer=OUTPUT)
    placed = Node("Block", graph="Part", position=(130.0, 0.0), **fields)
    graph = graph.add("part", placed, Link("start", "out", "part", "x"), Link("part", "y", "answer", "value"))
    return replace(PROJECT, graphs={"Net": graph, "Part": replace(inside, role="block")})


def indirectly_judged(**loss: Any) -> Project:
    """A network whose loss is told the label by another node than the data."""
    project = with_drawn_objective(taught(digits(FLAT, linear(10)), "CrossEntropy"))
    graph = project.graphs["Training"].disconnect(Link("Data", "label", "Cross entropy", "target"))
    graph = graph.add("same", Node("Identity"), Link("Data", "label", "same", "values"))
    graph = graph.connect(Link("same", "out", "Cross entropy", "target"))
    return project.with_graph("Training", graph.put({"Cross entropy": graph.nodes["Cross entropy"].set(**loss)}))


@dataclass(frozen=True)
class Case:
    """A project with a problem: words of the sentence, and the repair's label."""

    kind: str
    project: Project
    words: str
    label: str
    node: str = ""
    leaves: tuple[str, ...] = ()
    """Words of the problems that were there before and stay."""

    def __str__(self) -> str:
        return f"{self.kind}: {self.label}"


FLAT = Node("Flatten")
WIDE = pair(conv(16, padding=1), conv(8, padding=1), Node("Add"))
TALL = pair(conv(8, padding=1), conv(8), Node("Add"))
SMALL = pair(conv(8, padding=1), conv(8, padding=1, stride=2), Node("Add"))
BOTH = pair(conv(16, padding=1), conv(8, kernel=5), Node("Add"))
PART = drawn("x > c", "c > y", x=IMAGE, c=conv(16), y=OUTPUT)

CASES = [
    Case("flatten", chain(IMAGE, linear(10)), "This needs a vector (D); the image 8×12×12", "Insert Flatten"),
    Case("flatten", chain(IMAGE, linear(10)), "the image 8×12×12", "Insert global average pooling"),
    Case("channels", WIDE, "16×12×12 meets 8×12×12", "Insert 1×1 convolution, 8 → 16"),
    Case("channels", WIDE, "16×12×12 meets 8×12×12", "Set b to 16"),
    Case("channels", WIDE, "the same channels", "Set a to 8"),
    Case("stride", SMALL, "8×12×12 meets 8×6×6", "Insert 1×1 convolution, 8 → 8, stride 2"),
    Case("resize", SMALL, "the same height and width", "Insert Resize to 12×12"),
    Case("resize", TALL, "8×12×12 meets 8×10×10", "Insert Resize to 12×12"),
    Case("crop", TALL, "8×12×12 meets 8×10×10", "Crop to 10×10"),
    Case("pad", TALL, "8×12×12 meets 8×10×10", "Pad to 12×12"),
    Case("resize and channels", BOTH, "16×12×12 meets 8×8×8",
         "Insert Resize to 12×12 and 1×1 convolution, 8 → 16"),
    Case("multiply", pair(conv(8), conv(8, kernel=5), Node("Multiply")), "8×10×10 meets 8×8×8", "Crop to 8×8"),
    Case("concatenate", pair(conv(8), conv(4, kernel=5), Node("Concatenate")), "8×10×10 meets 4×8×8", "Pad to 10×10"),
    Case("concatenate", pair(conv(8), conv(4, kernel=5), Node("Concatenate")), "meets 4×8×8", "Insert Resize to 10×10"),
    Case("axis", pair(conv(8), conv(4), Node("Concatenate", {"axis": "height"})), "8×10×10 meets 4×10×10",
         "Join along features"),
    Case("kinds meet", net("start > a", "a > pool", "a > join", "pool > join", "join > answer", start=IMAGE, a=conv(8),
                           pool=Node("GlobalAvgPool2d"), join=Node("Add"), answer=OUTPUT),
         "The image 8×10×10 meets the vector 8", "Insert global average pooling"),
    Case("kernel", chain(IMAGE, conv(8, kernel=15)), "A window of 15 does not fit into 12 pixels",
         "Set kernel to 12"),
    Case("kernel", chain(IMAGE, conv(8, kernel=15)), "A window of 15", "Set padding to 2"),
    Case("window", chain(IMAGE, Node("MaxPool2d", {"window": 13})), "A window of 13", "Set window to 12"),
    Case("heads", chain(SEQUENCE, Node("MultiHeadAttention", {"heads": 8})), "12 features cannot be shared evenly by 8",
         "Set heads to 6"),
    Case("groups", chain(IMAGE, conv(8, groups=3)), "8 maps cannot be divided into 3 equal groups", "Set groups to 2"),
    Case("norm groups", chain(IMAGE, Node("GroupNorm", {"groups": 5})), "8 channels cannot be divided into 5",
         "Set groups to 4"),
    Case("softmax", taught(digits(FLAT, linear(10), Node("Softmax")), "CrossEntropy"), "applies the softmax itself",
         "Remove n2"),
    Case("sigmoid", taught(digits(FLAT, linear(784), Node("Sigmoid")), "BinaryCrossEntropy"),
         "applies the sigmoid itself", "Remove n2", leaves=("must be numbers",)),
    Case("uncounted classes", indirectly_judged(reciprocal_counts=True), "same is no data",
         "Weigh all classes alike"),
    Case("perceptron", taught(digits(FLAT, Node("Perceptron", {"features": 10, "activation": "softmax"})),
                              "CrossEntropy"), "applies the softmax itself", "Let n1 answer its sum"),
    Case("missing link", net("start > c", "f > answer", start=IMAGE, c=conv(8), f=FLAT, answer=OUTPUT),
         "Nothing arrives at values", "Link c", leaves=("Nothing uses",)),
    Case("missing link", net("start > c", "f > answer", start=IMAGE, c=conv(8), f=linear(4), answer=OUTPUT),
         "Nothing arrives at values", "Link c through Flatten", leaves=("Nothing uses",)),
    Case("missing link", net("start > c", start=IMAGE, c=conv(8), answer=OUTPUT), "Nothing arrives at value",
         "Link c", leaves=("Nothing uses",)),
    Case("nothing to add", net("start > c", "join > answer", start=IMAGE, c=conv(8), join=Node("Add"), answer=OUTPUT),
         "Nothing arrives yet", "Link c", leaves=("Nothing uses",)),
    Case("classes for numbers", taught(digits(FLAT, linear(10)), "SquaredError"), "must be numbers to come close to",
         "Use Cross entropy instead"),
    Case("classes for numbers", taught(digits(FLAT, linear(10)), "SquaredError"), "a label arrives",
         "Write the label as 1 of 10"),
    Case("numbers for classes", taught(chain(MEASURES, linear(1)),
         "CrossEntropy", data=NUMBERS), "must be a class number", "Use Squared error instead"),
    Case("reconstruction", taught(digits(conv(1, padding=1)), "SquaredError"), "a label arrives", "Link Data: image"),
    Case("figure", taught(chain(MEASURES, linear(1)), "SquaredError",
         "Accuracy", data=NUMBERS), "must be a class number", "Leave this figure out"),
    Case("what data means", taught(chain(MEASURES, linear(3)), "CrossEntropy",
         data=NUMBERS), "must be a class number", "Let Data give classes"),
    Case("one answer", taught(digits(conv(10)), "CrossEntropy"), "needs one label", "Insert global average pooling"),
    Case("answer too wide", taught(chain(MEASURES, linear(3)), "SquaredError",
         data=NUMBERS), "The answer is the vector 3, but the target is the vector 1",
         "Set n0 to 1"),
    Case("no output", net("start > c", start=IMAGE, c=conv(8)), "The graph has no Output", "Add an Output after c"),
    Case("dead branch", net("start > a", "a > answer", "start > b", "b > c", start=IMAGE, a=conv(8), b=conv(4),
                            c=Node("ReLU"), answer=OUTPUT), "Nothing uses what this computes",
         "Remove these 2 nodes"),
    Case("dead branch", net("start > a", "a > answer", "start > b", start=IMAGE, a=conv(8), b=conv(4), answer=OUTPUT),
         "Nothing uses what this computes", "Add an Output after b"),
    Case("dead end", net("start > a", start=IMAGE, a=conv(8), answer=OUTPUT), "Nothing uses", "Link to answer",
         leaves=("Nothing arrives",)),
    Case("circle", net("start > a", "a > b", "b > a", "b > answer", start=IMAGE, a=Node("Add"), b=Node("ReLU"),
                       answer=OUTPUT), "in a circle", "Cut b → a"),
    Case("variable", chain(IMAGE, conv("=Widht*4"), width=2), "There is no variable 'Widht'", "Use width"),
    Case("variable", chain(IMAGE, conv("=depth")), "There is no variable 'depth'", "Create variable depth"),
    Case("variable of the project", chain(IMAGE, conv("=b"), a=3, b="=aa*2"), "A variable is wrong", "Use a"),
    Case("division by zero", chain(IMAGE, conv("=16//n"), n=0), "divides by zero", "Set n to 1"),
    Case("fraction", chain(IMAGE, conv("=width/3"), width=16), "it is 5.33", "Round down to 5"),
    Case("fraction", chain(IMAGE, conv(5.5)), "it is 5.5", "Set filters to 5"),
    Case("bounds", chain(IMAGE, conv(-3)), "Filters should be", "Set filters to 1"),
    Case("choice", chain(IMAGE, conv(8, padding_mode="reflct")), "Padding mode should be",
         "Set padding mode to reflect"),
    Case("batch of one", taught(digits(FLAT, linear(16), Node("BatchNorm1d"), linear(10)), "CrossEntropy", batch=1),
         "the batch is 1 and the vector 16", "Set the batch to 32"),
    Case("batch of one", taught(digits(FLAT, linear(16), Node("BatchNorm1d"), linear(10)), "CrossEntropy", batch=1),
         "Batch norm needs several samples", "Use LayerNorm instead"),
    Case("norm of a point", chain(IMAGE, Node("AdaptiveAvgPool2d"), Node("InstanceNorm2d")), "A map of 1×1",
         "Use LayerNorm instead"),
    Case("newer type", chain(IMAGE, Node("Conv2D", {"filters": 4, "sharpness": 3})), "does not know nodes of type",
         "Replace it by Conv2d"),
    Case("newer type", chain(IMAGE, Node("Holograph")), "does not know nodes of type", "Remove n0"),
    Case("newer setting", chain(IMAGE, conv(4, sharpness=3)), "has no setting 'sharpness'", "Leave sharpness out"),
    Case("newer setting", chain(IMAGE, conv(4, kernal=5)), "has no setting 'kernal'", "Use kernel"),
    Case("classes", taught(digits(FLAT, linear(5)), "CrossEntropy"), "5 scores leave, but Digits has 10 classes",
         "Set features to 10"),
    Case("input size", taught(digits(FLAT, linear(10), size=(1, 32, 32)), "CrossEntropy"),
         "expects the image 1×32×32", "Set start to 1×28×28"),
    Case("input size", taught(digits(FLAT, linear(10), size=(1, 32, 32)), "CrossEntropy"),
         "the image 1×28×28 arrives", "Resize Data to 32×32"),
    Case("input kind", taught(chain(Node("Input", {"kind": "vector", "sizes": (784,)}), linear(10)), "CrossEntropy"),
         "expects the vector 784", "Insert Flatten"),
    Case("vector to image", chain(Node("Input", {"kind": "vector", "sizes": (144,)}), conv(8)), "the vector 144",
         "Insert Unflatten to 1×12×12"),
    Case("sequence to vector", chain(SEQUENCE, Node("BatchNorm1d")), "the sequence T×12",
         "Insert the mean over all tokens"),
    Case("image to sequence", chain(IMAGE, Node("LSTM", {"features": 4})), "the image 8×12×12",
         "Read the pixels as 144 tokens of 8"),
    Case("signal to sequence", chain(SIGNAL, Node("GRU", {"features": 4})), "the signal 4×20", "Insert Permute"),
    Case("sequence to signal", chain(SEQUENCE, Node("GroupNorm", {"groups": 3})), "the sequence T×12",
         "Insert Permute"),
    Case("volume to image", chain(VOLUME, conv(4)), "the volume 2×6×8×8", "Use Conv3d instead"),
    Case("image to volume", chain(IMAGE, Node("Conv3d", {"filters": 4})), "the image 8×12×12", "Use Conv2d instead"),
    Case("signal to image", chain(SIGNAL, Node("MaxPool2d")), "the signal 4×20", "Use MaxPool1d instead"),
    Case("norm of an image", chain(IMAGE, Node("BatchNorm1d")), "the image 8×12×12", "Use BatchNorm2d instead"),
    Case("whole numbers", chain(TOKENS, linear(4)), "the tokens T arrive",
         "Insert Embedding and the mean over all tokens"),
    Case("whole numbers", chain(TOKENS, Node("ReLU")), "computes with numbers", "Insert Embedding"),
    Case("fractions to look up", chain(VECTOR, Node("Embedding", {"features": 4})), "whole numbers; the vector 12",
         "Use Linear instead"),
    Case("border", chain(IMAGE, conv(4, padding=12, padding_mode="reflect", kernel=3)), "A reflect border of 12",
         "Set padding to 11"),
    Case("border", chain(IMAGE, conv(4, padding=12, padding_mode="reflect")), "more than the 12 pixels",
         "Set padding mode to zeros"),
    Case("border", chain(IMAGE, Node("Pad2d", {"top": 20, "mode": "reflect"})), "A reflect border of 20",
         "Set mode to zeros"),
    Case("crop", chain(IMAGE, Node("Crop2d", {"top": 12})), "Cutting off 13 of 12 pixels", "Set top to 0"),
    Case("output padding", chain(IMAGE, Node("ConvTranspose2d", {"output_padding": 2})), "Output padding 2 must be",
         "Set output padding to 1"),
    Case("repeat", block(PART, repeat=3), "each pass changes the shape", "Do not repeat it"),
    Case("repeat", block(PART, repeat=0), "Repeat should be a whole number", "Set repeat to 1"),
    Case("parameter", block(PART, settings={"widht": 4}), "has no parameter 'widht'", "Leave widht out"),
    Case("inside a block", block(drawn("x > l", "l > y", x=VECTOR, l=linear(4), y=OUTPUT)),
         "Inside Part, at l: This needs a vector", "Insert Flatten"),
    Case("bypass", chain(IMAGE, replace(FLAT, bypassed=True), linear(4)), "the image 8×12×12", "Stop bypassing n0"),
    Case("dropout", chain(VECTOR, Node("Dropout", {"p": 1.0})), "nothing gets through", "Set p to 0.5"),
    Case("sizes", chain(VECTOR, Node("Unflatten", {"sizes": (1, 2, 5)})), "1×2×5 holds 10 numbers; the vector 12",
         "Set sizes to 1×2×6"),
    Case("shared weights", chain(VECTOR, replace(linear(4), shares_with="n9")), "cannot use the weights of n9",
         "Give it its own weights"),
]  # fmt: skip
