"""Diffusion that is told what to make: digits by their class, or photos by theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import gcd
from typing import Annotated, Any, ClassVar, Literal

from nodes.axes import Unsqueeze
from nodes.chance import BoxMask, Labels
from nodes.constants import Noise
from nodes.data.digits import Digits
from nodes.data.image_folder import ImageFolder
from nodes.diffusion import GUIDANCE, DropLabel, Predicts, Schedule
from nodes.inputs import Input, Output
from nodes.linear import Embedding
from nodes.loss import Accuracy
from nodes.objective import Preview
from studio.core.builder import Added, GraphBuilder, Source, node_of
from studio.core.dataset import ImageDataset
from studio.core.declaration import Count, Number
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template
from templates.classification import Images
from templates.denoiser import UNet
from templates.denoising import NAME, STAGE, Process
from templates.judge import judge, judge_stage, judging
from templates.latent_autoencoder import DECODER, ENCODER, MEAN, autoencoder_of_photos, autoencoding

SECTION = "Generative networks"

SIDE, CLASSES = 28, {"digits": 10, "photos": 1000}
LOOKED_AT = 250
"""Samples that are made of each part to be judged."""
GROUPS = 32
"""Of channels that are normed together, where the width allows so many."""
TOKENS = "Classes"
"""The network that makes a token of a class, for attention."""
FEATURES = {"digits": 64, "photos": 512}
"""Of such a token."""


class ConditionalDiffusion(Template):
    """A denoiser that is told the class of a digit, and paints the digit that it is asked for out of noise.

    A judge that has learned real digits, and is never shown painted ones, says how many are what was asked for. The
    paper preset is the class-conditional latent diffusion of Rombach et al. 2022: attention to the class as a token,
    in the codes of an autoencoder, with a U-Net of 400,920,579 weights.
    """

    images: Images = "digits"
    told: Annotated[
        Literal["time", "attention"], "how blocks are told the class: added to the time, or as a token they look at"
    ] = "time"
    width: Annotated[Count, "channels of the first level of the U-Net, a multiple of 8"] = 16
    schedule: Schedule = "cosine"
    predicts: Predicts = "velocity"
    steps: Annotated[Count, "steps from an image to pure noise"] = 1000
    taken: Annotated[Count, "steps that the sampler takes back"] = 20
    guidance: Annotated[Number, "how far to go in the direction of the class"] = 2.0
    epochs: Annotated[Count, "passes over the training part for the denoiser"] = 8

    name: ClassVar[str] = "conditional-diffusion"
    title: ClassVar[str] = "Conditional diffusion"
    paper: ClassVar[str] = GUIDANCE
    slide: ClassVar[str] = "Conditional denoising"
    goal: ClassVar[Goal] = Goal("Samples: accuracy", ">=", 0.85, 360.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {
            "images": "photos", "told": "attention", "width": 192, "schedule": "latent", "predicts": "noise",
            "taken": 250, "guidance": 1.5, "epochs": 200,
        },
    }  # fmt: skip

    def build(self) -> Project:
        graphs = self._networks()
        process = Process(self.schedule, self.predicts, limit=1.0 if self._of_digits else 0.0)
        first = "Judging" if self._of_digits else "Autoencoding"
        return Project(
            name=f"Conditional diffusion {self.images}",
            graphs={
                **graphs,
                first: judging(self._data(), graphs["Judge"])
                if self._of_digits
                else autoencoding(self._data(), graphs, 1e-6),
                "Denoising": self._denoising(process, graphs),
                "Samples": self._samples(process, graphs),
            },
            variables={"width": self.width, "steps": self.steps},
            data=node_of(self._data()),
            training=Training(batch=64, stages=self._stages()),
            goal=self.goal,
            template=self.name,
        )

    @property
    def _of_digits(self) -> bool:
        return self.images == "digits"

    @property
    def _sample(self) -> tuple[int, int, int]:
        """Sizes of what noise is added to: a digit, or the code of a photo."""
        return (1, SIDE, SIDE) if self._of_digits else autoencoder_of_photos(4).code

    def _data(self, limit: int = 0) -> ImageDataset:
        if self._of_digits:
            return Digits(normalise="minus-one-one", limit=limit)
        return ImageFolder(folder="imagenet", resize=256, normalise="minus-one-one", flip=True, limit=limit)

    def _networks(self) -> dict[str, Graph]:
        classes, (channels, side, _) = CLASSES[self.images], self._sample
        looks = self.told == "attention"
        unet = UNet(
            channels, side, self.width, multiples=(1, 2, 3, 5), attended=(1, 2, 3),
            condition="tokens" if looks else "label", classes=classes, tokens=(1, FEATURES[self.images]),
            groups=gcd(self.width, GROUPS),
        )  # fmt: skip
        if self._of_digits:
            attended = (1,) if looks else ()
            unet = replace(unet, multiples=(1, 2), blocks=1, attended=attended, groups=8, patch=2)
        others = {"Judge": judge(SIDE)} if self._of_digits else autoencoder_of_photos(4).graphs()
        tokens = {TOKENS: _tokens(classes + 1, FEATURES[self.images])} if looks else {}
        return {**unet.graphs(NAME), **tokens, **others}

    def _denoising(self, process: Process, graphs: Mapping[str, Graph]) -> Graph:
        net = GraphBuilder("objective")
        data = net.add(self._data(), name="Images")
        samples: Source = data["image"]
        if not self._of_digits:
            samples = net.add_graph(ENCODER, ENCODER, graphs[ENCODER], samples)[MEAN]
        label = net.add(DropLabel(classes=CLASSES[self.images]), data["label"])
        process.learn(net, graphs[NAME], samples, self._condition(net, graphs, label, "Class"))
        return net.graph()

    def _condition(self, net: GraphBuilder, graphs: Mapping[str, Graph], label: Source, name: str) -> Source:
        """What the denoiser takes as the class: the label, or its token."""
        return net.add_graph(name, TOKENS, graphs[TOKENS], label) if TOKENS in graphs else label

    def _samples(self, process: Process, graphs: Mapping[str, Graph]) -> Graph:
        """Images of the classes of real ones, and real ones with a hole that is filled in; digits are judged."""
        net = GraphBuilder("objective")
        data = net.add(self._data(LOOKED_AT), name="Images")
        noise = net.add(Noise(kind="image", sizes=self._sample), data["image"])
        none = net.add(Labels(classes=1, first=CLASSES[self.images]), data["image"], name="No class")
        wanted = self._condition(net, graphs, data["label"], "Wanted class")
        asked = noise, wanted, self._condition(net, graphs, none, "No wanted class")
        made = process.sample(net, self.taken, *asked, guidance=self.guidance)
        if self._of_digits:
            self._judged(net, graphs["Judge"], made, data)
            hole = net.add(BoxMask(), data["image"])
            inputs = *asked, data["image"], hole
            filled = process.sample(net, self.taken, *inputs, name="Inpainting", guidance=self.guidance)
            net.add(Preview(), filled["samples"], name="Filled in")
        painted = made if self._of_digits else net.add_graph(DECODER, DECODER, graphs[DECODER], made)
        net.add(Preview(), painted, name="Painted")
        net.add(Preview(), made["film"], name="Film")
        return net.graph()

    @staticmethod
    def _judged(net: GraphBuilder, network: Graph, made: Added, data: Added) -> None:
        scores = net.add_graph("Judge", "Judge", network, made["samples"])
        net.add(Accuracy(), scores, data["label"])

    def _stages(self) -> tuple[Stage, ...]:
        learns = (NAME, TOKENS) if self.told == "attention" else (NAME,)
        denoiser = replace(STAGE, learns=learns, epochs=self.epochs, measure_every=self.epochs)
        if self._of_digits:
            return judge_stage("Judging"), denoiser
        slow = replace(denoiser, optimizer="adamw", learning_rate=6.4e-5, schedule="constant", average=0.9999)
        autoencoder = replace(slow, name="autoencoder", objectives=("Autoencoding",), learns=(), measures=(), epochs=50)
        return autoencoder, slow


def _tokens(entries: int, features: int) -> Graph:
    """A class as the one token of a sequence."""
    net = GraphBuilder()
    label = net.add(Input(kind="label", sizes=()), name="Label")
    known = net.add(Embedding(entries=entries, features=features), label)
    net.add(Output(), net.add(Unsqueeze(axis="length"), known, name="One token"), name="Tokens")
    return net.graph()
