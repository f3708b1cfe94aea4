"""What memory a training will take: an estimate from shapes and weights, before anything runs."""

from __future__ import annotations

from dataclasses import dataclass

from studio.compiler.results import Diagnosis, GraphResult
from studio.core.expressions import resolve, resolve_variables
from studio.core.problem import Mismatch
from studio.core.project import OptimizerName, Precision, Project, Stage

NUMBER = 4
"""Bytes of a number in 32 bits; weights, gradients and moments always have so many."""

KEPT: dict[Precision, int] = {"32-bit": 4, "bf16-mixed": 2, "16-mixed": 2}
"""Bytes of a number that is kept for the way back."""

MOMENTS: dict[OptimizerName, int] = {
    "gradient-descent": 0,
    "sgd": 0,
    "momentum": 1,
    "classical-momentum": 1,
    "nesterov": 1,
    "adam": 2,
    "adamw": 2,
    "rmsprop": 1,
    "adagrad": 1,
    "lbfgs": 203,
}
"""Numbers that an optimizer remembers of every weight; L-BFGS its last hundred steps and changes of the gradient."""

SPARE = 0.9
"""The share of the memory that a training may fill: the rest goes to what nobody counts."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of a step: what the weights take, and what is kept of the batch for the way back."""

    batch: int
    weights: int
    gradients: int
    moments: int
    activations: int

    @property
    def total(self) -> int:
        return self.weights + self.gradients + self.moments + self.activations

    def batch_within(self, there: int) -> int:
        """The largest power of two of samples for which so many bytes are enough; 0 where not even for one."""
        free = SPARE * there - (self.total - self.activations)
        samples = int(free / max(1.0, self.activations / self.batch)) if free > 0 else 0
        return 1 << (samples.bit_length() - 1) if samples else 0


def memory_of(project: Project, diagnosis: Diagnosis) -> Memory:
    """What the most demanding stage of a project takes, all of its networks together."""
    networks = list(diagnosis.networks.values())
    weights = sum(result.weights for result in networks)
    numbers = sum(result.activations + largest(result) for result in networks)
    batch = batch_of(project)
    return Memory(
        batch,
        weights * NUMBER,
        weights * NUMBER,
        weights * NUMBER * max(map(moments, project.training.stages), default=0),
        numbers * batch * KEPT[project.training.precision],
    )


def moments(stage: Stage) -> int:
    """Numbers that the stage's optimizer remembers of every weight."""
    return MOMENTS[stage.optimizer] + (stage.optimizer == "rmsprop" and stage.momentum > 0)


def largest(result: GraphResult) -> int:
    """Numbers of the largest output of a sample: on the way back its gradient is there as well."""
    sizes = [
        largest(node.inner) if node.inner else max((shape.elements for shape in node.outputs.values()), default=0)
        for node in result.nodes.values()
    ]
    return max(sizes, default=0)


def batch_of(project: Project) -> int:
    """Samples of a step; 1 where what is written gives no number, which is a problem of its own."""
    try:
        size = resolve(project.training.batch, resolve_variables(project.variables))
    except Mismatch:
        return 1
    return size if isinstance(size, int) and size > 0 else 1


def amount(size: float) -> str:
    """Bytes at reading length: ``0.2 MB``, ``24 MB``, ``1.5 GB``."""
    megabytes = size / 2**20
    if megabytes >= 1000:
        return f"{megabytes / 1024:.1f} GB"
    return f"{megabytes:.0f} MB" if megabytes >= 10 or not megabytes else f"{megabytes:.1f} MB"
