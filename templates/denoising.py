"""What denoisers are trained on and how they are asked for samples, as all templates of diffusion share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nodes.chance import RandomTimes
from nodes.diffusion import AddNoise, Predicts, Schedule
from nodes.loss import SquaredError
from nodes.sampler import DDIM, DDPM
from studio.core.builder import Added, GraphBuilder, Source
from studio.core.graph import Graph
from studio.core.project import Stage

NAME = "Denoiser"
STEPS = "=steps"
"""A variable of the project: adding noise, its moments and the sampler agree on it."""

STAGE = Stage(
    name="denoiser",
    objectives=("Denoising",),
    measures=("Samples",),
    optimizer="adam",
    learning_rate=0.004,
    schedule="one-cycle",
    average=0.995,
    restore_best=False,
)
"""How a denoiser learns fast: it is the mean of its weights over many steps that makes good samples."""


@dataclass(frozen=True)
class Process:
    """The way from samples to noise and back, which training and sampling must agree on."""

    schedule: Schedule
    predicts: Predicts
    limit: float = 0.0

    def learn(self, net: GraphBuilder, network: Graph, samples: Source, *condition: Source) -> None:
        """Draw what one step of learning computes: noise is added, and the network shall tell what was."""
        times = net.add(RandomTimes(), samples, steps=STEPS)
        mixed = net.add(AddNoise(schedule=self.schedule, predicts=self.predicts), samples, times, steps=STEPS)
        answer = net.add_graph(NAME, NAME, network, mixed["noisy"], times, *condition)
        net.add(SquaredError(), answer, mixed["target"])

    def sample(self, net: GraphBuilder, taken: int, *inputs: Source, name: str = "Sampler", **settings: Any) -> Added:
        """Draw a sampler that asks the network a few times, or with 0 ``taken`` at all steps, fed by these inputs."""
        how = {"network": NAME, "schedule": self.schedule, "predicts": self.predicts, "limit": self.limit, **settings}
        sampler = DDIM(taken=taken, **how) if taken else DDPM(variance="beta", **how)
        return net.add(sampler, *inputs, name=name, steps=STEPS)
