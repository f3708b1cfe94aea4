"""The stacked autoencoder: what each stage teaches, what it leaves alone, and what grows out of it."""

import itertools
from dataclasses import replace
from pathlib import Path

import torch

from studio.compiler.check import check
from studio.core.catalog import catalog
from studio.engine.build import build
from studio.engine.learning import learning, set_modes
from tests.templates.stages import shortly_trained, taught

LAYERS = {"encoder": "encoder", "decoder": "decoder"}
SMALL = {"data": "small-digits", "hidden": (20, 10), "code": 5}


def test_the_paper_preset_has_the_weights_of_the_deep_one_of_2006() -> None:
    diagnosis = check(catalog().make_project("stacked-autoencoder", preset="paper"))
    sizes = (784, 1000, 500, 250, 30)
    pairs = list(itertools.pairwise(sizes))
    assert diagnosis.problems == ()
    assert diagnosis.networks["Stacked"].weights == 2_837_314
    layers = [report.weights for name, report in diagnosis.networks.items() if name.startswith("Autoencoder")]
    assert layers == [(a + 1) * b + (b + 1) * a for a, b in pairs]
    assert sum(layers) == 2_837_314, "the whole is made of the parts, and of nothing else"


def test_each_stage_teaches_one_layer_and_leaves_the_others_to_the_last_bit(tmp_path: Path) -> None:
    run = shortly_trained(catalog().make_project("stacked-autoencoder", settings=SMALL), tmp_path)
    both, none = {"encoder", "decoder"}, set[str]()
    assert taught(run, "Autoencoder 1", LAYERS) == [both, none, none, none]
    assert taught(run, "Autoencoder 2", LAYERS) == [none, both, none, none]
    assert taught(run, "Autoencoder 3", LAYERS) == [none, none, both, none]
    layers = {f"{kind}_{number}": f"{kind}_{number}." for kind in LAYERS for number in (1, 2, 3)}
    assert taught(run, "Stacked", layers) == [none, none, none, set(layers)]


def test_the_whole_begins_as_the_encoders_and_then_the_decoders_in_reverse(tmp_path: Path) -> None:
    project = catalog().make_project("stacked-autoencoder", settings=SMALL)
    *layers, whole = project.training.stages
    still = replace(project.training, stages=(*layers, replace(whole, learning_rate=1e-30)))
    run = shortly_trained(replace(project, training=still), tmp_path)
    parts = [run.network(f"Autoencoder {number}") for number in (1, 2, 3)]
    images = torch.rand(5, 1, 8, 8)
    with torch.no_grad():
        code = images
        for part in parts:
            code, inner = part(code)
        middle = parts[1].decoder(inner).relu()
        pixels = parts[0].decoder(middle).sigmoid()
        found, reconstruction = run.network("Stacked")(images)
    assert torch.equal(found, code)
    assert torch.equal(reconstruction, pixels.view(5, 1, 8, 8))


def test_noise_disturbs_what_a_layer_reads_only_while_it_is_grown() -> None:
    project = catalog().make_project("stacked-autoencoder", settings={**SMALL, "noise": 0.3})
    assert check(project).problems == ()
    noisy = {name for name, graph in project.graphs.items() if "Noise" in graph.nodes}
    assert noisy == {"Autoencoder 1", "Autoencoder 2", "Autoencoder 3"}
    built = build(project)
    stage = project.training.stages[1]
    set_modes(built, stage, {stage.objectives[0]: learning(built, stage, stage.objectives[0])})
    assert [built.networks[f"Autoencoder {number}"].noise.training for number in (1, 2)] == [False, True]
