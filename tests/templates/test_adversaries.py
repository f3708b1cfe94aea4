"""Adversarial networks: each turn teaches its player alone, and what is counted and shown is theirs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

import studio
from studio.core.catalog import catalog
from studio.core.project import Project
from studio.engine.build import Built, build, build_network
from studio.engine.crew import Alone
from studio.engine.data.load import load
from studio.engine.feed import datasets_of
from studio.engine.stage import StageRun, begin_stage
from studio.training.messages import Previewed
from tests.data.files import quiet
from tests.engine.projects import trained

CPU = torch.device("cpu")
TINY: dict[str, dict[str, Any]] = {
    "gan": {"loss": "wasserstein", "width": 8},
    "dcgan": {"size": 16, "width": 4},
    "pix2pix": {"width": 4, "critic_width": 4},
    "cyclegan": {"width": 4, "critic_width": 4, "blocks": 1},
}
every_game = pytest.mark.parametrize("name", TINY)


def small(name: str, **settings: Any) -> Project:
    """The template with few filters, few samples and batches of eight."""
    project = catalog().make_project(name, settings={**TINY[name], **settings})
    datasets = catalog().datasets
    for graph_name, graph in project.of_role("objective").items():
        nodes = {each: node.set(limit=16) if node.type in datasets else node for each, node in graph.nodes.items()}
        project = project.with_graph(graph_name, replace(graph, nodes=nodes))
    return replace(project, training=replace(project.training, batch=8))


def game_of(project: Project) -> tuple[Built, StageRun]:
    """The stage in which both players take turns, at its beginning."""
    torch.manual_seed(0)
    built = build(project)
    data = {each: load(each, Path(), CPU, quiet) for each in datasets_of(built, list(built.objectives))}
    last = len(project.training.stages) - 1
    return built, begin_stage(built, data, last, CPU, Alone(), channels_last=False)


def states(built: Built) -> dict[str, dict[str, Tensor]]:
    return {
        name: {key: value.clone() for key, value in network.state_dict().items()}
        for name, network in built.networks.items()
    }


@every_game
def test_a_turn_changes_all_that_it_teaches_and_of_the_others_not_a_bit(name: str) -> None:
    project = small(name)
    built, game = game_of(project)
    (batches, *_) = game.feed
    for turn, teaching in game.teachings.items():
        before = states(built)
        for _ in range(2):
            teaching.step(teaching.columns(batches), measure=False)
        after = states(built)
        learns = project.training.stages[-1].learns
        taught = {entry.removeprefix(f"{turn}: ") for entry in learns if entry.startswith(f"{turn}: ")}
        assert taught
        for network, values in after.items():
            if network in taught:
                learned = dict(built.networks[network].named_parameters())
                changed = [key for key in learned if not torch.equal(values[key], before[network][key])]
                assert len(changed) > len(learned) / 2, f"{turn} teaches {network}"
            else:
                for key, value in values.items():  # running statistics of norms too
                    assert torch.equal(value, before[network][key]), f"{turn} touches {network}: {key}"


@every_game
def test_a_short_game_measures_its_goal_and_shows_what_is_generated(name: str, tmp_path: Path) -> None:
    project = small(name)
    stages = tuple(replace(stage, epochs=1, steps=1) for stage in project.training.stages)
    run, events = trained(replace(project, training=replace(project.training, stages=stages)), tmp_path)
    assert project.goal is not None
    assert any(figure.endswith(f": {project.goal.metric}") for figure in run.metrics)
    shown = [event for event in events if isinstance(event, Previewed)]
    assert shown
    assert all((run.run.folder / file).is_file() for file in shown[-1].files)


def test_older_images_are_kept_in_the_checkpoint_of_cyclegan(tmp_path: Path) -> None:
    built, game = game_of(small("cyclegan"))
    (batches, *_) = game.feed
    turn = game.teachings["Critics' turn"]
    turn.step(turn.columns(batches), measure=False)
    kept = {name: value for name, value in built.objectives["Critics' turn"].state_dict().items() if "pool" in name}
    assert [int(value) for name, value in kept.items() if name.endswith("held")] == [8, 8]
    assert all(value[:8].any() for name, value in kept.items() if name.endswith("kept"))


def test_a_score_of_the_papers_patchgan_sees_seventy_pixels() -> None:
    project = studio.open_project("cyclegan", preset="paper", width=4, critic_width=2)
    critic = build_network(project, "Critic of A")
    image = torch.rand(1, 3, 256, 256, requires_grad=True)
    for name, module in critic.named_children():
        if isinstance(module, torch.nn.InstanceNorm2d):  # which would let every pixel count
            setattr(critic, name, torch.nn.Identity())
    critic(image)[0, 0, 15, 15].backward()
    assert image.grad is not None
    seen = [image.grad[0].abs().sum(0).sum(axis).nonzero().flatten() for axis in (0, 1)]
    assert [int(places[-1] - places[0] + 1) for places in seen] == [70, 70]
