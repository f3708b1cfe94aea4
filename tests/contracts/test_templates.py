"""Every template opens with every preset, without a problem; a new template is tested by existing."""

import pytest

from studio.compiler.check import Checker
from studio.compiler.objective import DEFAULT
from studio.compiler.source import network_source, objective_source
from studio.core.catalog import PRESETS, catalog
from studio.core.dataset import Dataset
from studio.core.declaration import Setting
from studio.core.loom import dumps, loads
from studio.core.project import Project
from studio.core.template import Template

TEMPLATES = catalog().templates
SECTIONS = {
    "Perceptrons and autoencoders",
    "Convolution",
    "Segmentation and detection",
    "Techniques",
    "Generative networks",
    "Sequences",
    "Transformers",
}

every_template = pytest.mark.parametrize("name", TEMPLATES)
every_preset = pytest.mark.parametrize(("name", "preset"), [(n, p) for n, t in TEMPLATES.items() for p in t.presets])


@pytest.fixture
def project(name: str, preset: str) -> Project:
    return catalog().make_project(name, preset=preset)


@every_template
def test_a_template_has_a_card(name: str) -> None:
    template = TEMPLATES[name]
    assert template.name == name
    assert template.title
    assert template.__doc__
    assert template.doc().endswith(".")
    assert template.section() in SECTIONS
    assert set(template.presets) == set(PRESETS)
    assert all(setting.meaning for setting in template.settings())
    assert template.goal.seconds > 0


@every_preset
def test_a_preset_opens_without_a_problem(project: Project, name: str) -> None:
    diagnosis = Checker().check(project)
    assert diagnosis.problems == ()
    assert diagnosis.can_run
    assert all(report.weights for report in diagnosis.networks.values())
    assert project.template == name
    assert project.goal == TEMPLATES[name].goal


@every_preset
def test_a_preset_prints_as_pytorch_that_compiles(project: Project) -> None:
    for name in project.networks:
        compile(network_source(project, name).text, name, "exec")
    for stage in project.training.stages:
        for name in (*(stage.objectives or (DEFAULT,)), *stage.measures):
            compile(objective_source(project, name).text, name, "exec")


@every_preset
def test_a_preset_survives_its_file(project: Project) -> None:
    assert loads(dumps(project)) == project


@every_preset
def test_nodes_of_a_preset_stand_beside_each_other(project: Project) -> None:
    for graph in project.graphs.values():
        places = [node.position for node in graph.nodes.values()]
        assert len(set(places)) == len(places)


@every_template
def test_the_laptop_preset_needs_no_download(name: str) -> None:
    data = catalog().make_project(name).data
    if data is not None:
        assert catalog().datasets[data.type].download is Dataset.download


@pytest.mark.parametrize(
    ("name", "setting"),
    [(name, setting) for name, template in TEMPLATES.items() for setting in template.settings()],
    ids=lambda value: value.name if isinstance(value, Setting) else value,
)
def test_every_setting_of_a_template_changes_the_project(name: str, setting: Setting) -> None:
    template: type[Template] = TEMPLATES[name]
    plain = template.of({}).build()
    others = [choice for choice in setting.choices if choice != setting.default] or [_other(setting.default)]
    for value in others:
        assert template.of({setting.name: value}).build() != plain


def _other(default: object) -> object:
    """A value that the setting does not have by itself."""
    if isinstance(default, bool):
        return not default
    if isinstance(default, tuple):
        return default[:-1] if default else (3,)
    assert isinstance(default, int | float)
    return default + 2 if isinstance(default, int) else default + 0.25
