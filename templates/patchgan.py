"""The discriminator of pix2pix and CycleGAN, which judges every patch of an image by itself."""

from __future__ import annotations

from nodes.activation import LeakyReLU
from nodes.combine import Concatenate
from nodes.convolution import Conv2d
from nodes.inputs import Input, Output
from nodes.instance_norm import InstanceNorm2d
from nodes.norm import BatchNorm2d
from studio.core.builder import Added, GraphBuilder
from studio.core.graph import Graph

MOST = 8
"""The filters grow to so many times those of the first layer."""


def patchgan(channels: int, size: int, *, layers: int, given: int = 0, instance_norm: bool = False) -> Graph:
    """Scores of overlapping patches, of 70 pixels a side with three halving layers.

    ``given`` are the channels of what the image was made of, which is then judged with it. The filters are
    counted in the variable ``critic_width``.
    """
    net = GraphBuilder()
    if given:
        seen = net.add(Input(kind="image", sizes=(given, size, size)), name="Given")
        image = net.add(Input(kind="image", sizes=(channels, size, size)), name="Image")
        maps = net.add(Concatenate(), seen, image, name="Both")
    else:
        maps = net.add(Input(kind="image", sizes=(channels, size, size)), name="Image")
    maps = net.add(_convolution(2), maps, name="Conv 1", filters="=critic_width")
    maps = _leaky(net, maps, 1)
    for number in range(2, layers + 2):
        step = _convolution(2 if number <= layers else 1, bias=instance_norm)
        filters = f"=critic_width*{min(2 ** (number - 1), MOST)}"
        maps = net.add(step, maps, name=f"Conv {number}", filters=filters)
        maps = net.add(InstanceNorm2d() if instance_norm else BatchNorm2d(), maps, name=f"Norm {number}")
        maps = _leaky(net, maps, number)
    net.add(Output(), net.add(_convolution(1, filters=1), maps, name=f"Conv {layers + 2}"), name="Scores")
    return net.graph()


def _convolution(stride: int, *, bias: bool = True, filters: int = 64) -> Conv2d:
    return Conv2d(kernel=4, stride=stride, padding=1, bias=bias, filters=filters)


def _leaky(net: GraphBuilder, maps: Added, number: int) -> Added:
    return net.add(LeakyReLU(negative_slope=0.2), maps, name=f"Leaky ReLU {number}")
