"""Makes torch modules of a project: its networks, and its objectives around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import nn

from studio.compiler.check import check
from studio.compiler.loading import load_class
from studio.compiler.results import Diagnosis
from studio.compiler.source import ObjectiveSource, Source, network_source, objective_sources
from studio.core.dataset import Dataset
from studio.core.project import Project


@dataclass(frozen=True)
class Built:
    """The modules of a project that trains, with the sources they were made of, all by name."""

    project: Project
    diagnosis: Diagnosis
    networks: Mapping[str, nn.Module]
    objectives: Mapping[str, nn.Module]
    network_sources: Mapping[str, Source]
    objective_sources: Mapping[str, ObjectiveSource]

    @property
    def sources(self) -> tuple[Source, ...]:
        return (*self.network_sources.values(), *self.objective_sources.values())

    def dataset(self, objective: str, node: str) -> Dataset:
        """The dataset that a data node of an objective stands for, its settings resolved."""
        instance = self.diagnosis.graphs[objective].nodes[node].instance
        assert isinstance(instance, Dataset)
        return instance


def build_network(project: Project, name: str | None = None) -> nn.Module:
    """A network of the project with fresh weights; the name may be left out where there is only one.

    Raises ProjectError where the network has problems, or where it is not clear which is meant.
    """
    return _network(network_source(project, project.network_called(name)))


def build(project: Project) -> Built:
    """Everything that the project's stages train. Raises ProjectError, with the problems, where it cannot run.

    Networks are those of the objectives, and those that a stage takes weights of. They are made in the order in which
    the project names them, so that a seed always gives the same weights.
    """
    diagnosis = check(project)
    stages = project.training.stages
    sources = objective_sources(project, diagnosis)
    used = {network for source in sources.values() for network in source.networks.values()}
    given = [part for stage in stages for part in stage.takes.values()]
    network_sources = {
        name: network_source(project, name, diagnosis)
        for name in project.networks
        if name in used or any(part == name or part.startswith(f"{name}/") for part in given)
    }
    networks = {name: _network(source) for name, source in network_sources.items()}
    objectives = {name: _objective(source, networks) for name, source in sources.items()}
    return Built(project, diagnosis, networks, objectives, network_sources, sources)


def networks_of(built: Built, objective: str) -> list[nn.Module]:
    """The networks that an objective is given."""
    return [built.networks[name] for name in built.objective_sources[objective].networks.values()]


def _network(source: Source) -> nn.Module:
    module = load_class(source)()
    assert isinstance(module, nn.Module)
    return module


def _objective(source: ObjectiveSource, networks: Mapping[str, nn.Module]) -> nn.Module:
    given = {argument: networks[name] for argument, name in source.networks.items()}
    module = load_class(source)(**given)
    assert isinstance(module, nn.Module)
    return module
