"""What stands between the two players of an adversarial objective: older samples, and points between two kinds."""

from __future__ import annotations

from typing import Annotated, ClassVar

from nodes.joining import met
from studio.core.declaration import Count
from studio.core.node_class import Layer
from studio.core.record import Expression, Value, modules
from studio.core.shape import Shape, fixed, image, numbers, sequence, vector

FAMILY = "Loss & metrics"


class ImagePool(Layer):
    """Keeps images that a generator made earlier, and gives its critic one of them in place of every other new one."""

    in_networks: ClassVar[bool] = False

    capacity: Annotated[Count, "how many images are kept"] = 50

    synonyms: ClassVar[tuple[str, ...]] = ("history", "buffer", "replay", "cyclegan", "older samples", "store")
    formula: ClassVar[str] = (
        r"y = \cases{x & \text{half of the time} \\ \text{one of the } n \text{ kept} & \text{else}}"
    )
    purpose: ClassVar[str] = (
        "A critic that sees only the newest images forgets what it once knew, and the two players run in circles. "
        "With {capacity} older ones it stays right about those too."
    )
    trap: ClassVar[str] = "No gradient passes: it belongs before the critic, never where the generator learns."
    paper: ClassVar[str] = (
        "Shrivastava et al. 2017, Learning from simulated and unsupervised images through adversarial training "
        "https://arxiv.org/abs/1612.07828"
    )
    slide: ClassVar[str] = "CycleGAN video"
    examples: ClassVar = ((image(3, 8, 8),), (vector(2), {"capacity": 1}))

    def infer(self, values: Shape) -> Shape:
        for size in numbers(values, "values").sizes:
            fixed(size)
        return values

    def build(self, values: Value) -> Expression:
        return modules.image_pool.ImagePool(self.capacity, values.shape.sizes)


class PointsBetween(Layer):
    """Random points on the straight lines between real and generated samples, at which a slope can be taken."""

    in_networks: ClassVar[bool] = False
    synonyms: ClassVar[tuple[str, ...]] = ("interpolate", "wgan-gp", "gradient penalty", "mixture", "line")
    formula: ClassVar[str] = r"p = x + u (g - x), \quad u \sim U(0, 1)"
    purpose: ClassVar[str] = (
        "Where a Wasserstein critic should not be steep: between what is real and what is generated. Its scores there "
        "go into a Gradient penalty."
    )
    trap: ClassVar[str] = "One random place for each sample, not for each pixel: the points lie on lines, not in boxes."
    paper: ClassVar[str] = (
        "Gulrajani et al. 2017, Improved training of Wasserstein GANs https://arxiv.org/abs/1704.00028"
    )
    slide: ClassVar[str] = "GAN"
    examples: ClassVar = ((vector(2), vector(2)), (image(3, 8, 8), image(3, 8, 8)), (sequence("T", 4),) * 2)

    def infer(self, real: Shape, generated: Shape) -> Shape:
        return met(real, generated, ("real", "generated"), stretch=False)

    def build(self, real: Value, generated: Value) -> Expression:
        return modules.gradient_penalty.PointsBetween()
