"""What a stage teaches, and through which objective."""

from __future__ import annotations

import pytest

from studio.compiler.check import check
from studio.compiler.learned import Entry, Learned, Share, entries_of, networks_in
from studio.core.project import Stage
from tests.networks import in_stages


def learned(stage: Stage) -> Learned:
    project = in_stages(stage)
    return Learned(stage, project.networks, check(project).objectives)


BOTH = ("Reconstruct", "Classify")


@pytest.mark.parametrize(
    ("learns", "part", "share"),
    [
        ((), "Encoder/Inner", "all"),
        (("Encoder",), "Encoder/Inner", "all"),
        (("Encoder",), "Decoder", "none"),
        (("Encoder/Inner",), "Encoder", "some"),
        (("Encoder/Inner",), "Encoder/Inner", "all"),
        (("Encoder/Inner",), "Encoder/Code", "none"),
        (("Reconstruct: Encoder",), "Encoder/Code", "all"),
    ],
)
def test_a_part_learns_as_far_as_the_stage_names_it(learns: tuple[str, ...], part: str, share: Share) -> None:
    network, _, path = part.partition("/")
    assert learned(Stage(objectives=BOTH, learns=learns)).share(network, path) == share


def test_what_an_objective_does_not_ask_learns_nothing_from_it() -> None:
    stage = Stage(objectives=("Classify",))
    assert learned(stage).share("Decoder") == "none"
    assert learned(stage).share("Head") == "all"
    assert learned(stage).holding("Decoder") == ()


def test_an_entry_of_one_objective_counts_for_no_other() -> None:
    stage = learned(Stage(objectives=BOTH, learns=("Reconstruct: Encoder", "Head")))
    assert stage.share("Encoder", "", "Reconstruct") == "all"
    assert stage.share("Encoder", "", "Classify") == "none"
    assert stage.teaching("Encoder") == ("Reconstruct",)
    assert stage.teaching("Head") == ("Classify",)


def test_entries_are_read_and_written_alike() -> None:
    stage = Stage(objectives=BOTH, learns=("Classify: Head/Class", "Encoder", "Nobody/Conv"))
    found = list(entries_of(stage, in_stages().networks))
    assert found == [Entry("Classify", "Head", "Class"), Entry("", "Encoder"), Entry("", "", "Nobody/Conv")]
    assert [entry.text for entry in found[:2]] == list(stage.learns[:2])


def test_an_objective_names_each_of_its_networks_once() -> None:
    assert networks_in(in_stages().graphs["Classify"]) == ("Encoder", "Head")
