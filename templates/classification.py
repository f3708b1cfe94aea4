"""What networks that name what they see are trained on, and how they are judged."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.activation import ReLU
from nodes.combine import Flatten
from nodes.data.digits import Digits
from nodes.data.image_folder import ImageFolder
from nodes.dropout import Dropout
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import Accuracy, CrossEntropy, TopK
from studio.core.builder import Added, GraphBuilder, node_of
from studio.core.dataset import ImageDataset
from studio.core.node_class import Metric
from studio.core.project import Stage, Training

Images = Annotated[Literal["digits", "photos"], "grey digits, or colour photos in a folder"]

DIGITS = 28
"""Side of the digits that the studio brings."""


def image_input(images: str, size: int) -> Input:
    """Where an image of this side enters."""
    return Input(kind="image", sizes=(3 if images == "photos" else 1, size, size))


def classifier(net: GraphBuilder, maps: Added, *, units: str, classes: int, drop_first: bool = False) -> None:
    """Two wide layers and a score for each class.

    Half of what leaves the two is set to zero while training, or of what enters them (``drop_first``).
    """
    seen: Added = net.add(Flatten(), maps)
    for number in (6, 7):
        if drop_first:
            seen = net.add(Dropout(), seen, name=f"Dropout {number}")
        seen = net.add(Linear(), seen, name=f"FC {number}", features=units)
        seen = net.add(ReLU(), seen, name=f"ReLU {number}")
        if not drop_first:
            seen = net.add(Dropout(), seen, name=f"Dropout {number}")
    net.add(Output(), net.add(Linear(features=classes), seen, name="FC 8"), name="Scores")


def images_of(images: str, size: int) -> ImageDataset:
    """The images, each with the number of its class, varied while training."""
    if images == "photos":
        return ImageFolder(folder="imagenet", resize=size, normalise="z-score", flip=True)
    resize = 0 if size in (DIGITS, DIGITS + 4) else size
    pad = 2 if size == DIGITS + 4 else 0
    return Digits(resize=resize, pad=pad, normalise="z-score", rotate=10.0, shift=1.0, zoom=0.1)


def metrics_of(images: str) -> tuple[Metric, ...]:
    """What a person judges by: whether the best guess is right, and of photos whether one of the best five is."""
    return (Accuracy(), TopK(k=5)) if images == "photos" else (Accuracy(),)


def training_of(images: str, *, fast: Stage, published: Stage, batch: int) -> Training:
    """Digits are learned in batches of 64, fast; photos as published."""
    photos = images == "photos"
    return Training(
        batch=batch if photos else 64,
        loss=node_of(CrossEntropy()),
        metrics=tuple(map(node_of, metrics_of(images))),
        stages=(published if photos else fast,),
    )
