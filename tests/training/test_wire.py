"""Messages survive the way through JSON, and what is no message is passed over."""

import dataclasses
import json
import math
import typing

import pytest

from studio.training.answers import Predicted
from studio.training.commands import Command, Start
from studio.training.messages import EpochEnded, Event, Finished
from studio.training.wire import content_of, line, message_of

SAMPLE: dict[object, object] = {str: "a 'word' – ü\n", int: 7, float: 0.5, bool: True}


def filled(cls: type[Event] | type[Command]) -> Event | Command:
    hints = typing.get_type_hints(cls)
    values = {}
    for field in dataclasses.fields(cls):  # type: ignore[arg-type]
        if field.default is dataclasses.MISSING:
            values[field.name] = SAMPLE.get(
                hints[field.name], {"loss": 0.25} if "Mapping" in str(hints[field.name]) else ()
            )
    return cls(**values)


@pytest.mark.parametrize("cls", [*Event.known.values(), *Command.known.values()])
def test_every_message_comes_out_as_it_went_in(cls: type[Event] | type[Command]) -> None:
    message = filled(cls)
    data = line(message)
    assert data.count(b"\n") == 1
    assert message_of(content_of(data)) == message


def test_the_names_that_scripts_read_stay_as_they_are() -> None:
    assert {"started", "step", "epoch", "stage", "finished", "failed"} <= Event.known.keys()


def test_nested_tuples_come_back_as_tuples() -> None:
    event = Predicted(3, 0, (1, 2), (5, 6), ((1, 2), (3, 4)), ((0.5, 0.25), (0.75, 0.125)))
    assert message_of(content_of(line(event))) == event


def test_a_figure_that_is_no_number_is_null_in_json_and_no_number_again_when_read() -> None:
    event = EpochEnded(1, 2, 0, 10, {"loss": math.nan, "accuracy": 0.5}, {}, 1.0)
    data = line(event)
    assert json.loads(data)["metrics"] == {"loss": None, "accuracy": 0.5}
    read = message_of(content_of(data))
    assert isinstance(read, EpochEnded)
    assert math.isnan(read.metrics["loss"])
    assert read.metrics["accuracy"] == 0.5


def test_a_newer_version_may_say_more() -> None:
    content = {**json.loads(line(Start("folder"))), "colour": "green"}
    assert message_of(content) == Start("folder")


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"7", b'{"event":"epoch"}', b'{"event":"unheard of"}', b"[" * 100_000, b"\xff\xfe"]
)
def test_what_is_no_message_is_passed_over(data: bytes) -> None:
    assert message_of(content_of(data)) is None


def test_a_missing_goal_is_none_and_a_present_one_keeps_its_parts() -> None:
    goal = {"metric": "accuracy", "op": ">=", "value": 0.97, "measured": 0.98, "reached": True}
    for value in (None, goal):
        event = Finished({"accuracy": 0.98}, "run", 1.0, 2.0, 3, "all epochs", goal=value)
        assert message_of(content_of(line(event))) == event
