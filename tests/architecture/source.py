"""The project's own Python files, read once and parsed once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[2]
PRODUCT = ("studio", "nodes", "templates")
TESTS = ("tests",)

Kind = TypeVar("Kind", bound=ast.AST)


@dataclass(frozen=True)
class SourceFile:
    """One Python file; `path` is relative to the root of the project, so that messages can be clicked."""

    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))

    @cached_property
    def module(self) -> str:
        """The dotted name by which it is imported: `studio.core` for studio/core/__init__.py."""
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if self.is_package else parts)

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    @property
    def length(self) -> int:
        return len(self.text.splitlines())

    def nodes(self, *kinds: type[Kind]) -> Iterator[Kind]:
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))

    def at(self, node: ast.stmt) -> str:
        return f"{self.path}:{node.lineno}"


def read(root: Path, packages: tuple[str, ...]) -> list[SourceFile]:
    """Every Python file of these packages, in a stable order."""
    paths = sorted(path for package in packages for path in (root / package).rglob("*.py"))
    return [SourceFile(path.relative_to(root), path.read_text(encoding="utf-8")) for path in paths]
