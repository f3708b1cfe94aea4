"""Sweeps over processes that train nothing: what is picked, judged, given up, interrupted and gone on with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from nodes.loss import Accuracy
from studio.core.builder import node_of
from studio.core.problem import ProjectError
from studio.core.project import Project, Stage
from studio.training.commands import Start
from studio.training.messages import EpochEnded, Event, Finished
from studio.training.run import Run
from studio.training.shelf import SWEEP, shelved
from studio.training.summary import summarize
from studio.training.sweeps import sweep as sweeping
from studio.training.sweeps.picking import Pick, Picker
from studio.training.sweeps.plan import Plan
from studio.training.sweeps.sweep import Sweep, environment_of
from studio.training.sweeps.trials import UNJUDGED, Swept, Trial, aim_of
from studio.training.sweeps.varying import Values, Varied, with_values
from studio.training.worker_client import Worker
from tests.cli.hostile import good
from tests.training.sweeps.toy_trainer import loss_at

pytestmark = pytest.mark.filterwarnings("error")
RATE = Varied.of("learning_rate=0.0001..0.1:log")


@pytest.fixture(autouse=True)
def _toys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "Worker", partial(Worker, module="tests.training.sweeps.toy_trainer"))


def project(epochs: int = 2) -> Project:
    training = replace(good().training, metrics=(node_of(Accuracy()),), stages=(Stage(epochs=epochs),))
    return replace(good(), training=training)


def plan(
    *varied: Varied, goal: str = "", pick: Pick = "tpe", trials: int = 0, prune: bool = True, epochs: int = 2
) -> Plan:
    return Plan(Picker(varied or (RATE,), aim_of(project(epochs), goal), pick), trials, prune)


class Heard:
    """What a sweep told."""

    def __init__(self) -> None:
        self.trials: list[Trial] = []

    def __call__(self, event: Event, _: int) -> None:
        if isinstance(event, Trial):
            self.trials.append(event)

    @property
    def over(self) -> list[Trial]:
        return [trial for trial in self.trials if trial.is_over]


def made(
    folder: Path,
    plan: Plan,
    *,
    jobs: int = 1,
    epochs: int = 2,
    until: Callable[[Heard], bool] = lambda _: False,
    make: Callable[[Values], Project] | None = None,
) -> tuple[Swept | None, Heard]:
    heard = Heard()
    sweep = Sweep(folder, plan, make or (lambda values: with_values(project(epochs), values)), Start(""), heard)
    return sweep.run(jobs, lambda: until(heard)), heard


def told(swept: Swept | None) -> Swept:
    assert swept is not None
    return swept


def test_trials_are_runs_judged_by_the_validation_part_alone(tmp_path: Path) -> None:
    found, heard = made(tmp_path / "s", plan(trials=4))
    swept = told(found)
    assert [trial.trial for trial in heard.over] == [1, 2, 3, 4]
    ranked = [trial["trial"] for trial in swept.trials]
    by_validation = sorted(heard.over, key=lambda trial: loss_at(float(str(trial.values["learning_rate"])), 2))
    assert ranked == [trial.trial for trial in by_validation]
    test_losses = [summarize(Run(Path(trial.run))).final["loss"] for trial in by_validation]
    assert test_losses == sorted(test_losses, reverse=True), "by the test part the order would be the other way round"
    assert swept.run == str(tmp_path / "s" / f"trial-{ranked[0]}")
    for trial in heard.over:
        rate = trial.values["learning_rate"]
        assert trial.figures == (loss_at(float(str(rate)), 1), loss_at(float(str(rate)), 2))
        assert Run(Path(trial.run)).project().training.stages[0].learning_rate == rate


def test_the_shelf_reads_the_folder_of_a_sweep(tmp_path: Path) -> None:
    _, heard = made(tmp_path / "home" / "s", plan(trials=2))
    found = {each.run.name: each for each in shelved([tmp_path / "home"])}
    assert {name: each.sweep for name, each in found.items()} == {"trial-1": "s", "trial-2": "s"}
    for trial in heard.over:
        assert summarize(found[trial.name].run).varied == trial.values
    kept = json.loads((tmp_path / "home" / "s" / SWEEP).read_text())
    assert (kept["vary"], kept["goal"], kept["trials"]) == (["learning_rate=0.0001..0.1:log"], "loss", 2)


def test_of_a_figure_of_which_more_is_better_the_highest_is_the_best(tmp_path: Path) -> None:
    rates = Varied.of("learning_rate=0.1,0.01,0.001")
    found, _ = made(tmp_path / "s", plan(rates, goal="accuracy", pick="grid"))
    assert [trial["trial"] for trial in told(found).trials] == [2, 1, 3]
    assert told(found).trials[0]["figure"] == -loss_at(0.01, 2)


def test_several_processes_train_at_a_time(tmp_path: Path) -> None:
    found, heard = made(tmp_path / "s", plan(trials=3, epochs=25), jobs=2, epochs=25)
    told_at = [(trial.trial, trial.state) for trial in heard.trials]
    assert told_at.index((2, "running")) < told_at.index((1, "complete"))
    assert told_at.index((3, "running")) > min(told_at.index((number, "complete")) for number in (1, 2))
    assert sorted(trial["trial"] for trial in told(found).trials) == [1, 2, 3]


def test_processes_share_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "cores", lambda: 8)
    assert environment_of(3) == {}, "what a person has chosen holds"
    monkeypatch.delenv("OMP_NUM_THREADS")
    assert [environment_of(jobs) for jobs in (1, 3, 9)] == [{}, {"OMP_NUM_THREADS": "2"}, {"OMP_NUM_THREADS": "1"}]


def test_a_grid_is_tried_whole_in_order(tmp_path: Path) -> None:
    grid = [Varied.of("learning_rate=0.1,0.01"), Varied.of("width=4,8")]
    _, heard = made(tmp_path / "s", plan(*grid, pick="grid"))
    values = [tuple(trial.values.values()) for trial in heard.over]
    assert values == [(0.1, 4), (0.1, 8), (0.01, 4), (0.01, 8)]


def test_hopeless_trials_are_given_up_unless_a_person_wants_them_all(tmp_path: Path) -> None:
    rates = Varied.of("learning_rate=0.01,0.011,0.012,0.009,0.008,0.0001")
    _, heard = made(tmp_path / "a", plan(rates, pick="grid", trials=5, epochs=6), epochs=6)
    assert [trial.state for trial in heard.over] == ["complete"] * 5
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    *_, last = made(tmp_path / "a", plan(rates, pick="grid", epochs=6), epochs=6)[1].over
    assert (last.state, summarize(Run(Path(last.run))).message) == ("pruned", "discarded")
    assert len(last.figures) < 6
    *_, last = made(tmp_path / "b", plan(rates, pick="grid", epochs=6, prune=False), epochs=6)[1].over
    assert (last.state, len(last.figures)) == ("complete", 6)


def test_trials_that_fail_are_said_and_the_others_go_on(tmp_path: Path) -> None:
    def make(values: Values) -> Project:
        if values["batch"] == 15:
            raise ProjectError("There is no such project.")
        return with_values(project(), values)

    batches = Varied.of("batch=13,14,15,16")
    found, heard = made(tmp_path / "s", plan(batches, pick="grid"), make=make)
    assert [trial.state for trial in heard.over] == ["failed", "failed", "failed", "complete"]
    messages = [trial.message for trial in heard.over]
    assert messages[0] == "The loss is no number any more."
    assert "killed from outside" in messages[1]
    assert messages[2] == "There is no such project."
    assert told(found).trials[0]["trial"] == 4
    again, later = made(tmp_path / "s", plan(batches, pick="grid"), make=make)
    assert [trial.trial for trial in later.over] == [1, 3, 4, 2], "who was killed may go on"
    assert [trial["state"] for trial in told(again).trials] == ["complete", "failed", "failed", "failed"]


def test_a_trial_that_waits_for_room_on_the_disk_ends_the_sweep_which_can_go_on(tmp_path: Path) -> None:
    how = plan(Varied.of("batch=12,16"), pick="grid")
    with pytest.raises(ProjectError, match=r"trial-1 waits: The disk is full\. Then the same command goes on\."):
        made(tmp_path / "s", how)
    with pytest.raises(ProjectError, match="trial-1 waits"):
        made(tmp_path / "s", how)


def test_a_sweep_that_was_interrupted_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    def second_has_begun(heard: Heard) -> bool:
        return any(trial.trial == 2 and trial.figures for trial in heard.trials)

    how = plan(trials=4, epochs=6)
    interrupted, before = made(tmp_path / "s", how, epochs=6, until=second_has_begun)
    assert interrupted is None
    assert [(trial.trial, trial.state) for trial in before.trials][-1] == (2, "interrupted")
    found, after = made(tmp_path / "s", how, epochs=6)
    assert [trial.trial for trial in after.over] == [1, 2, 3, 4]
    assert after.over[0] == before.over[0], "what is there is told, and not trained again"
    whole, _ = made(tmp_path / "whole", how, epochs=6)
    kept = [{**trial, "run": ""} for trial in told(found).trials]
    assert kept == [{**trial, "run": ""} for trial in told(whole).trials]


def test_more_trials_are_added_to_those_there_are(tmp_path: Path) -> None:
    made(tmp_path / "s", plan(trials=1))
    found, heard = made(tmp_path / "s", plan(trials=2))
    assert [trial.trial for trial in heard.over] == [1, 2]
    assert len(told(found).trials) == 2


def test_a_sweep_goes_on_only_as_it_began(tmp_path: Path) -> None:
    made(tmp_path / "s", plan(trials=1))
    with pytest.raises(ProjectError, match=r"has vary learning_rate=.*, and cannot go on with width=4\.\.8\."):
        made(tmp_path / "s", plan(Varied.of("width=4..8")))
    with pytest.raises(ProjectError, match="has goal loss, and cannot go on with accuracy"):
        made(tmp_path / "s", plan(goal="accuracy"))
    with pytest.raises(ProjectError, match="were made of another project, or with other options"):
        made(tmp_path / "s", plan(trials=2), epochs=3)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("years of work")
    with pytest.raises(ProjectError, match="is there already and not empty"):
        made(tmp_path / "other", plan())


def test_epochs_that_do_not_measure_the_figure_count_but_do_not_judge(tmp_path: Path) -> None:
    aim = aim_of(project(), "accuracy")
    looks = [{"loss": 1.0}, {"loss": 0.5, "accuracy": 0.75}, {"loss": 0.25}, {"loss": 0.75, "accuracy": 0.875}]
    events = [EpochEnded(at, 4, 0, at, figures, {}, 1.0, at == 2) for at, figures in enumerate(looks, 1)]
    trial = aim.judged(1, {}, tmp_path, [*events, EpochEnded(1, 1, 1, 9, {"accuracy": 1.0}, {}, 1.0)])
    assert (trial.figure, trial.figures, trial.epochs, trial.state) == (0.75, (0.75, 0.875), 4, "running")
    over = aim.judged(1, {}, tmp_path, [events[0], Finished({"accuracy": 0.9}, "", 1.0, 1.0, 1, "complete")])
    assert (over.state, over.figure, over.message) == ("failed", None, UNJUDGED), "a figure of the test part is none"


def test_a_figure_that_nobody_measures_is_refused() -> None:
    with pytest.raises(ProjectError, match=r"measures no figure 'acuracy'\. Did you mean accuracy\?"):
        aim_of(project(), "acuracy")


def test_without_optuna_the_command_that_brings_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "optuna", None)
    with pytest.raises(ProjectError, match=r"Install it with: pip install 'layerloom\[sweep\]'"):
        made(tmp_path / "s", plan())
    assert not (tmp_path / "s").exists()
