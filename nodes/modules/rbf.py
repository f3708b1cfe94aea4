"""The output layer of LeNet-5: distances to fixed patterns (LeCun et al. 1998, section II.B, equation 7)."""

import random

import torch
from torch import Tensor, nn

DIGITS = (
    ".#####. ##...## ##...## ##...## ##...## ##...## ##...## ##...## ##...## ##...## ##...## .#####.",
    "...##.. ..###.. .####.. ...##.. ...##.. ...##.. ...##.. ...##.. ...##.. ...##.. ...##.. .######",
    ".#####. ##...## ##...## .....## .....## ....##. ...##.. ..##... .##.... ##..... ##..... #######",
    ".#####. ##...## .....## .....## .....## ..####. .....## .....## .....## .....## ##...## .#####.",
    "....##. ...###. ...###. ..####. ..#.##. .##.##. ##..##. ##..##. ####### ....##. ....##. ....##.",
    "####### ##..... ##..... ##..... ######. ##...## .....## .....## .....## .....## ##...## .#####.",
    "..####. .##.... ##..... ##..... ##..... ######. ##...## ##...## ##...## ##...## ##...## .#####.",
    "####### .....## .....## ....##. ....##. ...##.. ...##.. ...##.. ..##... ..##... ..##... ..##...",
    ".#####. ##...## ##...## ##...## ##...## .#####. ##...## ##...## ##...## ##...## ##...## .#####.",
    ".#####. ##...## ##...## ##...## ##...## ##...## .###### .....## .....## .....## ....##. .####..",
)
"""Each digit as 12 rows of 7 pixels."""


class RBFOutput(nn.Module):
    """Negated squared distances to one fixed pattern of ±1 for each class; nothing is learned.

    (batch, features) -> (batch, classes)

    The paper draws digits on 7 × 12 pixels, which takes 84 features; for any other number the patterns are random
    but the same each time.
    """

    centres: Tensor

    def __init__(self, features: int = 84, classes: int = 10) -> None:
        super().__init__()
        drawn = features == 84 and classes <= len(DIGITS)
        rows = _drawn(classes) if drawn else _random(features, classes)
        self.register_buffer("centres", torch.tensor(rows))

    def forward(self, values: Tensor) -> Tensor:
        return -(values.unsqueeze(1) - self.centres).square().sum(dim=2)


def _drawn(classes: int) -> list[list[float]]:
    return [[1.0 if pixel == "#" else -1.0 for pixel in rows.replace(" ", "")] for rows in DIGITS[:classes]]


def _random(features: int, classes: int) -> list[list[float]]:
    source = random.Random(f"{features} {classes}")
    return [[source.choice((-1.0, 1.0)) for _ in range(features)] for _ in range(classes)]
