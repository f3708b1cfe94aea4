"""What augmentation does to images, seen from outside."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from nodes.data.digits import Digits
from studio.engine.data.augment import Augmentation, augmentation_of

LOW, HIGH = torch.tensor(0.0), torch.tensor(1.0)


def varied(images: Tensor, key: tuple[int, ...] = (1, 2), **settings: Any) -> Tensor:
    augmentation = augmentation_of(Digits.of(settings), LOW, HIGH)
    assert augmentation is not None
    return augmentation(images.clone(), key)


def positions(count: int, height: int, width: int) -> Tensor:
    """Images in which channel 0 holds each pixel's x and channel 1 its y, as shares of the size."""
    x, y = (torch.arange(size) / size for size in (width, height))
    image = torch.stack([x.expand(height, width), y[:, None].expand(height, width)])
    return image.expand(count, -1, -1, -1).clone()


def affine_maps(images: Tensor) -> tuple[Tensor, Tensor]:
    """The matrices (N, 2, 2) and shifts (N, 2) in pixels by which each output pixel was read, fitted at the centre."""
    height, width = images.shape[2:]
    rows, columns = slice(height // 2 - 4, height // 2 + 4), slice(width // 2 - 4, width // 2 + 4)
    read = images[:, :, rows, columns] * torch.tensor([width, height]).view(1, 2, 1, 1)
    own = positions(1, height, width)[0, :, rows, columns] * torch.tensor([width, height]).view(2, 1, 1)
    centre = torch.tensor([(width - 1) / 2, (height - 1) / 2])
    points = torch.cat([own.flatten(1).T - centre, torch.ones(64, 1)], 1)  # (64, 3)
    targets = read.flatten(2).transpose(1, 2) - centre  # (N, 64, 2)
    solution = torch.linalg.pinv(points) @ targets  # (N, 3, 2)
    return solution[:, :2].transpose(1, 2), solution[:, 2]


def test_turns_are_rotations_within_the_limit_also_where_an_image_is_not_square() -> None:
    matrices, shifts = affine_maps(varied(positions(200, 40, 60), rotate=30.0))
    torch.testing.assert_close(matrices @ matrices.transpose(1, 2), torch.eye(2).expand(200, 2, 2), atol=1e-3, rtol=0)
    angles = torch.rad2deg(torch.atan2(matrices[:, 1, 0], matrices[:, 0, 0]))
    assert angles.abs().max() <= 30.1
    assert angles.min() < -20
    assert angles.max() > 20
    assert shifts.abs().max() < 1e-2


def test_sizes_and_shifts_stay_within_their_limits() -> None:
    matrices, shifts = affine_maps(varied(positions(200, 40, 60), zoom=0.2, shift=5.0))
    sizes = 1 / matrices[:, 0, 0]
    torch.testing.assert_close(matrices[:, 0, 0], matrices[:, 1, 1], atol=1e-3, rtol=0)
    assert 0.79 < float(sizes.min()) < 0.85
    assert 1.15 < float(sizes.max()) < 1.21
    assert 4 < float(shifts.abs().max()) <= 5.01


def test_half_of_the_images_are_mirrored_and_nothing_else_happens() -> None:
    images = torch.rand(400, 1, 6, 5)
    result = varied(images, flip=True)
    mirrored = (result == images.flip(3)).flatten(1).all(1)
    same = (result == images).flatten(1).all(1)
    assert (mirrored ^ same).all()
    assert 150 < int(mirrored.sum()) < 250


def test_mirroring_goes_together_with_turns() -> None:
    matrices, _ = affine_maps(varied(positions(200, 40, 60), flip=True, rotate=10.0))
    mirrored = torch.linalg.det(matrices) < 0
    assert 70 < int(mirrored.sum()) < 130


def test_brightness_scales_from_black_and_noise_has_its_deviation() -> None:
    grey = torch.full((200, 1, 8, 8), 0.5)
    factors = varied(grey, brightness=0.2)[:, 0, 0, 0] / 0.5
    assert 0.79 < float(factors.min()) < 0.85
    assert 1.15 < float(factors.max()) < 1.21
    assert not varied(torch.zeros(5, 1, 8, 8), brightness=0.2).any()
    assert float(varied(grey, noise=0.05).std()) == pytest.approx(0.05, rel=0.05)


@pytest.mark.parametrize("low", [0.0, -1.0])
def test_values_stay_in_their_range(low: float) -> None:
    settings = Digits(rotate=20.0, shift=3.0, zoom=0.3, flip=True, brightness=0.5, noise=0.3)
    augmentation = Augmentation(settings, torch.tensor(low).view(1, 1, 1, 1), torch.ones(1, 1, 1, 1))
    result = augmentation(torch.rand(100, 1, 16, 16) * (1 - low) + low, (0,))
    assert low <= float(result.min()) < low + 0.01
    assert 0.99 < float(result.max()) <= 1


def test_the_border_goes_on_where_the_background_is_uncovered() -> None:
    assert (varied(torch.ones(50, 1, 16, 16), rotate=45.0, shift=8.0, zoom=0.5) > 0.999).all()


def test_the_same_key_varies_alike_and_another_key_otherwise() -> None:
    images = torch.rand(20, 1, 16, 16)
    settings: dict[str, Any] = {"rotate": 10.0, "noise": 0.1}
    assert torch.equal(varied(images, (1, 2), **settings), varied(images, (1, 2), **settings))
    assert not torch.equal(varied(images, (1, 2), **settings), varied(images, (1, 3), **settings))
    torch.manual_seed(5)
    state = torch.get_rng_state()
    varied(images, (1, 2), **settings)
    assert torch.equal(state, torch.get_rng_state()), "the network's own random numbers are left alone"


def test_settings_that_vary_nothing_make_no_augmentation() -> None:
    assert augmentation_of(Digits(), LOW, HIGH) is None
