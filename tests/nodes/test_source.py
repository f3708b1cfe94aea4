"""What nodes build prints as an expert would write it."""

import pytest

from nodes.activation import ScaledTanh, Softmax, Step
from nodes.attention import MultiHeadAttention
from nodes.bounded_activation import Hardtanh
from nodes.combine import Add, Concatenate, Flatten, Permute, Reshape, Unflatten
from nodes.convolution import Conv2d
from nodes.depthwise_convolution import DepthwiseConv2d
from nodes.dropout import Dropout
from nodes.gated_activation import GLU
from nodes.length_norm import L2Norm, RMSNorm
from nodes.linear import Linear
from nodes.norm import BatchNorm2d, LayerNorm, LayerNorm2d
from nodes.pooling import AvgPool2d, MaxPool2d
from nodes.pooling_adaptive import GlobalAvgPool2d
from nodes.pooling_power import LPPool2d
from nodes.rectifier import PReLU
from nodes.resize import PixelShuffle, Resize, Upsample
from nodes.sequence import LSTM
from nodes.transposed_convolution import ConvTranspose2d
from nodes.unfolding import Unfold2d
from nodes.unpooling import MaxPoolPlaces2d
from studio.compiler.printing import Printer
from studio.core.node_class import NodeClass, values_for
from studio.core.record import is_module
from studio.core.shape import Shape, image, sequence, vector

WRITTEN = [
    (Conv2d(filters=6, kernel=5, padding=2), (image(1, 28, 28),), "nn.Conv2d(1, 6, 5, padding=2)"),
    (Conv2d(kernel=(3, 3), stride=(1, 1)), (image(3, 9, 9),), "nn.Conv2d(3, 16, 3)"),
    (Conv2d(kernel=(3, 5), bias=False), (image(3, 9, 9),), "nn.Conv2d(3, 16, (3, 5), bias=False)"),
    (ConvTranspose2d(), (image(8, 9, 9),), "nn.ConvTranspose2d(8, 16, 2, stride=2)"),
    (DepthwiseConv2d(padding=1), (image(8, 9, 9),), "nn.Conv2d(8, 8, 3, groups=8, padding=1)"),
    (MaxPool2d(), (image(8, 9, 9),), "nn.MaxPool2d(2)"),
    (MaxPool2d(window=3, stride=2), (image(8, 9, 9),), "nn.MaxPool2d(3, stride=2)"),
    (AvgPool2d(window=2, stride=2), (image(8, 9, 9),), "nn.AvgPool2d(2)"),
    (GlobalAvgPool2d(), (image(8, 9, 9),), "image.mean(dim=(2, 3))"),
    (Upsample(), (image(8, 9, 9),), "nn.Upsample(scale_factor=2)"),
    (Resize(size=7), (image(8, 9, 9),), 'nn.Upsample(size=(7, 7), mode="bilinear")'),
    (Linear(bias=False), (vector(84),), "nn.Linear(84, 10, bias=False)"),
    (Linear(weight_norm="weight"), (vector(84),), "nn.utils.parametrizations.weight_norm(nn.Linear(84, 10))"),
    (Conv2d(weight_norm="spectral"), (image(3, 9, 9),), "nn.utils.parametrizations.spectral_norm(nn.Conv2d(3, 16, 3))"),
    (Flatten(), (image(8, 9, 9),), "nn.Flatten()"),
    (Unflatten(), (vector(784),), "nn.Unflatten(1, (1, 28, 28))"),
    (Reshape(), (vector(784),), "values.reshape(-1, 1, 28, 28)"),
    (Permute(), (sequence(7, 4),), "values.permute(0, 2, 1)"),
    (Add(), (vector(4), vector(4), vector(4)), "values + values_1 + values_2"),
    (Concatenate(), (vector(4), vector(4)), "torch.cat((values, values_1), dim=1)"),
    (Concatenate(), (sequence(7, 4), sequence(7, 4)), "torch.cat((values, values_1), dim=2)"),
    (ScaledTanh(), (vector(4),), "1.7159 * torch.tanh(values * 2 / 3)"),
    (Step(), (vector(4),), "(values >= 0).float()"),
    (Softmax(), (sequence(7, 4),), "nn.Softmax(dim=-1)"),
    (Softmax(), (image(7, 4, 4),), "nn.Softmax(dim=1)"),
    (BatchNorm2d(), (image(8, 9, 9),), "nn.BatchNorm2d(8)"),
    (LayerNorm(eps=1e-12), (sequence("T", 64),), "nn.LayerNorm(64, eps=1e-12)"),
    (LayerNorm(axes=2, affine=False), (image(3, 4, 5),), "nn.LayerNorm((4, 5), elementwise_affine=False)"),
    (LayerNorm2d(), (image(3, 4, 5),), "nn.LayerNorm(3, eps=1e-06)(image.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)"),
    (RMSNorm(), (sequence("T", 8),), "nn.RMSNorm(8, eps=1e-06)"),
    (L2Norm(learn_scale=False, scale=1.0), (vector(8),), "F.normalize(values, dim=1)"),
    (Softmax(axis="height"), (image(7, 4, 4),), "nn.Softmax(dim=2)"),
    (PReLU(), (vector(4),), "nn.PReLU()"),
    (PReLU(each_channel=True, init=0.1), (image(7, 4, 4),), "nn.PReLU(7, init=0.1)"),
    (Hardtanh(), (vector(4),), "nn.Hardtanh()"),
    (Hardtanh(lowest=0.0, highest=6.0), (vector(4),), "nn.Hardtanh(0.0, 6.0)"),
    (GLU(), (sequence("T", 8),), "nn.GLU(dim=-1)"),
    (GLU(gate="SiLU"), (vector(8),), "values.chunk(2, dim=1)[0] * F.silu(values.chunk(2, dim=1)[1])"),
    (PixelShuffle(factor=3), (image(9, 4, 4),), "nn.PixelShuffle(3)"),
    (LPPool2d(window=3, stride=2), (image(9, 4, 4),), "nn.LPPool2d(2.0, 3, stride=2)"),
    (MaxPoolPlaces2d(), (image(9, 4, 4),), "nn.MaxPool2d(2, return_indices=True)(image)[0]"),
    (Unfold2d(kernel=(2, 3)), (image(9, 4, 4),), "nn.Unfold((2, 3))"),
    (Dropout(), (vector(4),), "nn.Dropout(0.5)"),
    (LSTM(features=20), (sequence("T", 10),), "nn.LSTM(10, 20, batch_first=True)(sequence)[0]"),
    (
        MultiHeadAttention(heads=4),
        (sequence("T", 16),),
        "nn.MultiheadAttention(16, 4, batch_first=True)(query, query, query, need_weights=False)[0]",
    ),
]


@pytest.mark.parametrize(("node", "shapes", "text"), WRITTEN, ids=[row[2] for row in WRITTEN])
def test_a_node_builds_what_an_expert_would_write(node: NodeClass, shapes: tuple[Shape, ...], text: str) -> None:
    ports = type(node).inputs()
    arriving = {ports[0].name: shapes}
    built = node.build(*values_for(ports, arriving))
    first = built[0] if isinstance(built, tuple) else built
    names = {(ports[0].name, at): f"{ports[0].name}_{at}" if at else ports[0].name for at in range(len(shapes))}
    printer = Printer(names, lambda construction: construction)
    assert is_module(first) == (text.startswith("nn.") and ")(" not in text)
    assert printer.text(first) == text
