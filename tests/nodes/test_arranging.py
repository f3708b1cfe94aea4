"""Cutting, stacking, turning and repeating values, against what indexing by hand gives."""

from typing import Any

import pytest
import torch
from torch import Tensor

from nodes.axes import Expand, Squeeze, Stack, Unsqueeze
from nodes.ordering import Flip, Pad, Repeat, Roll
from nodes.pieces import CenterCrop, Select, Slice, Split
from nodes.transposition import Transpose
from studio.compiler.printing import Printer
from studio.core.node_class import NodeClass, values_for
from studio.core.problem import Assign, Insert, Mismatch
from studio.core.shape import LABEL, Shape, image, sequence, tokens, vector

from .computing import answer, answers

TOKENS = torch.arange(2 * 5 * 3, dtype=torch.float32).reshape(2, 5, 3)
IMAGES = torch.rand(2, 3, 6, 7)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Slice(axis="length", start=1, stop=-1), TOKENS[:, 1:-1]),
        (Slice(axis="length", start=1, stop=5, step=3), TOKENS[:, 1:5:3]),
        (Slice(start=-2), TOKENS[:, :, -2:]),
        (Select(index=-1), TOKENS[:, -1]),
        (Select(axis="features", index=1), TOKENS[:, :, 1]),
        (Transpose(), TOKENS.transpose(1, 2)),
        (Flip(axis="length"), TOKENS[:, [4, 3, 2, 1, 0]]),
        (Roll(), TOKENS[:, [4, 0, 1, 2, 3]]),
        (Roll(by=-2), TOKENS[:, [2, 3, 4, 0, 1]]),
        (Repeat(), TOKENS[:, [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]]),
        (Repeat(order="each"), TOKENS[:, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]]),
        (Pad(mode="reflect", before=2, behind=1), TOKENS[:, [2, 1, 0, 1, 2, 3, 4, 3]]),
        (Pad(mode="circular", before=2, behind=1), TOKENS[:, [3, 4, 0, 1, 2, 3, 4, 0]]),
        (Pad(mode="replicate", axis="features"), TOKENS[:, :, [0, 1, 2, 2]]),
    ],
)
def test_numbers_are_arranged_as_indexing_says(node: NodeClass, expected: Tensor) -> None:
    torch.testing.assert_close(answer(node, (sequence(5, 3), TOKENS)), expected)


def test_both_pieces_of_a_split_make_up_the_value() -> None:
    first, rest = answers(Split(axis="height", at=2), (image(3, 6, 7), IMAGES))
    torch.testing.assert_close(first, IMAGES[:, :, :2])
    torch.testing.assert_close(torch.cat((first, rest), dim=2), IMAGES)


def test_a_crop_to_another_image_keeps_the_middle() -> None:
    found = answer(CenterCrop(), (image(3, 6, 7), IMAGES), (image(1, 3, 4), torch.rand(2, 1, 3, 4)))
    torch.testing.assert_close(found, IMAGES[:, :, 1:4, 1:5])


def test_vectors_become_the_tokens_of_a_sequence() -> None:
    one, two = TOKENS[:, 0], TOKENS[:, 1]
    torch.testing.assert_close(answer(Stack(), (vector(3), one), (vector(3), two)), TOKENS[:, :2])


def test_images_become_the_slices_of_a_volume() -> None:
    found = answer(Stack(axis="depth"), (image(3, 6, 7), IMAGES), (image(3, 6, 7), -IMAGES))
    torch.testing.assert_close(found[:, :, 1], -IMAGES)


def test_an_axis_of_one_comes_goes_and_is_stretched() -> None:
    row = answer(Unsqueeze(), (vector(3), TOKENS[:, 0]))
    torch.testing.assert_close(answer(Squeeze(), (sequence(1, 3), row)), TOKENS[:, 0])
    torch.testing.assert_close(answer(Expand(size=4), (sequence(1, 3), row))[:, 3], TOKENS[:, 0])


def test_padding_with_a_constant_holds_that() -> None:
    found = answer(Pad(axis="features", before=1, behind=2, value=-1.0), (image(3, 6, 7), IMAGES))
    torch.testing.assert_close(found[:, 1:4], IMAGES)
    assert (found[:, [0, 4, 5]] == -1).all()


@pytest.mark.parametrize(
    ("node", "arriving", "leaving"),
    [
        (Select(axis="features"), image(3, 8, 9), Shape(("H", "W"), (8, 9))),
        (Select(axis="height"), image(3, 8, 9), Shape(("C", "L"), (3, 9))),
        (Select(), sequence("T", 4), vector(4)),
        (Select(), tokens("T"), LABEL),
        (Slice(axis="length", start=2), sequence("T", 4), sequence("T-2", 4)),
        (Transpose(first="height", second="width"), image(3, 8, 9), image(3, 9, 8)),
        (Transpose(), sequence("T", 4), Shape(("C", "L"), (4, "T"))),
        (Unsqueeze(axis="features"), Shape(("H", "W"), (8, 9)), image(1, 8, 9)),
    ],
)
def test_what_is_left_is_called_by_the_kind_that_people_know(node: Any, arriving: Shape, leaving: Shape) -> None:
    assert node.infer(arriving) == leaving


@pytest.mark.parametrize(
    ("node", "shapes", "sentence", "repair"),
    [
        (
            Slice(axis="height"),
            (vector(5),),
            "The vector 5 has no height.",
            Assign("axis", "features", "Set axis to features"),
        ),
        (Slice(start=7), (vector(5),), "From 7 to 0 there is none of 5 places.", Assign("start", 0, "Set start to 0")),
        (
            Select(index=9),
            (sequence(7, 4),),
            "There is no place 9 among 7; they count from 0.",
            Assign("index", -1, "Set index to -1, the last"),
        ),
        (Split(at=8), (vector(6),), "Cutting 6 places after 8 leaves no rest.", Assign("at", 3, "Set at to 3")),
        (
            CenterCrop(),
            (image(3, 4, 5), image(3, 6, 2)),
            "An image of 4×5 has no middle of 6×2.",
            Insert("Resize", "Insert Resize to 6×2", {"size": (6, 2)}),
        ),
        (
            Squeeze(axis="height"),
            (image(1, 8, 9),),
            "The height has 8 places; only one of size 1 can go.",
            Assign("axis", "features", "Leave out the features"),
        ),
        (
            Stack(axis="height"),
            (vector(5),),
            "No kind of value is the vector 5 with a further height.",
            Assign("axis", "length", "Set axis to length"),
        ),
    ],
)
def test_what_cannot_be_is_said_and_mended(node: Any, shapes: tuple[Shape, ...], sentence: str, repair: Any) -> None:
    with pytest.raises(Mismatch) as refused:
        node.infer(*shapes)
    assert refused.value.message == sentence
    assert refused.value.repairs[0] == repair


def test_a_slice_prints_as_python_slices() -> None:
    node = Slice(axis="height", start=1, stop=-1, step=2)
    built = node.build(*values_for(Slice.inputs(), {"values": (image(3, 8, 9),)}))
    assert Printer({("values", 0): "values"}, str).text(built) == "values[:, :, 1:-1:2]"
