"""Noise that is added in many small steps, and taken away again (Ho et al. 2020; Song et al. 2021)."""

import math
import operator
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

import torch
from torch import Tensor, nn

COSINE_OFFSET = 0.008
LARGEST_BETA = 0.999

Network = Callable[..., Tensor]
"""A denoiser: noisy values (batch, ...), time (batch,) and, where there is one, a condition -> (batch, ...)."""


def noise_variances(schedule: str, steps: int) -> list[float]:
    """The variance beta that each step adds.

    Linear (Ho et al. 2020) and latent (Rombach et al. 2022, evenly spaced in the root) are given for 1000 steps; fewer
    steps add as much in all. Cosine (Nichol & Dhariwal 2021) is given by what is left of the sample.
    """
    if schedule == "cosine":
        waves = [
            math.cos((step / steps + COSINE_OFFSET) / (1 + COSINE_OFFSET) * math.pi / 2) for step in range(steps + 1)
        ]
        return [min(1 - (after / before) ** 2, LARGEST_BETA) for before, after in pairwise(waves)]
    first, last, power = (0.0015, 0.0195, 2) if schedule == "latent" else (1e-4, 0.02, 1)
    start, end = first ** (1 / power), last ** (1 / power)
    betas = [(start + (end - start) * step / max(steps - 1, 1)) ** power for step in range(steps)]
    return [min(beta * 1000 / steps, LARGEST_BETA) for beta in betas]


def signal_left(schedule: str, steps: int) -> list[float]:
    """The share of a sample's variance that is left after each step, alpha-bar."""
    return list(accumulate((1 - beta for beta in noise_variances(schedule, steps)), operator.mul))


def along(numbers: Tensor, values: Tensor) -> Tensor:
    """Numbers (batch,), ready to be multiplied with values (batch, ...)."""
    return numbers.reshape(-1, *[1] * (values.dim() - 1))


class AddNoise(nn.Module):
    """Mixes samples with normal noise as a schedule says, and answers the mixture and what a denoiser shall tell.

    Values (batch, ...), time (batch,) from 0 to steps - 1, and noise like the values -> two tensors like the values
    """

    signal: Tensor
    noise: Tensor
    """What is left of the sample, and the noise, as deviations (steps,)."""

    def __init__(self, schedule: str = "linear", steps: int = 1000, predicts: str = "noise") -> None:
        super().__init__()
        self.predicts = predicts
        left = signal_left(schedule, steps)
        self.register_buffer("signal", torch.tensor([math.sqrt(share) for share in left]), persistent=False)
        self.register_buffer("noise", torch.tensor([math.sqrt(1 - share) for share in left]), persistent=False)

    def forward(self, values: Tensor, time: Tensor, noise: Tensor | None = None) -> tuple[Tensor, Tensor]:
        noise = torch.randn_like(values) if noise is None else noise
        at = time.long()
        signal, deviation = along(self.signal[at], values), along(self.noise[at], values)
        noisy = signal * values + deviation * noise
        if self.predicts == "velocity":
            return noisy, signal * noise - deviation * values
        return noisy, values if self.predicts == "sample" else noise


class _Sampler(nn.Module):
    """Makes samples of noise: asks a denoiser, takes a little of the noise away, and asks again.

    Noise (batch, ...), perhaps a condition, one that says nothing, and a known region -> samples like the noise, and a
    film of them (batch, frames, ...), from noise to sample

    A ``guidance`` of w goes w times the way from the answer without condition to that with it (Ho & Salimans 2022): 1
    asks with the condition alone, 0 without. Where ``mask`` is 1, ``known`` is kept: at each step it is put in anew,
    as noisy as the rest. ``limit`` is the largest value a sample may have; 0 is none.
    """

    def __init__(
        self,
        schedule: str,
        steps: int,
        times: Sequence[int],
        predicts: str = "noise",
        guidance: float = 1.0,
        limit: float = 0.0,
        frames: int = 8,
    ) -> None:
        super().__init__()
        self.times, self.predicts, self.guidance, self.limit = tuple(times), predicts, guidance, limit
        self.shown = {round(place * len(times) / max(frames - 1, 1)) for place in range(frames)} | {len(times)}
        left = signal_left(schedule, steps)
        self.left = (*(left[time] for time in times), 1.0)
        """Alpha-bar at each of the times, from the last to the first, and behind them."""

    @torch.no_grad()
    def forward(
        self,
        network: Network,
        noise: Tensor,
        condition: Tensor | None = None,
        nothing: Tensor | None = None,
        known: Tensor | None = None,
        mask: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        values = self._kept(noise, known, mask, 0)
        film = [values] if 0 in self.shown else []
        for at, time in enumerate(self.times):
            answer = self._asked(network, values, time, condition, nothing)
            sample, error = self._meant(values, answer, at)
            values = self._kept(self._back(values, sample, error, at), known, mask, at + 1)
            if at + 1 in self.shown:
                film.append(values)
        return values, torch.stack(film, dim=1)

    def _back(self, values: Tensor, sample: Tensor, noise: Tensor, at: int) -> Tensor:
        """The values with less noise, given what is believed to be the sample and the noise in them."""
        raise NotImplementedError

    def _asked(
        self, network: Network, values: Tensor, time: int, condition: Tensor | None, nothing: Tensor | None
    ) -> Tensor:
        """What the denoiser answers, guided."""
        times = torch.full((len(values),), float(time), device=values.device)
        if condition is None:
            return network(values, times)
        if nothing is None or self.guidance == 1:
            return network(values, times, condition)
        free = network(values, times, nothing)
        return free if self.guidance == 0 else free + self.guidance * (network(values, times, condition) - free)

    def _meant(self, values: Tensor, answer: Tensor, at: int) -> tuple[Tensor, Tensor]:
        """The sample and the noise of which, by this answer, the values are mixed."""
        signal, deviation = math.sqrt(self.left[at]), math.sqrt(1 - self.left[at])
        if self.predicts == "velocity":
            sample = signal * values - deviation * answer
        else:
            sample = answer if self.predicts == "sample" else (values - deviation * answer) / signal
        if self.limit:
            sample = sample.clamp(-self.limit, self.limit)
        return sample, (values - signal * sample) / deviation

    def _kept(self, values: Tensor, known: Tensor | None, mask: Tensor | None, at: int) -> Tensor:
        """The values with the known region in its place, as noisy as they are."""
        if known is None or mask is None:
            return values
        signal, deviation = math.sqrt(self.left[at]), math.sqrt(1 - self.left[at])
        noisy = signal * known + deviation * torch.randn_like(known)
        return torch.where(mask > 0, noisy, values)


class DDPM(_Sampler):
    """Goes back all steps, one by one, and adds a little new noise at each but the last (Ho et al. 2020).

    ``variance`` is that of the new noise: "beta", that of the step, or "posterior", which is smaller.
    """

    def __init__(
        self,
        schedule: str = "linear",
        steps: int = 1000,
        variance: str = "posterior",
        predicts: str = "noise",
        guidance: float = 1.0,
        limit: float = 0.0,
        frames: int = 8,
    ) -> None:
        super().__init__(schedule, steps, range(steps - 1, -1, -1), predicts, guidance, limit, frames)
        self.variance = variance
        self.betas = noise_variances(schedule, steps)[::-1]

    def _back(self, values: Tensor, sample: Tensor, noise: Tensor, at: int) -> Tensor:
        beta, now, then = self.betas[at], self.left[at], self.left[at + 1]
        mean = (values - beta / math.sqrt(1 - now) * noise) / math.sqrt(1 - beta)
        if at + 1 == len(self.times):
            return mean
        variance = beta * (1 - then) / (1 - now) if self.variance == "posterior" else beta
        return mean + math.sqrt(variance) * torch.randn_like(values)


class DDIM(_Sampler):
    """Goes back in a few large steps, by default without new noise (Song et al. 2021).

    ``eta`` is the share of new noise: with 1 and all steps it is DDPM with the posterior's variance.
    """

    def __init__(
        self,
        schedule: str = "linear",
        steps: int = 1000,
        taken: int = 50,
        eta: float = 0.0,
        predicts: str = "noise",
        guidance: float = 1.0,
        limit: float = 0.0,
        frames: int = 8,
    ) -> None:
        last = min(taken, steps) - 1
        times = [round((steps - 1) * (1 - at / max(last, 1))) for at in range(last + 1)]
        super().__init__(schedule, steps, times, predicts, guidance, limit, frames)
        self.eta = eta

    def _back(self, values: Tensor, sample: Tensor, noise: Tensor, at: int) -> Tensor:
        now, then = self.left[at], self.left[at + 1]
        variance = self.eta**2 * (1 - then) / (1 - now) * (1 - now / then)
        back = math.sqrt(then) * sample + math.sqrt(max(1 - then - variance, 0.0)) * noise
        return back + math.sqrt(variance) * torch.randn_like(values) if variance else back
