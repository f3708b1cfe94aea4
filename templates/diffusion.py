"""Diffusion: a network that takes a little noise away makes samples of nothing but noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from nodes.activation import SiLU
from nodes.cloud_metric import MeanDiscrepancy
from nodes.combine import Add
from nodes.constants import Noise
from nodes.data.cifar10 import CIFAR10
from nodes.data.digits import Digits
from nodes.data.point_sets import PointSets
from nodes.diffusion import HO, Predicts, Schedule
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.objective import Preview
from nodes.sample_metric import InceptionScore, Recognised
from nodes.time_embedding import TimeEmbedding
from studio.core.builder import Added, GraphBuilder, Out, node_of
from studio.core.dataset import Dataset
from studio.core.declaration import Count, Whole
from studio.core.graph import Graph
from studio.core.project import Goal, Project, Stage, Training
from studio.core.template import Template
from templates.denoiser import UNet
from templates.denoising import NAME, STAGE, Process
from templates.judge import judge, judge_stage, judging

SECTION = "Generative networks"

LOOKED_AT = 500
"""Samples that are made of each part to be judged."""

Kind = Literal["points", "digits", "photos"]
WIDTHS: dict[str, int] = {"points": 128, "digits": 16, "photos": 128}
OF_DIGITS = Goal("Samples: mean_discrepancy", "<=", 0.15, 360.0)
"""Of what a judge says of painted and of real digits, which lie further apart than points do."""
EPOCHS: dict[str, int] = {"points": 150, "digits": 12, "photos": 0}


class Diffusion(Template):
    """Noise is added to samples in many small steps; a network that learns to tell it makes new samples of noise.

    Points of the plane show best how a cloud of noise finds its way. Digits have a small U-Net, and photos that of the
    paper for CIFAR-10, 35,746,307 weights.
    """

    data: Annotated[Kind, "points of the plane, grey digits, or CIFAR-10's colour photos"] = "points"
    pattern: Annotated[Literal["gaussians", "spirals", "moons", "rings"], "how the points lie"] = "gaussians"
    schedule: Schedule = "cosine"
    predicts: Predicts = "velocity"
    steps: Annotated[Count, "steps from a sample to pure noise"] = 1000
    taken: Annotated[Whole, "steps that the sampler takes back (DDIM); 0 takes all of them (DDPM)"] = 20

    name: ClassVar[str] = "diffusion"
    title: ClassVar[str] = "Diffusion"
    paper: ClassVar[str] = HO
    slide: ClassVar[str] = "Denoising"
    goal: ClassVar[Goal] = Goal("Samples: mean_discrepancy", "<=", 0.1, 120.0)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "laptop": {},
        "paper": {"data": "photos", "schedule": "linear", "predicts": "noise", "taken": 0},
    }

    def build(self) -> Project:
        networks = self._networks()
        process = Process(self.schedule, self.predicts, limit=0.0 if self.data == "points" else 1.0)
        judged = {"Judging": judging(_digits(), networks["Judge"])} if self.data == "digits" else {}
        return Project(
            name=f"Diffusion {self.data}",
            graphs={
                **networks,
                "Denoising": self._denoising(process, networks),
                "Samples": self._samples(process, networks),
                **judged,
            },
            variables={"width": WIDTHS[self.data], "steps": self.steps},
            data=node_of(self._data()),
            training=Training(batch=64 if self.data == "digits" else 128, stages=self._stages()),
            goal=OF_DIGITS if self.data == "digits" else self.goal,
            template=self.name,
        )

    def _data(self, limit: int = 0) -> Dataset:
        if self.data == "points":
            groups = 8 if self.pattern == "gaussians" else 2
            return PointSets(pattern=self.pattern, groups=groups, spread=0.05, samples=8000)
        return _digits(limit) if self.data == "digits" else CIFAR10(normalise="minus-one-one", flip=True, limit=limit)

    def _networks(self) -> dict[str, Graph]:
        if self.data == "points":
            return {NAME: _denoiser_of_points()}
        if self.data == "photos":
            unet = UNet(3, 32, WIDTHS[self.data], multiples=(1, 2, 2, 2), attended=(1,), dropout=0.1)
            return unet.graphs(NAME)
        unet = UNet(1, 28, WIDTHS[self.data], multiples=(1, 2), blocks=1, groups=8, patch=2)
        return {**unet.graphs(NAME), "Judge": judge(28)}

    def _denoising(self, process: Process, networks: Mapping[str, Graph]) -> Graph:
        net = GraphBuilder("objective")
        process.learn(net, networks[NAME], _first(net, self._data()))
        return net.graph()

    def _samples(self, process: Process, networks: Mapping[str, Graph]) -> Graph:
        """New samples and the way to them, compared with real ones: points as such, digits by what a judge says."""
        net = GraphBuilder("objective")
        real = _first(net, self._data(LOOKED_AT))
        noise = net.add(self._noise(), real)
        made = process.sample(net, self.taken, noise)
        if self.data == "points":
            net.add(MeanDiscrepancy(width=0.2), made["samples"], real)
        elif self.data == "digits":
            self._judged(net, networks["Judge"], made, real)
        net.add(Preview(), made["samples"], name="Made")
        net.add(Preview(), made["film"], name="Film")
        return net.graph()

    def _noise(self) -> Noise:
        shape = self._data().infer()
        first = shape[0] if isinstance(shape, tuple) else shape
        return Noise(kind="vector" if self.data == "points" else "image", sizes=tuple(map(int, first.sizes)))

    @staticmethod
    def _judged(net: GraphBuilder, network: Graph, made: Added, real: Out) -> None:
        of_made, of_real = (
            net.add_graph(f"Judge of {what}", "Judge", network, images)
            for what, images in (("made", made["samples"]), ("real", real))
        )
        net.add(MeanDiscrepancy(width=5.0), of_made, of_real)
        net.add(Recognised(), of_made)
        net.add(InceptionScore(), of_made)

    def _stages(self) -> tuple[Stage, ...]:
        epochs = EPOCHS[self.data]
        if self.data == "photos":
            return (
                replace(
                    STAGE, epochs=0, steps=800_000, measure_every=100, learning_rate=2e-4, schedule="constant",
                    warm_up=0.00625, clip=1.0, average=0.9999,
                ),
            )  # fmt: skip
        denoiser = replace(STAGE, epochs=epochs, measure_every=epochs // 3)
        return (judge_stage("Judging"), denoiser) if self.data == "digits" else (denoiser,)


def _first(net: GraphBuilder, data: Dataset) -> Out:
    """The samples, without their labels."""
    return net.add(data, name="Data")[data.outputs[0]]


def _digits(limit: int = 0) -> Digits:
    return Digits(normalise="minus-one-one", limit=limit)


def _denoiser_of_points() -> Graph:
    """Three layers, each told the time, and an answer for each coordinate."""
    net = GraphBuilder()
    point = net.add(Input(kind="vector", sizes=(2,)), name="Noisy")
    time = net.add(Input(kind="number", sizes=()), name="Time")
    waves = net.add(TimeEmbedding(features=64), time, name="Waves")
    told = net.add(SiLU(), net.add(Linear(), waves, name="Time 1", features="=width"))
    values: Added = point
    for number in range(1, 4):
        units = net.add(Linear(), values, name=f"Layer {number}", features="=width")
        bias = net.add(Linear(), told, name=f"Time bias {number}", features="=width")
        values = net.add(SiLU(), net.add(Add(), units, bias, name=f"Told the time {number}"))
    net.add(Output(), net.add(Linear(features=2), values, name="Last"), name="Answer")
    return net.graph()
