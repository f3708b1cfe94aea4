"""Multi-task learning: what the trunk learns is the weighted sum of what each question alone would teach it."""

import pytest
import torch
from torch import Tensor, nn

from studio.compiler.check import check
from studio.core.catalog import catalog
from studio.core.project import Project
from studio.engine.build import build
from templates.multi_task import NETWORK, OBJECTIVE

WEIGHTS = {"scene_weight": 0.7, "instance_weight": 1.5, "depth_weight": 4.0}
TRUNK = ("stage_1", "stage_2", "stage_3", "stage_4", "stage_5", "fc_6", "fc_7")
SMALL = {"width": 2, "layers": 11, "samples": 8}


def gradients(project: Project) -> dict[str, Tensor]:
    """Of the weights of the network, each from the same start and the same eight scenes, in float64."""
    torch.manual_seed(5)
    built = build(project)
    objective: nn.Module = built.objectives[OBJECTIVE].double()
    batch = {
        name: torch.randn(8, *shape, dtype=torch.float64) if shape[0] in (1, 3) else torch.randint(5, (8, *shape))
        for name, shape in {"image": (3, 32, 32), "scene": (32, 32), "instance": (32, 32), "depth": (1, 32, 32)}.items()
    }
    objective(**batch)["loss"].backward()
    return {name: weight.grad for name, weight in built.networks[NETWORK].named_parameters() if weight.grad is not None}


def test_the_gradient_of_the_trunk_is_the_weighted_sum_of_those_of_the_tasks() -> None:
    make = catalog().make_project
    together = gradients(make("multi-task", settings={**SMALL, **WEIGHTS}))
    alone = [
        gradients(make("multi-task", settings={**SMALL, **dict.fromkeys(WEIGHTS, 0.0), task: 1.0})) for task in WEIGHTS
    ]
    trunk = [name for name in together if name.startswith(TRUNK)]
    assert len(trunk) > 20
    for name in trunk:
        weighted = sum(weight * each[name] for weight, each in zip(WEIGHTS.values(), alone, strict=True))
        assert torch.allclose(together[name], torch.as_tensor(weighted), rtol=1e-9, atol=1e-12)
        assert all(each[name].abs().max() > 0 for each in alone)


def test_a_head_learns_from_its_own_loss_alone() -> None:
    depth = gradients(
        catalog().make_project("multi-task", settings={**SMALL, "scene_weight": 0.0, "instance_weight": 0.0})
    )
    for name, gradient in depth.items():
        if "head" in name:
            assert bool(gradient.abs().max() > 0) == name.startswith("depth_head"), name


@pytest.mark.parametrize("maps", [{"Scene": 5, "Instance": 9, "Depth": 1}])
def test_the_paper_preset_is_fcn_8s_on_vgg_16_with_three_heads(maps: dict[str, int]) -> None:
    """With one head of 21 maps it has 134,489,759 weights; the trunk is what the head does not account for."""
    (report,) = check(catalog().make_project("multi-task", preset="paper")).networks.values()
    heads = {count: 4_867 * count + 288 * count**2 for count in (*maps.values(), 21)}
    assert report.weights == 134_489_759 - heads[21] + sum(heads[count] for count in maps.values())
    assert {name: shape.sizes for name, shape in report.answers.items()} == {
        name: (count, 224, 224) for name, count in maps.items()
    }
