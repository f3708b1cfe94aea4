"""Denoisers and autoencoders of codes: what the literature has, what their objectives say, and a short run of each."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

import studio
from nodes.data.digits import Digits
from nodes.modules.diffusion import AddNoise
from studio.compiler.check import check
from studio.compiler.source import objective_source
from studio.core.builder import node_of
from studio.core.catalog import catalog
from studio.core.project import Project
from studio.training.messages import EpochEnded, Previewed
from tests.engine.projects import same, trained


def shortened(name: str, samples: int = 128, **settings: Any) -> Project:
    """The template as it learns from a few samples, in one epoch for each stage."""
    project = studio.open_project(name, **settings)
    for graph_name, graph in project.of_role("objective").items():
        small = {key: node.set(limit=samples) for key, node in graph.nodes.items() if node.type in catalog().datasets}
        project = project.with_graph(graph_name, graph.put(small))
    data = project.data or node_of(Digits())
    stages = tuple(replace(stage, epochs=1) for stage in project.training.stages)
    return replace(project, data=data.set(limit=samples), training=replace(project.training, stages=stages))


@pytest.mark.parametrize(("setting", "value"), [("schedule", "linear"), ("predicts", "noise"), ("steps", 50)])
def test_a_sampler_that_disagrees_with_how_noise_was_added_is_told_so_and_mended(setting: str, value: Any) -> None:
    project = catalog().make_project("diffusion")
    samples = project.graphs["Samples"]
    astray = project.with_graph("Samples", samples.put({"Sampler": samples.nodes["Sampler"].set(**{setting: value})}))
    (problem,) = check(astray).problems
    assert (problem.graph, problem.node) == ("Samples", "Sampler")
    assert f"Denoiser learns with {setting}" in problem.message
    (repair,) = problem.repairs
    mended = repair.apply(astray)
    assert check(mended).problems == ()
    assert mended.graphs["Samples"].nodes["Sampler"].settings[setting] == samples.nodes["Sampler"].settings[setting]


def test_all_steps_are_taken_by_ddpm_and_a_few_by_ddim() -> None:
    text = objective_source(catalog().make_project("diffusion", settings={"taken": 0}), "Samples").text
    assert 'DDPM(schedule="cosine", variance="beta", predicts="velocity")' in text
    assert "self.sampler(self.denoiser, noise)" in text
    assert "DDIM(" in objective_source(catalog().make_project("diffusion"), "Samples").text


def test_samples_are_shown_with_the_way_from_noise_to_them(tmp_path: Path) -> None:
    run, events = trained(shortened("diffusion"), tmp_path)
    shown = next(event for event in reversed(events) if isinstance(event, Previewed))
    arrays = {name: np.load(run.run.folder / file) for name, file in zip(shown.names, shown.files, strict=True)}
    assert dict(zip(shown.names, shown.shapes, strict=True)) == {"Made": "D", "Film": "S D"}
    assert arrays["Film"].shape[1:] == (8, 2)
    assert np.array_equal(arrays["Film"][:, -1], arrays["Made"])
    assert 0.7 < arrays["Film"][:, 0].std() < 1.3, "it begins with noise"
    assert "Samples: mean_discrepancy" in run.metrics


def test_digits_are_asked_for_by_class_judged_and_filled_in(tmp_path: Path) -> None:
    project = shortened("conditional-diffusion", taken=2, width=8, told="attention")
    run, events = trained(project, tmp_path)
    assert 0 <= run.metrics["Samples: accuracy"] <= 1
    shown = next(event for event in reversed(events) if isinstance(event, Previewed))
    assert set(shown.names) == {"Painted", "Film", "Filled in"}
    filled = np.load(run.run.folder / shown.files[shown.names.index("Filled in")])
    assert (filled[:, 0, :7] < -0.9).mean() > 0.8, "the known rim is that of digits: background"
    stages = [event.stage for event in events if isinstance(event, EpochEnded)]
    assert stages == [0, 1]


def test_the_judge_is_never_shown_a_painted_digit() -> None:
    project = catalog().make_project("conditional-diffusion")
    assert "denoiser" not in objective_source(project, "Judging").text.lower()
    judge, denoiser = project.training.stages
    assert judge.objectives == ("Judging",)
    assert denoiser.learns == ("Denoiser",)


def test_the_autoencoder_rests_while_the_denoiser_learns(tmp_path: Path) -> None:
    run, _ = trained(shortened("latent-diffusion", taken=2, width=8), tmp_path)
    _, learned, *_, last = (each for each in run.run.checkpoints() if each.why == "stage")
    assert learned.step < last.step
    for name in ("encoder", "decoder", "judge"):
        assert same(load_file(learned.weights(name)), load_file(last.weights(name))), name
    assert not same(*(load_file(each.weights("denoiser")) for each in (learned, last)), ["first", "last"])
    assert "Samples: recognised" in run.metrics


def test_codes_may_be_entries_of_a_table_that_learns_with_the_autoencoder(tmp_path: Path) -> None:
    run, _ = trained(shortened("latent-diffusion", taken=2, width=8, codes="table"), tmp_path)
    judged, coded, *_ = (each for each in run.run.checkpoints() if each.why == "stage")
    assert not same(load_file(judged.weights("codebook")), load_file(coded.weights("codebook")))
    text = objective_source(run.run.project(), "Samples").text
    assert "self.decoder(codebook_code_out)" in text, "what the sampler makes is rounded before it is decoded"


@pytest.mark.parametrize(
    ("told", "inputs"), [("time", ["Noisy", "Time", "Label"]), ("attention", ["Noisy", "Time", "Condition"])]
)
def test_a_class_is_told_with_the_time_or_as_a_token_to_look_at(told: str, inputs: list[str]) -> None:
    report = check(catalog().make_project("conditional-diffusion", settings={"told": told})).networks["Denoiser"]
    assert list(report.inputs) == inputs


def test_a_denoiser_tells_different_classes_and_moments_apart() -> None:
    torch.manual_seed(0)
    network = studio.build_network(studio.open_project("conditional-diffusion", width=8), name="Denoiser").eval()
    noisy, target = AddNoise("cosine")(torch.rand(2, 1, 28, 28), torch.tensor([500.0, 500.0]))
    zero, one = torch.zeros(2, dtype=torch.int64), torch.ones(2, dtype=torch.int64)
    early, late = torch.full((2,), 10.0), torch.full((2,), 900.0)
    assert network(noisy, early, zero).shape == target.shape
    assert not torch.allclose(network(noisy, early, zero), network(noisy, early, one))
    assert not torch.allclose(network(noisy, early, zero), network(noisy, late, zero))


def test_random_codes_are_given_to_both_decoders_alike(tmp_path: Path) -> None:
    text = objective_source(studio.open_project("vae"), "Codes").text
    assert "self.decoder(random_codes)" in text
    assert "self.plain_decoder(random_codes)" in text
    run, events = trained(shortened("vae", samples=512, hidden=40, code=4), tmp_path)
    shown = next(event for event in reversed(events) if isinstance(event, Previewed))
    assert {"Codes", "Plain codes", "Made up", "Plainly made up"} == set(shown.names)
    assert {"Codes: gap", "Codes: plain_gap", "Codes: error", "Codes: plain_error"} <= set(run.metrics)
