"""The datasets that the studio makes itself."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from nodes.data.drawing import Sheet
from nodes.data.point_sets import PointSets
from nodes.data.roads import Roads
from nodes.data.scenes import FIRST_THING, GROUND, SKY, Scenes, directions
from nodes.data.shapes import Shapes
from nodes.data.smileys import Smileys
from studio.core.catalog import catalog
from studio.core.dataset import Dataset
from studio.core.declaration import Setting
from studio.core.generated import Generated
from studio.core.node_class import shapes_of
from tests.data.files import quiet

GENERATED = {name: cls for name, cls in catalog().datasets.items() if issubclass(cls, Generated)}

every_generated = pytest.mark.parametrize("cls", GENERATED.values(), ids=GENERATED)


def columns(dataset: Dataset) -> dict[str, np.ndarray[Any, Any]]:
    return {name: column[:] for name, column in dataset.read(Path(), quiet).columns.items()}


@every_generated
def test_a_seed_always_makes_the_same_samples_and_another_seed_others(cls: type[Generated]) -> None:
    first, again, other = (columns(cls.of({"samples": 50, "seed": seed})) for seed in (3, 3, 4))
    for name in cls.outputs:
        assert np.array_equal(first[name], again[name])
        assert not np.array_equal(first[name], other[name])


OWN_SETTINGS = [
    (cls, setting)
    for cls in GENERATED.values()
    for setting in cls.settings()
    if setting.name in cls.__annotations__ and setting.name != "normalise"  # which is for the engine to do
]


@pytest.mark.parametrize(("cls", "setting"), OWN_SETTINGS, ids=lambda value: getattr(value, "name", None))
def test_every_setting_of_its_own_changes_the_samples(cls: type[Generated], setting: Setting) -> None:
    before = {"samples": 50, **({"pattern": "rings"} if setting.name == "groups" else {})}
    others = [choice for choice in setting.choices if choice != setting.default]
    for value in others or [type(setting.default)(setting.default + 1)]:
        plain, changed = (columns(cls.of(settings)) for settings in (before, {**before, setting.name: value}))
        assert any(not np.array_equal(plain[name], changed[name]) for name in cls.outputs)


@pytest.mark.parametrize("dataset", [Smileys(samples=30), Shapes(samples=52), PointSets(samples=41, pattern="rings")])
def test_no_class_has_more_than_one_sample_more_than_another(dataset: Generated) -> None:
    counts = np.bincount(columns(dataset)["label"], minlength=len(dataset.known_classes()))
    assert counts.max() - counts.min() <= 1


def test_the_outer_pixels_of_smileys_have_no_variance_and_every_inner_one_has() -> None:
    variance = columns(Smileys())["image"].var(0)
    frame = np.ones_like(variance, bool)
    frame[1:-1, 1:-1] = False
    assert not variance[frame].any()
    assert (variance[6:-6, 6:-6] > 0.01).all()


def test_the_corners_of_a_mouth_are_above_its_middle_where_a_face_is_happy_and_below_where_it_is_sad() -> None:
    found = columns(Smileys(grain=0.0))
    happy, sad, _ = (found["image"][found["label"] == number].mean(0) for number in range(3))
    corners, middle = (slice(14, 16), [8, 15]), (slice(17, 19), [11, 12])
    assert happy[corners].mean() > sad[corners].mean()
    assert happy[middle].mean() > sad[middle].mean()


def test_the_steering_units_of_roads_answer_a_hill_round_the_direction() -> None:
    hills = columns(Roads(samples=200))["steering"].astype(np.float64)
    # the logarithm of a Gaussian is a parabola, of which three points give the peak
    top = np.clip(hills.argmax(1), 1, 28)
    left, peak, right = (np.log(hills[np.arange(200), top + step]) for step in (-1, 0, 1))
    direction = top + (left - right) / (2 * (left - 2 * peak + right))
    assert np.allclose(hills, np.exp(-((np.arange(30) - direction[:, None]) ** 2) / 10), atol=1e-5)
    assert direction.min() >= 1
    assert direction.max() <= 28
    assert np.histogram(direction, 3)[0].min() > 40


def test_a_road_leads_to_where_is_steered() -> None:
    found = columns(Roads(samples=300, grain=0.0))
    row = 5  # where it is about as far ahead as what is steered for
    line = found["image"][:, 0, row]
    edges = np.abs(np.diff(line, axis=1))
    place = (edges * np.arange(31)).sum(1) / edges.sum(1)
    assert np.corrcoef(place, found["steering"].argmax(1))[0, 1] > 0.95


def test_a_direction_leads_to_the_middle_of_what_is_seen_of_a_thing() -> None:
    things = np.zeros((1, 5, 5), np.int64)
    things[0, 1:4, 1:4] = 1
    things[0, 4, 0] = things[0, 4, 4] = 2  # whose middle lies between them
    right, down, left, up = 1, 3, 5, 7
    assert directions(things)[0].tolist() == [
        [0, 0, 0, 0, 0],
        [0, right + 1, down, left - 1, 0],
        [0, right, right, left, 0],
        [0, up + 1, up, left + 1, 0],
        [right, 0, 0, 0, left],
    ]


def test_a_thing_is_as_near_as_the_ground_it_stands_on_and_hides_what_is_farther() -> None:
    found = columns(Scenes(samples=300, grain=0.0))
    depth, scene = found["depth"][:, 0], found["scene"]
    assert (depth[scene == SKY] == 0).all()
    rows = np.arange(32) / 31
    for near, classes in zip(depth, scene, strict=True):
        ground = classes == GROUND
        nearness = np.array([row[mine].max(initial=0) for row, mine in zip(near, ground, strict=True)])
        slope = np.diff(nearness[-4:])
        assert np.allclose(slope, slope[0], atol=1e-6)  # so it grows evenly from the horizon to the lower edge
        horizon = 1 - 1 / (31 * slope[0])
        for thing in np.unique(near[classes >= FIRST_THING]):
            lowest = rows[np.flatnonzero((near == thing).any(1) & (classes >= FIRST_THING).any(1)).max()]
            foot = horizon + thing * (1 - horizon)
            assert lowest < foot + 1 / 31  # it ends where it stands, or earlier where something nearer hides it
    assert ((found["instance"] > 0) == (scene >= FIRST_THING)).all()


@pytest.mark.parametrize(("gate", "value"), [("or", [0, 1, 1, 1]), ("and", [0, 0, 0, 1]), ("xor", [0, 1, 1, 0])])
def test_a_gate_answers_as_its_table_says(gate: Any, value: list[int]) -> None:
    found = columns(PointSets(samples=40, pattern=gate, spread=0.0))
    for point, label in zip(found["point"], found["label"], strict=True):
        assert label == value[int(2 * point[0] + point[1])]
    assert len(np.unique(found["point"], axis=0)) == 4


@pytest.mark.parametrize(
    ("pattern", "straight"),
    [(pattern, True) for pattern in ("or", "and", "gaussians")]
    + [(pattern, False) for pattern in ("xor", "moons", "rings", "spirals")],
)
def test_neighbours_tell_the_classes_apart_and_a_straight_line_only_some(pattern: Any, straight: bool) -> None:
    found = columns(PointSets(pattern=pattern, samples=800, spread=0.05))
    points, labels = found["point"], found["label"]
    neighbours = KNeighborsClassifier(5).fit(points[::2], labels[::2])
    assert neighbours.score(points[1::2], labels[1::2]) > 0.97
    line = LogisticRegression(C=100.0).fit(points, labels).score(points, labels)
    assert line == 1.0 if straight else line < 0.95


@pytest.mark.parametrize("groups", [2, 3])
def test_a_label_is_a_class_number_or_numbers_to_answer(groups: int) -> None:
    settings = {"pattern": "rings", "groups": groups, "samples": 30}
    named, numbers = (columns(PointSets.of({**settings, "task": task}))["label"] for task in ("classes", "numbers"))
    assert numbers.shape[1:] == shapes_of(PointSets.of({**settings, "task": "numbers"}).infer())[1].sizes
    assert np.array_equal(numbers[:, 0], named) if groups == 2 else np.array_equal(numbers.argmax(1), named)


def test_a_distance_is_that_to_the_nearest_point_of_a_line() -> None:
    zero = np.zeros((1, 1, 1), np.float32)
    sheet = Sheet.of(5, (zero + 2, zero + 2), zero + 2, zero)
    line = sheet.line((-1, 0), (1, 0))[0]
    assert np.allclose(line, np.abs(np.linspace(-1, 1, 5))[:, None], atol=1e-6)
    assert np.allclose(
        sheet.star(4, np.sqrt(0.5))[0, 2], [0, -np.sqrt(0.125), -np.sqrt(0.5), -np.sqrt(0.125), 0], atol=1e-6
    )
