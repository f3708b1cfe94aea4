"""Layers that torch.nn lacks, and those whose meaning their settings change, against a computation by hand."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.ops import SqueezeExcitation as TorchvisionSqueezeExcitation

import studio
from nodes.activation import Softmax
from nodes.gated_activation import GLU
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.locally_connected import LocallyConnected2d
from nodes.modules.drop_path import DropPath
from nodes.modules.gaussian_noise import GaussianNoise
from nodes.modules.l2_norm import L2Norm
from nodes.modules.locally_connected import LocallyConnected2d as LocallyConnected
from nodes.modules.squeeze_excitation import SqueezeExcitation
from nodes.norm import LayerNorm2d, LocalResponseNorm
from nodes.unfolding import Fold2d, Unfold2d
from nodes.unpooling import MaxPoolPlaces2d, MaxUnpool2d
from studio.compiler.ports import node_class
from studio.compiler.results import count
from studio.core.builder import GraphBuilder
from studio.core.catalog import catalog
from studio.core.node_class import NodeClass, values_for
from studio.core.project import Project
from studio.core.record import Value
from studio.core.shape import Shape, image, vector
from tests.contracts.evaluate import Evaluation


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def answers(node: NodeClass, *arriving: Tensor) -> Any:
    """What the PyTorch that a node stands for makes of these batches of images, signals or vectors."""
    ports = [port.name for port in type(node).inputs()]
    axes = {1: ("D",), 2: ("C", "L"), 3: ("C", "H", "W")}
    shapes = {
        port: (
            Shape(axes[values.dim() - 1], tuple(values.shape[1:]), "float" if values.is_floating_point() else "int"),
        )
        for port, values in zip(ports, arriving, strict=False)
    }
    evaluation = Evaluation({(port, 0): values for port, values in zip(ports, arriving, strict=False)})
    built = node.build(*values_for(type(node).inputs(), shapes))
    found = [evaluation.output(each) for each in (built if isinstance(built, tuple) else (built,))]
    return found if len(found) > 1 else found[0]


def test_drop_path_erases_whole_samples_and_enlarges_the_others() -> None:
    values = torch.ones(4000, 2, 3)
    result = DropPath(0.25)(values)
    torch.testing.assert_close(result.unique(), torch.tensor([0, 1 / 0.75]))
    kept = (result != 0).flatten(1)
    assert torch.equal(kept.all(dim=1), kept.any(dim=1)), "a sample is dropped as a whole"
    assert kept[:, 0].float().mean().item() == pytest.approx(0.75, abs=0.03)


@pytest.mark.parametrize("layer", [DropPath(0.5), GaussianNoise(0.5)], ids=["drop path", "noise"])
def test_what_disturbs_training_does_nothing_afterwards(layer: nn.Module) -> None:
    values = torch.rand(50, 6)
    assert not torch.equal(layer(values), values)
    assert torch.equal(layer.eval()(values), values)


def test_noise_has_the_deviation_that_is_asked_for_and_no_mean() -> None:
    noise = GaussianNoise(0.3)(torch.zeros(200_000))
    assert noise.std().item() == pytest.approx(0.3, rel=0.02)
    assert noise.mean().item() == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(("sizes", "dim"), [((2, 5, 3, 4), 1), ((2, 5), 1), ((2, 3, 5), -1)])
def test_vectors_leave_with_the_length_that_the_scale_says(sizes: tuple[int, ...], dim: int) -> None:
    layer = L2Norm(5, scale=20.0, dim=dim)
    lengths = layer(torch.randn(sizes)).norm(dim=dim)
    torch.testing.assert_close(lengths, torch.full_like(lengths, 20.0))


def test_squeeze_and_excitation_is_that_of_torchvision_with_its_weights() -> None:
    ours = SqueezeExcitation(8, 2, activation="SiLU", gate="Hardsigmoid")
    theirs = TorchvisionSqueezeExcitation(8, 2, activation=nn.SiLU, scale_activation=nn.Hardsigmoid)
    theirs.load_state_dict(ours.state_dict())
    images = torch.randn(2, 8, 5, 6)
    torch.testing.assert_close(ours(images), theirs(images))


def test_the_local_response_norm_of_alexnet_is_the_formula_of_its_paper() -> None:
    """Its alpha of 1e-4 is not divided by the five channels; ours is, so it is five times as large."""
    images = 30 * torch.rand(2, 8, 3, 3)
    result = answers(LocalResponseNorm(size=5, alpha=5e-4, beta=0.75, k=2.0), images)
    for channel in range(8):
        near = images[:, max(0, channel - 2) : channel + 3].square().sum(dim=1)
        torch.testing.assert_close(result[:, channel], images[:, channel] / (2 + 1e-4 * near) ** 0.75)


def test_a_layer_norm_of_images_takes_each_pixel_by_itself() -> None:
    images = torch.randn(2, 6, 3, 4)
    result = answers(LayerNorm2d(), images)
    torch.testing.assert_close(result.mean(dim=1), torch.zeros(2, 3, 4), atol=1e-6, rtol=0)
    torch.testing.assert_close(result.var(dim=1, unbiased=False), torch.ones(2, 3, 4), atol=1e-4, rtol=0)


@pytest.mark.parametrize(("axis", "dim"), [("classes", 1), ("channels", 1), ("height", 2), ("width", 3)])
def test_shares_sum_to_one_along_the_chosen_axis(axis: Any, dim: int) -> None:
    shares = answers(Softmax(axis=axis), torch.randn(2, 3, 4, 5)).sum(dim=dim)
    torch.testing.assert_close(shares, torch.ones_like(shares))


@pytest.mark.parametrize(
    ("gate", "function"), [("sigmoid", torch.sigmoid), ("SiLU", F.silu), ("GELU", F.gelu), ("ReLU", F.relu)]
)
def test_the_second_half_gates_the_first(gate: Any, function: Any) -> None:
    values = torch.randn(3, 8)
    torch.testing.assert_close(answers(GLU(gate=gate), values), values[:, :4] * function(values[:, 4:]))


def test_responses_go_back_to_where_pooling_found_them() -> None:
    images = torch.rand(2, 3, 7, 9)
    pooled, places = answers(MaxPoolPlaces2d(), images)
    back = answers(MaxUnpool2d(), pooled, places, images)
    assert back.shape == images.shape
    torch.testing.assert_close(back[back != 0], images[back != 0])
    assert int((back != 0).sum()) == pooled.numel()


@pytest.mark.parametrize("form", ["weight", "spectral"])
def test_a_layer_in_another_form_is_written_by_wrapping_it_and_has_the_weights_it_declares(form: Any) -> None:
    graph = GraphBuilder()
    values = graph.add(Input(kind="vector", sizes=(6,)), name="Values")
    graph.add(Output(), graph.add(Linear(features=4, weight_norm=form), values, name="Scores"), name="Answer")
    network = studio.build_network(Project(name="Normed", graphs={"Network": graph.graph()}))
    declared = Linear(features=4, weight_norm=form).weights(vector(6))
    assert {f"scores.{name}": shape for name, shape in declared.items()} == {
        name: tuple(weight.shape) for name, weight in network.named_parameters()
    }
    assert network(torch.randn(3, 6)).shape == (3, 4)


def test_spectral_norm_keeps_the_largest_gain_at_one() -> None:
    layer = Evaluation({}).value(Linear(features=8, weight_norm="spectral").build(Value("values", vector(20))))
    for _ in range(30):
        layer(torch.randn(1, 20))
    assert torch.linalg.matrix_norm(layer.weight, 2).item() == pytest.approx(1, rel=0.02)


def test_windows_that_do_not_overlap_are_laid_back_as_they_were() -> None:
    images = torch.rand(2, 3, 6, 8)
    columns = answers(Unfold2d(kernel=2, stride=2), images)
    assert columns.shape == (2, 12, 12)
    assert torch.equal(answers(Fold2d(kernel=2, stride=2, size=(6, 8)), columns), images)


def test_a_locally_connected_layer_has_kernels_and_biases_for_each_of_its_places() -> None:
    assert count(LocallyConnected2d(filters=4).weights(image(1, 28, 28))) == 26 * 26 * 4 * (3 * 3 + 1) == 27_040


@pytest.mark.parametrize(("stride", "padding"), [((1, 1), (0, 0)), ((2, 1), (1, 2))])
def test_a_locally_connected_layer_with_equal_kernels_is_a_convolution(stride: Any, padding: Any) -> None:
    convolution = nn.Conv2d(3, 5, (3, 2), stride=stride, padding=padding)
    local = LocallyConnected(3, 5, (9, 8), (3, 2), stride, padding)
    assert local.bias is not None
    with torch.no_grad():
        local.weight.copy_(convolution.weight.expand_as(local.weight))
        local.bias.copy_(convolution.bias[:, None, None].expand_as(local.bias))
    images = torch.randn(4, 3, 9, 8)
    torch.testing.assert_close(local(images), convolution(images))


def test_each_place_of_a_locally_connected_layer_uses_its_own_kernel() -> None:
    """By hand: the window at row 2, column 3 against the kernels that stand there."""
    local, images = LocallyConnected(3, 5, (9, 8), (3, 2), (2, 1)), torch.randn(4, 3, 9, 8)
    assert local.bias is not None
    by_hand = torch.einsum("ncij,fcij->nf", images[:, :, 4:7, 3:5], local.weight[2, 3]) + local.bias[:, 2, 3]
    torch.testing.assert_close(local(images)[:, :, 2, 3], by_hand)


def test_a_class_that_shares_weights_has_all_settings_of_the_one_that_does_not() -> None:
    pairs = [(cls, node_class(cls.shared_form)) for cls in catalog().nodes.values() if cls.shared_form]
    assert pairs
    for cls, shared in pairs:
        assert shared is not None, cls.shared_form
        types = {setting.name: setting.type for setting in shared.settings()}
        assert all(types[setting.name] == setting.type for setting in cls.settings())
