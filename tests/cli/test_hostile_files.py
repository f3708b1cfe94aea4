"""A file that nobody should trust gives a sentence and status 1; nothing of it runs, and it stays as it was."""

import ast
from pathlib import Path

import pytest

from studio.cli import main
from studio.core import loom
from tests.cli.hostile import NOT_OPENED, NOT_RUNNABLE, ODD_NAMES, TOUCH, good, named

COMMANDS = ("check", "code", "train")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What code in a file would touch lies where the command runs."""
    monkeypatch.chdir(tmp_path)


def status_of(command: str, content: bytes) -> int:
    """Run the command on a file with this content; the file must stay as it is, and nothing beside it appear."""
    path = Path("hostile.loom")
    path.write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        main([command, str(path), *(["--out", "run"] if command == "train" else [])])
    assert path.read_bytes() == content
    assert [file.name for file in Path().iterdir() if file.name != "run"] == ["hostile.loom"]
    code = ended.value.code
    assert isinstance(code, int)
    return code


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("case", NOT_OPENED)
def test_a_file_that_is_no_project_is_refused_in_a_sentence(case: str, command: str, capfd: pytest.CaptureFixture[str]):
    content, sentence = NOT_OPENED[case]
    assert status_of(command, content) == 1
    shown = capfd.readouterr()
    assert sentence in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("case", NOT_RUNNABLE)
def test_a_project_with_problems_names_them(case: str, command: str, capfd: pytest.CaptureFixture[str]):
    content, sentence = NOT_RUNNABLE[case]
    assert status_of(command, content) == 1
    shown = capfd.readouterr()
    assert sentence in shown.err
    assert "Traceback" not in shown.err


@pytest.mark.parametrize("name", ODD_NAMES)
def test_an_odd_name_is_only_a_name(name: str, capfd: pytest.CaptureFixture[str]):
    content = named(name)
    assert status_of("check", content) == 0
    capfd.readouterr()
    assert status_of("code", content) == 0
    tree = ast.parse(capfd.readouterr().out)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not names & {"__import__", "os", "exec", "eval"}
    assert {type(node) for node in tree.body} <= {ast.Expr, ast.Import, ast.ImportFrom, ast.ClassDef}


def test_every_node_that_is_unknown_is_saved_as_it_was(tmp_path: Path):
    content, _ = NOT_RUNNABLE["an unknown node type"]
    project = loom.loads(content.decode())
    loom.save(project, tmp_path / "saved.loom")
    assert loom.load(tmp_path / "saved.loom").graphs["Net"].nodes["Odd"].type == "Teleport"
    assert loom.load(tmp_path / "saved.loom") == project


def test_the_file_that_all_others_come_from_is_good():
    assert status_of("check", loom.dumps(good()).encode()) == 0


def test_code_in_the_name_of_the_project_or_a_graph_stays_a_name(capfd: pytest.CaptureFixture[str]):
    text = loom.dumps(good()).replace('"Good"', f'"{TOUCH}"').replace('"Net"', f'"{TOUCH} two"')
    assert status_of("code", text.encode()) == 0
    (head,) = [node for node in ast.parse(capfd.readouterr().out).body if isinstance(node, ast.ClassDef)]
    assert head.name.isidentifier()
