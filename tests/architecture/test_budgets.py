"""The code keeps its budgets, and every budget would notice if it did not."""

from pathlib import Path

import pytest

from tests.architecture import budgets
from tests.architecture.source import PRODUCT, ROOT, TESTS, SourceFile, read


@pytest.fixture(scope="module")
def product() -> list[SourceFile]:
    return read(ROOT, PRODUCT)


@pytest.fixture(scope="module")
def everything() -> list[SourceFile]:
    return read(ROOT, PRODUCT + TESTS)


def show(found: list[str]) -> str:
    return "\n" + "\n".join(found)


def a_file(text: str, path: str = "studio/core/planted.py") -> list[SourceFile]:
    return [SourceFile(Path(path), text)]


def a_function(length: int) -> str:
    return "def f():\n" + "    pass\n" * (length - 1)


def test_all_three_packages_and_the_tests_are_read(everything: list[SourceFile]):
    assert {file.path.parts[0] for file in everything} == {"studio", "nodes", "templates", "tests"}


def test_no_function_is_too_long(everything: list[SourceFile]):
    found = budgets.above(budgets.FUNCTION_LINES, budgets.functions(everything))
    assert not found, show(found)


def test_nine_functions_in_ten_are_short(product: list[SourceFile]):
    found = budgets.ninth_tenth_above(budgets.MOST_FUNCTION_LINES, budgets.functions(product))
    assert not found, show(found)


def test_no_file_is_too_long(everything: list[SourceFile]):
    found = budgets.above(budgets.FILE_LINES, budgets.whole_files(everything))
    assert not found, show(found)


def test_nine_files_in_ten_are_short(product: list[SourceFile]):
    found = budgets.ninth_tenth_above(budgets.MOST_FILE_LINES, budgets.whole_files(product))
    assert not found, show(found)


def test_no_class_has_too_many_methods(product: list[SourceFile]):
    found = budgets.above(budgets.CLASS_METHODS, budgets.classes(product), "methods")
    assert not found, show(found)


def test_every_name_says_something(product: list[SourceFile]):
    found = budgets.vague_names(product)
    assert not found, show(found)


def test_every_module_opens_with_a_sentence(product: list[SourceFile]):
    found = budgets.modules_without_a_sentence(product)
    assert not found, show(found)


@pytest.mark.parametrize(("length", "found"), [(40, []), (41, ["studio/core/planted.py:1 f(): 41 lines, at most 40"])])
def test_a_long_function_would_be_noticed(length: int, found: list[str]):
    assert budgets.above(budgets.FUNCTION_LINES, budgets.functions(a_file(a_function(length)))) == found


def test_a_long_method_inside_a_function_would_be_noticed():
    method = "        async def m(self):\n" + "            pass\n" * 41
    text = f"def outer():\n    class C:\n{method}"
    assert len(budgets.above(budgets.FUNCTION_LINES, budgets.functions(a_file(text)))) == 2


@pytest.mark.parametrize(("long_ones", "noticed"), [(10, False), (11, True)])
def test_too_many_middling_functions_would_be_noticed(long_ones: int, noticed: bool):
    text = a_function(21) * long_ones + a_function(2) * (100 - long_ones)
    found = budgets.ninth_tenth_above(budgets.MOST_FUNCTION_LINES, budgets.functions(a_file(text)))
    assert bool(found) == noticed


def test_a_long_file_would_be_noticed():
    found = budgets.above(budgets.FILE_LINES, budgets.whole_files(a_file("x = 1\n" * 401)))
    assert found == ["studio/core/planted.py:1: 401 lines, at most 400"]


def test_a_class_with_too_many_methods_would_be_noticed():
    text = "class C:\n" + "".join(f"    def m{n}(self): ...\n" for n in range(21))
    found = budgets.above(budgets.CLASS_METHODS, budgets.classes(a_file(text)), "methods")
    assert found == ["studio/core/planted.py:1 class C: 21 methods, at most 20"]


@pytest.mark.parametrize(
    "path", ["studio/gui/utils.py", "studio/common/graph.py", "nodes/graph_helpers.py", "studio/run_manager.py"]
)
def test_a_vague_file_would_be_noticed(path: str):
    assert len(budgets.vague_names(a_file("", path))) == 1


@pytest.mark.parametrize(("name", "vague"), [("RunManager", True), ("HTTPHelper", True), ("CommonsPhoto", False)])
def test_a_vague_class_would_be_noticed(name: str, vague: bool):
    assert bool(budgets.vague_names(a_file(f"class {name}: ..."))) == vague


@pytest.mark.parametrize("text", ["", "x = 1", '"""No stop at the end"""', '"""\n"""'])
def test_a_module_without_a_sentence_would_be_noticed(text: str):
    assert len(budgets.modules_without_a_sentence(a_file(text))) == 1


@pytest.mark.parametrize(
    "text", ['"""One."""', '"""One,\non two lines."""', '"""One.\n\nAnd more: without a stop\n"""']
)
def test_a_module_that_opens_with_a_sentence_passes(text: str):
    assert budgets.modules_without_a_sentence(a_file(text)) == []
