"""Weights of torchvision come into our networks: by name or in order, every shape checked, answers equal."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from studio.compiler.source import network_source
from studio.core.problem import ProjectError
from studio.engine.build import build_network
from studio.engine.pretrained import load_pretrained, matched, read_weights
from studio.engine.published import Published
from tests.torchvisions import PEERS, close, images, ours, project, torchvisions


@pytest.mark.parametrize("peer", PEERS)
def test_every_weight_has_its_counterpart_of_the_same_shape(peer: str) -> None:
    with torch.device("meta"):
        mine = build_network(project(peer)).state_dict()
    others = Published.of(f"torchvision:{peer}").shapes()
    for given in (others, dict(sorted(others.items()))):
        pairs = matched(mine, given)
        assert {name for name, _ in pairs} == set(mine)
        assert {other for _, other in pairs} == set(others)
        assert all(mine[name].shape == others[other].shape for name, other in pairs)


@pytest.mark.parametrize("peer", ["alexnet", "googlenet", "resnet18", "resnet50", "resnet152", "vgg16", "vgg16_bn"])
def test_the_answers_are_those_of_torchvision(peer: str) -> None:
    other, subject = torchvisions(peer), ours(peer)
    assert load_pretrained(subject.module, other.state_dict()).complete
    seen = images(subject)
    with torch.no_grad():
        close(subject.module(seen), other(seen))


@pytest.mark.parametrize("ending", [".pth", ".safetensors"])
def test_files_of_both_kinds_are_read(ending: str, tmp_path: Path) -> None:
    other = torchvisions("resnet18")
    file = tmp_path / f"weights{ending}"
    if ending == ".pth":
        torch.save({"epoch": 3, "state_dict": other.state_dict()}, file)
    else:
        save_file(other.state_dict(), file)
    subject = ours("resnet18")
    assert load_pretrained(subject.module, read_weights(file)).complete
    seen = images(subject)
    with torch.no_grad():
        close(subject.module(seen), other(seen))


def test_other_classes_keep_fresh_weights_and_are_said() -> None:
    other, mine = torchvisions("resnet18"), build_network(project("resnet18", classes=7))
    before = mine.state_dict()["fc.weight"].clone()
    report = load_pretrained(mine, other.state_dict())
    assert report.refused == (
        "fc.weight is 7×512 here; fc.weight is 1000×512 in the file.",
        "fc.bias is 7 here; fc.bias is 1000 in the file.",
    )
    assert not report.complete
    assert len(report.loaded) == len(mine.state_dict()) - 2
    assert torch.equal(mine.state_dict()["fc.weight"], before)
    assert torch.equal(mine.state_dict()["conv1.weight"], other.state_dict()["conv1.weight"])


def test_what_is_lacking_and_what_is_left_over_is_said() -> None:
    mine = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 4))
    report = load_pretrained(mine, {"0.weight": torch.ones(3, 2), "9.scale": torch.ones(1)})
    assert report.loaded == {"0.weight": "0.weight"}
    assert report.missing == ("0.bias", "1.weight", "1.bias")
    assert report.unused == ("9.scale",)


def test_a_file_that_runs_code_or_holds_no_weights_is_refused(tmp_path: Path) -> None:
    whole, number, broken = tmp_path / "whole.pth", tmp_path / "number.pth", tmp_path / "broken.safetensors"
    torch.save(nn.Linear(2, 2), whole)
    torch.save(3, number)
    broken.write_bytes(b"no weights")
    with pytest.raises(ProjectError, match="cannot be read"):
        read_weights(whole)
    with pytest.raises(ProjectError, match="holds no weights by name"):
        read_weights(number)
    with pytest.raises(ProjectError, match="cannot be read"):
        read_weights(broken)
    with pytest.raises(ProjectError, match="cannot be read"):
        read_weights(tmp_path / "nowhere.pth")


def test_names_of_torchvision_are_those_of_our_resnet_as_far_as_they_can() -> None:
    with torch.device("meta"):
        names = set(build_network(project("resnet50")).state_dict())
    assert {"conv1.weight", "bn1.running_var", "fc.bias", "layer1.first.downsample_0.weight"} < names
    assert "layer3.rest.4.conv2.weight" in names
    assert len(network_source(project("resnet50"), "ResNet-50").text.splitlines()) < 120
