"""Networks of torchvision with random weights, and ours that should answer the same with them."""

from __future__ import annotations

import math
from typing import Any

import torch
import torchvision
from torch import Tensor, nn

from studio.core.catalog import catalog
from studio.core.project import Project
from studio.exporters.subject import Subject

PEERS = {
    peer: (name, settings)
    for name, template in catalog().templates.items()
    for peer, settings in template.torchvision.items()
}
"""Template and settings by the name that torchvision has for the network."""

SMALL = 64
"""Side of an image that is enough for networks which pool to a size of their own; VGG here takes 224 alone."""

POOL = torch.randn(1 << 18, generator=torch.Generator().manual_seed(3))


def project(peer: str, **more: Any) -> Project:
    template, settings = PEERS[peer]
    return catalog().make_project(template, preset="paper", settings={**settings, **more})


def torchvisions(peer: str) -> nn.Module:
    """The network of torchvision with random weights and running statistics, ready to predict.

    Drawing a hundred million numbers takes seconds, so each tensor takes its own stretch of a quarter of a million.
    """
    options = {"init_weights": False} if peer == "googlenet" else {}
    with torch.device("meta"):
        made: nn.Module = torchvision.models.get_model(peer, weights=None, **options)
    made.to_empty(device="cpu").eval()
    for at, (name, values) in enumerate(made.state_dict().items()):
        drawn = torch.roll(POOL, 7919 * at).repeat(-(-values.numel() // len(POOL)))[: values.numel()].view_as(values)
        if name.endswith("num_batches_tracked"):
            values.zero_()
        elif name.endswith("running_var"):
            values.copy_(drawn.abs() + 0.5)
        elif values.ndim == 1:
            values.copy_(0.1 * drawn + float(name.endswith("weight")))
        else:
            values.copy_(drawn * math.sqrt(2 / values[0].numel()))
    return made


def ours(peer: str) -> Subject:
    """Our network of the same form, whose weights are not set yet."""
    settings = {} if peer.startswith("vgg") else {"size": SMALL}
    made = project(peer, **settings)
    with torch.device("meta"):
        subject = Subject.of(made, made.network_called(None))
    subject.module.to_empty(device="cpu")
    return subject


def images(subject: Subject, count: int = 1) -> Tensor:
    (shape,) = subject.inputs.values()
    return torch.randn(count, *map(int, shape.sizes), generator=torch.Generator().manual_seed(4))


def close(answer: Tensor, expected: Tensor) -> None:
    """Raises AssertionError where outputs differ by more than 1e-5 of the largest of them."""
    scale = float(expected.abs().max())
    assert math.isfinite(scale)
    torch.testing.assert_close(answer / scale, expected / scale, rtol=0, atol=1e-5)
