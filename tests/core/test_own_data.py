"""A file or folder of one's own as the data of a project, with settings that are guessed from what it holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.compiler.check import check
from studio.core.catalog import catalog
from studio.core.dataset import DataError
from studio.core.graph import Graph, Node
from studio.core.own_data import OwnData, data_of, with_data
from studio.core.problem import ProjectError
from studio.core.project import Project, Training


def table(path: Path, header: str, lines: list[str]) -> Path:
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def found(path: Path) -> OwnData:
    data = data_of(path)
    assert data is not None
    return data


def pictures(folder: Path, classes: list[str], mode: str = "RGB") -> Path:
    for name in classes:
        (folder / name).mkdir(parents=True)
        for at in range(2):
            Image.new(mode, (20, 10)).save(folder / name / f"{at}.png")
    return folder


def test_a_table_predicts_the_column_that_is_called_so_from_its_numbers(tmp_path: Path):
    lines = [f"{at},{at * 0.5},{'ab'[at % 2]},{at % 3},n{at}" for at in range(12)]
    data = found(table(tmp_path / "t.csv", "id,size,species,legs,name", lines))
    assert data.node.type == "Table"
    assert data.node.settings["target"] == "species"
    assert data.node.settings["task"] == "classes"
    assert data.node.settings["columns"] == ("size", "legs")
    assert "'species' as one of several classes from 'size', 'legs', without 'id', 'name'" in data.check


def test_a_table_whose_last_column_is_a_quantity_predicts_a_number(tmp_path: Path):
    lines = [f"{at};{at / 7}" for at in range(30)]
    data = found(table(tmp_path / "t.csv", "rooms;price", lines))
    assert dict(data.node.settings) == {
        "file": str(tmp_path / "t.csv"),
        "target": "price",
        "task": "numbers",
        "columns": (),
    }


def test_whole_numbers_of_few_values_are_classes_and_of_many_are_not(tmp_path: Path):
    few = table(tmp_path / "few.csv", "a,y", [f"{at},{at % 3}" for at in range(30)])
    many = table(tmp_path / "many.csv", "a,y", [f"{at},{at}" for at in range(30)])
    assert found(few).node.settings["task"] == "classes"
    assert found(many).node.settings["task"] == "numbers"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1,2\n3,4\n", "should name the columns"),
        ("a,b\n", "no line below its header"),
        ("a,b\nx,y\nz,w\n", "no column of numbers"),
        ("a,b\n1,2,3\n", "has 3 cells"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(tmp_path: Path, text: str, sentence: str):
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(DataError, match=sentence):
        data_of(tmp_path / "t.csv")


def test_arrays_are_told_by_their_names_and_shapes(tmp_path: Path):
    images, labels = np.zeros((6, 8, 8), np.uint8), np.arange(6) % 2
    np.savez(tmp_path / "i.npz", extra=np.zeros(3), images=images, labels=labels)
    assert found(tmp_path / "i.npz").node.type == "ImageArrays"
    assert found(tmp_path / "i.npz").node.settings["input"] == "images"
    assert found(tmp_path / "i.npz").node.settings["target"] == "labels"
    np.savez(tmp_path / "v.npz", X=np.zeros((6, 4)), Y=np.linspace(0, 1, 6))
    vectors = found(tmp_path / "v.npz").node
    assert (vectors.type, vectors.settings["kind"], vectors.settings["task"]) == ("Arrays", "vector", "numbers")
    np.savez(tmp_path / "s.npz", first=np.zeros((6, 9, 4)), second=labels)
    sequences = found(tmp_path / "s.npz").node.settings
    assert (sequences["kind"], sequences["input"], sequences["target"]) == ("sequence", "first", "second")


def test_an_array_file_finds_its_targets_beside_it(tmp_path: Path):
    np.save(tmp_path / "x.npy", np.zeros((6, 4)))
    assert found(tmp_path / "x.npy").node.settings["target"] == ""
    np.save(tmp_path / "y.npy", np.arange(6) % 3)
    assert found(tmp_path / "x.npy").node.settings["target"] == str(tmp_path / "y.npy")


def test_arrays_that_cannot_be_used_say_why(tmp_path: Path):
    (tmp_path / "a.npz").write_text("no archive")
    with pytest.raises(DataError, match="is not a NumPy file"):
        data_of(tmp_path / "a.npz")
    np.save(tmp_path / "a.npy", np.zeros(5))
    with pytest.raises(DataError, match="samples lie along the first axis"):
        data_of(tmp_path / "a.npy")


def test_a_folder_of_images_has_a_class_for_each_folder(tmp_path: Path):
    data = found(pictures(tmp_path / "pics", ["cat", "dog"], "L"))
    assert dict(data.node.settings) == {"folder": str(tmp_path / "pics"), "colour": "grey", "labelled": True}
    assert data.check == "It has 2 classes, one for each folder: cat, dog."


def test_images_without_folders_of_classes_are_taken_without_classes(tmp_path: Path):
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    assert found(tmp_path).node.settings["labelled"] is False


def test_what_no_dataset_reads_is_no_data(tmp_path: Path):
    (tmp_path / "a.txt").write_text("words")
    assert data_of(tmp_path / "a.txt") is None
    assert data_of(tmp_path) is None


def test_images_are_brought_to_the_size_and_colours_of_the_network(tmp_path: Path):
    data = found(pictures(tmp_path / "pics", ["cat", "dog"])).node
    project = with_data(catalog().make_project("lenet5"), data)
    assert project.data is not None
    assert project.data.settings["resize"] == (32, 32)
    assert project.data.settings["colour"] == "grey"
    assert check(project).can_run


def test_vectors_set_the_size_of_an_input_of_vectors_and_the_loss(tmp_path: Path):
    path = table(tmp_path / "t.csv", "a,b,price", [f"{at},{at},{at / 7}" for at in range(30)])
    network = Graph({"In": Node("Input", {"kind": "vector", "sizes": (9,)})})
    training = Training(loss=Node("CrossEntropy"), metrics=(Node("Accuracy"),))
    project = with_data(Project(graphs={"Net": network}, training=training), found(path).node)
    assert project.graphs["Net"].nodes["In"].settings["sizes"] == (2,)
    assert project.training.loss == Node("SquaredError")
    assert project.training.metrics == ()
    back = table(tmp_path / "c.csv", "a,b,kind", [f"{at},{at},{at % 2}" for at in range(30)])
    again = with_data(project, found(back).node)
    assert again.training.loss == Node("CrossEntropy")
    assert again.training.metrics == (Node("Accuracy"),)


def test_in_a_drawn_objective_the_dataset_is_replaced_and_its_links_stay(tmp_path: Path):
    project = catalog().make_project("lenet5")
    name, objective = next(iter(check(project).objectives.items()))
    drawn = project.with_graph(name, objective)
    np.savez(tmp_path / "i.npz", x=np.zeros((6, 32, 32), np.uint8), y=np.arange(6) % 2)
    edited = with_data(drawn, found(tmp_path / "i.npz").node)
    assert edited.graphs[name].nodes["Data"].type == "ImageArrays"
    assert edited.graphs[name].links == objective.links
    assert check(edited).can_run
    twice = drawn.with_graph(name, objective.add("More", Node("Digits")))
    with pytest.raises(ProjectError, match="hold several datasets: Data, More"):
        with_data(twice, replace(found(tmp_path / "i.npz").node))
