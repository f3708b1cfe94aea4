"""The floors in pyproject.toml, the tested versions in constraints.txt, and the machines both must admit."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]

# A machine with a GPU often brings its own torch, built for its own driver.
GPU_MACHINE = {
    "torch": "2.11.0+cu130",
    "torchvision": "0.26.0",
    "numpy": "2.5.2",
    "onnx": "1.23.1",
    "onnxruntime": "1.30.0",
    "onnxscript": "0.7.2",
    "safetensors": "0.8.0",
    "networkx": "3.6.1",
    "typer": "0.29.0",
}


def requirements() -> dict[str, Requirement]:
    """What the project and its extras ask for, by name, without the extras that only join others."""
    lines = [*PROJECT["dependencies"], *(line for extra in EXTRAS.values() for line in extra)]
    asked = [Requirement(line) for line in lines]
    return {canonicalize_name(each.name): each for each in asked if each.name != PROJECT["name"]}


def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


@pytest.mark.parametrize(("name", "version"), GPU_MACHINE.items())
def test_a_machine_that_brings_its_own_torch_is_admitted(name: str, version: str):
    assert requirements()[name].specifier.contains(version)


@pytest.mark.parametrize(("python", "admitted"), [("3.10", False), ("3.11", True), ("3.12.3", True), ("3.14", False)])
def test_python_3_11_to_3_13_is_admitted(python: str, admitted: bool):
    assert Requirement(f"python{PROJECT['requires-python']}").specifier.contains(python) == admitted


def test_the_release_of_pyside_that_ends_the_process_is_refused():
    pyside = requirements()["pyside6-essentials"].specifier
    assert not pyside.contains("6.12.0")
    assert pyside.contains("6.11.3")


@pytest.mark.parametrize("name", requirements())
def test_every_dependency_has_a_floor_and_a_tested_version_above_it(name: str):
    specifier = requirements()[name].specifier
    assert any(each.operator == ">=" for each in specifier)
    assert specifier.contains(constraints()[name])


def test_constraints_hold_exact_versions_and_no_addresses():
    lines = (ROOT / "constraints.txt").read_text().splitlines()[1:]
    strays = [line for line in lines if not re.fullmatch(r"[a-z0-9.-]+==[0-9.]+", line)]
    assert strays == []


def test_the_extras_for_tests_and_development_stand_on_each_other():
    assert "layerloom[export]" in EXTRAS["test"]
    assert "layerloom[test]" in EXTRAS["dev"]
