"""Draws the first weights of a network anew, from a normal distribution with one deviation for all its layers."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.modules.batchnorm import _NormBase
from torch.nn.modules.conv import _ConvNd

MULTIPLYING = (_ConvNd, nn.Linear, nn.Bilinear)
NORMS = (_NormBase, nn.GroupNorm, nn.LayerNorm)


@torch.no_grad()
def draw_normal(network: nn.Module, deviation: float) -> list[str]:
    """Draw weights about 0, and gains of norms about 1, and let biases be 0; answers what was drawn, by name.

    So DCGAN, pix2pix and CycleGAN begin, and AlexNet did but for some biases. All else stays as fresh as it is:
    embeddings, recurrent layers, and the layers of our own.
    """
    drawn = []
    for name, module in network.named_modules():
        if not isinstance(module, (*MULTIPLYING, *NORMS)):
            continue
        own = dict(module.named_parameters(recurse=False))
        if "weight" in own:
            mean = 1.0 if isinstance(module, NORMS) else 0.0
            drawn_here = torch.empty(own["weight"].shape, device="cpu").normal_(mean, deviation)
            own["weight"].copy_(drawn_here)  # so that a seed gives the same weights on every device
        if "bias" in own:
            nn.init.zeros_(own["bias"])
        drawn += [f"{name}.{each}" if name else each for each in own if each in ("weight", "bias")]
    return drawn
