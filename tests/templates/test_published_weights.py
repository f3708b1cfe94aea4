"""Every network of the literature has exactly the weights that were published."""

from typing import Any

import pytest

from studio.compiler.check import check
from studio.core.catalog import catalog
from studio.core.project import Project
from templates.denoiser import UNet

PUBLISHED: list[tuple[str, dict[str, Any], int]] = [
    ("lenet5", {"variant": "paper"}, 60_000),
    ("lenet5", {"variant": "common"}, 61_706),
    ("alexnet", {"variant": "2012"}, 60_965_224),
    ("alexnet", {"variant": "2012-ungrouped"}, 62_378_344),
    ("alexnet", {"variant": "torchvision"}, 61_100_840),
    ("zfnet", {}, 62_357_608),
    ("vgg", {"depth": 11}, 132_863_336),
    ("vgg", {"depth": 13}, 133_047_848),
    ("vgg", {"depth": 16}, 138_357_544),
    ("vgg", {"depth": 19}, 143_667_240),
    ("vgg", {"depth": 16, "batch_norm": True}, 138_365_992),
    ("vgg", {"variant": "C"}, 133_638_952),
    ("googlenet", {"variant": "paper"}, 6_998_552),
    ("googlenet", {"variant": "paper", "aux": True}, 13_378_280),
    ("googlenet", {"variant": "torchvision"}, 6_624_904),
    ("googlenet", {"variant": "torchvision", "aux": True}, 13_004_888),
    ("resnet", {"depth": 18}, 11_689_512),
    ("resnet", {"depth": 34}, 21_797_672),
    ("resnet", {"depth": 50}, 25_557_032),
    ("resnet", {"depth": 101}, 44_549_160),
    ("resnet", {"depth": 152}, 60_192_808),
]


@pytest.mark.parametrize(("template", "settings", "weights"), PUBLISHED, ids=str)
def test_the_paper_preset_has_the_published_weights(template: str, settings: dict[str, Any], weights: int) -> None:
    diagnosis = check(catalog().make_project(template, preset="paper", settings=settings))
    assert diagnosis.problems == ()
    (network,) = diagnosis.networks.values()
    assert network.weights == weights
    classes = 10 if template == "lenet5" else 1000
    assert [shape.sizes for shape in network.answers.values()] == [(classes,)]


SEVERAL: list[tuple[str, dict[str, Any], tuple[str, ...], int]] = [
    ("vae", {}, ("Encoder", "Decoder"), 652_824),
    ("diffusion", {}, ("Denoiser",), 35_746_307),
    ("latent-diffusion", {"factor": 8}, ("Encoder", "Decoder"), 83_653_863),
    ("latent-diffusion", {"codes": "table"}, ("Encoder", "Codebook", "Decoder"), 55_322_782),
    ("latent-diffusion", {}, ("Denoiser",), 274_056_163),
    ("conditional-diffusion", {}, ("Denoiser",), 400_920_579),
]


@pytest.mark.parametrize(("template", "settings", "networks", "weights"), SEVERAL, ids=str)
def test_networks_among_several_have_the_published_weights(
    template: str, settings: dict[str, Any], networks: tuple[str, ...], weights: int
) -> None:
    diagnosis = check(catalog().make_project(template, preset="paper", settings=settings))
    assert diagnosis.problems == ()
    assert sum(diagnosis.networks[name].weights for name in networks) == weights


@pytest.mark.parametrize(("features", "weights"), [(768, 859_520_964), (1280, 872_300_484)])
def test_the_u_nets_that_are_told_a_text_have_the_published_weights(features: int, weights: int) -> None:
    """Rombach et al. 2022: 77 tokens of a text, of 1,280 features or, later, of 768 as CLIP has them."""
    unet = UNet(
        4, 32, 320, multiples=(1, 2, 4, 4), attended=(0, 1, 2), heads="=8", condition="tokens", tokens=(77, features)
    )
    diagnosis = check(Project(graphs=unet.graphs("Denoiser"), variables={"width": unet.width}))
    assert diagnosis.networks["Denoiser"].weights == weights


IMAGE, PATCHES = (3, 256, 256), (1, 30, 30)
ADVERSARIES: dict[str, dict[str, tuple[int, tuple[int, ...]]]] = {
    "dcgan": {"Generator": (3_576_704, (3, 64, 64)), "Discriminator": (2_765_568, (1,))},
    "pix2pix": {"Generator": (54_413_955, IMAGE), "Discriminator": (2_768_705, PATCHES)},
    "cyclegan": {
        **dict.fromkeys(("A to B", "B to A"), (11_378_179, IMAGE)),
        **dict.fromkeys(("Critic of A", "Critic of B"), (2_764_737, PATCHES)),
    },
}


@pytest.mark.parametrize("template", ADVERSARIES)
def test_players_have_the_published_weights_and_answer_in_the_published_sizes(template: str) -> None:
    diagnosis = check(catalog().make_project(template, preset="paper"))
    assert diagnosis.problems == ()
    found = {
        name: (network.weights, next(iter(network.answers.values())).sizes)
        for name, network in diagnosis.networks.items()
    }
    assert found == ADVERSARIES[template]
