"""What learns in a stage, and how everything else is kept as it is, to the last bit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from studio.compiler.objective import objectives_of_stage
from studio.compiler.objective_program import losses_of
from studio.compiler.stage_rules import teaches_nothing, unteachable
from studio.core.problem import Mismatch, ProjectError
from studio.core.project import Optimization, Stage
from studio.engine.build import Built, networks_of
from studio.engine.optimizers import OwnGroup
from studio.engine.places import weights_of


@dataclass(frozen=True)
class Learning:
    """The modules that learn through one objective, and the weights among them by name."""

    modules: frozenset[nn.Module]
    weights: Mapping[str, nn.Parameter]


def learning(built: Built, stage: Stage, objective: str) -> Learning:
    """What a stage teaches through an objective. Raises ProjectError where it is nothing, or does not exist.

    ``stage.learns`` names networks, ``Generator``, or nodes, ``Classifier/Head``; none means all. Before either may
    stand the objective that teaches it and a colon, ``Fool the critic: Generator``, where a stage has several.
    """
    entries = [entry for text in stage.learns if (entry := _for(text, stage, objective))]
    there = networks_of(built, objective)
    roots = [module for entry in entries for module in modules_of(built, entry) if _is_inside(module, there)]
    if not stage.learns:
        roots = [built.objectives[objective]]
    modules = frozenset(module for root in roots for module in root.modules())
    named = built.objectives[objective].named_parameters()
    mine = {id(weight) for root in roots for weight in root.parameters()}
    weights = {name: weight for name, weight in named if id(weight) in mine}
    if not losses_of(built.diagnosis.graphs[objective]):
        raise ProjectError(teaches_nothing(stage, objective))
    if not weights:
        raise ProjectError(unteachable(stage, objective))
    return Learning(modules, weights)


def optimization(stage: Stage, *parts: str) -> Optimization:
    """How a part learns in a stage, as ``Stage.optimization`` has it. Raises ProjectError."""
    try:
        return stage.optimization(*parts)
    except Mismatch as error:
        raise ProjectError(f"In the stage {stage.name!r}, for {parts[-1]!r}: {error.message}") from None


def own_groups(built: Built, stage: Stage, taught: Learning, objective: str) -> list[OwnGroup]:
    """Parts of what an objective teaches that have settings of their own, each weight in the innermost of them.

    In all else a part follows those it lies in, and these the objective. Raises ProjectError.
    """
    groups: list[OwnGroup] = []
    for part in sorted(stage.own, key=lambda part: len(stage.around(part))):
        if part in built.objectives:
            continue
        mine = {id(weight) for module in modules_of(built, part) for weight in module.parameters()}
        names = [name for name, weight in taught.weights.items() if id(weight) in mine]
        groups = [(each, [name for name in of if name not in names]) for each, of in groups]
        groups.append((optimization(stage, objective, *stage.around(part), part), names))
    return groups


def set_modes(built: Built, stage: Stage, taught: Mapping[str, Learning]) -> None:
    """Put what learns in this stage into training mode, and all else, the statistics of norms included, out of it.

    What holds nothing to learn, such as dropout, trains where any other part of its network does, and what an
    objective has beside networks trains always.
    """
    learns = {id(weight) for each in taught.values() for weight in each.weights.values()}
    modules = {module for each in taught.values() for module in each.modules}
    for name in objectives_of_stage(stage):
        for weight in built.objectives[name].parameters():
            weight.requires_grad_(id(weight) in learns)
        inside = {module for network in networks_of(built, name) for module in network.modules()}
        for module in built.objectives[name].modules():
            module.training = module in modules or module not in inside
    for network in built.networks.values():
        if any(module in modules for module in network.modules()):
            for module in network.modules():
                module.training = module.training or not _holds_anything(module)


class Untouched:
    """What an objective uses of networks but does not teach: it is held during a step, and as it was afterwards.

    So the statistics of a critic's norms stay while the generator learns from it. Weights have no gradient meanwhile,
    which spares PyTorch the way back through them: a tenth of a step of small networks.
    """

    def __init__(self, networks: Iterable[nn.Module], taught: Learning) -> None:
        every = dict.fromkeys(module for network in networks for module in network.modules())
        others = [module for module in every if module not in taught.modules]
        self._buffers = [buffer for module in others for buffer in module.buffers(recurse=False)]
        self._kept = [buffer.clone() for buffer in self._buffers]
        mine = {id(weight) for weight in taught.weights.values()}
        weights = {id(weight): weight for module in every for weight in module.parameters(recurse=False)}
        self._weights = [each for at, each in weights.items() if at not in mine and each.requires_grad]

    def hold(self) -> None:
        """Remember the buffers, and let the weights have no gradient."""
        for weight in self._weights:
            weight.requires_grad = False
        self._copy(self._buffers, self._kept)

    def release(self) -> None:
        """Put the buffers back, and let the weights have gradients again, which others teach."""
        for weight in self._weights:
            weight.requires_grad = True
        self._copy(self._kept, self._buffers)

    def _copy(self, sources: list[Tensor], targets: list[Tensor]) -> None:
        if sources:
            with torch.no_grad():
                for target, source in zip(targets, sources, strict=True):
                    target.copy_(source)


@contextmanager
def evaluating(objectives: Mapping[str, nn.Module]) -> Iterator[None]:
    """Everything in evaluation mode and without gradients; afterwards each module is as it was."""
    modules = {module for objective in objectives.values() for module in objective.modules()}
    before = [(module, module.training) for module in modules]
    for module in modules:
        module.training = False
    try:
        with torch.no_grad():
            yield
    finally:
        for module, training in before:
            module.training = training


def _holds_anything(module: nn.Module) -> bool:
    return any(True for _ in module.parameters(recurse=False)) or any(True for _ in module.buffers(recurse=False))


def _for(entry: str, stage: Stage, objective: str) -> str:
    for name in stage.objectives:
        if entry.startswith(f"{name}: "):
            return entry.removeprefix(f"{name}: ") if name == objective else ""
    return entry


def modules_of(built: Built, entry: str) -> list[nn.Module]:
    """The modules that a stage names: those of a network, or of a node in it. Raises ProjectError for none."""
    for name, network in built.networks.items():
        if entry == name:
            return [network]
        if entry.startswith(f"{name}/"):
            graph = built.project.graphs[name]
            found = weights_of(built.project, graph, network, entry.removeprefix(f"{name}/"))
            if found:
                return found
    known = ", ".join(built.networks)
    raise ProjectError(f"A stage speaks of {entry!r:.80}, but nothing of that name has weights. Networks: {known}.")


def _is_inside(module: nn.Module, networks: Iterable[nn.Module]) -> bool:
    return any(module is each for network in networks for each in network.modules())
