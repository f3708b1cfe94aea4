"""Runs with previews as a training leaves them: a folder with the project, the events and the files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from nodes.activation import ReLU
from nodes.constants import Noise
from nodes.data.point_sets import PointSets
from nodes.inputs import Input, Output
from nodes.linear import Linear
from nodes.loss import SquaredError
from nodes.objective import Preview
from studio.core.builder import GraphBuilder, node_of
from studio.core.project import Project, Stage, Training
from studio.training.journal import Journal
from studio.training.messages import EpochEnded, Event, Finished, Previewed, Started
from studio.training.run import Run

Values = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
CLOUDS = PointSets(pattern="gaussians", groups=8, samples=1000)


def showing(*names: str) -> Project:
    """Points that are generated from noise, and an objective that learns to and shows them under these names."""
    made = GraphBuilder()
    noise = made.add(Input(kind="vector", sizes=(2,)), name="Noise")
    hidden = made.chain(noise, Linear(features=16), ReLU())
    made.add(Output(), made.add(Linear(features=2), hidden), name="Points")
    generator = made.graph()
    net = GraphBuilder("objective")
    data = net.add(CLOUDS, name="Data")
    points = net.add_graph(
        "Generator", "Generator", generator, net.add(Noise(kind="vector", sizes=(2,)), data["point"])
    )
    net.add(SquaredError(), points, data["point"])
    for name in names:
        net.add(Preview(), points, name=name)
    graphs = {"Generator": generator, "Look": net.graph()}
    stages = (Stage(objectives=("Look",), epochs=3),)
    return Project(name="Points", graphs=graphs, data=node_of(CLOUDS), training=Training(stages=stages))


def started(run: Run, step: int = 0) -> Started:
    """A training of ten steps an epoch begins, or goes on."""
    counts = {"train": 80, "validation": 10}
    return Started(str(run.folder), "Points", "cpu", ("learn",), (), {}, counts, {}, 8, 10, 40, 0, "32-bit", step)


def keep(run: Run, step: int, shown: Mapping[str, tuple[str, Values]]) -> Previewed:
    """Write what is shown at a step, axes and values by name; the event that tells of it."""
    files = []
    for name, (_, values) in shown.items():
        file = Path("previews") / f"{step:08d}" / f"{name.lower().replace(' ', '_')}.npy"
        (run.folder / file).parent.mkdir(parents=True, exist_ok=True)
        np.save(run.folder / file, values.astype(np.float32))
        files.append(file.as_posix())
    axes = tuple(axes for axes, _ in shown.values())
    return Previewed(step, step // 10, 0, "Look", tuple(shown), tuple(files), axes)


def told(run: Run, *events: Event) -> None:
    """Write events into the run's file."""
    journal = Journal(run.events_file)
    for event in events:
        journal.append(event)
    journal.close()


def finished(run: Run, looks: Mapping[int, Mapping[str, tuple[str, Values]]]) -> None:
    """A training that showed something at these steps and is over."""
    epochs = [EpochEnded(step // 10, len(looks), 0, step, {}, {}, 1.0) for step in looks]
    shown = [keep(run, step, look) for step, look in looks.items()]
    pairs = [event for pair in zip(epochs, shown, strict=True) for event in pair]
    told(run, started(run), *pairs, Finished({}, str(run.folder), 1.0, 80.0, max(looks), "all epochs"))


def ring(random: np.random.Generator, count: int, spread: float = 0.1, size: float = 1.0) -> Values:
    """Points (count, 2) of eight clouds on a circle."""
    angle = random.integers(8, size=count) * np.pi / 4
    around = np.stack([np.cos(angle), np.sin(angle)], 1) * size
    points: Values = (around + spread * random.standard_normal((count, 2))).astype(np.float32)
    return points


def blobs(random: np.random.Generator, count: int, channels: int, side: int, share: float = 1.0) -> Values:
    """Pictures (count, channels, side, side) of a disc each, the rest of the way noise."""
    y, x = np.mgrid[:side, :side]
    middle = random.uniform(side * 0.3, side * 0.7, (count, channels, 2, 1, 1))
    disc = (x - middle[:, :, 0]) ** 2 + (y - middle[:, :, 1]) ** 2 < (side / 4) ** 2
    noise = random.standard_normal((count, channels, side, side))
    pictures: Values = (share * (2.0 * disc - 1) + (1 - share) * noise).astype(np.float32)
    return pictures


def looks(what: str) -> dict[int, dict[str, tuple[str, Values]]]:
    """Twelve looks at what a network learns to make: pictures, films, points, codes or a critic's scores."""
    return {10 * number: _look(what, number / 12) for number in range(1, 13)}


def _look(what: str, share: float) -> dict[str, tuple[str, Values]]:
    random = np.random.default_rng(0)
    if what == "pictures":
        grey, colour = blobs(random, 64, 1, 64, share), blobs(random, 16, 3, 32, share)
        return {"Generated digits": ("C H W", grey), "Generated shapes": ("C H W", colour)}
    if what == "film":
        films = np.stack([blobs(np.random.default_rng(1), 12, 1, 28, at * share) for at in np.linspace(0, 1, 20)], 1)
        return {"Denoised": ("S C H W", films)}
    if what == "points":
        return {"Generated": ("D", ring(random, 64, 0.6 - share / 2, share))}
    if what == "codes":
        return {"Codes": ("D", (random.standard_normal((64, 8)) * (3 - 2 * share)).astype(np.float32))}
    made, real = (random.standard_normal(64).astype(np.float32) + far for far in (-2 * share, 2 * share))
    return {"Scores of generated": ("", made), "Scores of real": ("", real)}
