"""Training in the terminal: the events that scripts read, the sentences that people read, and the way back."""

import signal
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import studio
from studio.training.run import Run
from tests.cli.hostile import good
from tests.cli.layerloom import lines, start, status

pytestmark = pytest.mark.slow


def weights_of(run: Run) -> dict[str, torch.Tensor]:
    newest = run.newest()
    assert newest is not None
    return load_file(newest.weights("net"))


def equal(one: Run, other: Run) -> bool:
    first, second = weights_of(one), weights_of(other)
    return first.keys() == second.keys() and all(torch.equal(first[key], second[key]) for key in first)


def test_every_event_is_a_line(project_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "run"
    assert status("train", project_file, "--epochs", "2", "--seed", "3", "--out", out, "--json", "--tensorboard") == 0
    assert len(list((out / "tensorboard").glob("events.out.tfevents.*"))) == 1
    events = lines(capsys.readouterr().out)
    kinds = [event["event"] for event in events]
    assert kinds.count("started") == 1
    assert [event["epoch"] for event in events if event["event"] == "epoch"] == [1, 2]
    assert all("loss" in event["metrics"] for event in events if event["event"] == "epoch")
    last = events[-1]
    assert last.keys() >= {"event", "metrics", "run", "seconds", "samples_per_second"}
    assert (last["event"], last["run"]) == ("finished", str(out))


def test_folds_are_trained_one_after_the_other_and_told_together(
    project_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert status("train", project_file, "--epochs", "1", "--folds", "2", "--out", tmp_path / "runs", "--json") == 0
    *events, last = lines(capsys.readouterr().out)
    finished = {event["fold"]: event for event in events if event["event"] == "finished"}
    assert finished.keys() == {1, 2}
    assert (last["event"], last["folds"]) == ("cross-validated", 2)
    assert last["runs"] == [finished[fold]["run"] for fold in (1, 2)]
    values = [finished[fold]["metrics"]["loss"] for fold in (1, 2)]
    assert last["values"]["loss"] == values
    assert last["metrics"]["loss"] == pytest.approx(sum(values) / 2)
    assert status("train", project_file, "--epochs", "1", "--folds", "2", "--out", tmp_path / "more") == 0
    shown = capsys.readouterr()
    assert "Fold 2 of 2" in shown.err
    assert all(word in shown.out for word in ("2 folds after", "figure", "mean", "±", "fold 2", "Loss"))


def test_a_template_is_held_to_its_goal(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert status("train", "mlp", "--epochs", "1", "--json", "--out", tmp_path / "run", "--set", "dropout=0.1") == 0
    goal = lines(capsys.readouterr().out)[-1]["goal"]
    assert goal.keys() == {"metric", "op", "value", "measured", "reached"}
    assert goal["reached"] is (goal["measured"] >= goal["value"])


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(
    project_file: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
):
    for name, seed in (("same", 3), ("other", 4)):
        assert status("train", project_file, "--epochs", "2", "--seed", str(seed), "--out", tmp_path / name) == 0
    assert equal(Run.open(tmp_path / "same"), run)
    assert not equal(Run.open(tmp_path / "other"), run)
    assert capsys.readouterr().out.splitlines() == [str(tmp_path / "same"), str(tmp_path / "other")]


def test_a_training_begins_with_the_weights_that_it_is_given(
    project_file: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
):
    newest, out = run.newest(), tmp_path / "run"
    assert newest is not None
    assert status("train", project_file, "--weights", newest.weights("net"), "--out", out, "--json") == 0
    begun = load_file(Run.open(out).checkpoints()[0].weights("net"))
    assert all(torch.equal(begun[name], value) for name, value in weights_of(run).items())
    (told,) = (event for event in lines(capsys.readouterr().out) if event["event"] == "weights")
    assert (told["network"], told["source"]) == ("Net", str(newest.weights("net")))
    assert status("train", project_file, "--weights", tmp_path / "none.pth", "--out", tmp_path / "no") == 1
    assert "There are no weights at" in capsys.readouterr().err


def test_an_interrupted_training_is_kept_and_goes_on_to_the_same_weights(
    project_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = tmp_path / "run"
    process = start("train", project_file, "--epochs", "60", "--out", out, "--json")
    assert process.stdout is not None
    while '"epoch"' not in (said := process.stdout.readline()):
        assert said, "the training ended before it was interrupted"
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 130
    assert f"To go on: layerloom resume {out}" in complaint
    assert status("resume", out, "--json") == 0
    assert lines(capsys.readouterr().out)[-1]["reason"] == "complete"
    never = studio.train(good(), epochs=60, device="cpu", out=tmp_path / "never interrupted")
    assert equal(Run.open(out), never.run)


def test_a_finished_run_has_nothing_to_resume(run: Run, capsys: pytest.CaptureFixture[str]):
    assert status("resume", run.folder, "--json") == 1
    shown = capsys.readouterr()
    assert f"{run.name} has finished; nothing is left to train." in shown.err
    assert [event["event"] for event in lines(shown.out)] == ["failed"]


def test_a_fork_begins_at_a_checkpoint_of_its_own_choice(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert status("fork", run.folder, "--at", "0", "--out", tmp_path / "branch", "--json") == 0
    started, *_, last = [e for e in lines(capsys.readouterr().out) if e["event"] in ("started", "finished")]
    assert (started["step"], last["run"]) == (0, str(tmp_path / "branch"))
    assert equal(Run.open(tmp_path / "branch"), run)
    assert status("fork", run.folder, "--at", "12345", "--out", tmp_path / "none") == 1
    assert f"{run.name} has no checkpoint of step 12,345; it has:" in capsys.readouterr().err


def test_a_folder_in_use_is_refused(run: Run, project_file: Path, capsys: pytest.CaptureFixture[str]):
    assert status("train", project_file, "--out", run.folder) == 1
    assert "is there already and not empty. Choose another folder for the run." in capsys.readouterr().err


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has the device")
def test_a_device_that_is_not_there_is_a_failure_in_words(
    project_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert status("train", project_file, "--device", "cuda", "--json", "--out", tmp_path / "run") == 1
    last = lines(capsys.readouterr().out)[-1]
    assert (last["event"], last["message"]) == ("failed", "PyTorch finds no CUDA device here. It finds: cpu.")


def test_a_person_reads_sentences_on_stderr_and_the_run_on_stdout(
    project_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert status("train", project_file, "--epochs", "1", "--out", tmp_path / "run") == 0
    shown = capsys.readouterr()
    assert shown.out == f"{tmp_path / 'run'}\n"
    first, epoch, *_, last = shown.err.splitlines()
    assert first.startswith("training Net with 310 weights on cpu")
    assert epoch.startswith("epoch 1/1: Loss ")
    assert last.startswith("finished after ")
    assert last.endswith("on the test part")
