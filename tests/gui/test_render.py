"""A graph is drawn into a file as the canvas shows it."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QColor, QImage

import studio
from studio.compiler.check import check
from studio.core.graph import Graph, Link, Links, Node
from studio.core.problem import ProjectError
from studio.core.project import Project
from studio.gui.render import LARGEST, render
from studio.gui.style.tokens import DARK, LIGHT
from tests.cli.layerloom import start, status

pytestmark = pytest.mark.usefixtures("qapp")


def draw(project: Project, path: Path, *, dark: bool = False) -> None:
    (network,) = project.networks
    render(project, check(project).graphs[network], path, dark=dark)


def words(path: Path) -> set[str]:
    return {text.text or "" for text in ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text")}


def colours(path: Path) -> set[str]:
    image = QImage(str(path))
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}


def test_a_drawing_holds_the_names_settings_and_shapes_as_words(tmp_path: Path):
    draw(studio.open_project("lenet5"), tmp_path / "lenet.svg")
    assert words(tmp_path / "lenet.svg") >= {
        "C1",
        "Conv2d",
        "Filters",
        "5 × 5",
        "6×14×14",
        "48,120 weights",
        "Classifier",
    }
    assert "<image" not in (tmp_path / "lenet.svg").read_text()


@pytest.mark.parametrize("dark", [False, True])
def test_a_picture_has_the_colours_of_its_theme(tmp_path: Path, dark: bool):
    draw(studio.open_project("mlp"), tmp_path / "mlp.png", dark=dark)
    chosen, other = (DARK, LIGHT) if dark else (LIGHT, DARK)
    found = colours(tmp_path / "mlp.png")
    assert QColor(chosen.canvas).name() in found
    assert QColor(chosen.raised).name() in found
    assert QColor(other.canvas).name() not in found


def test_a_problem_is_drawn_too(tmp_path: Path):
    project = studio.open_project("lenet5")
    graph = project.graphs["LeNet-5"]
    broken = project.with_graph("LeNet-5", graph.remove(["Flatten"], heal=True))
    for name, drawn in (("good", project), ("broken", broken)):
        draw(drawn, tmp_path / f"{name}.png")
    problem = QColor(LIGHT.problem).name()
    assert problem in colours(tmp_path / "broken.png")
    assert problem not in colours(tmp_path / "good.png")


def test_a_graph_too_large_for_a_picture_is_drawn_smaller(tmp_path: Path):
    nodes = {f"N{at}": Node("ReLU", position=(at * 240.0, 0.0)) for at in range(400)}
    links = Links(Link(f"N{at}", "out", f"N{at + 1}", "value") for at in range(399))
    draw(Project(graphs={"Long": Graph(nodes, links)}), tmp_path / "long.png")
    image = QImage(str(tmp_path / "long.png"))
    assert LARGEST - 10 < image.width() <= LARGEST


def test_an_empty_graph_is_an_empty_picture(tmp_path: Path):
    draw(Project(graphs={"Empty": Graph()}), tmp_path / "empty.svg")
    assert words(tmp_path / "empty.svg") == set()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("graph.pdf", "graph.pdf should end with .svg or .png"), ("missing/graph.png", "cannot be written: No such file")],
)
def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, name: str, sentence: str):
    with pytest.raises(ProjectError, match=sentence):
        draw(studio.open_project("mlp"), tmp_path / name)


def test_the_command_draws_without_a_screen(tmp_path: Path):
    environ = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    process = start("render", "mlp", "-o", tmp_path / "mlp.svg", **environ)
    said, told = process.communicate(timeout=60)
    assert (process.returncode, said, told) == (0, f"{tmp_path / 'mlp.svg'}\n", "")
    assert "Linear" in words(tmp_path / "mlp.svg")


def test_the_command_draws_objectives_and_blocks_by_their_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert status("render", "gan", "--graph", "Generator's turn", "-o", tmp_path / "turn.svg") == 0
    assert {"Noise", "Generator", "Fooling"} <= words(tmp_path / "turn.svg")
    assert status("render", "gan", "--graph", "Nobody's turn", "-o", tmp_path / "none.svg") == 1
    assert 'holds no graph "Nobody\'s turn". It holds: Generator, Discriminator' in capsys.readouterr().err
    assert not (tmp_path / "none.svg").exists()
