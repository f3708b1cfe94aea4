"""One objective of a stage with the optimizer of what it teaches: a step of gradient descent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn, optim

from studio.compiler.figures import LOSS, figure_name
from studio.compiler.objective import objectives_of_stage
from studio.core.dataset import Dataset
from studio.core.project import Stage
from studio.engine.build import Built, networks_of
from studio.engine.forward import Forward
from studio.engine.learning import Learning, Untouched, optimization, own_groups
from studio.engine.optimizers import make_optimizer
from studio.engine.pruning import Pruning

GRADIENT = "gradient norm"

Wrap = Callable[[nn.Module, Mapping[str, nn.Parameter]], nn.Module]


class Teaching(Forward):
    """An objective and what learns through it, on one device."""

    def __init__(
        self,
        built: Built,
        stage: Stage,
        name: str,
        learned: Learning,
        device: torch.device,
        datasets: Sequence[Dataset],
        *,
        every: int = 1,
        channels_last: bool,
        wrap: Wrap,
    ) -> None:
        """``every`` says at which steps it runs.

        ``wrap`` makes of the objective and the weights it teaches what a step runs.
        """
        super().__init__(built, name, device, datasets, channels_last=channels_last)
        self.series, self.every = figure_name(built.objectives, name, LOSS), every
        self.weights = list(learned.weights.values())
        how = optimization(stage, name)
        self.optimizer = make_optimizer(how, learned.weights, device.type, own_groups(built, stage, learned, name))
        self._shares = [group["lr"] / stage.learning_rate for group in self.optimizer.param_groups]
        self._clip, self._parts = how.clip, stage.accumulate
        self._pruning = Pruning(stage.prune, self.weights) if stage.prune else None
        # Where others learn too, their networks must be left alone.
        shares = len(objectives_of_stage(stage)) > 1
        self._untouched = Untouched(networks_of(built, name), learned) if shares else None
        self._runner = wrap(self.objective, learned.weights)
        self._scaler = torch.amp.GradScaler(device.type, enabled=built.project.training.precision == "16-mixed")

    def step(self, batch: Mapping[str, Tensor], *, measure: bool) -> dict[str, Tensor]:
        """Change the weights by one step; answers the loss (), and measured, every loss and metric of the batch."""
        if self._untouched is None:
            return self._step(batch, measure=measure)
        self._untouched.hold()
        try:
            return self._step(batch, measure=measure)
        finally:
            self._untouched.release()

    def begin(self) -> None:
        """Prune what the stage says, where a checkpoint has not brought that back already."""
        if self._pruning is not None:
            self._pruning.begin()

    def set_learning_rate(self, rate: float) -> None:
        """Let the next step run at this rate of the stage; what has a rate of its own keeps the ratio to it."""
        for group, share in zip(self.optimizer.param_groups, self._shares, strict=True):
            group["lr"] = rate * share

    def state(self) -> dict[str, Any]:
        pruned = self._pruning.state() if self._pruning is not None else []
        return {"optimizer": self.optimizer.state_dict(), "scaler": self._scaler.state_dict(), "pruned": pruned}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what the optimizer remembers, but none of its settings: those are the stage's.

        Raises ValueError where it was an optimizer of another kind.
        """
        own, kept = self.optimizer.state_dict()["param_groups"], state["optimizer"]["param_groups"]
        if [(group.keys(), group["params"]) for group in own] != [(group.keys(), group["params"]) for group in kept]:
            raise ValueError("an optimizer of another kind, or of other weights")
        self.optimizer.load_state_dict({**state["optimizer"], "param_groups": own})
        self._scaler.load_state_dict(state["scaler"])
        if self._pruning is not None and state.get("pruned"):
            self._pruning.restore(state["pruned"])

    def _step(self, batch: Mapping[str, Tensor], *, measure: bool) -> dict[str, Tensor]:
        values = self._gradient(batch, measure=measure)
        if self._clip:
            self._scaler.unscale_(self.optimizer)
            values[GRADIENT] = nn.utils.clip_grad_norm_(self.weights, self._clip)
        self._descend(batch, values[LOSS])
        if self._pruning is not None:
            self._pruning.hold()
        return values

    def _gradient(self, batch: Mapping[str, Tensor], *, measure: bool) -> dict[str, Tensor]:
        """Let every weight have its gradient; what is answered is detached from it only by the next step."""
        self.optimizer.zero_grad()
        if self._parts == 1:
            values = self.run(self._runner, batch, measure=measure)
            self._backward(values[LOSS])
        else:
            values = self._gradient_in_parts(batch, measure=measure)
        if self._pruning is not None:
            self._pruning.mute()
        return values

    def _gradient_in_parts(self, batch: Mapping[str, Tensor], *, measure: bool) -> dict[str, Tensor]:
        """The mean of the gradients of parts of a batch, one after the other, each as much as it has samples."""
        columns = {name: column.chunk(self._parts) for name, column in batch.items()}
        cut = [dict(zip(columns, parts, strict=True)) for parts in zip(*columns.values(), strict=True)]
        sizes = [len(next(iter(part.values()))) for part in cut]
        total: dict[str, Tensor] = {}
        for part, size in zip(cut, sizes, strict=True):
            share = size / sum(sizes)
            values = self.run(self._runner, part, measure=measure)
            self._backward(values[LOSS] * share)
            for key, value in values.items():
                total[key] = total.get(key, torch.zeros_like(value)) + value.detach() * share
        return total

    def _backward(self, loss: Tensor) -> None:
        torch.autograd.backward(self._scaler.scale(loss) if self.mixed else loss)

    def _descend(self, batch: Mapping[str, Tensor], loss: Tensor) -> None:
        if self.mixed:
            self._scaler.step(self.optimizer)
            self._scaler.update()
        elif isinstance(self.optimizer, optim.LBFGS):
            self.optimizer.step(self._looking_again(batch, loss))  # type: ignore[no-untyped-call]
        else:
            self.optimizer.step()

    def _looking_again(self, batch: Mapping[str, Tensor], loss: Tensor) -> Callable[[], float]:
        """What L-BFGS asks several times a step: the loss of the batch, and its gradients; the first are known."""
        known = [loss.detach()]

        def look() -> float:
            if not known:
                return float(self._gradient(batch, measure=False)[LOSS].detach())
            return float(known.pop())

        return look
