"""What a person mistypes ends in a sentence that helps, and in the right status."""

from pathlib import Path

import pytest

from studio.core import loom
from tests.cli.hostile import good
from tests.cli.layerloom import status


@pytest.fixture
def file(tmp_path: Path) -> Path:
    loom.save(good(), tmp_path / "good.loom")
    return tmp_path / "good.loom"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["check", "lenet"], "There is no template 'lenet'. Did you mean lenet5?"),
        (["check", "lenet5", "--preset", "huge"], "LeNet-5 has no preset 'huge'; it has laptop, paper."),
        (["check", "lenet5", "--set", "varint=paper"], "no setting 'varint'. Did you mean variant?"),
        (["check", "lenet5", "--set", "variant=x"], "Variant should be 'common' or 'paper'; it is 'x'."),
        (["check", "lenet5", "--set", "variant=1e999"], "Variant should be 'common' or 'paper'; it is '1e999'."),
        (["check", "nowhere.loom"], "nowhere.loom cannot be read: No such file or directory."),
        (["code", "lenet5", "--network", "LeNet"], "holds no network 'LeNet'. It holds: LeNet-5."),
        (["resume", "nowhere"], "nowhere is not a run: it holds no project.loom."),
        (["fork", "nowhere"], "nowhere is not a run: it holds no project.loom."),
        (["predict", "nowhere", "a.png"], "nowhere is not a run: it holds no project.loom."),
        (["export", "lenet5", "--format", "onnx", "-o", "x.py"], "x.py should end with .onnx"),
        (["export", "lenet5", "--format", "onnx", "-o", "no/x.onnx"], "does not exist. Make it, or choose another."),
        (["train", "mlp", "--device", "cpu", "--devices", "3"], "3 devices cannot share a batch of 32 samples evenly"),
        (["import", "torchvision:resnet18", "-o", "x.loom"], "Importing comes in a later version"),
        (["lenet"], "There is no command, template or file 'lenet'. Did you mean lenet5?"),
        (["tempaltes"], "There is no command, template or file 'tempaltes'. Did you mean templates?"),
        (["/dev/null/x.loom"], "There is no command, template or file '/dev/null/x.loom'."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
):
    assert status(*arguments) == 1
    shown = capsys.readouterr()
    assert sentence in shown.err
    assert shown.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "lenet5", "--sett", "a=b"],
        ["check", "lenet5", "--set", "variant"],
        ["train", "lenet5", "--device", "abacus"],
        ["train", "lenet5", "--epochs", "0"],
        ["train", "lenet5", "--seed", "x"],
        ["train", "lenet5", "--folds", "1"],
        ["train", "lenet5", "--folds", "3", "--devices", "2"],
        ["export", "lenet5", "--format", "tflite", "-o", "x.tflite"],
        ["export", "lenet5"],
        ["chekc", "lenet5"],
        ["--nonsense"],
    ],
    ids=" ".join,
)
def test_wrong_usage_has_a_status_of_its_own(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    assert status(*arguments) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "source"),
    [("24", "nn.Linear(576, 24)"), ("24,12", "nn.Linear(24, 12)"), ("24, 12", "nn.Linear(24, 12)")],
)
def test_one_number_or_several_can_be_set_where_a_template_takes_several(
    text: str, source: str, capsys: pytest.CaptureFixture[str]
):
    assert status("code", "mlp", "--set", f"hidden={text}") == 0
    assert source in capsys.readouterr().out


def test_a_variable_of_a_file_can_be_set(file: Path, capsys: pytest.CaptureFixture[str]):
    project = loom.load(file)
    wide = project.graphs["Net"].put({"Hidden": project.graphs["Net"].nodes["Hidden"].set(features="=width*2")})
    loom.save(project.with_graph("Net", wide), file)
    assert status("code", file, "--set", "width=16") == 0
    assert "nn.Linear(64, 32)" in capsys.readouterr().out
    assert loom.load(file).variables == {"width": 4}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--set", "widht=16"], "good.loom has no variable 'widht'. Did you mean width?"),
        (["--preset", "paper"], "good.loom has no variable 'preset'. It has: width."),
    ],
)
def test_a_variable_that_a_file_lacks_is_said(
    file: Path, arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
):
    assert status("check", file, *arguments) == 1
    assert capsys.readouterr().err.strip() == sentence


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["train", "--help"], ["--version"]], ids=" ".join)
def test_help_and_version_are_answered(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    assert status(*arguments) == 0
    assert "layerloom" in capsys.readouterr().out
