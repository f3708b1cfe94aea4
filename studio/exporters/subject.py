"""What is exported: a network with its weights, its source, and inputs to try it with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_model
from torch import Tensor, nn

from studio.compiler.check import Checker
from studio.compiler.loading import load_class
from studio.compiler.results import GraphResult, NodeResult
from studio.compiler.source import Source, network_source
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.core.shape import Shape

TABLES = {"Embedding": "entries", "EmbeddingBag": "entries", "OneHot": "classes"}
"""Nodes that know so many tokens, by the setting that says how many."""


@dataclass(frozen=True)
class Subject:
    """A network ready to be written: in evaluation mode, on the CPU."""

    project: Project
    name: str
    source: Source
    module: nn.Module
    inputs: Mapping[str, Shape]
    """Shape by the name of the Input node, in the order of the arguments."""
    outputs: tuple[str, ...]
    vocabulary: int = 2
    """Whole numbers that may enter: 0 to one less."""
    varying: Mapping[str, str] = field(default_factory=dict)
    """Type of each node at which values of a size arrive that varies, by its path."""

    @classmethod
    def of(cls, project: Project, name: str, weights: Path | None = None) -> Subject:
        """The network with the weights of a safetensors file, or fresh ones drawn with the project's seed.

        Raises ProjectError where the network has problems, or the file does not hold its weights.
        """
        diagnosis = Checker().check(project)
        source = network_source(project, name, diagnosis)
        torch.manual_seed(project.training.seed)
        module: nn.Module = load_class(source)()
        if weights is not None:
            _load(module, weights)
        result = diagnosis.networks[name]
        varying = {path: found.node.type for path, found in result.walk() if _varies(found)}
        ports = result.inputs, tuple(result.answers)
        return cls(project, name, source, module.eval(), *ports, vocabulary_of(result), varying)

    def fresh(self) -> nn.Module:
        """The same network with other weights, in evaluation mode."""
        module: nn.Module = load_class(self.source)()
        return module.eval()

    def samples(self, batch: int, *, length: int, seed: int = 0) -> list[Tensor]:
        """Random inputs of the right kinds, ``length`` long along axes that vary, the same for the same seed."""
        generator = torch.Generator().manual_seed(seed)
        return [self._sample(shape, batch, length, generator) for shape in self.inputs.values()]

    def answers(self, inputs: list[Tensor]) -> tuple[Tensor, ...]:
        """What the network makes of the inputs, one tensor for each output."""
        with torch.no_grad():
            return as_tuple(self.module(*inputs))

    def _sample(self, shape: Shape, batch: int, length: int, generator: torch.Generator) -> Tensor:
        sizes = [batch, *(size if isinstance(size, int) else length for size in shape.sizes)]
        if shape.dtype == "float":
            return torch.rand(sizes, generator=generator)
        whole = torch.randint(0, self.vocabulary, sizes, generator=generator)
        return whole > 0 if shape.dtype == "bool" else whole


def vocabulary_of(result: GraphResult) -> int:
    """How many tokens every table and every 1-of-n code of a network knows; two where there is none."""
    found = (getattr(each.instance, TABLES[each.node.type]) for _, each in result.walk() if each.node.type in TABLES)
    return min(found, default=2)


def _varies(found: NodeResult) -> bool:
    """Whether this node is used, and a size of what it reads varies."""
    shapes = (shape for arriving in found.inputs.values() for shape in arriving)
    return not found.node.bypassed and any(isinstance(size, str) for shape in shapes for size in shape.sizes)


def _load(module: nn.Module, weights: Path) -> None:
    try:
        load_model(module, weights)
    except (OSError, RuntimeError, SafetensorError) as error:
        raise ProjectError(f"The weights in {weights} cannot be used: {str(error).splitlines()[0]}") from error


def as_tuple(answer: Any) -> tuple[Tensor, ...]:
    """The outputs of a forward pass as plain numbers; a network with one output answers it bare."""
    return tuple(each.detach() for each in (answer if isinstance(answer, tuple) else (answer,)))
