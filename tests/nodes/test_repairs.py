"""What nodes say when values do not fit, and what they propose."""

from typing import Any

import pytest

from nodes.attention import MultiHeadAttention
from nodes.combine import Add, Concatenate, Multiply, Reshape
from nodes.convolution import Conv2d, SparseConv2d
from nodes.inputs import Input
from nodes.instance_norm import InstanceNorm2d
from nodes.linear import Embedding, Linear
from nodes.loss import CrossEntropy, SquaredError, TopK
from nodes.norm import GroupNorm
from nodes.pooling import MaxPool2d
from studio.core.node_class import NodeClass
from studio.core.problem import Assign, Insert, LinkTo, Match, Mismatch, Replace
from studio.core.shape import LABEL, Shape, image, sequence, tokens, vector

Refusal = tuple[NodeClass, tuple[Shape, ...], str, Any]

REFUSALS: list[Refusal] = [
    (
        Linear(),
        (image(16, 5, 5),),
        "This needs a vector (D); the image 16×5×5 arrives.",
        Insert("Flatten", "Insert Flatten"),
    ),
    (
        Conv2d(),
        (vector(784),),
        "This needs an image (C H W); the vector 784 arrives.",
        Insert("Unflatten", "Insert Unflatten to 1×28×28", {"sizes": (1, 28, 28)}),
    ),
    (
        Conv2d(kernel=5),
        (image(3, 4, 9),),
        "A window of 5 does not fit into 4 pixels.",
        Assign("kernel", 4, "Set kernel to 4"),
    ),
    (
        MaxPool2d(window=(3, 2)),
        (image(3, 2, 9),),
        "A window of 3 does not fit into 2 pixels.",
        Assign("window", (2, 2), "Set window to 2×2"),
    ),
    (
        Conv2d(filters=16, groups=4),
        (image(6, 9, 9),),
        "6 and 16 maps cannot be divided into 4 equal groups.",
        Assign("groups", 2, "Set groups to 2"),
    ),
    (
        Add(),
        (image(64, 56, 56), image(256, 56, 56)),
        "64×56×56 meets 256×56×56: all inputs need the same channels.",
        Insert("Conv2d", "Insert 1×1 convolution, 64 → 256", {"filters": 256, "kernel": 1}, 0),
    ),
    (
        Add(),
        (image(128, 28, 28), image(64, 56, 56)),
        "128×28×28 meets 64×56×56: all inputs need the same channels and height and width.",
        Insert("Conv2d", "Insert 1×1 convolution, 64 → 128, stride 2", {"filters": 128, "kernel": 1, "stride": 2}, 1),
    ),
    (
        Add(),
        (vector(12), vector(5)),
        "12 meets 5: all inputs need the same features.",
        Insert("Linear", "Insert Linear, 5 → 12", {"features": 12}, 1),
    ),
    (
        Multiply(),
        (image(3, 10, 10), image(3, 7, 7)),
        "3×10×10 meets 3×7×7: all inputs need the same height and width.",
        Insert("Resize", "Insert Resize to 10×10", {"size": (10, 10)}, 1),
    ),
    (
        Concatenate(axis="height"),
        (vector(5),),
        "The vector 5 has no height along which to join.",
        Assign("axis", "features", "Join along features"),
    ),
    (
        Reshape(),
        (vector(700),),
        "1×28×28 holds 784 numbers; the vector 700 arrives with 700.",
        Assign("sizes", (1, 25, 28), "Set sizes to 1×25×28"),
    ),
    (
        MultiHeadAttention(heads=8),
        (sequence("T", 100),),
        "100 features cannot be shared evenly by 8 heads.",
        Assign("heads", 5, "Set heads to 5"),
    ),
    (
        GroupNorm(groups=4),
        (image(6, 5, 5),),
        "6 channels cannot be divided into 4 equal groups.",
        Assign("groups", 3, "Set groups to 3"),
    ),
    (
        InstanceNorm2d(),
        (image(6, 1, 1),),
        "A map of 1×1 has nothing to compare with, so normalising it would leave zero.",
        Replace("LayerNorm", "Use LayerNorm instead"),
    ),
    (
        SparseConv2d(),
        (image(8, 14, 14),),
        "The paper's table connects 6 maps to 16; 8 arrive.",
        Insert("Conv2d", "Insert 1×1 convolution, 8 → 6", {"filters": 6, "kernel": 1}),
    ),
    (
        Embedding(),
        (vector(5),),
        "This looks up tokens or labels, which are whole numbers; the vector 5 arrives.",
        Replace("Linear", "Use Linear instead", {"features": 64}),
    ),
    (
        CrossEntropy(),
        (vector(10), vector(10)),
        "The target must be a class number, such as a label; the vector 10 arrives.",
        Replace("SquaredError", "Use Squared error instead"),
    ),
    (CrossEntropy(), (vector(10), tokens(5)), "The vector 10 needs one label; the tokens 5 arrive.", None),
    (
        CrossEntropy(class_weights=(1.0, 2.0)),
        (vector(3), LABEL),
        "2 class weights for 3 classes.",
        Assign("class_weights", (), "Weigh all classes alike"),
    ),
    (
        SquaredError(),
        (vector(10), LABEL),
        "The target must be numbers to come close to; a label arrives.",
        Replace("CrossEntropy", "Use Cross entropy instead"),
    ),
    (
        SquaredError(),
        (vector(10), vector(5)),
        "The answer is the vector 10, but the target is the vector 5.",
        Match(5),
    ),
    (TopK(), (vector(3), LABEL), "There are only 3 classes to guess from, not 5.", Assign("k", 3, "Set k to 3")),
    (Linear(), (sequence("T", "D"),), "This needs a fixed size, but D varies from batch to batch.", None),  # type: ignore[arg-type]
    (Add(), (), "Nothing arrives yet: link two or more values to it.", LinkTo()),
    (Input(kind="image", sizes=(3, 8)), (), "The image 3×8 needs 3 sizes (C H W), not 2.", None),
]


@pytest.mark.parametrize(("node", "shapes", "message", "repair"), REFUSALS, ids=[row[2] for row in REFUSALS])
def test_a_node_says_what_does_not_fit_and_how_to_mend_it(
    node: NodeClass, shapes: tuple[Shape, ...], message: str, repair: Any
) -> None:
    with pytest.raises(Mismatch) as caught:
        node.infer(*shapes)
    assert caught.value.message == message
    assert repair in caught.value.repairs if repair else caught.value.repairs == ()


@pytest.mark.parametrize("name", ["T; import os", "import os\n", "0", "", "a" * 21])
def test_a_length_can_only_be_called_by_an_identifier(name: str) -> None:
    with pytest.raises(Mismatch, match="Sizes should be"):
        Input.of({"kind": "tokens", "sizes": (name,)})
