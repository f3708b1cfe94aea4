"""How long a function, a file and a class may be, what they may be called, and how a module opens."""

import ast
import re
from collections.abc import Iterable, Sequence
from math import ceil

from tests.architecture.source import SourceFile

FUNCTION_LINES, MOST_FUNCTION_LINES = 40, 20
FILE_LINES, MOST_FILE_LINES = 400, 200
CLASS_METHODS = 20

# Names that exclude nothing: whatever is put there belongs somewhere else.
VAGUE = {"util", "utils", "helper", "helpers", "misc", "common", "manager", "managers"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Measured = tuple[int, str]  # how many lines or methods, and of what


def functions(files: Iterable[SourceFile]) -> list[Measured]:
    return [
        (lines(function), f"{file.at(function)} {function.name}()")
        for file in files
        for function in file.nodes(ast.FunctionDef, ast.AsyncFunctionDef)
    ]


def whole_files(files: Iterable[SourceFile]) -> list[Measured]:
    return [(file.length, f"{file.path}:1") for file in files]


def classes(files: Iterable[SourceFile]) -> list[Measured]:
    return [
        (sum(isinstance(each, Function) for each in found.body), f"{file.at(found)} class {found.name}")
        for file in files
        for found in file.nodes(ast.ClassDef)
    ]


def lines(function: Function) -> int:
    """From `def` to the last line, docstring included, decorators not."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def above(limit: int, measured: Iterable[Measured], unit: str = "lines") -> list[str]:
    """Everything above the limit, the longest first."""
    over = sorted((each for each in measured if each[0] > limit), reverse=True)
    return [f"{where}: {size} {unit}, at most {limit}" for size, where in over]


def ninth_tenth_above(limit: int, measured: Sequence[Measured]) -> list[str]:
    """The ten longest, when more than a tenth of all are above the limit."""
    if not measured or percentile_90([size for size, _ in measured]) <= limit:
        return []
    longest = sorted(measured, reverse=True)[:10]
    return [f"{where}: {size} lines; nine in ten must have at most {limit}" for size, where in longest]


def percentile_90(sizes: Iterable[int]) -> int:
    """The smallest size that nine in ten do not exceed."""
    ordered = sorted(sizes)
    return ordered[ceil(0.9 * len(ordered)) - 1]


def vague_names(files: Iterable[SourceFile]) -> list[str]:
    """Folders, files and classes named after nothing in particular."""
    found = []
    for file in files:
        found += [f"{file.path}:1: '{part}' says nothing" for part in file.path.parts if VAGUE & words(part)]
        for each in file.nodes(ast.ClassDef):
            if VAGUE & words(each.name):
                found.append(f"{file.at(each)}: class '{each.name}' says nothing")
    return found


def words(name: str) -> set[str]:
    """The words of a snake_case, kebab-case or CamelCase name, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def modules_without_a_sentence(files: Iterable[SourceFile]) -> list[str]:
    return [
        f"{file.path}:1: open with one sentence that says what the module holds"
        for file in files
        if not re.match(r"\S[^\n]*(\n[^\n]+)*[.?!](\n\n|$)", ast.get_docstring(file.tree) or "")
    ]
