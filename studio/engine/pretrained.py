"""Puts the weights of a file into a network: by name where names agree, else in order; every shape is checked."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from studio.core.problem import ProjectError

Weights = Mapping[str, Tensor]
Pairs = list[tuple[str, str]]

FEW = 5
"""So many modules may be tried in every order."""


@dataclass(frozen=True)
class Report:
    """What of a file came into a network. Names are those of state dicts."""

    loaded: Mapping[str, str]
    """Name in the file by name in the network."""
    missing: tuple[str, ...]
    """What the network has and the file lacks: it keeps its fresh values."""
    unused: tuple[str, ...]
    """What the file has and nothing in the network takes."""
    refused: tuple[str, ...]
    """A sentence for each pair of tensors whose shapes differ."""

    @property
    def complete(self) -> bool:
        return not self.missing and not self.unused and not self.refused


@dataclass
class _Part:
    """A module as the names of a state dict tell it: tensors of its own, and the modules in it, in order."""

    tensors: dict[str, str] = field(default_factory=dict)
    """Full name by the last part of it."""
    parts: dict[str, _Part] = field(default_factory=dict)

    def leaves(self) -> list[_Part]:
        """The modules that hold tensors, in order."""
        own = [self] if self.tensors else []
        return [*own, *(leaf for part in self.parts.values() for leaf in part.leaves())]


def read_weights(file: Path) -> dict[str, Tensor]:
    """The state dict in a ``.safetensors`` file, or in one of torch that holds tensors alone. Raises ProjectError."""
    try:
        if file.suffix == ".safetensors":
            return load_file(file)
        found = torch.load(file, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, KeyError, SafetensorError, pickle.UnpicklingError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ProjectError(f"The weights in {file} cannot be read: {reason}") from error
    if isinstance(found, dict) and isinstance(found.get("state_dict"), dict):
        found = found["state_dict"]
    if not isinstance(found, dict) or not all(isinstance(value, Tensor) for value in found.values()):
        raise ProjectError(f"{file} holds no weights by name: save the state_dict() of a network.")
    return {str(name): value for name, value in found.items()}


def load_pretrained(network: nn.Module, weights: Weights) -> Report:
    """Copy what fits into the network, and say what did not; tensors whose shapes differ stay as they are."""
    mine = network.state_dict()
    report = compared(mine, weights)
    with torch.no_grad():
        for name, other in report.loaded.items():
            mine[name].copy_(weights[other])
    return report


def compared(mine: Weights, weights: Weights) -> Report:
    """What of these weights would fit into mine; values are not looked at."""
    found = dict(matched(mine, weights))
    pairs = {name: found[name] for name in mine if name in found}
    fitting = {name: other for name, other in pairs.items() if mine[name].shape == weights[other].shape}
    refused = tuple(
        f"{name} is {_sizes(mine[name])} here; {other} is {_sizes(weights[other])} in the file."
        for name, other in pairs.items()
        if name not in fitting
    )
    missing = tuple(name for name in mine if name not in pairs)
    used = set(pairs.values())
    return Report(fitting, missing, tuple(name for name in weights if name not in used), refused)


def matched(mine: Weights, others: Weights) -> Pairs:
    """Which tensor of others is meant by each of mine, as pairs of names; shapes may differ where the names agree."""
    return _Matching(mine, others).of(_tree(mine), _tree(others))


@dataclass(frozen=True)
class _Matching:
    """Finds counterparts: by name where names agree, else in an order in which the shapes agree."""

    mine: Weights
    others: Weights

    def of(self, mine: _Part, other: _Part) -> Pairs:
        found = [(name, other.tensors[last]) for last, name in mine.tensors.items() if last in other.tensors]
        ones, others = _unrolled(mine.parts, other.parts), _unrolled(other.parts, mine.parts)
        for name in (name for name in ones if name in others):
            found += self.of(ones[name], others[name])
        left = [part for name, part in ones.items() if name not in others]
        right = [part for name, part in others.items() if name not in ones]
        return found + self._in_order(left, right)

    def _in_order(self, left: Sequence[_Part], right: Sequence[_Part]) -> Pairs:
        """The first way to line them up in which every shape agrees, else the way in which most do."""
        if not left or not right:
            return []
        best: Pairs = []
        for order in permutations(right) if len(right) <= FEW else (right,):  # safetensors sorts what it stores
            for one, other in ((left, order), (_opened(left), _opened(order)), (_leaves(left), _leaves(order))):
                if len(one) == len(other):
                    pairs = [pair for each in zip(one, other, strict=True) for pair in self.of(*each)]
                    best = max(best, pairs, key=self._agreeing)
        return best if self._agreeing(best) else []

    def _agreeing(self, pairs: Pairs) -> int:
        return sum(self.mine[name].shape == self.others[other].shape for name, other in pairs)


def _unrolled(parts: Mapping[str, _Part], other: Mapping[str, _Part]) -> dict[str, _Part]:
    """The modules by name, with a row of numbered ones as single ones where the other side has it so.

    ``downsample.0`` is the node downsample_0.
    """
    found: dict[str, _Part] = {}
    for name, part in parts.items():
        single = {f"{name}_{at}": each for at, each in part.parts.items()}
        found.update(single if single and _is_row(part) and single.keys() <= other.keys() else {name: part})
    return found


def _opened(parts: Sequence[_Part]) -> list[_Part]:
    """The modules, with those in a row of numbered ones in the place of the row."""
    return [each for part in parts for each in (part.parts.values() if _is_row(part) else (part,))]


def _is_row(part: _Part) -> bool:
    return bool(part.parts) and not part.tensors and all(name.isdigit() for name in part.parts)


def _leaves(parts: Sequence[_Part]) -> list[_Part]:
    return [leaf for part in parts for leaf in part.leaves()]


def _tree(weights: Weights) -> _Part:
    """The modules that names such as ``layer1.0.conv1.weight`` tell; numbered ones in the order of their numbers."""
    root = _Part()
    for name in weights:
        *path, last = name.split(".")
        part = root
        for step in path:
            part = part.parts.setdefault(step, _Part())
        part.tensors[last] = name
    return _numbered(root)


def _numbered(part: _Part) -> _Part:
    """The module, with numbered ones in it in their order; others stay where they are."""
    names = sorted(part.parts, key=int) if all(name.isdigit() for name in part.parts) else part.parts
    return _Part(part.tensors, {name: _numbered(part.parts[name]) for name in names})


def _sizes(tensor: Tensor) -> str:
    return "×".join(map(str, tensor.shape)) or "one number"
