"""Diffusion in the small codes of an autoencoder instead of in pixels: what made large pictures affordable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from nodes.constants import Noise
from nodes.data.digits import Digits
from nodes.data.image_folder import ImageFolder
from nodes.diffusion import Predicts, Schedule
from nodes.objective import Preview
from nodes.pointwise import Scale
from nodes.sample_metric import InceptionScore, Recognised
from nodes.variational_loss import NormalGap
from studio.core.builder import Added, GraphBuilder, node_of
from studio.core.dataset import ImageDataset
from studio.core.declaration import Count, NotNegative, Positive
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template
from templates.denoiser import UNet
from templates.denoising import NAME, STAGE, Process
from templates.judge import judge, judge_stage, judging
from templates.latent_autoencoder import (
    DECODER,
    ENCODER,
    TABLE,
    Factor,
    PhotoAutoencoder,
    SmallAutoencoder,
    autoencoder_of_photos,
    autoencoding,
)

SECTION = "Generative networks"

SIDE = 32
"""Of the digits, with two pixels of background on every side."""
ENTRIES = {"digits": 64, "photos": 8192}
LOOKED_AT = 250
"""Samples that are made of each part to be judged."""


class LatentDiffusion(Template):
    """First an autoencoder makes images small, then, while it rests, a denoiser learns the noise in its codes.

    The paper preset has the networks of faces of 256 × 256: with factor 8 an autoencoder of 83,653,863 weights, with
    factor 4 a U-Net of 274,056,163, and with ``codes=table`` an autoencoder of 55,322,782. The perceptual and the
    adversarial loss of these autoencoders are left out.
    """

    images: Annotated[Literal["digits", "photos"], "grey digits, or colour photos in a folder"] = "digits"
    factor: Annotated[Factor, "how many pixels of a side are one place of a code"] = 4
    width: Annotated[Count, "channels of the first level of the U-Net, a multiple of 8"] = 32
    latent: Annotated[Count, "channels of a code of digits; of photos there are 3 with factor 4, and 4 with 8"] = 2
    codes: Annotated[
        Literal["normal", "table"], "distributions near the standard normal one, or the nearest entry of a table"
    ] = "normal"
    weight: Annotated[NotNegative, "how much the distance of codes from normal ones counts"] = 0.1
    scale: Annotated[Positive, "what codes are multiplied by, so that their deviation is 1"] = 1.0
    schedule: Schedule = "cosine"
    predicts: Predicts = "velocity"
    steps: Annotated[Count, "steps from a code to pure noise"] = 1000
    taken: Annotated[Count, "steps that the sampler takes back"] = 20
    coding_epochs: Annotated[Count, "passes over the training part for the autoencoder"] = 6
    epochs: Annotated[Count, "passes over the training part for the denoiser"] = 14

    name: ClassVar[str] = "latent-diffusion"
    title: ClassVar[str] = "Latent diffusion"
    paper: ClassVar[str] = (
        "Rombach et al. 2022, High-resolution image synthesis with latent diffusion models "
        "https://arxiv.org/abs/2112.10752"
    )
    slide: ClassVar[str] = "Latent diffusion"
    goal: ClassVar[Goal] = Goal("Samples: recognised", ">=", 0.6, 360.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {
            "images": "photos", "width": 224, "weight": 1e-6, "schedule": "latent", "predicts": "noise",
            "taken": 200, "coding_epochs": 50, "epochs": 500,
        },
    }  # fmt: skip

    def build(self) -> Project:
        networks, objectives = self._networks(), self._objectives()
        return Project(
            name=f"Latent diffusion {self.images}",
            graphs={**networks, **objectives},
            variables={"width": self.width, "steps": self.steps, "scale": self.scale},
            data=node_of(self._data()),
            training=Training(batch=self._batch, stages=self._stages()),
            goal=self.goal,
            template=self.name,
        )

    @property
    def _of_digits(self) -> bool:
        return self.images == "digits"

    @property
    def _batch(self) -> int:
        return 64 if self._of_digits else 48

    @property
    def _entries(self) -> int:
        """Of the table of codes; 0 where there is none."""
        return ENTRIES[self.images] if self.codes == "table" else 0

    @property
    def _autoencoder(self) -> SmallAutoencoder | PhotoAutoencoder:
        if self._of_digits:
            return SmallAutoencoder(1, SIDE, 16, self.latent, self.factor, self._entries)
        return autoencoder_of_photos(self.factor, self._entries)

    @property
    def _unet(self) -> UNet:
        channels, side, _ = self._autoencoder.code
        if self._of_digits:
            return UNet(channels=channels, side=side, width=self.width, multiples=(1, 2), blocks=1, groups=8)
        heads = "=width//32"
        return UNet(channels, side, self.width, multiples=(1, 2, 3, 4), attended=(1, 2, 3), heads=heads)

    def _networks(self) -> dict[str, Graph]:
        judging = {"Judge": judge(SIDE)} if self._of_digits else {}
        return {**self._autoencoder.graphs(), **self._unet.graphs(NAME), **judging}

    def _data(self, limit: int = 0) -> ImageDataset:
        if self._of_digits:
            return Digits(pad=2, normalise="minus-one-one", limit=limit)
        return ImageFolder(folder="faces", resize=256, normalise="minus-one-one", flip=True, limit=limit)

    def _objectives(self) -> dict[str, Graph]:
        graphs = self._networks()
        process = Process(self.schedule, self.predicts)
        judged = {"Judging": judging(self._data(), graphs["Judge"])} if self._of_digits else {}
        return {
            "Autoencoding": autoencoding(self._data(), graphs, self.weight),
            "Denoising": self._denoising(process, graphs),
            "Samples": self._samples(process, graphs),
            **judged,
        }

    def _denoising(self, process: Process, graphs: Mapping[str, Graph]) -> Graph:
        net = GraphBuilder("objective")
        image = net.add(self._data(), name="Images")["image"]
        coded = net.add_graph(ENCODER, ENCODER, graphs[ENCODER], image)
        process.learn(net, graphs[NAME], net.add(Scale(), coded, name="Scaled code", factor="=scale"))
        return net.graph()

    def _samples(self, process: Process, graphs: Mapping[str, Graph]) -> Graph:
        """Codes made of noise, decoded and judged; and how far real codes are from what they are scaled to."""
        net = GraphBuilder("objective")
        image = net.add(self._data(LOOKED_AT), name="Images")["image"]
        noise = net.add(Noise(kind="image", sizes=self._autoencoder.code), image)
        made = process.sample(net, self.taken, noise)
        codes = net.add(Scale(), made["samples"], name="Codes", factor="=1/scale")
        painted = self._decoded(net, graphs, codes, "")
        if self._of_digits:
            scores = net.add_graph("Judge", "Judge", graphs["Judge"], painted)
            net.add(Recognised(), scores)
            net.add(InceptionScore(), scores)
        net.add(Preview(), painted, name="Painted")
        net.add(Preview(), made["film"], name="Film of codes")
        coded = net.add_graph(ENCODER, ENCODER, graphs[ENCODER], image)
        scaled = net.add(Scale(), coded, name="Real codes", factor="=scale")
        net.add(NormalGap(), scaled, name="Gap of codes")
        net.add(Preview(), self._decoded(net, graphs, coded, " again"), name="Reconstructed")
        return net.graph()

    @staticmethod
    def _decoded(net: GraphBuilder, graphs: Mapping[str, Graph], code: Added, suffix: str) -> Added:
        """The images of codes, which are rounded first where there is a table."""
        if TABLE in graphs:
            code = net.add_graph(f"{TABLE}{suffix}", TABLE, graphs[TABLE], code)
        return net.add_graph(f"{DECODER}{suffix}", DECODER, graphs[DECODER], code)

    def _stages(self) -> tuple[Stage, ...]:
        how = replace(STAGE, learns=(NAME,), epochs=self.epochs, measure_every=self.epochs)
        if not self._of_digits:
            how = replace(how, optimizer="adamw", learning_rate=9.6e-5, schedule="constant", average=0.9999)
        autoencoder = replace(
            how,
            name="autoencoder",
            objectives=("Autoencoding",),
            learns=(),
            measures=(),
            epochs=self.coding_epochs,
            average=0.0,
        )
        return (*((judge_stage("Judging"),) if self._of_digits else ()), autoencoder, how)
