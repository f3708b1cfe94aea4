"""A network with torchvision's weights answers, exported, what torchvision's own answers."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from studio.engine.pretrained import load_pretrained
from studio.exporters.exporter import exporters
from tests.torchvisions import close, images, ours, torchvisions

pytestmark = pytest.mark.slow

LARGE = [pytest.param(peer, marks=pytest.mark.large) for peer in ("resnet50", "resnet152", "vgg16", "vgg16_bn")]


@pytest.mark.parametrize("peer", ["alexnet", "googlenet", "resnet18", *LARGE])
def test_exported_as_source_and_as_onnx_it_answers_the_same(peer: str, tmp_path: Path) -> None:
    other, subject = torchvisions(peer), ours(peer)
    assert load_pretrained(subject.module, other.state_dict()).complete
    seen = images(subject)
    with torch.no_grad():
        expected = other(seen)
    for format in ("python", "onnx"):
        exporter = exporters()[format]()
        path = tmp_path / f"network{exporter.suffix}"
        exporter.write(subject, path, lambda share, what: None)
        ((answer,),) = exporter.answers(subject, path, [[seen]])
        close(answer, expected)
    layers = 1 if peer.startswith(("resnet", "googlenet")) else 3
    assert linear_layers(tmp_path / "network.onnx") == layers, "auxiliary heads rest, and are not in the file"


def linear_layers(path: Path) -> int:
    import onnx

    return [node.op_type for node in onnx.load(path).graph.node].count("Gemm")
