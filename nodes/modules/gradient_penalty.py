"""What keeps a Wasserstein critic from being steep (Gulrajani et al. 2017, algorithm 1)."""

import torch
from torch import Tensor, nn


class PointsBetween(nn.Module):
    """For each pair of samples a point on the straight line between them, at a random place; slopes are taken there.

    Two batches (batch, ...) of one shape -> (batch, ...), which asks for gradients
    """

    def forward(self, real: Tensor, generated: Tensor) -> Tensor:
        share = torch.rand(len(real), *(1,) * (real.dim() - 1), device=real.device, dtype=real.dtype)
        return torch.lerp(real, generated, share).detach().requires_grad_()


class GradientPenalty(nn.Module):
    """The mean squared difference of the slope of scores, as each sample's point moves, from a given one.

    Scores (batch, ...) and the points (batch, ...) that they were made of -> ()

    Where no gradients are asked for, slopes cannot be told, and it is 0.
    """

    measured_with_gradients = True

    def __init__(self, slope: float = 1.0, *, one_sided: bool = False) -> None:
        super().__init__()
        self.slope, self.one_sided = slope, one_sided

    def forward(self, scores: Tensor, points: Tensor) -> Tensor:
        if not scores.requires_grad:
            return scores.new_zeros(())
        (gradient,) = torch.autograd.grad(scores.sum(), points, create_graph=torch.is_grad_enabled(), allow_unused=True)
        if gradient is None:  # the scores do not depend on the points
            gradient = torch.zeros_like(points)
        excess = gradient.flatten(1).norm(dim=1) - self.slope  # (batch,)
        penalty: Tensor = (excess.clamp(min=0) if self.one_sided else excess).square().mean()
        return penalty
