"""What a person writes of what varies, and the projects that come of it."""

from dataclasses import replace

import pytest

from studio.core.problem import ProjectError
from studio.core.project import Stage
from studio.training.sweeps.varying import Varied, grid_of, in_words, present_values, suited, with_values
from tests.cli.hostile import good

TWO = replace(
    good(), training=replace(good().training, stages=(Stage(name="coarse", learning_rate=0.1), Stage(name="fine")))
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("width=16..64", Varied("width", (), 16, 64)),
        ("width = 8 .. 512:log", Varied("width", (), 8, 512, log=True)),
        ("learning_rate=1e-4..0.1:log", Varied("learning_rate", (), 0.0001, 0.1, log=True)),
        ("momentum=-1..+1", Varied("momentum", (), -1, 1)),
        ("p=.5..0.75", Varied("p", (), 0.5, 0.75)),
        ("optimizer=adam,sgd", Varied("optimizer", ("adam", "sgd"))),
        ("width=32, 64,64,0.5", Varied("width", (32, 64, 0.5))),
        ("fast=true,False", Varied("fast", (True, False))),
        ("width==hidden*2,8", Varied("width", ("=hidden*2", 8))),
        ("fine: learning_rate=0.1,0.2", Varied("fine: learning_rate", (0.1, 0.2))),
    ],
)
def test_what_varies_is_read_as_it_is_written(text: str, meant: Varied) -> None:
    assert Varied.of(text) == meant
    assert Varied.of(str(meant)) == meant


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("width", "'width' does not say what varies. Write, for example, learning_rate=0.0001..0.01:log"),
        ("=1..2", "does not say what varies"),
        ("width=", "does not say what varies"),
        ("width=64..16", "width cannot go from 64 to 16: give the lower end first."),
        ("width=8..8", "give the lower end first"),
        ("width=8..", "'' is no number"),
        ("width=a..b", "'a' is no number"),
        ("rate=0.1..inf", "'inf' is no number"),
        ("rate=0..1:log", "rate cannot go from 0 evenly in the logarithm: begin above 0."),
        ("width=32", "width would not vary: list several values, or give a range such as 16..64."),
        ("width=32,32", "width would not vary"),
    ],
)
def test_what_cannot_vary_is_said(text: str, sentence: str) -> None:
    with pytest.raises(ProjectError) as refused:
        Varied.of(text)
    assert sentence in str(refused.value)


def test_values_reach_variables_the_training_and_every_stage() -> None:
    made = with_values(TWO, {"width": 9, "batch": 16, "seed": 4, "optimizer": "sgd", "weight_decay": 0.5})
    assert (made.variables, made.training.batch, made.training.seed) == ({"width": 9}, 16, 4)
    assert [(each.optimizer, each.weight_decay) for each in made.training.stages] == [("sgd", 0.5)] * 2
    assert [each.learning_rate for each in made.training.stages] == [0.1, 0.001]


def test_one_stage_or_one_part_alone_has_a_value() -> None:
    made = with_values(TWO, {"fine:learning_rate": 0.5, "Net: learning_rate": 0.25, "Net/Hidden: momentum": 0.5})
    assert [each.learning_rate for each in made.training.stages] == [0.1, 0.5]
    for stage in made.training.stages:
        assert stage.own == {"Net": {"learning_rate": 0.25}, "Net/Hidden": {"momentum": 0.5}}
        assert stage.optimization("Net").learning_rate == 0.25


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"wdth": 3}, "Good has nothing called 'wdth' that could vary. Did you mean width?"),
        ({"zzz": 3}, "There are: width, batch, seed, precision, learning_rate and other settings of stages."),
        ({"middle: learning_rate": 0.1}, "nothing called 'middle: learning_rate'"),
        ({"learning_rate": -1.0}, "learning_rate cannot be -1.0: Learning rate should be greater than 0"),
        ({"optimizer": "sdg"}, "optimizer cannot be sdg: "),
        ({"Net: epochs": 3}, "Net: epochs cannot be 3: Optimization has no setting 'epochs'"),
    ],
)
def test_a_value_that_cannot_be_is_said(values: dict[str, int], sentence: str) -> None:
    with pytest.raises(ProjectError) as refused:
        with_values(TWO, values)
    assert sentence in str(refused.value)


def test_a_range_has_fractions_where_the_project_has_one() -> None:
    present = present_values(TWO)
    assert present["fine: learning_rate"] == 0.001
    assert not suited(Varied.of("momentum=0..1"), present).is_whole
    assert not suited(Varied.of("Net: learning_rate=0..1"), present).is_whole
    assert suited(Varied.of("width=0..1"), present).is_whole
    assert suited(Varied.of("batch=8..16"), present).is_whole


def test_a_grid_has_every_combination_and_no_ranges() -> None:
    rows = grid_of([Varied.of("width=1,2"), Varied.of("optimizer=adam,sgd")])
    assert [tuple(row.values()) for row in rows] == [(1, "adam"), (1, "sgd"), (2, "adam"), (2, "sgd")]
    with pytest.raises(ProjectError, match=r"need values that are listed, as in 16,32: width has a range\."):
        grid_of([Varied.of("width=1..2")])


def test_values_are_told_in_words() -> None:
    assert in_words({"width": 32, "learning_rate": 0.00312345, "fast": True}) == (
        "width 32, learning rate 0.003123, fast true"
    )
