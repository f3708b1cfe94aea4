"""Sweeps in the terminal: real trainings with other values, in processes of their own."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from studio.cli.subject import given_subject
from studio.core import loom
from studio.training.run import Run
from studio.training.shelf import shelved
from studio.training.summary import summarize
from tests.cli.layerloom import lines, start, status
from tests.training.sweeps.projects import wide

pytestmark = pytest.mark.slow


@pytest.fixture
def wide_file(tmp_path: Path) -> Path:
    loom.save(wide(), tmp_path / "wide.loom")
    return tmp_path / "wide.loom"


def test_three_trials_are_trained_judged_and_kept(wide_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "runs" / "sweep"
    arguments = ("sweep", wide_file, "--vary", "width=4,16,-1", "--pick", "grid", "--device", "cpu", "--out", out)
    assert status(*arguments, "--jobs", "2", "--json") == 0
    events = lines(capsys.readouterr().out)
    assert {event["trial"] for event in events if event["event"] == "started"} == {1, 2}
    swept = events[-1]
    assert (swept["event"], swept["folder"], swept["goal"]["name"]) == ("swept", str(out), "loss")
    measured = {e["trial"]: e["metrics"]["loss"] for e in events if e["event"] == "epoch"}
    assert {trial["trial"]: trial["figure"] for trial in swept["trials"]} == {**measured, 3: None}
    best, second, failed = swept["trials"]
    assert (best["figure"] < second["figure"], failed["state"]) == (True, "failed")
    assert swept["run"] == best["run"]
    kept = {each.run.name: summarize(each.run) for each in shelved([tmp_path / "runs"]) if each.sweep == "sweep"}
    assert {name: about.varied["width"] for name, about in kept.items()} == {"trial-1": 4, "trial-2": 16, "trial-3": -1}
    assert kept[f"trial-{best['trial']}"].best["loss"] == best["figure"]

    assert status(*arguments) == 0, "nothing is left to train, so that all is only told"
    shown = capsys.readouterr()
    rows = [line.split() for line in shown.out.splitlines()]
    assert [row[0] for row in rows[2:5]] == [str(trial["trial"]) for trial in swept["trials"]]
    assert "-1" in rows[4]
    assert failed["message"].split()[0] in rows[4]
    assert f"To train it anew, for instance longer: layerloom train {best['run']} --epochs 100" in shown.err
    assert status("train", best["run"], "--epochs", "1", "--out", tmp_path / "anew") == 0
    assert Run.open(tmp_path / "anew").project() == Run.open(Path(best["run"])).project()


def test_ctrl_c_keeps_what_ran_and_the_same_command_goes_on(
    wide_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = tmp_path / "sweep"
    arguments = ("sweep", wide_file, "--vary", "learning_rate=0.001..0.1:log", "--trials", "1", "--epochs", "40")
    process = start(*arguments, "--out", out, "--device", "cpu", "--json")
    assert process.stdout is not None
    while '"epoch"' not in (said := process.stdout.readline()):
        assert said, "the sweep ended before it was interrupted"
    process.send_signal(signal.SIGINT)
    told, complaint = process.communicate(timeout=60)
    assert process.returncode == 130
    assert f"To go on: the same command with --out {out}" in complaint
    assert lines(told)[-1]["state"] == "interrupted"
    assert Run.open(out / "trial-1").status().state == "interrupted"
    assert status(*arguments, "--out", out, "--device", "cpu", "--json") == 0
    swept = lines(capsys.readouterr().out)[-1]
    (trial,) = swept["trials"]
    assert (trial["state"], len(trial["figures"])) == ("complete", 40)


def test_what_cannot_be_searched_is_said_before_anything_is_trained(
    wide_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    for vary, sentence in (
        ("wdth=4..8", "has nothing called 'wdth' that could vary. Did you mean width?"),
        ("width=8..4", "width cannot go from 8 to 4: give the lower end first."),
    ):
        assert status("sweep", wide_file, "--vary", vary, "--out", tmp_path / "no") == 1
        assert sentence in capsys.readouterr().err
    assert status("sweep", wide_file, "--vary", "width=4..8", "--goal", "accuracy", "--out", tmp_path / "no") == 1
    assert "measures no figure 'accuracy'. There are: loss." in capsys.readouterr().err
    assert status("sweep", "lenet5", "--vary", "width=4..8", "--out", tmp_path / "no") == 1
    assert status("sweep", wide_file) == 2
    assert not (tmp_path / "no").exists()


def test_optuna_is_imported_by_nobody_before_a_sweep_begins():
    seen = "import sys, studio.cli.sweep, studio.gui.sweeps.sweeps; sys.exit('optuna' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", seen], check=False).returncode == 0


def test_settings_of_a_template_are_varied_by_drawing_it_anew() -> None:
    subject = given_subject("mlp", None, ["dropout=0.25"], None, lambda project: project)
    dropout, _ = subject.varied(["dropout=0..1", "learning_rate=0.1,0.2"])
    assert (dropout.low, dropout.high, dropout.is_whole) == (0, 1, False)
    assert subject.base == subject.project({"dropout": 0.25})
    drawn = subject.project({"dropout": 0.5, "learning_rate": 0.2})
    assert drawn.graphs != subject.base.graphs
    assert {stage.learning_rate for stage in drawn.training.stages} == {0.2}
