"""Two networks that learn against each other, drawn as objectives and trained by hand, for benchmarks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, optim
from torch.nn import functional as F

from nodes.activation import LeakyReLU, ReLU, Tanh
from nodes.combine import Flatten
from nodes.constants import Constant, Noise
from nodes.convolution import Conv2d
from nodes.data.arrays import Arrays, ImageArrays
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import BinaryCrossEntropy
from nodes.norm import BatchNorm2d
from nodes.transposed_convolution import ConvTranspose2d
from studio.core.builder import GraphBuilder, Source
from studio.core.dataset import Dataset
from studio.core.graph import Graph
from studio.core.project import Project, Stage, Training
from studio.engine.build import build_network

GENERATOR, CRITIC = "Generator", "Discriminator"
TELL_APART, FOOL = "Tell apart", "Fool"
"""The objectives: of the discriminator, and of the generator."""

RATE = 0.0002


def points(folder: Path, *, batch: int = 64) -> Project:
    """Points in the plane, 8-16-2 against 2-16-1: next to nothing to compute."""
    generator, critic = GraphBuilder(), GraphBuilder()
    noise = generator.add(Input(kind="vector", sizes=(8,)), name="Noise")
    generator.add(Output(), generator.chain(noise, Linear(features=16), ReLU(), Linear(features=2)))
    point = critic.add(Input(kind="vector", sizes=(2,)), name="Point")
    critic.add(Output(), critic.chain(point, Linear(features=16), LeakyReLU(), Linear(features=1)))
    np.savez(folder / "points.npz", x=np.random.default_rng(0).normal(size=(4096, 2)).astype("f4"))
    real = Arrays(file=str(folder / "points.npz"), target="", validation=0.0, test=0.0)
    return _project(generator.graph(), critic.graph(), real, Noise(kind="vector", sizes=(8,)), batch)


def dcgan(folder: Path, *, width: int = 64, batch: int = 128, images: int = 2048) -> Project:
    """DCGAN for images of 64×64 with ``width`` maps next to the image; with 64 it is the one published."""
    generator, critic = GraphBuilder(), GraphBuilder()
    last = generator.add(Input(kind="image", sizes=(100, 1, 1)), name="Noise")
    for factor, stride, padding in ((8, 1, 0), (4, 2, 1), (2, 2, 1), (1, 2, 1)):
        paint = ConvTranspose2d(filters=factor * width, kernel=4, stride=stride, padding=padding, bias=False)
        last = generator.chain(last, paint, BatchNorm2d(), ReLU())
    paint = ConvTranspose2d(filters=3, kernel=4, stride=2, padding=1, bias=False)
    generator.add(Output(), generator.chain(last, paint, Tanh()))
    last = critic.add(Input(kind="image", sizes=(3, 64, 64)), name="Image")
    for factor in (1, 2, 4, 8):
        halve = Conv2d(filters=factor * width, kernel=4, stride=2, padding=1, bias=False)
        last = critic.chain(last, halve, *((BatchNorm2d(),) if factor > 1 else ()), LeakyReLU(negative_slope=0.2))
    critic.add(Output(), critic.chain(last, Conv2d(filters=1, kernel=4, bias=False), Flatten()))
    pictures = np.random.default_rng(0).integers(0, 256, size=(images, 3, 64, 64), dtype="u1")
    np.savez(folder / "images.npz", x=pictures)
    real = ImageArrays(file=str(folder / "images.npz"), target="", normalise="minus-one-one", validation=0.0, test=0.0)
    return _project(generator.graph(), critic.graph(), real, Noise(kind="image", sizes=(100, 1, 1)), batch)


def _project(generator: Graph, critic: Graph, real: Dataset, noise: Noise, batch: int) -> Project:
    """Both networks, each taught by an objective of its own at every step."""
    project = Project(name="Rivals", graphs={GENERATOR: generator, CRITIC: critic})
    for name in (TELL_APART, FOOL):
        net = GraphBuilder(role="objective")
        data = net.add(real, name="Data")
        made = net.add_graph(GENERATOR, GENERATOR, generator, net.add(noise, data))
        if name == TELL_APART:
            _judge(net, critic, data, "Real", 1.0)
        _judge(net, critic, made, "Made", 0.0 if name == TELL_APART else 1.0)
        project = project.with_graph(name, net.graph())
    stage = Stage(
        objectives=(TELL_APART, FOOL),
        learns=(f"{TELL_APART}: {CRITIC}", f"{FOOL}: {GENERATOR}"),
        learning_rate=RATE,
        restore_best=False,
    )
    return replace(project, training=Training(batch=batch, stages=(stage,), checkpoint_seconds=1e9))


def _judge(net: GraphBuilder, critic: Graph, shown: Source, name: str, wanted: float) -> None:
    """Let the critic score what it is shown, and compare with the score it should have."""
    score = net.add_graph(f"{CRITIC} of {name}", CRITIC, critic, shown)
    target = net.add(Constant(kind="vector", sizes=(1,), value=wanted), shown, name=f"Wanted of {name}")
    net.add(BinaryCrossEntropy(), score, target, name=f"Loss of {name}")


@dataclass
class ByHand:
    """The loop as everybody writes it: the discriminator learns from a batch, then the generator."""

    project: Project
    real: Tensor
    noise: tuple[int, ...]
    device: torch.device
    fused: bool = False
    channels_last: bool = False

    def __post_init__(self) -> None:
        form = torch.channels_last if self.channels_last else torch.preserve_format
        self.generator, self.critic = (
            build_network(self.project, name).to(self.device, memory_format=form) for name in (GENERATOR, CRITIC)
        )
        fused = {"fused": True} if self.fused else {}
        self.critics, self.generators = (
            optim.Adam(network.parameters(), RATE, **fused) for network in (self.critic, self.generator)
        )

    def train(self, steps: int) -> None:
        """Take so many steps, on as many passes over the data as that needs."""
        size, step = int(str(self.project.training.batch)), 0
        while step < steps:
            order = torch.randperm(len(self.real), device=self.device)
            for begin in range(0, len(order), size):
                self.step(self.real[order[begin : begin + size]])
                if (step := step + 1) == steps:
                    break

    def step(self, real: Tensor) -> tuple[Tensor, Tensor]:
        """Both losses (); ``real`` is a batch."""
        count = len(real)
        ones, zeros = torch.ones(count, 1, device=self.device), torch.zeros(count, 1, device=self.device)
        made = self.generator(torch.randn(count, *self.noise, device=self.device))
        loss = F.binary_cross_entropy_with_logits(self.critic(real), ones)
        loss = loss + F.binary_cross_entropy_with_logits(self.critic(made.detach()), zeros)
        self.critics.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.critics.step()
        made = self.generator(torch.randn(count, *self.noise, device=self.device))
        fooled = F.binary_cross_entropy_with_logits(self.critic(made), ones)
        self.generators.zero_grad()
        fooled.backward()  # type: ignore[no-untyped-call]
        self.generators.step()
        return loss.detach(), fooled.detach()
