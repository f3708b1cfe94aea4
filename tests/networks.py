"""Real architectures drawn node by node, for tests and pictures of large graphs."""

from __future__ import annotations

from dataclasses import replace

from nodes.activation import ReLU
from nodes.combine import Add, Flatten, Reshape
from nodes.convolution import Conv2d
from nodes.data.small_digits import SmallDigits
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import Accuracy, CrossEntropy, SquaredError
from nodes.norm import BatchNorm2d
from nodes.pooling import MaxPool2d
from nodes.pooling_adaptive import GlobalAvgPool2d
from studio.core.builder import Added, GraphBuilder, node_of
from studio.core.catalog import catalog
from studio.core.graph import Graph
from studio.core.project import Project, Stage, Training

BOTTLENECKS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
EXPANSION = 4


def on_digits(name: str, **graphs: Graph) -> Project:
    """A project around graphs that has data and a loss."""
    return replace(catalog().make_project("cnn"), name=name, graphs=graphs, variables={}, goal=None, template="")


def resnet(depth: int) -> Graph:
    """ResNet-50, 101 or 152 with every layer a node of its own (He et al. 2016)."""
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(3, 224, 224)), name="Image")
    stem = _normed(net, image, "conv1", filters=64, kernel=7, stride=2)
    maps = net.add(MaxPool2d(window=3, stride=2, padding=1), net.add(ReLU(), stem, name="relu"), name="maxpool")
    for stage, count in enumerate(BOTTLENECKS[depth]):
        with net.frame(f"Stage {stage + 1}"):
            for index in range(count):
                stride = 2 if index == 0 and stage > 0 else 1
                maps = _bottleneck(net, maps, f"layer{stage + 1}.{index}", 64 << stage, stride, projects=index == 0)
    scores = net.chain(maps, GlobalAvgPool2d(), Flatten(), Linear(features=1000))
    net.add(Output(), scores, name="Scores")
    return net.graph()


def nested() -> Project:
    """Residual blocks in a stage, and stages in a network."""
    block = GraphBuilder("block", width=16)
    image = block.add(Input(kind="image", sizes=(16, 28, 28)), name="Image")
    inner = block.chain(image, Conv2d(filters=16, kernel=3, padding=1), BatchNorm2d(), ReLU())
    inner = block.chain(inner, Conv2d(filters=16, kernel=3, padding=1), BatchNorm2d())
    block.add(Output(), block.chain(block.add(Add(), inner, image), ReLU()), name="Maps")
    residual = block.graph()
    outer = GraphBuilder("block")
    image = outer.add(Input(kind="image", sizes=(16, 28, 28)), name="Image")
    outer.add(Output(), outer.add_graph("Blocks", "Residual", residual, image, repeat=3), name="Maps")
    stage = outer.graph()
    net = GraphBuilder()
    stem = net.chain(net.add(Input(kind="image", sizes=(1, 28, 28)), name="Image"), Conv2d(filters=16), ReLU())
    maps = net.add_graph("Stage", "Stage", stage, stem)
    net.add(Output(), net.chain(maps, GlobalAvgPool2d()), name="Features")
    return on_digits("Nested", Network=net.graph(), Stage=stage, Residual=residual)


def unequal() -> Project:
    """A bottleneck whose sum gets 64 channels from its skip connection and 256 from its last convolution."""
    net = GraphBuilder()
    image = net.add(Input(kind="image", sizes=(64, 56, 56)), name="x")
    reduced = net.add(Conv2d(filters=64), image, name="Reduce")
    inner = net.add(Conv2d(filters=64, kernel=3, padding=1), reduced, name="Conv")
    expanded = net.add(Conv2d(filters=256), inner, name="Expand")
    net.add(Output(), net.chain(net.add(Add(), expanded, image, name="Add"), ReLU()), name="Maps")
    return on_digits("Bottleneck", Bottleneck=net.graph())


PRETRAIN = Stage(name="pretrain", objectives=("Reconstruct",), epochs=6)
CLASSIFY = Stage(name="classify", objectives=("Classify",), learns=("Head",), epochs=3)


def in_stages(*stages: Stage) -> Project:
    """An autoencoder of small digits whose encoder a classifier is put on: two objectives, and stages that run them."""
    encoder, decoder, head = GraphBuilder(), GraphBuilder(), GraphBuilder()
    image = encoder.add(Input(kind="image", sizes=(1, 8, 8)), name="Image")
    inner = encoder.add(ReLU(), encoder.add(Linear(features=24), encoder.add(Flatten(), image), name="Inner"))
    encoder.add(Output(), encoder.add(Linear(features=12), inner, name="Code"), name="Codes")
    codes = decoder.add(Input(kind="vector", sizes=(12,)), name="Codes")
    pixels = decoder.chain(decoder.add(Linear(features=64), codes, name="Pixels"), Reshape(sizes=(1, 8, 8)))
    decoder.add(Output(), pixels, name="Image")
    codes = head.add(Input(kind="vector", sizes=(12,)), name="Codes")
    head.add(Output(), head.add(Linear(features=10), codes, name="Class"), name="Scores")
    graphs = {"Encoder": encoder.graph(), "Decoder": decoder.graph(), "Head": head.graph()}
    for name, last in (("Reconstruct", "Decoder"), ("Classify", "Head")):
        net = GraphBuilder(role="objective")
        data = net.add(SmallDigits(limit=320), name="Data")
        coded = net.add_graph("Encoder", "Encoder", graphs["Encoder"], data["image"])
        answer = net.add_graph(last, last, graphs[last], coded)
        if last == "Head":
            net.add(CrossEntropy(), answer, data["label"], name="Loss")
            net.add(Accuracy(), answer, data["label"], name="Accuracy")
        else:
            net.add(SquaredError(), answer, data["image"], name="Loss")
        graphs[name] = net.graph()
    training = Training(batch=32, stages=stages or (PRETRAIN, CLASSIFY))
    return Project("In stages", graphs, data=node_of(SmallDigits(limit=320)), training=training)


def _bottleneck(net: GraphBuilder, maps: Added, name: str, width: int, stride: int, *, projects: bool) -> Added:
    """1×1, 3×3 and 1×1 convolution, added to what came in."""
    inner = net.add(ReLU(), _normed(net, maps, f"{name} conv1", filters=width), name=f"{name} relu1")
    inner = _normed(net, inner, f"{name} conv2", filters=width, kernel=3, stride=stride)
    inner = net.add(ReLU(), inner, name=f"{name} relu2")
    inner = _normed(net, inner, f"{name} conv3", filters=EXPANSION * width)
    kept = _normed(net, maps, f"{name} projection", filters=EXPANSION * width, stride=stride) if projects else maps
    return net.add(ReLU(), net.add(Add(), inner, kept, name=f"{name} add"), name=f"{name} relu3")


def _normed(net: GraphBuilder, maps: Added, name: str, *, filters: int, kernel: int = 1, stride: int = 1) -> Added:
    """A convolution without biases that keeps the size but for its stride, and a norm."""
    conv = Conv2d(filters=filters, kernel=kernel, stride=stride, padding=kernel // 2, bias=False)
    return net.add(BatchNorm2d(), net.add(conv, maps, name=name), name=f"{name} norm")
