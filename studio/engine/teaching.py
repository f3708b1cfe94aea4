"""One objective of a stage with the optimizer of what it teaches: a step of gradient descent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn, optim

from studio.core.project import Stage
from studio.engine.device import autocast
from studio.engine.feed import Columns
from studio.engine.learning import Learning, Untouched
from studio.engine.optimizers import make_optimizer
from studio.engine.pruning import Pruning

LOSS, GRADIENT = "loss", "gradient norm"

Wrap = Callable[[nn.Module, Mapping[str, nn.Parameter]], nn.Module]


class Teaching:
    """An objective and what learns through it, on one device."""

    def __init__(
        self,
        stage: Stage,
        objective: nn.Module,
        learned: Learning,
        columns: Columns,
        device: torch.device,
        *,
        series: str = LOSS,
        every: int = 1,
        precision: str = "32-bit",
        shares: bool = False,
        wrap: Wrap,
    ) -> None:
        """``shares`` where the stage has further objectives, whose networks this one must leave alone.

        ``wrap`` makes of the objective and the weights it teaches what a step runs.
        """
        self.objective, self.columns, self.series, self.every = objective, columns, series, every
        self.weights = list(learned.weights.values())
        self.optimizer = make_optimizer(stage, learned.weights, device.type)
        self._clip = stage.clip
        self._pruning = Pruning(stage.prune, self.weights) if stage.prune else None
        self._inputs = self.weights if shares else None
        self._untouched = Untouched(objective, learned) if shares else None
        self._runner = wrap(objective, learned.weights)
        self._mixed = precision != "32-bit"
        self._autocast = autocast(precision, device)
        self._scaler = torch.amp.GradScaler(device.type, enabled=precision == "16-mixed")

    def step(self, batch: Mapping[str, Tensor], *, measure: bool) -> dict[str, Tensor]:
        """Change the weights by one step; answers the loss (), and measured, every loss and metric of the batch."""
        if self._untouched is not None:
            self._untouched.remember()
        values = self._run(self._runner, batch, measure=measure)
        self._backward(values[LOSS])
        if self._clip:
            self._scaler.unscale_(self.optimizer)
            values[GRADIENT] = nn.utils.clip_grad_norm_(self.weights, self._clip)
        self._descend(batch, values[LOSS])
        if self._pruning is not None:
            self._pruning.hold()
        if self._untouched is not None:
            self._untouched.put_back()
        return values

    def begin(self) -> None:
        """Prune what the stage says, where a checkpoint has not brought that back already."""
        if self._pruning is not None:
            self._pruning.begin()

    def forward(self, batch: Mapping[str, Tensor], *, measure: bool) -> dict[str, Tensor]:
        """What the objective makes of a batch, in this process alone."""
        return self._run(self.objective, batch, measure=measure)

    def set_learning_rate(self, rate: float) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = rate

    def state(self) -> dict[str, Any]:
        pruned = self._pruning.state() if self._pruning is not None else []
        return {"optimizer": self.optimizer.state_dict(), "scaler": self._scaler.state_dict(), "pruned": pruned}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.optimizer.load_state_dict(state["optimizer"])
        self._scaler.load_state_dict(state["scaler"])
        if self._pruning is not None and state.get("pruned"):
            self._pruning.restore(state["pruned"])

    def _run(self, objective: nn.Module, batch: Mapping[str, Tensor], *, measure: bool) -> dict[str, Tensor]:
        values: dict[str, Tensor]
        if not self._mixed:
            values = objective(**batch, measure=measure)
        else:
            with self._autocast():
                values = objective(**batch, measure=measure)
        return values

    def _scaled(self, loss: Tensor) -> Tensor:
        return self._scaler.scale(loss) if self._mixed else loss

    def _backward(self, loss: Tensor) -> None:
        self.optimizer.zero_grad()
        torch.autograd.backward(self._scaled(loss), inputs=self._inputs)
        if self._pruning is not None:
            self._pruning.mute()

    def _descend(self, batch: Mapping[str, Tensor], loss: Tensor) -> None:
        if self._mixed:
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
                self._backward(latest := self._run(self._runner, batch, measure=False)[LOSS])
                return float(latest.detach())
            return float(known.pop())

        return look
