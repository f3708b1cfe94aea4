"""Lets networks begin with the weights that a project names: of a file, package or torchvision, or drawn as it says.

As a process, ``python -m studio.engine.beginning PROJECT``, it says in lines of JSON what would fit, and with
``--out RUN`` makes a run that has made no step, for others to export or to ask.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from studio.core.catalog import catalog
from studio.core.dataset import Progress
from studio.core.drawn_weights import deviation_of, is_drawn
from studio.core.loom import digest
from studio.core.opening import open_project
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.engine.build import build_network
from studio.engine.checkpoint import keyed, seed_everything, write_checkpoint
from studio.engine.drawing import draw_normal
from studio.engine.packaged import PACKAGE, is_packaged, packaged_file
from studio.engine.pretrained import Report, compared, load_pretrained, read_weights
from studio.engine.published import TORCHVISION, Published, best_published, is_published
from studio.training.checkpoints import Checkpoint
from studio.training.messages import DataProgress, Failed, WeightsLoaded
from studio.training.run import Run
from studio.training.wire import tell


def begin(
    project: Project, networks: Mapping[str, nn.Module], progress: Progress, *, download: bool
) -> list[WeightsLoaded]:
    """Copy into networks, by name, what the project says they begin with. Raises ProjectError, DataMissing."""
    chosen = {name: networks[name] for name in project.training.weights if name in networks}
    return [
        _drawn(network, name, source)
        if is_drawn(source := project.training.weights[name])
        else _loaded(network, name, _origin(project, network, name, progress, download=download))
        for name, network in chosen.items()
    ]


def compare(project: Project, progress: Progress, *, download: bool = False) -> list[WeightsLoaded]:
    """What ``begin`` would do, told from the shapes alone where torchvision's weights are not here yet.

    Raises ProjectError, DataMissing.
    """
    with torch.device("meta"):
        networks = {name: build_network(project, name) for name in project.training.weights if name in project.networks}
    return begin(project, networks, progress, download=download)


def begun_run(project: Project, folder: Path, progress: Progress, *, download: bool) -> Run:
    """A run in this folder that has made no step: its networks hold what they begin with. Raises ProjectError."""
    seed_everything(project.training.seed)
    networks = {name: build_network(project, name) for name in project.networks}
    begin(project, networks, progress, download=download)
    run = Run.create(project, folder)
    write_checkpoint(run.checkpoint_folder, keyed(project, networks), {}, Checkpoint(Path(), 0, 0, 0, "start"))
    return run


@dataclass(frozen=True)
class _Origin:
    """Weights as a source has them, and the file they are from."""

    source: str
    title: str
    weights: Mapping[str, Tensor]
    file: Path | None
    """None where only the shapes are known, and so many megabytes are to be fetched."""
    megabytes: float = 0.0


def _drawn(network: nn.Module, name: str, source: str) -> WeightsLoaded:
    """What was drawn of a network. Raises ProjectError where there is nothing to draw so."""
    drawn, learned = draw_normal(network, deviation_of(source)), dict(network.named_parameters())
    if not drawn:
        raise ProjectError(f"{name} has no convolution, linear layer or norm whose weights could be drawn.")
    return WeightsLoaded(
        network=name,
        source=source,
        digest="",
        loaded={each: each for each in drawn},
        weights=sum(learned[each].numel() for each in drawn if each in learned),
        missing=tuple(each for each in learned if each not in drawn),
    )


def _loaded(network: nn.Module, name: str, origin: _Origin) -> WeightsLoaded:
    report = load_pretrained(network, origin.weights)
    _refuse_useless(report, network, origin.title, name)
    learned = dict(network.named_parameters())
    return WeightsLoaded(
        network=name,
        source=origin.source,
        digest=digest(origin.file) if origin.file else "",
        loaded=report.loaded,
        weights=sum(learned[each].numel() for each in report.loaded if each in learned),
        missing=report.missing,
        unused=report.unused,
        refused=report.refused,
        megabytes=origin.megabytes,
    )


def _refuse_useless(report: Report, network: nn.Module, title: str, name: str, hint: str = "") -> None:
    """Raises ProjectError where nothing that is learned fits."""
    if not any(weight in report.loaded for weight, _ in network.named_parameters()):
        why = report.refused[0] if report.refused else "neither names nor the order of layers agree."
        raise ProjectError(f"Nothing of {title} fits {name}: {why}{hint}")


def _origin(project: Project, network: nn.Module, name: str, progress: Progress, *, download: bool) -> _Origin:
    source = project.training.weights[name]
    if is_packaged(source):
        file = packaged_file(source)
        return _Origin(source, source.removeprefix(PACKAGE), read_weights(file), file)
    if not is_published(source):
        file = Path(source)
        if not file.is_file():
            raise ProjectError(f"There are no weights at {file}. Choose them again, or begin with fresh ones.")
        return _Origin(source, file.name, read_weights(file), file)
    published = _published(project, network, source)
    if not published.file.is_file():  # what does not fit need not be fetched
        shapes = published.shapes()
        _refuse_useless(
            compared(network.state_dict(), shapes), network, published.title, name, _where_it_fits(published)
        )
        if not download and next(network.parameters()).is_meta:
            return _Origin(published.source, published.title, shapes, None, published.megabytes)
    file = published.bring(progress, download=download)
    return _Origin(published.source, published.title, read_weights(file), file)


def _where_it_fits(published: Published) -> str:
    """At which settings of which template all of it fits."""
    for template in catalog().templates.values():
        if published.name in template.torchvision:
            settings = ", ".join(f"{name}={value}" for name, value in template.torchvision[published.name].items())
            return f" All of it fits the template {template.name} at its paper preset, with {settings}."
    return ""


def _published(project: Project, network: nn.Module, source: str) -> Published:
    """Those that are named, or of those that the template knows the ones that fit best."""
    if source != TORCHVISION:
        return Published.of(source)
    template = catalog().templates.get(project.template)
    return best_published(network, template.torchvision if template else {})


def main() -> int:
    """Say what the project's weights are worth to its networks, or make a run of them; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m studio.engine.beginning")
    parser.add_argument("project", type=Path)
    parser.add_argument("--out", type=Path, metavar="RUN")
    parser.add_argument("--download", action="store_true")
    options = parser.parse_args()
    try:
        project = open_project(options.project)
        if options.out is not None:
            begun_run(project, options.out, _tell_progress, download=options.download)
        else:
            for found in compare(project, _tell_progress, download=options.download):
                tell(found)
    except ProjectError as error:
        tell(Failed(str(error)))
        return 1
    return 0


def _tell_progress(what: str, share: float) -> None:
    tell(DataProgress(what, share))


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    sys.exit(main())
