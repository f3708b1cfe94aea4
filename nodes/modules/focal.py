"""The lecture's focal loss: by class, on softmax outputs."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class FocalLoss(nn.Module):
    """The mean or the sum of -alpha_t (1 - p_t)^gamma_t log p_t, where p is the softmax and t the right class.

    (batch, classes, ...), (batch, ...) -> ()

    ``gamma`` and ``alpha`` hold one number for all classes or one for each.
    """

    gamma: Tensor
    alpha: Tensor

    def __init__(self, gamma: tuple[float, ...], alpha: tuple[float, ...], reduction: str = "mean") -> None:
        super().__init__()
        self.reduction = reduction
        self.register_buffer("gamma", torch.tensor(gamma), persistent=False)
        self.register_buffer("alpha", torch.tensor(alpha), persistent=False)

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        logs = F.log_softmax(scores, dim=1).gather(1, labels.unsqueeze(1)).squeeze(1)  # log p_t, (batch, ...)
        # 1 - p without losing what is left of it near p = 1; at 0 a power below 1 would have an infinite slope.
        missing = (-torch.expm1(logs)).clamp(min=torch.finfo(logs.dtype).eps)
        terms = -self._of(self.alpha, labels) * missing ** self._of(self.gamma, labels) * logs
        return terms.sum() if self.reduction == "sum" else terms.mean()

    @staticmethod
    def _of(values: Tensor, labels: Tensor) -> Tensor:
        """The number of each label's class."""
        return values[labels] if len(values) > 1 else values
