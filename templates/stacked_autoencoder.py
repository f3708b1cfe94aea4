"""The stacked autoencoder: grown layer by layer, each layer trained alone on the codes of those before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from nodes.data.digits import Digits
from nodes.data.small_digits import SmallDigits
from studio.core.dataset import ImageDataset
from studio.core.declaration import Count, NotNegative
from studio.core.project import Goal, Project, Training
from studio.core.template import Template
from templates.stacking import Stacking

SECTION = "Perceptrons and autoencoders"

DATA: dict[str, type[ImageDataset]] = {"small-digits": SmallDigits, "digits": Digits}


class StackedAutoencoder(Template):
    """Grows a deep autoencoder: each layer learns alone to answer the codes of those before it, which stay as they are.

    Then the encoders, and the decoders in reverse, become one network, which is trained as a whole for a few epochs.
    The paper preset is 784-1000-500-250-30 and back, 2,837,314 weights; with ``noise`` each layer learns to denoise.
    """

    data: Annotated[Literal["small-digits", "digits"], "digits of 8×8 pixels, or MNIST's of 28×28"] = "digits"
    hidden: Annotated[tuple[Count, ...], "units of each code but the last, which is the narrowest"] = (256, 64)
    code: Annotated[Count, "units of the last code"] = 24
    activation: Annotated[Literal["logistic", "tanh", "relu"], "what each hidden unit does with its sum"] = "relu"
    noise: Annotated[NotNegative, "deviation of the noise on what each layer reads while it is grown"] = 0.0

    name: ClassVar[str] = "stacked-autoencoder"
    title: ClassVar[str] = "Stacked autoencoder"
    paper: ClassVar[str] = (
        "Bengio et al. 2007, Greedy layer-wise training of deep networks; sizes of the paper preset: Hinton & "
        "Salakhutdinov 2006, Reducing the dimensionality of data with neural networks; noise: Vincent et al. 2010, "
        "Stacked denoising autoencoders https://jmlr.org/papers/v11/vincent10a.html"
    )
    slide: ClassVar[str] = "Stacked autoencoder"
    goal: ClassVar[Goal] = Goal("loss", "<=", 0.012, 60.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {"hidden": (1000, 500, 250), "code": 30, "activation": "logistic"},
    }

    def build(self) -> Project:
        units = (*self.hidden, self.code)
        stacking = Stacking(DATA[self.data](), units, self.activation, linear_code=True, noise=self.noise)
        layers = {"epochs": 10, "learning_rate": 0.005, "schedule": "one-cycle"}
        whole = {"epochs": 20, "learning_rate": 0.002, "schedule": "one-cycle"}
        return Project(
            name=f"Stacked autoencoder {self.data}",
            graphs=stacking.graphs,
            training=Training(batch=64, stages=stacking.stages(layers, whole)),
            goal=self.goal,
            template=self.name,
        )
