"""A learning rate is found in the terminal."""

from __future__ import annotations

import json

import pytest

from tests.cli.layerloom import status


def test_the_rates_and_the_one_that_is_suggested_are_told_to_scripts(capfd: pytest.CaptureFixture[str]):
    assert status("find-rate", "perceptron", "--json", "--device", "cpu") == 0
    found = json.loads(capfd.readouterr().out)
    assert found.keys() == {"suggested", "rates", "losses"}
    assert len(found["rates"]) == len(found["losses"])
    assert found["suggested"] in [float(f"{rate:.2g}") for rate in found["rates"]]


def test_a_person_reads_a_table_and_a_sentence(capfd: pytest.CaptureFixture[str]):
    assert status("find-rate", "perceptron", "--device", "cpu") == 0
    out = capfd.readouterr().out
    assert "learning rate" in out
    assert out.strip().splitlines()[-1].startswith("Learning rate ")


def test_a_stage_that_is_not_there_is_said(capfd: pytest.CaptureFixture[str]):
    assert status("find-rate", "perceptron", "--stage", "4") == 1
    assert "There is no stage 4: the project has 1." in capfd.readouterr().err
