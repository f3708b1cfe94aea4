"""Networks begin with weights of a file or of torchvision: told in the run, carried by exports, fetched with care."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torchvision.models import ResNet18_Weights

from studio.core.catalog import catalog
from studio.core.dataset import DataError, DataMissing
from studio.core.loom import dumps, loads
from studio.core.problem import ProjectError
from studio.core.project import Project, Stage
from studio.core.renaming import rename_graph
from studio.engine.beginning import begun_run, compare
from studio.engine.build import build_network
from studio.engine.failures import TrainingFailed
from studio.engine.pretrained import compared
from studio.engine.published import best_published
from studio.engine.train import go_on
from studio.exporters.exporting import subject_of_run
from studio.training.messages import WeightsLoaded
from studio.training.options import with_weights
from tests.data import files
from tests.data.test_download import NOBODY

from .projects import classifier, trained, weights
from .test_pretrained import PEERS


def random_weights(project: Project) -> dict[str, Tensor]:
    torch.manual_seed(5)
    return {
        name: torch.rand(value.shape) if value.is_floating_point() else value
        for name, value in build_network(project).state_dict().items()
    }


@pytest.fixture
def small() -> Project:
    return classifier(stages=(Stage(epochs=1),))


@pytest.fixture
def file(tmp_path: Path, small: Project) -> Path:
    """Weights for the small network."""
    save_file(random_weights(small), tmp_path / "weights.safetensors")
    return tmp_path / "weights.safetensors"


def test_a_training_begins_with_the_weights_of_a_file_and_the_run_says_so(
    small: Project, file: Path, tmp_path: Path
) -> None:
    done, events = trained(with_weights(small, [str(file)]), tmp_path)
    first = done.run.checkpoints()[0]
    assert first.why == "start"
    begun, given = load_file(first.weights("net")), load_file(file)
    assert all(torch.equal(begun[name], value) for name, value in given.items())
    (told,) = (event for event in done.run.events() if isinstance(event, WeightsLoaded))
    assert told in events
    assert (told.network, told.source) == ("Net", str(file))
    assert told.digest == hashlib.sha256(file.read_bytes()).hexdigest()
    assert told.loaded == {name: name for name in given}
    assert told.weights == sum(weight.numel() for weight in build_network(small).parameters())
    assert done.run.project().training.weights == {"Net": str(file)}


def test_a_run_that_goes_on_takes_its_own_weights(small: Project, file: Path, tmp_path: Path) -> None:
    done, _ = trained(with_weights(small, [str(file)]), tmp_path)
    file.unlink()
    resumed = go_on(done.run, device="cpu")
    assert resumed.run.newest() is not None
    assert sum(isinstance(event, WeightsLoaded) for event in resumed.run.events()) == 1


def test_what_does_not_fit_stays_fresh_and_is_said(small: Project, tmp_path: Path) -> None:
    given = {**random_weights(small), "scores.weight": torch.ones(7, 24)}
    del given["scores.bias"]
    torch.save({"state_dict": given}, tmp_path / "other.pth")
    done, events = trained(with_weights(small, [f"Net={tmp_path / 'other.pth'}"]), tmp_path)
    (told,) = (event for event in events if isinstance(event, WeightsLoaded))
    assert told.missing == ("scores.bias",)
    assert told.refused == ("scores.weight is 10×24 here; scores.weight is 7×24 in the file.",)
    source = tmp_path / "other.pth"
    assert told.in_words() == f"Net begins with {1858 - 250:,} weights of {source}: 7 of 9 of its tensors."
    torch.manual_seed(small.training.seed)
    fresh = build_network(small).state_dict()["scores.weight"]
    assert torch.equal(load_file(done.run.checkpoints()[0].weights("net"))["scores.weight"], fresh)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "There are no weights at"),
        ({"other.weight": torch.ones(2, 2)}, "Nothing of weights.safetensors fits Net: "),
    ],
    ids=["no file", "nothing fits"],
)
def test_a_training_that_cannot_begin_so_fails_with_a_sentence(
    small: Project, file: Path, tmp_path: Path, content: dict[str, Tensor] | None, sentence: str
) -> None:
    file.unlink() if content is None else save_file(content, file)
    with pytest.raises(TrainingFailed, match=sentence):
        trained(with_weights(small, [str(file)]), tmp_path)


def test_the_weights_follow_a_network_that_is_renamed_and_live_in_its_file(small: Project, file: Path) -> None:
    chosen = with_weights(small, [str(file)])
    assert rename_graph(chosen, "Net", "Classifier").training.weights == {"Classifier": str(file)}
    assert loads(dumps(chosen)) == chosen


def test_a_project_that_was_not_trained_is_exported_with_the_weights_it_begins_with(
    small: Project, file: Path, tmp_path: Path
) -> None:
    run = begun_run(with_weights(small, [str(file)]), tmp_path / "begun", files.quiet, download=False)
    found = subject_of_run(str(run.folder), None).module.state_dict()
    assert all(torch.equal(found[name], value) for name, value in load_file(file).items())
    assert weights(run).keys() == found.keys()


def resnet(**settings: Any) -> Project:
    made = catalog().make_project("resnet", preset="paper", settings={"depth": 18, **settings})
    return with_weights(made, ["torchvision"])


Offer = Callable[[str], None]


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Offer]:
    """A folder with weights that count as those that torchvision publishes of ResNet-18, and who offers it."""
    folder, content = tmp_path / "offered", tmp_path / "content.pth"
    folder.mkdir()
    torch.save(random_weights(resnet()), content)
    name = f"resnet18-{hashlib.sha256(content.read_bytes()).hexdigest()[:8]}.pth"
    content.rename(folder / name)

    def offer(address: str) -> None:
        monkeypatch.setattr(ResNet18_Weights.DEFAULT.value, "url", address + name)

    return folder, offer


def test_torchvisions_weights_are_fetched_with_progress_and_found_the_next_time(offered: tuple[Path, Offer]) -> None:
    folder, offer = offered
    told: list[float] = []
    with files.served(folder) as (address, asked):
        offer(address)
        (shapes,) = compare(resnet(), files.quiet)
        assert (shapes.digest, shapes.megabytes) == ("", pytest.approx(44.66, abs=0.1))
        assert not asked, "shapes are compared without fetching anything"
        (found,) = compare(resnet(), lambda what, share: told.append(share), download=True)
        (again,) = compare(resnet(), files.quiet, download=True)
    assert len(asked) == 1
    assert told == sorted(told)
    assert told[-1] == 1
    assert found == again
    assert found.source == "torchvision:resnet18:IMAGENET1K_V1"
    assert (found.weights, found.missing, found.unused, found.refused) == (11_689_512, (), (), ())
    assert found.loaded.keys() == shapes.loaded.keys()


def test_without_a_network_the_sentence_says_which_file_belongs_where(offered: tuple[Path, Offer]) -> None:
    folder, offer = offered
    offer(NOBODY)
    (name,) = (path.name for path in folder.iterdir())
    with pytest.raises(DataMissing, match="Connection refused") as raised:
        compare(resnet(), files.quiet, download=True)
    assert name in str(raised.value)
    assert "checkpoints" in str(raised.value)
    with pytest.raises(DataMissing, match="is not downloaded yet") as raised:
        begun_run(resnet(), folder / "run", files.quiet, download=False)
    assert raised.value.downloadable


def test_a_damaged_download_is_refused(offered: tuple[Path, Offer]) -> None:
    folder, offer = offered
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with files.served(folder) as (address, _):
        offer(address)
        with pytest.raises(DataError, match="another file than the authors published"):
            compare(resnet(), files.quiet, download=True)
    kept = Path(torch.hub.get_dir(), "checkpoints", path.name)
    kept.write_bytes(b"brought by hand")
    with pytest.raises(DataError, match="its SHA-256 sum differs"):
        compare(resnet(), files.quiet)


def test_what_fits_nowhere_is_not_fetched(offered: tuple[Path, Offer]) -> None:
    folder, offer = offered
    laptop = with_weights(catalog().make_project("resnet"), ["torchvision:resnet18"])
    with files.served(folder) as (address, asked):
        offer(address)
        with pytest.raises(ProjectError, match=r"Nothing of .* fits .*: conv1.weight is 8×1×3×3 here") as raised:
            compare(laptop, files.quiet, download=True)
    assert str(raised.value).endswith("All of it fits the template resnet at its paper preset, with depth=18.")
    assert not asked


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("torchvision:resnet19", "torchvision has no network 'resnet19'"),
        ("torchvision:resnet18:V9", "no weights 'V9' of resnet18; it has: IMAGENET1K_V1"),
    ],
)
def test_a_name_that_torchvision_does_not_have_is_said(source: str, sentence: str) -> None:
    with pytest.raises(ProjectError, match=sentence):
        compare(with_weights(resnet(), [source]), files.quiet)


def test_an_architecture_without_published_weights_says_so() -> None:
    with pytest.raises(ProjectError, match="publishes no weights for this architecture"):
        compare(with_weights(classifier(), ["torchvision"]), files.quiet)


@pytest.mark.parametrize("peer", ["resnet34", "vgg16_bn", "alexnet"])
def test_of_the_networks_that_a_template_names_the_one_that_fits_is_found(peer: str) -> None:
    name, settings = PEERS[peer]
    with torch.device("meta"):
        network = build_network(catalog().make_project(name, preset="paper", settings={**settings, "classes": 7}))
    best = best_published(network, catalog().templates[name].torchvision)
    assert best.name == peer
    assert len(compared(network.state_dict(), best.shapes()).refused) == 2
