"""Noise schedules, the way into noise, and samplers, against numbers by hand and a denoiser that is known exactly."""

import math

import pytest
import torch
from torch import Tensor, nn

from nodes import sampler as samplers
from nodes.chance import BoxMask, Labels, RandomTimes
from nodes.modules.diffusion import DDIM, DDPM, AddNoise, noise_variances, signal_left
from nodes.modules.drop_label import DropLabel
from nodes.modules.time_embedding import TimeEmbedding
from studio.core.problem import Mismatch
from studio.core.shape import LABEL, vector
from tests.nodes.test_layers_of_our_own import answers

MEAN, DEVIATION = 1.5, 0.5
"""Of the Gaussian that a perfect denoiser knows."""


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def test_the_linear_schedule_runs_from_a_ten_thousandth_to_a_fiftieth() -> None:
    betas = noise_variances("linear", 1000)
    assert (betas[0], betas[-1]) == pytest.approx((1e-4, 0.02), rel=1e-12)
    assert betas[1] - betas[0] == pytest.approx((0.02 - 1e-4) / 999, rel=1e-9)
    assert signal_left("linear", 1000)[1] == pytest.approx((1 - 1e-4) * (1 - 1e-4 - 0.0199 / 999), rel=1e-12)
    assert signal_left("linear", 1000)[-1] == pytest.approx(4.0358e-05, rel=1e-4), "Ho et al.: nearly nothing is left"


def test_the_latent_schedule_is_evenly_spaced_in_the_root() -> None:
    roots = [math.sqrt(beta) for beta in noise_variances("latent", 1000)]
    assert (roots[0] ** 2, roots[-1] ** 2) == pytest.approx((0.0015, 0.0195), rel=1e-12)
    assert roots[500] - roots[499] == pytest.approx((roots[-1] - roots[0]) / 999, rel=1e-9)


def test_the_cosine_schedule_leaves_what_nichol_and_dhariwal_say() -> None:
    def share(t: float) -> float:
        return math.cos((t / 100 + 0.008) / 1.008 * math.pi / 2) ** 2

    left = signal_left("cosine", 100)
    assert left[49] == pytest.approx(share(50) / share(0), rel=1e-12)
    assert noise_variances("cosine", 100)[-1] == 0.999, "cut off where nothing would be left"


@pytest.mark.parametrize("schedule", ["linear", "latent"])
def test_fewer_steps_add_as_much_noise_in_all(schedule: str) -> None:
    whole, fewer = (math.log(signal_left(schedule, steps)[-1]) for steps in (1000, 200))
    assert fewer == pytest.approx(whole, rel=0.1)


def test_a_sample_is_mixed_with_noise_as_by_hand() -> None:
    values, noise = torch.tensor([[2.0, -1.0], [0.5, 3.0]]), torch.tensor([[0.1, 0.2], [-1.0, 0.5]])
    left = torch.tensor([signal_left("linear", 1000)[t] for t in (9, 999)], dtype=torch.float64)[:, None]
    wanted = left.sqrt() * values + (1 - left).sqrt() * noise
    for predicts, target in (
        ("noise", noise),
        ("sample", values),
        ("velocity", left.sqrt() * noise - (1 - left).sqrt() * values),
    ):
        noisy, told = AddNoise(predicts=predicts)(values, torch.tensor([9.0, 999.0]), noise)
        torch.testing.assert_close(noisy, wanted.float())
        torch.testing.assert_close(told, target.float())


def test_many_small_steps_into_noise_are_one_jump() -> None:
    """x_t = sqrt(1 - b) x + sqrt(b) e, step by step, has the mean and the variance of the jump."""
    mean, variance = 1.0, 0.0
    for beta in noise_variances("cosine", 30)[:20]:
        mean, variance = math.sqrt(1 - beta) * mean, (1 - beta) * variance + beta
    left = signal_left("cosine", 30)[19]
    assert (mean, variance) == pytest.approx((math.sqrt(left), 1 - left), rel=1e-12)


def test_one_step_of_ddpm_is_the_formula() -> None:
    """x_t-1 has the mean (x_t - b_t / sqrt(1 - abar_t) e) / sqrt(1 - b_t)."""
    values, error = torch.randn(2, 3, dtype=torch.float64), torch.randn(2, 3, dtype=torch.float64)
    sampler, at = DDPM(steps=100, variance="beta"), 98  # the last but one: time 1
    beta, left = noise_variances("linear", 100)[1], signal_left("linear", 100)[1]
    mean = (values - beta / math.sqrt(1 - left) * error) / math.sqrt(1 - beta)
    torch.manual_seed(1)
    found = sampler._back(values, torch.zeros(0), error, at)
    torch.manual_seed(1)
    torch.testing.assert_close(found, mean + math.sqrt(beta) * torch.randn_like(values), rtol=1e-12, atol=1e-12)


def test_ddim_with_all_noise_and_all_steps_is_ddpm() -> None:
    def network(values: Tensor, time: Tensor) -> Tensor:
        return values * 0.9 + time[:, None] / 100

    start = torch.randn(4, 2, dtype=torch.float64)
    found = []
    for sampler in (DDPM(steps=40), DDIM(steps=40, taken=40, eta=1.0)):
        torch.manual_seed(3)
        found.append(sampler(network, start)[0])
    torch.testing.assert_close(*found, rtol=1e-9, atol=1e-9)


class Perfect:
    """Knows the samples to be normal: the mean of x₀ given x_t, and the noise that this means."""

    def __init__(self, schedule: str, steps: int, predicts: str) -> None:
        self.left = torch.tensor(signal_left(schedule, steps), dtype=torch.float64)
        self.predicts = predicts

    def __call__(self, values: Tensor, time: Tensor) -> Tensor:
        left = self.left[time.long()][:, None]
        signal, deviation = left.sqrt(), (1 - left).sqrt()
        variance = left * DEVIATION**2 + 1 - left
        sample = MEAN + signal * DEVIATION**2 / variance * (values - signal * MEAN)
        noise = (values - signal * sample) / deviation
        return {"noise": noise, "sample": sample, "velocity": signal * noise - deviation * sample}[self.predicts]


SAMPLERS = [
    ("noise", DDPM(steps=200)),
    ("velocity", DDPM("cosine", 200, "beta", "velocity")),
    ("noise", DDIM(steps=200, taken=50)),
    ("sample", DDIM("latent", 200, 100, 0.5, "sample")),
]


@pytest.mark.parametrize(("predicts", "sampler"), SAMPLERS, ids=["ddpm", "ddpm, beta", "ddim", "ddim, half the noise"])
def test_with_a_perfect_denoiser_samples_are_of_the_distribution_that_it_knows(
    predicts: str, sampler: nn.Module
) -> None:
    schedule = {"beta": "cosine"}.get(getattr(sampler, "variance", ""), "latent" if predicts == "sample" else "linear")
    samples, _ = sampler(Perfect(schedule, 200, predicts), torch.randn(4000, 1, dtype=torch.float64))
    assert samples.mean().item() == pytest.approx(MEAN, abs=0.04)
    assert samples.std().item() == pytest.approx(DEVIATION, abs=0.04)


def test_the_film_leads_from_the_noise_to_the_sample() -> None:
    start = torch.randn(3, 2)
    samples, film = DDIM(steps=100, taken=20, frames=5)(lambda values, time: values, start)
    assert film.shape == (3, 5, 2)
    assert torch.equal(film[:, 0], start)
    assert torch.equal(film[:, -1], samples)


def test_what_is_known_stays_as_it_is_and_the_rest_is_made_up() -> None:
    known, mask = torch.rand(2, 1, 6, 6), answers(BoxMask(share=0.5), torch.zeros(2, 1, 6, 6))
    assert mask.sum().item() == 2 * (36 - 9)
    for sampler in (DDPM(steps=10), DDIM(steps=10, taken=5)):
        samples, _ = sampler(lambda values, time: values * 0.5, torch.randn(2, 1, 6, 6), known=known, mask=mask)
        assert torch.equal(samples[mask == 1], known[mask == 1])
        assert not torch.isclose(samples[mask == 0], known[mask == 0]).any()


def test_guidance_goes_from_the_answer_without_condition_to_that_with_it_and_beyond() -> None:
    def network(values: Tensor, time: Tensor, label: Tensor) -> Tensor:
        return values * 0.5 + label[:, None]

    start, label, nothing = torch.randn(3, 2), torch.full((3,), 1), torch.full((3,), 0)
    alone = {number: DDIM(steps=50, taken=10)(network, start, torch.full((3,), number))[0] for number in (0, 1, 3)}
    for guidance in (0, 1, 3):
        guided, _ = DDIM(steps=50, taken=10, guidance=guidance)(network, start, label, nothing)
        torch.testing.assert_close(guided, alone[guidance])


def test_guidance_without_anything_to_compare_with_is_refused() -> None:
    with pytest.raises(Mismatch, match="without condition"):
        samplers.DDIM(guidance=2.0).infer(vector(2), LABEL)
    assert samplers.DDIM(guidance=2.0, taken=4, frames=3).infer(vector(2), LABEL, LABEL)[1].sizes == (3, 2)


def test_samples_stay_within_the_limit() -> None:
    wild, _ = DDIM(steps=50, taken=5)(lambda values, time: -values, torch.randn(50, 2))
    tame, _ = DDIM(steps=50, taken=5, limit=1.0)(lambda values, time: -values, torch.randn(50, 2))
    assert wild.abs().max() > 1
    assert tame.abs().max() <= 1


def test_times_are_drawn_from_all_steps_alike() -> None:
    times = answers(RandomTimes(steps=4), torch.zeros(8000, 1))
    assert times.unique().tolist() == [0, 1, 2, 3]
    assert times.mean().item() == pytest.approx(1.5, abs=0.05)


def test_labels_take_turns_or_are_all_the_same() -> None:
    assert answers(Labels(classes=3, first=1), torch.zeros(5, 1)).tolist() == [1, 2, 3, 1, 2]
    assert answers(Labels(classes=1, first=10), torch.zeros(3, 1)).tolist() == [10, 10, 10]


def test_labels_are_hidden_while_training_alone() -> None:
    layer, labels = DropLabel(10, p=0.3), torch.zeros(4000, dtype=torch.int64)
    assert layer(labels).unique().tolist() == [0, 10]
    assert (layer(labels) == 10).float().mean().item() == pytest.approx(0.3, abs=0.03)
    assert torch.equal(layer.eval()(labels), labels)


def test_a_moment_is_written_as_waves() -> None:
    found = TimeEmbedding(4, base=100.0)(torch.tensor([0.0, 5.0]))
    wanted = [[0, 0, 1, 1], [math.sin(5), math.sin(0.5), math.cos(5), math.cos(0.5)]]
    torch.testing.assert_close(found, torch.tensor(wanted))


def test_a_denoiser_that_has_learned_two_pictures_by_heart_paints_them() -> None:
    pictures = torch.stack((torch.eye(3), 1 - torch.eye(3))).flatten(1) * 2 - 1
    network = nn.Sequential(nn.Linear(9 + 16, 128), nn.SiLU(), nn.Linear(128, 128), nn.SiLU(), nn.Linear(128, 9))
    wave, add = TimeEmbedding(16), AddNoise("cosine", 50, "velocity")

    def denoise(values: Tensor, time: Tensor) -> Tensor:
        return network(torch.cat((values, wave(time)), dim=1))

    optimizer = torch.optim.Adam(network.parameters(), lr=0.003)
    for _ in range(400):
        times = torch.randint(50, (128,)).float()
        noisy, target = add(pictures.repeat(64, 1), times)
        loss = nn.functional.mse_loss(denoise(noisy, times), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    samples, _ = DDIM("cosine", 50, 25, predicts="velocity", limit=1.0)(denoise, torch.randn(64, 9))
    nearest = torch.cdist(samples, pictures).min(dim=1)
    assert (nearest.values < 0.5).float().mean() > 0.9
    assert set(nearest.indices.tolist()) == {0, 1}
